"""Why not: why a memory is not in the answer to a question, or at which place it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from recollect.domain.explanation import SAID, Explanation, SignalScore, listed, ordinal

TOLD: Final = 3
"""How many signals the comparison with the last hit names."""


class Absence(StrEnum):
    """What keeps a memory out of an answer."""

    NONE = "none"  # it is in it
    UNKNOWN = "unknown"  # no such memory, or another user's: which of these is not told
    WORKING = "working"  # below the write gate: in working memory only
    DENIED = "denied"  # a policy forbids reading it
    NOT_TOLD = "not_told"  # it may not be told in this channel
    SMALL_TALK = "small_talk"  # the question asks memory nothing
    DELETED = "deleted"
    SUPERSEDED = "superseded"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    STATUS = "status"  # silent, archived: not found without asking for it
    QUARANTINED = "quarantined"
    FILTER = "filter"  # the caller's filter
    RELEVANCE = "relevance"  # less probably relevant than min_score
    CUT = "cut"  # others come before it
    BUDGET = "budget"  # it has its place, but max_tokens leaves no room


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that keeps a memory out.

    Attributes:
        rule: which. field: of the filter, the argument that says so; otherwise "".
        text: in words. at: since when or until when. by: the memory that took its place.
    """

    rule: Absence
    text: str
    field: str = ""
    at: datetime | None = None
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Why a memory is not in an answer.

    Attributes:
        memory_id, query: what was asked. found: whether it is in the answer.
        obstacles: everything that keeps it out, what decides first; empty when it is in the answer.
        rank: its rank among all that passed the filter, None when it did not. of: how many passed.
        score, last_score: its score, and that of the last hit; short_by: how much it lacks.
        explanation: how its score comes about. last: how the last hit's does.
    """

    memory_id: UUID
    query: str
    found: bool
    obstacles: tuple[Obstacle, ...] = ()
    rank: int | None = None
    of: int = 0
    score: float | None = None
    last_score: float | None = None
    explanation: Explanation | None = None
    last: Explanation | None = None

    @property
    def reason(self) -> Absence:
        """What decides."""
        return self.obstacles[0].rule if self.obstacles else Absence.NONE

    @property
    def short_by(self) -> float | None:
        """The points that it lacks to be the last hit; None when it is not a matter of points."""
        if self.found or self.score is None or self.last_score is None:
            return None
        return self.last_score - self.score

    @property
    def text(self) -> str:
        """One paragraph in plain English."""
        if self.found:
            assert self.rank is not None  # noqa: S101 - what is found has a rank
            return f"It is in the answer, {ordinal(self.rank)} of {self.of:,}."
        return " ".join([*(obstacle.text for obstacle in self.obstacles), *self._compared()])

    def as_json(self) -> dict[str, Any]:
        """The same as JSON values, with the paragraph under ``text``."""
        return {
            "memory_id": str(self.memory_id),
            "query": self.query,
            "found": self.found,
            "reason": self.reason.value,
            "obstacles": [_json_of(obstacle) for obstacle in self.obstacles],
            "rank": self.rank,
            "of": self.of,
            "score": self.score,
            "last_score": self.last_score,
            "short_by": self.short_by,
            "explanation": None if self.explanation is None else self.explanation.as_json(),
            "last": None if self.last is None else self.last.as_json(),
            "text": self.text,
        }

    def _compared(self) -> list[str]:
        """What the last hit has more of."""
        if self.explanation is None or self.last is None:
            return []
        more = [(name, gain) for name, gain in differences(self.explanation.signals, self.last.signals) if gain > 0]
        parts = [f"{SAID.get(name, name)} (+{gain:.2f})" for name, gain in more[:TOLD]]
        return [f"The last one in gets more for {listed(parts)}."] if parts else []


def differences(own: Mapping[str, SignalScore], other: Mapping[str, SignalScore]) -> list[tuple[str, float]]:
    """By signal, the points that the other one has more; the largest difference first."""
    names = dict.fromkeys([*own, *other])
    gains = [(name, _points(other, name) - _points(own, name)) for name in names]
    return sorted(gains, key=lambda entry: -abs(entry[1]))


def _points(signals: Mapping[str, SignalScore], name: str) -> float:
    return signals[name].contribution if name in signals else 0.0


def _json_of(obstacle: Obstacle) -> dict[str, Any]:
    return {
        "rule": obstacle.rule.value,
        "field": obstacle.field,
        "text": obstacle.text,
        "at": None if obstacle.at is None else obstacle.at.isoformat(),
        "by": None if obstacle.by is None else str(obstacle.by),
    }
