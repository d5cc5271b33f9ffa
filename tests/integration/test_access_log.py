"""The access log: written beside the calls, never in them; found again, expiring, and forgotten with its user."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

import recollect
from recollect.adapters.postgres.access_log import MANY, PostgresAccessLog
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.session import Connection, Sessions
from recollect.bootstrap import APPLICATION_ROLE, DATABASE
from recollect.domain.ids import new_id
from recollect.domain.scope import Scope
from recollect.errors import NotFound, StoreUnavailable, ValidationError
from recollect.ports.access_log import AccessEntry

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Flaky(Sessions):
    """Sessions whose database goes away when the test says so, and which count the transactions."""

    away = False
    hanging: asyncio.Event | None = None
    taken = 0

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        self.taken += 1
        if self.away:
            raise StoreUnavailable("the test took the database away")
        if self.hanging is not None:
            await self.hanging.wait()
        async with super().connection() as connection:
            yield connection


@pytest.fixture
async def sessions(server: EmbeddedPostgres) -> AsyncIterator[Flaky]:
    sessions = Flaky(server.conninfo(user=APPLICATION_ROLE, dbname=DATABASE), size=3, timeout_s=10)
    await sessions.open()
    yield sessions
    sessions.away = False
    await sessions.close()


@pytest.fixture
async def log(sessions: Flaky) -> AsyncIterator[PostgresAccessLog]:
    log = PostgresAccessLog(sessions, retention_days=100_000)
    log.start()
    yield log
    await log.aclose()


@pytest.fixture
def tenant() -> str:
    return f"tenant-{uuid4()}"


def entry(tenant: str, number: int = 0, **changed: Any) -> AccessEntry:
    given: dict[str, Any] = {"user_id": "ana", "method": "search", "at": NOW + timedelta(minutes=number), "ms": 1.5}
    return AccessEntry(tenant_id=tenant, **{**given, **changed})


async def written(log: PostgresAccessLog, count: int, within_s: float = 5) -> None:
    await until(lambda: log.counts.written >= count, within_s)


async def until(holds: Callable[[], object], within_s: float = 5) -> None:
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - what the log does by itself signals nobody
            await asyncio.sleep(0.01)


@pytest.mark.anyio
async def test_entries_arrive_by_themselves_and_are_found_newest_first(log: PostgresAccessLog, tenant: str):
    first, second = entry(tenant, actor="agent 7"), entry(tenant, 1, outcome="NotFound")
    log.record(first)
    log.record(second)
    await written(log, 2)
    assert await log.entries(tenant) == [second, first]
    assert await log.entries(f"tenant-{uuid4()}") == []


@pytest.mark.anyio
async def test_every_filter_and_the_pages(log: PostgresAccessLog, tenant: str):
    made = [
        entry(tenant, n, user_id=("ana", "ben")[n % 2], method=("add", "search", "get")[n % 3], outcome=outcome)
        for n, outcome in enumerate(["NotFound", "ok", "ok", "ok"] * 3)
    ]
    for one in made:
        log.record(one)
    await log.flush()
    newest_first = made[::-1]

    async def found(**chosen: Any) -> list[AccessEntry]:
        return await log.entries(tenant, **chosen)

    assert await found(user_id="ben") == [e for e in newest_first if e.user_id == "ben"]
    assert await found(method="add") == [e for e in newest_first if e.method == "add"]
    assert await found(user_id="ana", outcome="NotFound") == [e for e in newest_first if e.outcome == "NotFound"]
    assert await found(since=made[3].at, until=made[6].at) == made[5:2:-1]
    assert await found(user_id="ana", since=made[3].at) == [e for e in newest_first[:9] if e.user_id == "ana"]
    page = await found(limit=5)
    rest = await found(limit=50, after=page[-1].id)
    assert page + rest == newest_first
    assert await found(user_id="ana", after=made[4].id) == [made[2], made[0]]


@pytest.mark.anyio
async def test_many_entries_share_few_transactions(log: PostgresAccessLog, sessions: Flaky, tenant: str):
    began = time.perf_counter()
    for number in range(3 * MANY):
        log.record(entry(tenant, number))
    recorded_s = time.perf_counter() - began
    await written(log, 3 * MANY, within_s=0.9)  # MANY were waiting, so it did not wait for its second to pass
    assert sessions.taken <= 3
    assert recorded_s / (3 * MANY) < 50e-6
    assert len(await log.entries(tenant, limit=10_000)) == 3 * MANY


@pytest.mark.anyio
async def test_while_the_database_is_away_the_oldest_are_dropped_and_the_rest_arrive(
    sessions: Flaky, tenant: str, caplog: pytest.LogCaptureFixture
):
    log = PostgresAccessLog(sessions, capacity=10, retention_days=100_000)
    log.start()
    sessions.away = True
    made = [entry(tenant, number) for number in range(25)]
    for one in made[:8]:
        log.record(one)
    with caplog.at_level(logging.WARNING), pytest.raises(StoreUnavailable):
        await log.flush()
    for one in made[8:]:
        log.record(one)
    await until(lambda: log.counts.failures)
    assert "the access log was not written" in caplog.text
    assert (log.counts.dropped, log.counts.waiting) == (15, 10)
    sessions.away = False
    await written(log, 10)
    assert await log.entries(tenant) == made[:14:-1]
    await log.aclose()


@pytest.mark.anyio
async def test_what_arrives_during_a_failing_write_pushes_the_oldest_out(sessions: Flaky, tenant: str):
    log = PostgresAccessLog(sessions, capacity=4, retention_days=100_000)
    made = [entry(tenant, number) for number in range(6)]
    for one in made[:4]:
        log.record(one)
    sessions.hanging = asyncio.Event()
    task = asyncio.create_task(log.flush())
    await asyncio.sleep(0.01)
    for one in made[4:]:
        log.record(one)
    task.cancel()
    await asyncio.wait([task])
    sessions.hanging = None
    assert (log.counts.dropped, log.counts.waiting) == (2, 4)
    await log.flush()
    assert await log.entries(tenant) == made[:1:-1]


@pytest.mark.anyio
async def test_closing_writes_what_waits_and_ends_the_task(sessions: Flaky, tenant: str):
    log = PostgresAccessLog(sessions)
    log.start()
    log.record(entry(tenant, at=datetime.now(UTC)))
    await log.aclose()
    assert log.counts.written == 1
    assert "recollect access log" not in {task.get_name() for task in asyncio.all_tasks()}
    assert len(await log.entries(tenant)) == 1


@pytest.mark.anyio
async def test_closing_without_a_database_says_what_was_lost(
    sessions: Flaky, tenant: str, caplog: pytest.LogCaptureFixture
):
    log = PostgresAccessLog(sessions)
    log.start()
    sessions.away = True
    log.record(entry(tenant))
    with caplog.at_level(logging.WARNING):
        await log.aclose()
    assert "closed with 1 entries and marks that could not be written" in caplog.text


@pytest.mark.anyio
async def test_hostile_ids_do_not_stop_the_log(log: PostgresAccessLog, tenant: str):
    for user_id in ("a\x00b", "\ud800", "x" * 10_000, "' OR 1=1", 7):
        log.record(entry(tenant, user_id=user_id, outcome="ValidationError"))
    await log.flush()
    found = [one.user_id for one in await log.entries(tenant)]
    assert found == ["7", "' OR 1=1", "x" * 255, "?", "a\ufffdb"]
    assert log.counts.dropped == 0


@pytest.mark.anyio
async def test_a_batch_that_the_database_refuses_does_not_block_the_next(log: PostgresAccessLog, tenant: str):
    log.record(entry(tenant, method="a\x00b"))
    await until(lambda: log.counts.failures)
    assert log.counts.dropped == 1
    log.record(entry(tenant))
    await log.flush()
    assert len(await log.entries(tenant)) == 1


@pytest.mark.anyio
async def test_marks_are_seen_at_once_and_by_other_processes(log: PostgresAccessLog, sessions: Flaky, tenant: str):
    ana, ben = Scope(tenant_id=tenant, user_id="ana"), Scope(tenant_id=tenant, user_id="ben")
    memory_id, now = new_id(), datetime.now(UTC)
    other = PostgresAccessLog(sessions)
    assert await log.recalled_at(ana, memory_id) is None
    log.mark_recalled(ana, [memory_id], now)
    assert await log.recalled_at(ana, memory_id) == now
    assert await other.recalled_at(ana, memory_id) is None
    await log.flush()
    assert await log.recalled_at(ana, memory_id) == now
    assert await other.recalled_at(ana, memory_id) == now
    assert await other.recalled_at(ben, memory_id) is None
    assert await other.recalled_at(Scope(tenant_id=f"tenant-{uuid4()}", user_id="ana"), memory_id) is None
    later = now + timedelta(seconds=5)
    for when in (later, now):  # another process may bring an older mark afterwards
        other.mark_recalled(ana, [memory_id], when)
        await other.flush()
    assert await log.recalled_at(ana, memory_id) == later


@pytest.mark.anyio
async def test_a_mark_that_is_being_written_is_seen(log: PostgresAccessLog, sessions: Flaky, tenant: str):
    scope, memory_id, now = Scope(tenant_id=tenant, user_id="ana"), new_id(), datetime.now(UTC)
    sessions.hanging = asyncio.Event()
    log.mark_recalled(scope, [memory_id], now)
    task = asyncio.create_task(log.flush())
    await asyncio.sleep(0.01)
    assert await asyncio.wait_for(log.recalled_at(scope, memory_id), 1) == now
    sessions.hanging.set()
    await task
    assert log.counts.written == 1


@pytest.mark.anyio
async def test_old_entries_and_marks_expire(sessions: Flaky, tenant: str):
    now = datetime.now(UTC)
    scope, memory_id = Scope(tenant_id=tenant, user_id="ana"), new_id()
    log = PostgresAccessLog(sessions, retention_days=100_000)
    for days in (400, 40, 4, 0):
        log.record(entry(tenant, at=now - timedelta(days=days)))
    log.mark_recalled(scope, [memory_id], now - timedelta(hours=25))
    assert await log.recalled_at(scope, memory_id) is None
    await log.flush()
    assert await log.expire(tenant, now - timedelta(days=100)) == 1
    assert [one.at for one in await log.entries(tenant)] == [now - timedelta(days=days) for days in (0, 4, 40)]
    assert await log.recalled_at(scope, memory_id) is None
    keeping_a_month = PostgresAccessLog(sessions, retention_days=30)
    keeping_a_month.record(entry(tenant, at=now + timedelta(seconds=1)))
    await keeping_a_month.flush()  # a process's first write takes out what has expired
    assert [(now - one.at).days for one in await log.entries(tenant)] == [-1, 0, 4]


@pytest.mark.anyio
async def test_forgetting_a_user_takes_what_is_written_and_what_waits(log: PostgresAccessLog, tenant: str):
    ana, ben = Scope(tenant_id=tenant, user_id="ana"), Scope(tenant_id=tenant, user_id="ben")
    one, other, now = new_id(), new_id(), datetime.now(UTC)
    for waiting in (False, True):
        for scope in (ana, ben):
            log.record(entry(tenant, user_id=scope.user_id))
            log.mark_recalled(scope, [one, other], now)
        if not waiting:
            await log.flush()
    await log.forget(ana, one)
    assert await log.recalled_at(ana, one) is None
    assert await log.recalled_at(ana, other) == now
    await log.forget(ana)
    await log.flush()
    assert {found.user_id for found in await log.entries(tenant)} == {"ben"}
    assert await log.recalled_at(ana, other) is None
    assert await log.recalled_at(ben, one) == now


@pytest.mark.anyio
async def test_calls_of_the_facade_are_noted_and_cost_no_commit(async_memory: recollect.AsyncMemory):
    access = (await async_memory.core.ready()).access
    await async_memory.add("I moved to Lyon in May", user_id="ana")
    await access.flush()
    before = access.counts
    first, *found = [await async_memory.search("Where does Ana live?", user_id="ana") for _ in range(20)]
    assert first.round_trips <= 4  # reads the user's memories for the first time
    assert max(result.round_trips for result in found) <= 2
    assert access.counts.written == before.written
    assert access.counts.waiting >= 20  # the entries, and the mark of what was recalled
    with pytest.raises(NotFound):
        await async_memory.get(new_id(), user_id="ana")
    with pytest.raises(ValidationError):
        await async_memory.search("", user_id="a\x00b")
    await access.flush()
    tenant = (await async_memory.core.ready()).tenant_id
    newest_first = await access.entries(tenant, limit=23)
    assert [(one.user_id, one.method, one.outcome) for one in newest_first] == [
        ("a\ufffdb", "search", "ValidationError"),
        ("ana", "get", "NotFound"),
        *[("ana", "search", "ok")] * 20,
        ("ana", "add", "ok"),
    ]
    assert all(0 < one.ms < 60_000 for one in newest_first)
    assert [one.method for one in await access.entries(tenant, user_id="ana", outcome="NotFound")] == ["get"]


def test_a_memory_that_closes_leaves_its_entries_behind(home: str, tenant: str):
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        memory.add("I moved to Lyon in May", user_id="ana")

    async def look() -> list[AccessEntry]:
        async with recollect.AsyncMemory(home=home, tenant_id=tenant) as memory:
            return await (await memory.core.ready()).access.entries(tenant)

    assert [one.method for one in asyncio.run(look())] == ["add"]
