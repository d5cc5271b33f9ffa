"""One tenant looked at in two ways: by the resident index, and by candidates from the database."""

import random
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import recollect

FIRST_AT = datetime(2025, 3, 1, 9, tzinfo=UTC)
PEOPLE = ("Anna", "Ben", "Carla", "user")
SAID = (
    "I went to {place} with {friend} {day} and we talked about {thing} for hours",
    "{friend} gave me a book about {thing}, I read it in {place}",
    "My {relative} wants to learn {thing} this year",
    "We are planning a trip to {place} in {month}, {friend} will drive",
    "The {thing} class at {place} starts in {month} and costs {number} euros",
    "{friend} is ill, so I cooked soup and brought it to {place}",
    "Did you hear that {friend} got a job at {place}?",
    "I could not sleep, I was thinking about {thing} and about my {relative}",
    "Our dog ran away near {place} {day}, {friend} found it after {number} minutes",
    "I prefer {thing} to everything else, {friend} thinks I am mad",
    "In {month} my {relative} turns {number}, we will celebrate in {place}",
    "Yesterday I bought {number} tickets for the {thing} evening in {place}",
)
FILLERS = {
    "place": ("Lisbon", "the old harbour", "Graz", "the museum", "a small bakery", "Oslo", "the lake", "the office"),
    "friend": ("Anna", "Ben", "Carla", "David", "Mira", "Paulo", "Ines"),
    "thing": ("pottery", "the violin", "chess", "bread", "astronomy", "climbing", "old maps", "sailing", "Portuguese"),
    "relative": ("sister", "father", "daughter", "aunt"),
    "month": ("January", "April", "June", "September", "November"),
    "day": ("last Monday", "on Saturday", "in the morning", "two weeks ago"),
    "number": ("3", "12", "40", "65"),
}
QUESTIONS = (
    "What did Anna say about pottery?",
    "Who gave me a book about astronomy?",
    "When is the trip to Lisbon?",
    "Where do I live?",
    "What did we do in April 2025?",
    "Which dog ran away near the lake?",
    "How much does the violin class cost?",
    "What does my sister want to learn?",
    "Did Ben get a job in Oslo?",
    "tickets for the chess evening",
    "Where did I live before?",
    "What happened last Monday?",
)


@dataclass(frozen=True, slots=True)
class TwoWays:
    """The same tenant: ``held`` resident, and ``sought`` in the database."""

    held: recollect.Memory
    sought: recollect.Memory

    def both(self, query: str, **given: Any) -> tuple[recollect.SearchResult, recollect.SearchResult]:
        """What both find for Ana."""
        return self.held.search(query, user_id="ana", **given), self.sought.search(query, user_id="ana", **given)


@contextmanager
def two_ways(home: str) -> Generator[TwoWays]:
    """A tenant of its own."""
    tenant = f"tenant-{uuid4()}"
    with (
        recollect.Memory(home=home, tenant_id=tenant, upkeep=False) as held,
        recollect.Memory(home=home, tenant_id=tenant, upkeep=False, resident_rows=0) as sought,
    ):
        yield TwoWays(held, sought)


def sentences(count: int, seed: int = 7) -> list[str]:
    """Different sentences about a small world, so that many of them come near to any question."""
    draw = random.Random(seed)  # noqa: S311 - the same sentences every time
    found: dict[str, None] = {}
    while len(found) < count:
        filled = {name: draw.choice(values) for name, values in FILLERS.items()}
        found[draw.choice(SAID).format(**filled)] = None
    return list(found)


def tell(memory: recollect.Memory, count: int, *, user_id: str = "ana") -> None:
    """Tells so many things in conversations of fifteen, and besides facts that change, an agent's and long ones."""
    texts = sentences(count)
    for start in range(0, count, 15):
        at = FIRST_AT + timedelta(days=start)
        messages = [
            {
                "role": "user",
                "name": PEOPLE[(start + place) % len(PEOPLE)],
                "content": text,
                "at": (at + timedelta(minutes=place)).isoformat(),
            }
            for place, text in enumerate(texts[start : start + 15])
        ]
        memory.add(messages, user_id=user_id, conversation_id=f"talk {start // 15}")
    memory.add("I live in Lisbon", user_id=user_id, at=FIRST_AT)
    memory.add("I live in Graz now", user_id=user_id, at=FIRST_AT + timedelta(days=90))
    memory.add("I work as a nurse at the harbour hospital", user_id=user_id, at=FIRST_AT)
    long = " ".join(f"{text}." for text in sentences(60, seed=9))
    memory.add(f"Sailing from Oslo. {long} The violin class costs 40 euros.", user_id=user_id, speaker="assistant")
