"""Hot: looking after what every turn loads, and after whatever holds a copy of it."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from recollect.domain.scope import Scope, tenant_scope
from recollect.errors import ValidationError
from recollect.memory.arguments import scope_of
from recollect.memory.core import Core
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.ports.hot_health import HotHealth, TellsHealth
from recollect.ports.hot_tier import Swept

PAGE = 1_000
"""Users asked for at once."""
NOTHING_TO_REBUILD = "the hot tier is the database itself: there is no copy to rebuild"


@dataclass(frozen=True, slots=True, kw_only=True)
class HotStatus:
    """How the hot tier is.

    Attributes:
        adapter, breaker, hits, misses, hit_rate: see ``HotHealth``, of this process.
        reachable: whether it answered by itself just now. degraded: why not. ms: how long one load took.
    """

    adapter: str
    reachable: bool
    degraded: tuple[str, ...] = ()
    breaker: str | None = None
    hits: int | None = None
    misses: int | None = None
    hit_rate: float | None = None
    ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HotRebuilt:
    """What a rebuild did: for how many users, in which copy, what it could not do, and why."""

    users: int
    adapter: str
    note: str = ""
    degraded: tuple[str, ...] = ()


class HotDesk:
    """What every turn loads: how it is, and making its copies good again."""

    AREA: str = "hot."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def status(self) -> HotStatus:
        """Asks the hot tier how it is, by one load.

        Raises:
            StoreError: the database cannot be asked.

        Example:
            >>> (await memory.hot.status()).adapter
            'postgres'
        """
        parts = await self.core.ready()
        started = time.perf_counter()
        degraded = await _degraded(parts)
        ms = (time.perf_counter() - started) * 1000
        health = _health(parts)
        return HotStatus(
            adapter=health.adapter,
            reachable=not degraded,
            degraded=degraded,
            breaker=health.breaker,
            hits=health.hits,
            misses=health.misses,
            hit_rate=health.hit_rate,
            ms=round(ms, 3),
        )

    @recorded
    async def rebuild(
        self, *, user_id: str | None = None, progress: Callable[[int, int], None] | None = None
    ) -> HotRebuilt:
        """Makes the copy that a projection such as Redis holds equal to what the database says.

        It is safe at any time and while others write: what changes meanwhile is taken in as always.

        Args:
            user_id: only this user's; by default everybody's in the tenant.
            progress: called as it goes with how many users are done, and how many there are.

        Returns:
            For how many users; ``note`` says so when there is no copy, and ``degraded`` when it could not be reached.

        Raises:
            StoreError: the database cannot be asked.

        Example:
            >>> (await memory.hot.rebuild()).users
            0
        """
        if progress is not None and not callable(progress):
            raise ValidationError("progress", f"must be a function of two numbers, not {type(progress).__name__}")
        parts = await self.core.ready()
        health = _health(parts)
        one = None if user_id is None else scope_of(parts.tenant_id, user_id, {})
        if not health.projection:
            return HotRebuilt(users=0, adapter=health.adapter, note=NOTHING_TO_REBUILD)
        total = 1 if one is not None or progress is None else await _counted(parts)
        done = 0
        async for scope in _only(one) if one is not None else _everybody(parts):
            await parts.hot.rebuild(scope, parts.clock.now())
            done += 1
            if progress is not None:
                progress(done, max(done, total))
        return HotRebuilt(users=done, adapter=health.adapter, degraded=await _degraded(parts))

    @recorded
    async def sweep(self) -> Swept:
        """Removes what has faded for all of the tenant's users; it is not shown any more as it is.

        Returns:
            How many items went, and whose they were.

        Raises:
            StoreError: the database cannot be asked.

        Example:
            >>> (await memory.hot.sweep()).items
            0
        """
        parts = await self.core.ready()
        return await parts.hot.sweep(parts.tenant_id, parts.clock.now())


async def _degraded(parts: Parts) -> tuple[str, ...]:
    """What a load could not ask; the tenant's own stream has no hot state, so it costs next to nothing."""
    state = await parts.hot.load(tenant_scope(parts.tenant_id), parts.clock.now())
    return () if state is None else state.degraded


def _health(parts: Parts) -> HotHealth:
    return parts.hot.health() if isinstance(parts.hot, TellsHealth) else HotHealth()


async def _only(scope: Scope) -> AsyncIterator[Scope]:
    yield scope


async def _everybody(parts: Parts) -> AsyncIterator[Scope]:
    async for page in _pages(parts):
        for user_id in page:
            yield Scope(tenant_id=parts.tenant_id, user_id=user_id)


async def _counted(parts: Parts) -> int:
    return sum([len(page) async for page in _pages(parts)])


async def _pages(parts: Parts) -> AsyncIterator[list[str]]:
    after = ""
    while page := await parts.hot.users(parts.tenant_id, after=after, limit=PAGE):
        yield page
        after = page[-1]
