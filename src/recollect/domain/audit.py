"""Audit: walking a stream's hash chain, and naming the first line that was touched.

The chain proves that lines were neither altered, dropped, swapped nor added between others. That its end was cut off
shows only because ``log_head`` says where the log ends; who forges both is caught by a head that was kept elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from recollect.domain.event import GENESIS, Event

RENUMBERED_BY = 100
"""How many dropped lines are recognised when the lines after them were renumbered to hide it."""


class Fault(StrEnum):
    """What is wrong with a chain at its first break."""

    ALTERED = "altered"
    MISSING = "missing"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    HEAD_MISMATCH = "head mismatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBreak:
    """The first break of a chain.

    Attributes:
        seq: the line. event_id: the event that stands there, None if none does. what: see ``Fault``.
        detail: in words.
    """

    seq: int
    event_id: UUID | None
    what: Fault
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamAudit:
    """What was found in one stream.

    Attributes:
        tenant_id, user_id: whose log. events: lines that fit, from the first one on.
        hash: the last of them; worth keeping elsewhere, for it vouches for every line before it.
        first_break: None for an untouched log.
    """

    tenant_id: str
    user_id: str
    events: int
    hash: bytes
    first_break: ChainBreak | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAudit:
    """What was found in all the streams that were asked for.

    Attributes:
        streams, events: how many were checked. seconds: how long it took.
        reports: of every stream that is broken; and, when a single one was asked for, of that one.
    """

    streams: int
    events: int
    seconds: float
    reports: tuple[StreamAudit, ...]

    @property
    def broken(self) -> tuple[StreamAudit, ...]:
        """The streams whose chain is broken."""
        return tuple(report for report in self.reports if report.first_break is not None)

    @property
    def ok(self) -> bool:
        """Whether every chain is whole."""
        return not self.broken


class ChainWalk:
    """Walks one chain, line by line from the first one; stops at the first line that does not fit."""

    def __init__(self) -> None:
        self.seq = 0
        self.hash: bytes = GENESIS

    def first_misfit(self, events: Iterable[Event]) -> Event | None:
        """Takes the next events; returns the first that does not fit, or None."""
        for event in events:
            if event.seq != self.seq + 1 or not self._fits(event):
                return event
            self.seq, self.hash = event.seq, event.hash
        return None

    def belongs(self, event: Event, others: Iterable[Event]) -> Event | None:
        """The one of other lines that belongs where ``event`` stands, moved as a whole or by its content alone."""
        return next((other for other in others if self._was_meant(other, event)), None)

    def explain(self, event: Event, other: Event | None) -> ChainBreak:
        """What is wrong at an event that does not fit.

        Args:
            event: the misfit.
            other: the line that belongs there, if there is one.
        """
        expected = self.seq + 1
        if event.seq > expected:
            lines = f"line {expected} is" if event.seq == expected + 1 else f"lines {expected} to {event.seq - 1} are"
            return _break(expected, None, Fault.MISSING, f"{lines} missing")
        if other is not None:
            return _break(event.seq, event.id, Fault.SWAPPED, f"it has changed places with line {other.seq}")
        if self._follows(event):
            return _break(event.seq, event.id, Fault.ALTERED, "its content is not what its hash was made from")
        for dropped in range(1, RENUMBERED_BY + 1):
            if replace(event, seq=event.seq + dropped).expected_hash() == event.hash:
                detail = f"{dropped} line(s) before it are missing, and it was renumbered"
                return _break(expected, event.id, Fault.MISSING, detail)
        return _break(event.seq, event.id, Fault.ALTERED, "it does not name the hash of the line before it")

    def _fits(self, event: Event) -> bool:
        return self._follows(event) and event.expected_hash() == event.hash

    def _follows(self, event: Event) -> bool:
        return event.previous_hash == self.hash

    def _was_meant(self, other: Event, event: Event) -> bool:
        """Whether another line, moved to this one's place, fits there: whole, or its content alone."""
        if other.previous_hash == self.hash and replace(other, seq=event.seq).expected_hash() == other.hash:
            return True
        moved = replace(other, seq=event.seq, previous_hash=event.previous_hash)
        return self._follows(event) and moved.expected_hash() == event.hash

    def end(self, head: tuple[int, bytes] | None) -> ChainBreak | None:
        """Whether the chain ends where ``log_head`` says.

        Args:
            head: position and hash; None if there is no head.
        """
        if head is None:
            missing = "log_head has no entry for this stream"
            return _break(self.seq, None, Fault.HEAD_MISMATCH, missing) if self.seq else None
        seq, own_hash = head
        if seq > self.seq:
            detail = f"the log ends here, log_head says that it ends at {seq}"
            return _break(self.seq + 1, None, Fault.TRUNCATED, detail)
        if seq < self.seq:
            detail = f"log_head says that the log ends at {seq}, it ends at {self.seq}"
            return _break(self.seq, None, Fault.HEAD_MISMATCH, detail)
        if own_hash != self.hash:
            return _break(self.seq, None, Fault.HEAD_MISMATCH, "log_head has another hash than the last line")
        return None


def _break(seq: int, event_id: UUID | None, what: Fault, detail: str) -> ChainBreak:
    return ChainBreak(seq=seq, event_id=event_id, what=what, detail=detail)
