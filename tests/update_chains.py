"""Chains of values that change over time, told in a chat between other things, and how a search of them is judged.

``data/update_chains.jsonl`` holds a hundred chains: what was told of one thing over time, in order, something else that
lies near it, and two questions, for what holds now and for what held before. Half of them ("test") was written before
any rule and not looked at while rules were written.

A search is right when, of all memories that rest on one of the chain's tellings, the first one rests on a telling that
states the asked value. It is first when that memory is also the first of all.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from recollect import Memory
from recollect.domain.search import SearchResult

BEGIN: Final = datetime(2025, 1, 6, 9, tzinfo=UTC)
STEP: Final = timedelta(days=9)
ASKED_AFTER: Final = timedelta(days=20)
FILLER: Final = (
    "Ugh, it rained all day, the laundry is still wet.",
    "Can you suggest a quick recipe with chickpeas?",
    "I watched the sunset from the roof, it was gorgeous.",
    "The package with the lamp arrived broken, I sent it back.",
    "My back hurts from sitting so much this week.",
    "Our team won the quiz night, the last question was about Peru.",
    "I can't decide between the grey and the beige sofa.",
    "Thanks, the tip with the vinegar worked wonders on the kettle.",
    "There was a power cut during the storm on Sunday.",
    "I baked a plum cake for the street party and everyone wanted the recipe.",
    "The kids built a huge tower out of boxes.",
    "Remind me to water the plants when I'm back.",
)
"""What is told in between, in every chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One chain: what was told in order, each with the number of the value it tells (None: something else)."""

    name: str
    split: str
    told: Sequence[tuple[int | None, str]]
    questions: Mapping[str, tuple[str, frozenset[int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How one question went: right, first of all, and the values whose tellings were found, best first."""

    chain: Chain
    kind: str
    right: bool
    first: bool
    found: Sequence[int | None]


def chains(path: Path = Path(__file__).parent / "data" / "update_chains.jsonl") -> list[Chain]:
    """All chains, in order."""
    return [_chain(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _chain(read: Mapping[str, Any]) -> Chain:
    asked = {kind: (read[kind]["ask"], frozenset(read[kind]["right"])) for kind in ("now", "past")}
    told = [(one["value"], one["text"]) for one in read["told"]]
    return Chain(name=read["name"], split=read["split"], told=told, questions=asked)


def messages(chain: Chain) -> list[tuple[int | None, str]]:
    """The chain's tellings with other things in between: two after each."""
    said: list[tuple[int | None, str]] = []
    filler = list(FILLER)
    for one in chain.told:
        said += [one, *((None, filler.pop(0)) for _ in range(2))]
    return said


def tell(memory: Memory, chain: Chain, user_id: str) -> dict[UUID, int | None]:
    """Adds the chain's messages in order, each on a day of its own; gives the value that each memory rests on."""
    value_of: dict[UUID, int | None] = {}
    for day, (value, text) in enumerate(messages(chain)):
        message = {"role": "user", "content": text, "at": BEGIN + day * STEP}
        receipt = memory.add([message], user_id=user_id, conversation_id=f"day-{day}")
        value_of |= {item.memory_id: value for item in receipt.items if item.memory_id is not None}
    return value_of


def judged(memory: Memory, chain: Chain, user_id: str, value_of: Mapping[UUID, int | None]) -> list[Judged]:
    """Asks both questions of a chain."""
    now = BEGIN + len(messages(chain)) * STEP + ASKED_AFTER
    results: list[Judged] = []
    for kind, (text, right) in chain.questions.items():
        found = memory.search(text, user_id=user_id, now=now, limit=100)
        values = [value_of.get(one) for one in ids_in_order(found)]
        told = [value for value in values if value is not None]
        good = bool(told) and told[0] in right
        results.append(Judged(chain=chain, kind=kind, right=good, first=good and values[0] is not None, found=values))
    return results


def ids_in_order(found: SearchResult) -> Sequence[UUID]:
    """The ids of what was found, best first."""
    return found.ids
