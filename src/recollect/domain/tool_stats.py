"""Tool statistics: how often a tool was called for a kind of task, how often it worked, and how long it took."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolStats:
    """What the calls of one tool for one kind of task add up to.

    Attributes:
        tool: its name. task: what kind of task it was called for, None for calls that name none.
        calls: how many. successes, failures, unknown: how they went; together they are ``calls``.
        success_rate: successes among the calls whose outcome is known, 0..1; None when none is.
        mean_ms, p95_ms: mean and 95th percentile of the latency in milliseconds; None when none was measured.
        last_used_at: when it was called last.
    """

    tool: str
    task: str | None
    calls: int
    successes: int
    failures: int
    unknown: int
    success_rate: float | None
    mean_ms: float | None
    p95_ms: float | None
    last_used_at: datetime
