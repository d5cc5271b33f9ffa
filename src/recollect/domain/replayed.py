"""Replayed: what came of comparing the tables with what the log adds up to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Deviation(StrEnum):
    """How a row deviates from the log."""

    MISSING = "missing"
    EXTRA = "extra"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDeviation:
    """One row that is not as the log says.

    Attributes:
        table, key: which one. what: the log has a row that the table lacks, the reverse, or both with other values.
        columns: the columns whose values differ.
    """

    table: str
    key: Mapping[str, Any]
    what: Deviation
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReplay:
    """One stream's comparison.

    Attributes:
        tenant_id, user_id: whose. events: lines that were applied. erased: lines whose content is erased, skipped.
        rows: rows that the log adds up to. deviations: rows that are not as they should be, the first thousand a table.
        problem: why the log could not be applied to its end, or "".
    """

    tenant_id: str
    user_id: str
    events: int
    erased: int
    rows: int
    deviations: tuple[RowDeviation, ...] = ()
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether the tables are what the log says."""
        return not self.deviations and not self.problem


@dataclass(slots=True, kw_only=True)
class ReplayReport:
    """All streams together.

    Attributes:
        streams, events, erased, rows: how many were compared.
        seconds: how long it took. faulty: the streams that deviate.
    """

    streams: int = 0
    events: int = 0
    erased: int = 0
    rows: int = 0
    seconds: float = 0.0
    faulty: list[StreamReplay] = field(default_factory=list[StreamReplay])

    @property
    def ok(self) -> bool:
        """Whether every table is what the log says."""
        return not self.faulty

    @property
    def events_per_second(self) -> float:
        """The speed of the replay, comparing included."""
        return self.events / self.seconds if self.seconds else 0.0

    def add(self, stream: StreamReplay) -> None:
        """Takes in one more stream."""
        self.streams += 1
        self.events += stream.events
        self.erased += stream.erased
        self.rows += stream.rows
        if not stream.ok:
            self.faulty.append(stream)
