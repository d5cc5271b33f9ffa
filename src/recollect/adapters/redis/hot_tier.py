"""The hot tier in Redis: answers when it holds the version that the truth names, and is never waited for twice.

A load is one script that reads everything of the user, and one question to the truth: is this still the version? When
it is not, the truth's answer is the answer, and is put into Redis for the next time: three round trips. A write goes to
the truth first; then one script leads Redis from the version before to the one after, and leaves any other version
alone. So Redis may be empty, behind, away, full or spoiled: that costs time, and no answer is wrong.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import anyio
from redis.exceptions import TimeoutError as RedisTimeoutError

from recollect.adapters.redis import requests
from recollect.adapters.redis.breaker import Breaker, Pauses
from recollect.adapters.redis.client import FAULTS, connect, is_about_one_user
from recollect.adapters.redis.codec import NOTHING, Held, held_from
from recollect.adapters.redis.keys import keys_of, probe_key
from recollect.adapters.redis.script import APPLY, DROP, LOAD, PROBE, PUT, Argument, Script
from recollect.domain.hot import HotKind, HotLimits, HotState
from recollect.domain.scope import Scope
from recollect.ports.hot_health import HotHealth
from recollect.ports.hot_tier import HotChange, HotTier, HotWrite, Swept, Written

PROBE_S = 1.0
MOST_OWED = 10_000
"""Users whose keys are to be dropped when Redis is back; what is not dropped ends by itself, within a day."""

LATE = 2.5
"""After so many time-outs the clock that should have ended a call was not looked at."""
MOST_LATE = 3

_log = logging.getLogger(__name__)


def _uncounted() -> None:
    pass


class RedisHotTier:
    """See ``recollect.ports.hot_tier.HotTier``. To be used from one event loop, and closed there.

    Args:
        truth: what this is a projection of; closed with it.
        url: ``redis://``, ``rediss://``, ``redis+cluster://`` or ``rediss+cluster://``.
        timeout_s: how long to wait for Redis before doing without. limits: the truth's.
        on_round_trip: told of each round trip to Redis. pauses: see ``Breaker``.

    Raises:
        ValidationError: the URL cannot be used.
    """

    def __init__(
        self,
        truth: HotTier,
        url: str,
        *,
        timeout_s: float = 0.1,
        limits: HotLimits | None = None,
        on_round_trip: Callable[[], None] = _uncounted,
        pauses: Pauses | None = None,
    ) -> None:
        self._truth = truth
        self._client = connect(url, timeout_s)
        self._timeout_s = timeout_s
        self._limits = limits or HotLimits()
        self._on_round_trip = on_round_trip
        self._breaker = Breaker(self._recover, pauses)
        self._owed: OrderedDict[Scope, str | int] = OrderedDict()
        self._spoiled = self._late = 0
        self._hits = self._misses = self._degraded = 0

    async def load(
        self, scope: Scope, now: datetime, *, unless: int | None = None, whole: bool = False
    ) -> HotState | None:
        """The user's hot state at ``now``, or None if it is still at version ``unless``."""
        self._degraded += self._breaker.open
        if unless is not None or self._breaker.open:  # who holds a version asks the truth whether it is the last
            state = await self._truth.load(scope, now, unless=unless, whole=True)
            self._misses += state is not None
            if state is not None and not self._breaker.open:
                await self._put(scope, state, b"", now)
            return self._noted(state if whole or state is None else state.at(now))
        held = await self._held(scope, now)
        state = await self._truth.load(
            scope, now, unless=None if held.state is None else held.state.version, whole=True
        )
        if state is None:
            state = held.state
            self._hits += state is not None
        else:
            self._misses += state.version > 0  # of a stranger there is nothing to hold
            await self._put(scope, state, held.version, now)
        return self._noted(state if whole or state is None else state.at(now))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is degraded, as far as this process has seen it."""
        return self._breaker.notes

    async def write(self, scope: Scope, writes: Sequence[HotWrite], now: datetime) -> Written:
        """Changes what fades: in the truth, then here."""
        return await self._followed(scope, await self._truth.write(scope, writes, now), now)

    async def clear(self, scope: Scope, kinds: Collection[HotKind]) -> int:
        """Removes every item of these kinds; returns how many were there."""
        cleared = await self._truth.clear(scope, kinds)
        await self._drop(scope, "")
        return cleared

    async def touch(self, scope: Scope, now: datetime) -> Written:
        """Notes that the user's session was used."""
        return await self._followed(scope, await self._truth.touch(scope, now), now)

    async def follow(self, scope: Scope, change: HotChange) -> tuple[str, ...]:
        """Takes in what a transaction has committed; what it takes from the log is dropped, to be read anew."""
        await self._apply(scope, change, requests.time_of(change, datetime.now(UTC)))
        return self._breaker.notes

    async def forget(self, scope: Scope) -> None:
        """Drops what is held of a user who was erased, at once or when Redis is back."""
        await self._truth.forget(scope)
        await self._drop(scope, requests.GONE)

    async def sweep(self, tenant_id: str, now: datetime) -> Swept:
        """Removes what has faded for all of the tenant's users."""
        swept = await self._truth.sweep(tenant_id, now)
        arguments = requests.trim(self._limits, now)
        for user_id in swept.users:
            await self._ask(APPLY, Scope(tenant_id=tenant_id, user_id=user_id), arguments)
        return swept

    async def rebuild(self, scope: Scope, now: datetime) -> None:
        """Makes what is held equal to the truth."""
        held = await self._held(scope, now)
        state = await self._truth.load(scope, now, whole=True)
        if state is not None and state.version:
            await self._put(scope, state, held.version, now)
        else:
            await self._drop(scope, "")

    async def users(self, tenant_id: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The tenant's users who have a hot state, as the truth lists them; keys are never searched."""
        return await self._truth.users(tenant_id, after=after, limit=limit)

    def health(self) -> HotHealth:
        """How it is, as this process has seen it."""
        breaker = "open" if self._breaker.open else "closed"
        return HotHealth(
            adapter="redis",
            projection=True,
            breaker=breaker,
            hits=self._hits,
            misses=self._misses,
            degraded=self._degraded,
        )

    async def close(self) -> None:
        """Ends the probe, closes the connections, and the truth."""
        await self._breaker.close()
        with suppress(*FAULTS):
            await self._client.aclose()
        await self._truth.close()

    async def _held(self, scope: Scope, now: datetime) -> Held:
        reply = await self._ask(LOAD, scope)
        return NOTHING if reply is None else held_from(reply, now)

    async def _put(self, scope: Scope, state: HotState, seen: bytes, now: datetime) -> None:
        """Keeps a state for the next load; there is nothing to keep of a user of whom nothing is known."""
        if state.version:
            await self._ask(PUT, scope, requests.whole(state, seen, now))

    async def _followed(self, scope: Scope, written: Written, now: datetime) -> Written:
        if written.change is None:
            return written
        await self._apply(scope, written.change, now)
        return replace(written, degraded=(*written.degraded, *self._breaker.notes))

    async def _apply(self, scope: Scope, change: HotChange, now: datetime) -> None:
        removed = any(write.kind is HotKind.RECENT and write.value is None for write in change.writes)
        if change.derived or removed:  # the records say what comes in the place of a removed one
            await self._drop(scope, change.version)
        else:
            await self._ask(APPLY, scope, requests.step(change, self._limits, now))

    async def _drop(self, scope: Scope, floor: str | int) -> None:
        """Drops a user's keys; while Redis is away that is owed, for they may quote what was erased."""
        if await self._ask(DROP, scope, requests.gone(floor)) is None:
            owner = Scope(tenant_id=scope.tenant_id, user_id=scope.user_id)
            if self._owed.get(owner) != requests.GONE:
                self._owed[owner] = floor
            if len(self._owed) > MOST_OWED:
                self._owed.popitem(last=False)

    async def _ask(self, script: Script, scope: Scope, arguments: tuple[Argument, ...] = ()) -> Any:
        """Runs a script on a user's keys; None when Redis is left alone, or did not do it."""
        if self._breaker.open:
            return None
        started = time.monotonic()
        try:
            # Connecting and answering may each take as long as a reply; together no longer.
            with anyio.fail_after(2 * self._timeout_s):
                reply = await script.run(self._client, keys_of(scope), arguments)
        except Exception as error:  # noqa: BLE001 - whatever answers there, no caller is to pay for it
            if is_about_one_user(error) and script is not DROP:
                await self._mend(scope)
            elif script is DROP or not self._was_late_itself(error, time.monotonic() - started):
                self._breaker.trip(error)
            return None
        self._late = 0
        self._on_round_trip()
        return reply

    def _was_late_itself(self, error: Exception, took_s: float) -> bool:
        """Whether this process was too busy to look at an answer in time, which says nothing about Redis.

        A few times in a row, and then Redis is left alone all the same.
        """
        timed_out = isinstance(error, TimeoutError | RedisTimeoutError)
        self._late += 1
        return timed_out and took_s > LATE * self._timeout_s and self._late <= MOST_LATE

    async def _mend(self, scope: Scope) -> None:
        """Drops what somebody else has written over; the next load puts it there anew."""
        self._spoiled += 1
        if self._spoiled == 1:
            _log.warning(
                "a user's keys in Redis were not as they were written, and are dropped; others are not told of"
            )
        await self._drop(scope, "")

    async def _recover(self) -> None:
        """For the breaker: new connections, one harmless write, then what is owed.

        Raises:
            FAULTS: Redis is still away.
        """
        await self._client.aclose()
        with anyio.fail_after(max(PROBE_S, 2 * self._timeout_s)):
            await PROBE.run(self._client, (probe_key(),), ("1",))
        while self._owed:
            owner, floor = next(iter(self._owed.items()))
            with anyio.fail_after(max(PROBE_S, 2 * self._timeout_s)):
                await DROP.run(self._client, keys_of(owner), requests.gone(floor))
            self._owed.pop(owner, None)

    def _noted(self, state: HotState | None) -> HotState | None:
        notes = self._breaker.notes
        return state if state is None or not notes else replace(state, degraded=(*state.degraded, *notes))
