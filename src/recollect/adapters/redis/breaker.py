"""Breaker: after the first failure nobody waits for Redis again until a probe in the background has come through."""

import asyncio
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from recollect.adapters.redis.client import FAULTS, reason_of
from recollect.ports.redaction import Redacted

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long the probe waits: doubled after each failure, and begun anew after ``steady_s`` without one."""

    first_s: float = 0.2
    longest_s: float = 5.0
    steady_s: float = 10.0


class Breaker:
    """Knows whether Redis is to be asked.

    Args:
        probe: one attempt at what calls need, with whatever has to be made good first; raises while it fails.
        pauses: between two attempts.
    """

    def __init__(self, probe: Callable[[], Awaitable[None]], pauses: Pauses | None = None) -> None:
        self._probe = probe
        self._pauses = pauses or Pauses()
        self._pause_s = self._pauses.first_s
        self._closed_at = float("-inf")
        self._since: datetime | None = None
        self._reason = ""
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    @property
    def open(self) -> bool:
        """Whether Redis is left alone."""
        return self._since is not None

    @property
    def notes(self) -> tuple[str, ...]:
        """What an answer says while Redis is left alone, for ``degraded``."""
        if self._since is None:
            return ()
        return (f"hot tier: Redis {self._reason} since {self._since:%Y-%m-%d %H:%M:%S} UTC; read from Postgres",)

    def trip(self, error: BaseException) -> tuple[str, ...]:
        """Leaves Redis alone from now on, because of ``error``; returns the notes."""
        if self._since is None:
            self._since, self._reason = datetime.now(UTC), reason_of(error)
            if time.monotonic() - self._closed_at > self._pauses.steady_s:
                self._pause_s = self._pauses.first_s
            _log.warning("Redis %s; the hot tier is read from Postgres until it is back", self._reason)
            if not self._ended:
                # A context of its own: the caller's counts round trips, and would count the probe's.
                self._task = asyncio.get_running_loop().create_task(
                    self._recover(), name="recollect redis probe", context=contextvars.Context()
                )
        return self.notes

    async def close(self) -> None:
        """Ends the probe."""
        self._ended = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(self._task)
            self._task = None

    async def _recover(self) -> None:
        """Tries until a probe comes through."""
        started = time.monotonic()
        while True:
            await asyncio.sleep(self._pause_s)
            self._pause_s = min(self._pause_s * 2, self._pauses.longest_s)
            try:
                await self._probe()
            except FAULTS as error:
                self._reason = reason_of(error)
            except Exception as error:  # noqa: BLE001 - the loop must go on, or Redis is left alone for ever
                _log.error("the probe of Redis failed in an unexpected way: %s", Redacted(error, frames=True))
            else:
                break
        self._since, self._closed_at = None, time.monotonic()
        _log.warning("Redis is back after %.1f s", self._closed_at - started)
