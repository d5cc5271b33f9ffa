"""The desk of the hot tier: its status, rebuilding a copy that was lost, and sweeping what has faded."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from tests.redis_server import RedisServer, require_redis

import recollect
from recollect.domain.hot import HotKind
from recollect.domain.scope import Scope
from recollect.errors import ValidationError
from recollect.memory.memory import AsyncFacade
from recollect.ports.hot_health import HotHealth
from recollect.ports.hot_tier import HotTier, HotWrite

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Copying:
    """A projection in a dictionary, in front of the real tier."""

    def __init__(self, truth: HotTier) -> None:
        self.truth, self.rebuilt, self.degraded = truth, list[str](), tuple[str, ...]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.truth, name)

    async def load(self, scope: Scope, now: datetime, **given: Any) -> Any:
        state = await self.truth.load(scope, now, **given)
        return state and replace(state, degraded=self.degraded)

    async def rebuild(self, scope: Scope, now: datetime) -> None:
        self.rebuilt.append(scope.user_id)
        await self.truth.rebuild(scope, now)

    def health(self) -> HotHealth:
        return HotHealth(adapter="copy", projection=True, breaker="closed", hits=3, misses=1)


@pytest.fixture
async def copying(async_memory: recollect.AsyncMemory) -> tuple[AsyncFacade, Copying]:
    parts = await async_memory.core.ready()
    copy = Copying(parts.hot)

    async def opened() -> Any:
        return replace(parts, hot=cast(HotTier, copy))

    return AsyncFacade(opened), copy


async def put(memory: AsyncFacade, user: str, *, for_s: float = 3600, name: str = "city") -> None:
    parts = await memory.core.ready()
    now = parts.clock.now()
    write = HotWrite(
        kind=HotKind.CONTEXT, name=name, value={"v": "Lyon"}, at=now, expires_at=now + timedelta(seconds=for_s)
    )
    await parts.hot.write(Scope(tenant_id=parts.tenant_id, user_id=user), [write], now)


async def test_postgres_says_that_there_is_nothing_to_rebuild(async_memory: recollect.AsyncMemory):
    await put(async_memory, "ana")
    status = await async_memory.hot.status()
    assert (status.adapter, status.reachable, status.breaker, status.hit_rate) == ("postgres", True, None, 0.0)
    assert status.ms > 0
    rebuilt = await async_memory.hot.rebuild()
    assert rebuilt.users == 0
    assert "no copy to rebuild" in rebuilt.note


async def test_a_copy_is_rebuilt_page_by_page(copying: tuple[AsyncFacade, Copying], monkeypatch: pytest.MonkeyPatch):
    memory, copy = copying
    monkeypatch.setattr("recollect.memory.desks.hot.PAGE", 2)
    users = sorted(f"user {number}" for number in range(5))
    for user in users:
        await put(memory, user)
    seen: list[tuple[int, int]] = []
    rebuilt = await memory.hot.rebuild(progress=lambda done, total: seen.append((done, total)))
    assert (rebuilt.users, rebuilt.adapter, rebuilt.note) == (5, "copy", "")
    assert copy.rebuilt == users
    assert seen == [(number, 5) for number in range(1, 6)]
    assert (await memory.hot.rebuild(user_id="user 3")).users == 1
    assert copy.rebuilt[-1] == "user 3"
    status = await memory.hot.status()
    assert (status.hit_rate, status.breaker, status.reachable) == (0.75, "closed", True)


async def test_a_copy_that_is_away_is_said(copying: tuple[AsyncFacade, Copying]):
    memory, copy = copying
    await put(memory, "ana")
    copy.degraded = ("redis does not answer",)
    assert (await memory.hot.rebuild()).degraded == ("redis does not answer",)
    status = await memory.hot.status()
    assert (status.reachable, status.degraded) == (False, ("redis does not answer",))


async def test_sweeping_removes_what_has_faded_and_nothing_else(async_memory: recollect.AsyncMemory):
    await put(async_memory, "ana", name="kept")
    await put(async_memory, "ana", for_s=0.2)
    await put(async_memory, "ben", for_s=0.2)
    await asyncio.sleep(0.25)
    swept = await async_memory.hot.sweep()
    assert (swept.items, swept.users) == (2, ("ana", "ben"))
    assert (await async_memory.hot.sweep()).items == 0
    parts = await async_memory.core.ready()
    state = await parts.hot.load(Scope(tenant_id=parts.tenant_id, user_id="ana"), parts.clock.now())
    assert state is not None
    assert [item.name for item in state.of(HotKind.CONTEXT)] == ["kept"]


async def test_arguments_are_checked(async_memory: recollect.AsyncMemory):
    for given in ({"user_id": "recollect:tenant"}, {"user_id": "\x00"}, {"progress": 5}):
        with pytest.raises(ValidationError):
            await async_memory.hot.rebuild(**cast(Any, given))


@pytest.fixture
def other(home: str) -> Iterator[recollect.Memory]:
    with recollect.Memory(home=home, tenant_id=f"tenant-{uuid4()}") as memory:
        yield memory


async def test_another_tenants_items_stay(async_memory: recollect.AsyncMemory, other: recollect.Memory):
    await put(async_memory, "ana", for_s=0.2)
    await asyncio.sleep(0.25)
    assert other.hot.sweep().items == 0
    assert (await async_memory.hot.sweep()).users == ("ana",)


async def test_a_flushed_redis_is_rebuilt(home: str):
    require_redis()
    with RedisServer() as server:
        memory = recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", redis_url=server.url)
        try:
            for user in ("ana", "ben"):
                await put(memory, user)
            server.cli("FLUSHALL")
            rebuilt = await memory.hot.rebuild()
            assert (rebuilt.users, rebuilt.adapter, rebuilt.degraded) == (2, "redis", ())
            assert int(server.cli("DBSIZE")) >= 2
            parts = await memory.core.ready()
            before = await memory.hot.status()
            for user in ("ana", "ben"):
                state = await parts.hot.load(Scope(tenant_id=parts.tenant_id, user_id=user), parts.clock.now())
                assert state is not None
                assert [item.name for item in state.of(HotKind.CONTEXT)] == ["city"]
            after = await memory.hot.status()
            assert (after.hits or 0) - (before.hits or 0) >= 2
            assert (after.breaker, after.reachable) == ("closed", True)
            server.kill()
            rebuilt = await memory.hot.rebuild()
            assert rebuilt.users == 2
            assert "Redis" in rebuilt.degraded[0]
            assert (await memory.hot.status()).breaker == "open"
        finally:
            await memory.close()
