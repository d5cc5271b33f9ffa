"""Puts a conversation into a memory and asks its questions, through the public API and nothing else.

What asks is handed the words of a question and the time of asking; evidence and category stay with the judge
(``recall.py``), so that no ranking can depend on them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from recollect.bench.citations import Citations
from recollect.bench.dataset import Turn
from recollect.bench.timing import Stopwatch
from recollect.domain.receipt import Receipt
from recollect.domain.search import SearchResult
from recollect.errors import ValidationError
from recollect.memory.arguments import MAX_LIMIT, SearchArguments
from recollect.memory.memory import AsyncFacade

ROLES = frozenset({"user", "assistant"})
ASKED_AFTER = timedelta(hours=1)
"""Questions are asked this long after the conversation's last turn."""

Tick = Callable[[], None]


@dataclass(slots=True)
class Told:
    """What came of adding a conversation's turns.

    Attributes:
        user_id: whose memories they became. ended_at: when the last one was said, None if no time is known.
        citations: which memory stands for which turn. memories: records made, derived facts among them.
        ms: for each add, one turn each. unkept: turns that no memory stands for. degraded: adds that lacked a part.
    """

    user_id: str
    ended_at: datetime | None
    citations: Citations = field(default_factory=Citations)
    memories: int = 0
    ms: list[float] = field(default_factory=list[float])
    unkept: list[str] = field(default_factory=list[str])
    degraded: list[str] = field(default_factory=list[str])

    def note(self, turn: Turn, receipt: Receipt, ms: float) -> None:
        """Takes in one turn's receipt."""
        self.ms.append(ms)
        self.degraded += receipt.degraded
        self.memories += sum(1 for item in receipt.items if item.outcome.value in ("accepted", "superseded"))
        if not self.citations.note(turn.id, receipt):
            self.unkept.append(turn.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one question.

    Attributes:
        turns: turn ids, best first, as deep as the memory answers.
        ms, stages: of the same question asked with the default limit, as a caller does: all of it, and by stage.
        consistent: the default limit gave the beginning of the deep answer. degraded: what was left out and why.
    """

    turns: list[str]
    ms: float
    stages: Mapping[str, float]
    consistent: bool
    degraded: tuple[str, ...]


async def tell(memory: AsyncFacade, user_id: str, turns: Sequence[Turn], tick: Tick) -> Told:
    """Adds a conversation's turns in order, one ``add`` a turn; ``tick`` is called after each.

    Raises:
        ValidationError: a turn cannot be stored; the message names it.
        StoreError: the database cannot be reached.
    """
    told = Told(user_id=user_id, ended_at=max((turn.at for turn in turns if turn.at is not None), default=None))
    for turn in turns:
        watch = Stopwatch()
        try:
            receipt = await memory.add(message_of(turn), user_id=user_id, conversation_id=turn.session)
        except ValidationError as error:
            raise ValidationError(f"{user_id}, turn {turn.id}", str(error)) from error
        told.note(turn, receipt, watch.ms)
        tick()
    return told


def message_of(turn: Turn) -> dict[str, Any]:
    """The turn as a chat message: who speaks is a role, or a user with a name."""
    role = turn.speaker.lower()
    message: dict[str, Any] = {"role": role if role in ROLES else "user", "content": turn.text, "at": turn.at}
    return message if role in ROLES else {**message, "name": turn.speaker}


async def ask(memory: AsyncFacade, told: Told, texts: Iterable[str], tick: Tick) -> list[Answer]:
    """Asks questions, each twice: with the default limit, which is timed, and as deep as the memory answers.

    Args:
        memory: where the turns were told.
        told: whose they are, and which memory stands for which turn.
        texts: the questions' words.
        tick: called after each question.

    Raises:
        ValidationError: a question cannot be asked; the message says which.
        StoreError: the database cannot be reached.
    """
    given: SearchArguments = {} if told.ended_at is None else {"now": told.ended_at + ASKED_AFTER}
    deeply: SearchArguments = {**given, "limit": MAX_LIMIT}
    answers: list[Answer] = []
    for text in texts:
        watch = Stopwatch()
        try:
            usual = await memory.search(text, user_id=told.user_id, **given)
            ms = watch.ms
            deep = await memory.search(text, user_id=told.user_id, **deeply)
        except ValidationError as error:
            raise ValidationError(f"{told.user_id}, question {text[:60]!r}", str(error)) from error
        answers.append(_answer(usual, deep, ms, told))
        tick()
    return answers


def _answer(usual: SearchResult, deep: SearchResult, ms: float, told: Told) -> Answer:
    return Answer(
        turns=told.citations.turns(deep.ids),
        ms=ms,
        stages=usual.ms,
        consistent=usual.ids == deep.ids[: len(usual.ids)],
        degraded=usual.degraded,
    )
