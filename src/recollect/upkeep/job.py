"""Job: one thing that is done when nobody asks, what it works with, and what it says afterwards."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from recollect.ports.clock import Clock
from recollect.ports.embedder import Embedder
from recollect.ports.hot_tier import HotTier
from recollect.ports.store import Change, Store

Guard = Callable[[Sequence[Change]], Awaitable[None]]
"""Refuses changes that the tenant's policies forbid, with NotAllowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What jobs work with.

    Attributes:
        tenant_id: for whose users. guard: gives the check for changes that are made in a user's name.
    """

    tenant_id: str
    store: Store
    hot: HotTier
    embedder: Embedder
    clock: Clock
    guard: Callable[[str], Awaitable[Guard]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReport:
    """What one run of a job did.

    Attributes:
        processed: how many things it finished. errors: how many it could not finish; each is tried again or visible.
        ms: how long it took. job: its name. error: why the run broke off, or None.
    """

    processed: int = 0
    errors: int = 0
    ms: float = 0.0
    job: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """How a job has done in this process.

    Attributes:
        name: which. every_s: seconds from one run to the next. running: whether it runs right now.
        runs, failures: how often it ran, and how often it broke off. processed, errors: what all runs add up to.
        last_run_at, last_ms, last_error: of its last run; None before the first, and where nothing went wrong.
        next_in_s: seconds until it is due, None when nothing runs by itself.
    """

    name: str
    every_s: float
    running: bool
    runs: int
    failures: int
    processed: int
    errors: int
    last_run_at: datetime | None
    last_ms: float | None
    last_error: str | None
    next_in_s: float | None


class Job(Protocol):
    """Something that is done again and again, safe to be done by several processes at once."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def every(self) -> timedelta:
        """How long after one run the next is due."""
        ...

    async def run(self, work: Work) -> JobReport:
        """Does what there is to do; things that fail by themselves are counted, not raised.

        Raises:
            StoreError: the database cannot be asked; the run broke off and is tried again later.
        """
        ...
