"""The rate limiter: a counter that slides over the last minute, so that no two windows' worth fit around an edge.

Each minute has its own count, and the one before counts for the part of it that the last 60 seconds still cover. That
costs two numbers a key however high the limit. With a Redis several processes share them; while it does not answer,
this process counts by itself, which is said once, and tries it again now and then.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, SlidingWindowCounterSupport

from recollect.ports.rate_limiter import RateState

MINUTE_S: Final = 60
NAMESPACE: Final = "recollect"
AT_ONCE: Final = 16
"""Requests that ask Redis at the same time, each over a connection of its own; the others wait for them."""
SHORTEST_S: Final = 0.01
TRY_AGAIN_S: Final = 2.0
"""So long a Redis that failed is left alone."""

_log = logging.getLogger(__name__)


class WindowLimiter:
    """See ``recollect.ports.rate_limiter.RateLimiter``.

    Args:
        storage: where the counts are; by default this process. Its faults are raised.
    """

    def __init__(self, storage: SlidingWindowCounterSupport | None = None) -> None:
        self._storage: SlidingWindowCounterSupport = MemoryStorage() if storage is None else storage

    async def hit(self, name: str, per_minute: int) -> RateState:
        """Counts a request."""
        key = RateLimitItemPerMinute(per_minute, namespace=NAMESPACE).key_for(name)
        allowed = await self._storage.acquire_sliding_window_entry(key, per_minute, MINUTE_S, 1)
        counts = _Counts(*await self._storage.get_sliding_window(key, MINUTE_S))
        return state_of(counts, allowed=allowed, limit=per_minute)

    async def aclose(self) -> None:
        """There is nothing to give back."""


class SharedLimiter:
    """The same over a store that several processes share, and by itself while that is away.

    Args:
        shared: counts there. timeout_s: how long a request waits for it. close: gives its connections back.
    """

    def __init__(
        self,
        shared: WindowLimiter,
        *,
        timeout_s: float,
        close: Callable[[], Awaitable[None]],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = shared
        self._alone = WindowLimiter()
        self._timeout_s = timeout_s
        self._close = close
        self._seconds = seconds
        self._places = asyncio.Semaphore(AT_ONCE)
        self._first = asyncio.Lock()
        self._met = False
        self._away = False
        self._again_at = 0.0

    async def hit(self, name: str, per_minute: int) -> RateState:
        """Counts a request."""
        trying = self._away
        if trying:
            if self._seconds() < self._again_at:
                return await self._alone.hit(name, per_minute)
            self._again_at = self._seconds() + TRY_AGAIN_S  # this one tries; the others need not wait for it
        try:
            async with asyncio.timeout(self._timeout_s), self._places:
                state = await self._ask(name, per_minute)
        except Exception as error:  # noqa: BLE001 - no request fails because it could not be counted; it is logged
            self._failed(error)
            return await self._alone.hit(name, per_minute)
        if trying and self._away:
            self._away = False
            _log.warning("Redis is back; requests are counted together again")
        return state

    async def _ask(self, name: str, per_minute: int) -> RateState:
        """Asks the shared store; the first one alone, for a cluster's client loses calls that come while it begins."""
        if self._met:
            return await self._shared.hit(name, per_minute)
        async with self._first:
            state = await self._shared.hit(name, per_minute)
            self._met = True
            return state

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._close()

    def _failed(self, error: Exception) -> None:
        if not self._away:
            kind = type(error).__name__  # its words may hold an address or a password
            _log.warning("Redis does not answer (%s); each process counts requests by itself until it is back", kind)
        self._away, self._again_at = True, self._seconds() + TRY_AGAIN_S


@dataclass(frozen=True, slots=True)
class _Counts:
    """The counts of the minute before and of this one, and for how many seconds each counts on."""

    before: int
    before_s: float
    current: int
    current_s: float

    @property
    def now(self) -> int:
        """Requests in the last 60 seconds, as far as two counts can tell."""
        return math.floor(self.before * self.before_s / MINUTE_S) + self.current


def state_of(counts: _Counts, *, allowed: bool, limit: int) -> RateState:
    """What the counts mean for whoever asked."""
    remaining = max(0, limit - counts.now)
    return RateState(
        allowed=allowed,
        limit=limit,
        remaining=remaining if allowed else 0,
        reset_after_s=counts.current_s if counts.current else counts.before_s,
        retry_after_s=0.0 if allowed and remaining else max(SHORTEST_S, _until_one_more(counts, limit)),
    )


def _until_one_more(counts: _Counts, limit: int) -> float:
    """Seconds until the counts leave room for one more."""
    room = limit - 1 - counts.current
    if room >= 0 and counts.before:  # the minute before fades until what is left of it fits
        return max(0.0, counts.before_s - MINUTE_S * min(1.0, (room + 1) / counts.before))
    # This minute is full by itself: first it must be over, then fade.
    until_over = max(0.0, counts.current_s - MINUTE_S)
    return until_over + MINUTE_S * max(0.0, 1 - limit / max(1, counts.current))
