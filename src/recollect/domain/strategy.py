"""Strategy: a way of doing a task, how often it worked, and how strategies are ranked for a task at hand.

A strategy is a memory of type ``procedure``; its counts stand in ``extra["strategy"]``. Its text names the task, so
that recall finds it by the task as well as by what is done.

Ranked by ``score = success_rate x similarity``, where similarity is the cosine between the task at hand and the
strategy's text, and the success rate is the mean of a Beta posterior:

    success_rate = (successes + PRIOR_TRIALS x m) / (successes + failures + PRIOR_TRIALS)
    m = min(HIGHEST_PRIOR, (S + 1) / (S + F + 2))

S and F are the successes and failures of all the strategies that are compared: the user's own overall rate, so that
who mostly fails is not promised that an untried way will work. The prior counts as four trials. Its mean is at most
3/4: with a higher one a single success among people for whom nearly everything works (0.93 + 1 of 1) would stand above
18 of 20; like this one success of one gives at most 0.80, four of four 0.875, as much as 18 of 20.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from recollect.domain.content import content_hash
from recollect.domain.ids import new_id
from recollect.domain.record import Memory, MemoryType, Provenance
from recollect.domain.scope import Scope

PRIOR_TRIALS: Final = 4.0
HIGHEST_PRIOR: Final = 0.75
IMPORTANCE: Final = 0.5
"""As of every procedure."""
STRATEGY: Final = "strategy"
"""Where in a record's ``extra`` the counts stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A way of doing a task.

    Attributes:
        id: of its memory. task: what it is for, "" when that is unknown. description: what is done.
        tools: the tools that are called, in order. successes, failures: how often it worked, and did not.
        last_used_at: when it was last tried, or None.
    """

    id: UUID
    task: str
    description: str
    tools: tuple[str, ...] = ()
    successes: int = 0
    failures: int = 0
    last_used_at: datetime | None = None

    @property
    def trials(self) -> int:
        """How often it was tried."""
        return self.successes + self.failures


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyMatch:
    """A strategy for a task at hand.

    Attributes:
        similarity: cosine between the task and the strategy, 0..1. success_rate: with the prior, see the top.
        trials: how often it was tried. score: success rate times similarity. why: the same in words.
    """

    strategy: Strategy
    memory_id: UUID
    similarity: float
    success_rate: float
    trials: int
    score: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a run taught: that this way of doing a task worked, or did not."""

    task: str
    description: str
    tools: tuple[str, ...] = ()
    succeeded: bool = True

    @property
    def text(self) -> str:
        """The words of its memory; the task is one of them."""
        return f"For {self.task}: {self.description}"

    @property
    def content_hash(self) -> str:
        """What tells that the same lesson was learned before."""
        return content_hash(None, self.text)

    def record(self, scope: Scope, now: datetime, provenance: Provenance, confidence: float) -> Memory:
        """The memory that a new lesson becomes, tried once."""
        return Memory(
            id=new_id(),
            tenant_id=scope.tenant_id,
            user_id=scope.user_id,
            conversation_id=scope.conversation_id,
            type=MemoryType.PROCEDURE,
            text=self.text,
            told_at=now,
            written_at=now,
            updated_at=now,
            confidence=confidence,
            importance=IMPORTANCE,
            content_hash=self.content_hash,
            provenance=provenance,
            extra={STRATEGY: _counts(self.task, self.tools, int(self.succeeded), int(not self.succeeded), now)},
        )


def strategy_of(memory: Memory) -> Strategy:
    """The strategy that a procedure is; one that was told in words alone has not been tried yet."""
    found: object = memory.extra.get(STRATEGY)
    held: Mapping[str, object] = cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}
    task = held.get("task")
    task = task if isinstance(task, str) else ""
    tools = held.get("tools")
    return Strategy(
        id=memory.id,
        task=task,
        description=memory.text.removeprefix(f"For {task}: ") if task else memory.text,
        tools=tuple(map(str, cast("Sequence[object]", tools))) if isinstance(tools, list | tuple) else (),
        successes=_count(held.get("successes")),
        failures=_count(held.get("failures")),
        last_used_at=_time(held.get("last_used_at")),
    )


def tried(memory: Memory, now: datetime, *, succeeded: bool, lesson: Lesson | None = None) -> Memory:
    """The memory of a strategy after one more trial; everything else about it stays.

    Args:
        memory: the strategy.
        now: when it was tried.
        succeeded: whether it worked.
        lesson: says task and tools of a strategy that does not know them (yet).
    """
    known = strategy_of(memory)
    task, tools = known.task, known.tools
    if lesson is not None:
        task, tools = task or lesson.task, tools or lesson.tools
    counts = _counts(task, tools, known.successes + succeeded, known.failures + (not succeeded), now)
    extra = {**memory.extra, STRATEGY: counts}
    return replace(memory, extra=extra, version=memory.version + 1, updated_at=now)


def prior_mean(strategies: Iterable[Strategy]) -> float:
    """What an untried strategy is expected to succeed at, see the top of this file."""
    known = list(strategies)
    successes, trials = sum(one.successes for one in known), sum(one.trials for one in known)
    return min(HIGHEST_PRIOR, (successes + 1) / (trials + 2))


def success_rate(strategy: Strategy, prior: float) -> float:
    """The mean of the posterior, 0..1."""
    return (strategy.successes + PRIOR_TRIALS * prior) / (strategy.trials + PRIOR_TRIALS)


def ranked(found: Sequence[tuple[Strategy, float]], limit: int) -> tuple[StrategyMatch, ...]:
    """The strategies, each given with its similarity, best first; what is not similar at all is left out."""
    prior = prior_mean(strategy for strategy, _ in found)
    matches = [_match(strategy, min(similarity, 1.0), prior) for strategy, similarity in found if similarity > 0]
    matches.sort(key=lambda match: (-match.score, -match.trials, match.memory_id))
    return tuple(matches[:limit])


def _match(strategy: Strategy, similarity: float, prior: float) -> StrategyMatch:
    rate = success_rate(strategy, prior)
    worked = f"worked {strategy.successes} of {strategy.trials} times" if strategy.trials else "not tried yet"
    return StrategyMatch(
        strategy=strategy,
        memory_id=strategy.id,
        similarity=similarity,
        success_rate=rate,
        trials=strategy.trials,
        score=rate * similarity,
        why=f"{worked}, so a rate of {rate:.2f} after a prior of {prior:.2f}; similarity {similarity:.2f}",
    )


def _counts(task: str, tools: Sequence[str], successes: int, failures: int, now: datetime) -> dict[str, Any]:
    return {
        "task": task,
        "tools": list(tools),
        "successes": successes,
        "failures": failures,
        "last_used_at": now.isoformat(),
    }


def _count(value: object) -> int:
    """A count that a caller may have overwritten with anything."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _time(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if found is None or found.tzinfo is None else found
