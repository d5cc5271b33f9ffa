"""The hot tier while Redis is killed, frozen, slow, full, evicting, locked or refusing: slower, never wrong or lost."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from hot_truth import HotTruth, without_notes
from recollect.adapters.redis.breaker import Pauses
from recollect.adapters.redis.hot_tier import RedisHotTier
from recollect.adapters.redis.keys import keys_of
from recollect.domain.hot import HotKind
from recollect.domain.scope import Scope
from recollect.errors import ValidationError
from recollect.ports.hot_tier import HotWrite
from redis_server import RedisServer, require_redis
from slow_proxy import SlowProxy

pytestmark = pytest.mark.anyio
PAUSES = Pauses(first_s=0.1, longest_s=0.5)
PASSWORD = "open-sesame-9"  # noqa: S105 - of a server that lives for one test


@pytest.fixture(autouse=True)
def redis_there() -> None:
    require_redis()


@asynccontextmanager
async def opened(truth: HotTruth, url: str, timeout_s: float = 0.1) -> AsyncGenerator[RedisHotTier]:
    tier = RedisHotTier(truth, url, timeout_s=timeout_s, pauses=PAUSES)
    try:
        yield tier
    finally:
        await tier.close()


def somebody() -> Scope:
    return Scope(tenant_id="t", user_id=f"user {uuid4()}")


def put(name: str, now: datetime, kind: HotKind = HotKind.CONTEXT, **value: object) -> HotWrite:
    return HotWrite(kind=kind, name=name, value=value, at=now, expires_at=now + timedelta(hours=3))


async def is_equal(tier: RedisHotTier, truth: HotTruth, scope: Scope) -> bool:
    now = datetime.now(UTC)
    return without_notes(await tier.load(scope, now)) == await truth.load(scope, now)


async def notes_of(tier: RedisHotTier, scope: Scope) -> tuple[str, ...]:
    state = await tier.load(scope, datetime.now(UTC))
    assert state is not None
    return state.degraded


async def back_after(tier: RedisHotTier, scope: Scope, limit_s: float = 10.0) -> float:
    """Seconds until an answer is whole again."""
    started = time.monotonic()
    while await notes_of(tier, scope):
        assert time.monotonic() - started < limit_s, "Redis is back, but the breaker stays open"
        await asyncio.sleep(0.01)
    return time.monotonic() - started


async def is_answered_by_redis(tier: RedisHotTier, truth: HotTruth, scope: Scope) -> bool:
    for _ in range(3):  # on a busy machine a healthy Redis can be late once
        await back_after(tier, scope)
        before = truth.full
        await tier.load(scope, datetime.now(UTC))
        if truth.full == before:
            return True
    return False


def told(figure: str) -> None:
    print(figure)  # noqa: T201 - a figure


class Load:
    """Eight tasks that write and read, each its own user, and note how long each call took and what went wrong."""

    def __init__(self, tier: RedisHotTier, truth: HotTruth) -> None:
        self.tier, self.truth = tier, truth
        self.scopes = [somebody() for _ in range(8)]
        self.seconds: list[tuple[float, float]] = []
        self.wrong: list[str] = []
        self.degraded = 0
        self.ended = False

    async def _timed(self, work: Awaitable[Any]) -> Any:
        started = time.monotonic()
        answer = await work
        self.seconds.append((started, time.monotonic() - started))
        return answer

    async def _use(self, scope: Scope) -> None:
        number = 0
        while not self.ended:
            now = datetime.now(UTC)
            number += 1
            try:
                await self._timed(self.tier.write(scope, [put(f"k{number % 20}", now, n=number)], now))
                state = await self._timed(self.tier.load(scope, now))
            except Exception as error:  # noqa: BLE001 - whatever reaches a caller is what the test is about
                self.wrong.append(repr(error))
                continue
            self.degraded += bool(state.degraded)
            if without_notes(state) != await self.truth.load(scope, now):
                self.wrong.append(f"{scope.user_id} at {number}")
            await asyncio.sleep(0.002)

    async def during(self, events: Callable[[], Awaitable[None]]) -> None:
        async with asyncio.TaskGroup() as group:
            for scope in self.scopes:
                group.create_task(self._use(scope))
            await events()
            self.ended = True

    def p99_ms(self, since: float, until: float) -> float:
        taken = sorted(seconds for started, seconds in self.seconds if since <= started < until)
        return taken[int(len(taken) * 0.99)] * 1000


async def test_killed_and_restarted_under_load():
    truth = HotTruth()
    with RedisServer() as server:
        async with opened(truth, server.url) as tier:
            load = Load(tier, truth)
            marks: list[float] = []

            async def events() -> None:
                await asyncio.sleep(0.7)
                for _ in range(2):
                    marks.append(time.monotonic())
                    server.kill()
                    await asyncio.sleep(1.0)
                    await asyncio.to_thread(server.start)
                    marks.append(time.monotonic())
                    recovered = await back_after(tier, load.scopes[0])
                    told(f"killed for {marks[-1] - marks[-2]:.1f} s: whole again {recovered * 1000:.0f} ms later")
                    await asyncio.sleep(0.5)

            await load.during(events)
            calm = load.p99_ms(0, marks[0])
            away = load.p99_ms(marks[0], marks[1])
            told(f"{len(load.seconds)} calls, p99 {calm:.1f} ms before, {away:.1f} ms during the outage")
            assert load.wrong == []
            assert load.degraded > 0
            assert away < 250
            for scope in load.scopes:
                assert await is_equal(tier, truth, scope)
                assert await is_answered_by_redis(tier, truth, scope)


async def test_frozen_each_call_is_bounded_and_only_the_first_ones_wait():
    truth, scope = HotTruth(), somebody()
    with RedisServer() as server:
        async with opened(truth, server.url) as tier:
            load = Load(tier, truth)

            async def events() -> None:
                await asyncio.sleep(0.3)
                server.freeze()
                await asyncio.sleep(1.0)
                server.thaw()
                told(f"frozen for 1 s: whole again {await back_after(tier, scope) * 1000:.0f} ms later")

            await load.during(events)
            longest = max(seconds for _, seconds in load.seconds)
            waited = sum(seconds > 0.09 for _, seconds in load.seconds)
            told(f"longest call {longest * 1000:.0f} ms, {waited} of {len(load.seconds)} calls waited for the time-out")
            assert load.wrong == []
            assert longest < 0.6
            assert waited <= 3 * len(load.scopes)


async def test_a_busy_process_does_not_blame_redis():
    truth, scope = HotTruth(), somebody()
    with RedisServer() as server:
        async with opened(truth, server.url) as tier:
            now = datetime.now(UTC)
            await tier.write(scope, [put("k", now, n=1)], now)
            assert await is_answered_by_redis(tier, truth, scope)
            for steps in range(0, 14, 2):
                loading = asyncio.create_task(tier.load(scope, now))
                for _ in range(steps):  # so far it gets
                    await asyncio.sleep(0)
                time.sleep(0.3)  # noqa: ASYNC251 - what an embedding or an index being built does
                state = await loading
                assert without_notes(state) == await truth.load(scope, now)
                assert state is not None
                assert state.degraded == ()
            assert tier.health().breaker == "closed"


async def test_replies_that_come_after_two_seconds():
    truth, scope = HotTruth(), somebody()
    with RedisServer() as server:
        async with SlowProxy(server.port) as proxy, opened(truth, f"redis://127.0.0.1:{proxy.port}") as tier:
            now = datetime.now(UTC)
            await tier.write(scope, [put("k", now, n=1)], now)
            assert await is_answered_by_redis(tier, truth, scope)
            proxy.delay_s = 2.0
            taken: list[float] = []
            notes = tuple[str, ...]()
            for number in range(50):
                started = time.monotonic()
                written = await tier.write(scope, [put("k", now, n=number)], now)
                state = await tier.load(scope, now)
                taken.append(time.monotonic() - started)
                assert without_notes(state) == await truth.load(scope, now)
                assert (notes := written.degraded)
                await asyncio.sleep(0.02)
            assert "Redis has not answered in time since 20" in notes[0]
            assert max(taken) < 0.5
            assert sum(seconds > 0.09 for seconds in taken) <= 3
            proxy.delay_s = 0.0
            recovered = await back_after(tier, scope)
            told(f"slow by 2 s: longest call {max(taken) * 1000:.0f} ms, whole again {recovered * 1000:.0f} ms later")
            assert await is_equal(tier, truth, scope)
            assert await is_answered_by_redis(tier, truth, scope)


async def test_full_and_given_room_again():
    truth, scope = HotTruth(), somebody()
    with RedisServer("--maxmemory", "4mb", "--maxmemory-policy", "noeviction") as server:
        async with opened(truth, server.url, timeout_s=1.0) as tier:
            now = datetime.now(UTC)
            seen: set[tuple[str, ...]] = set()
            for number in range(60):
                other = somebody()
                written = await tier.write(other, [put("k", now, text=f"{number}" * 40_000)], now)
                assert await is_equal(tier, truth, other)
                seen |= {written.degraded, await notes_of(tier, other)}
            full = [notes for notes in seen if notes]
            assert full
            assert all("Redis is full since" in notes[0] for notes in full)
            await tier.forget(somebody())  # a full Redis still lets go
            server.cli("CONFIG", "SET", "maxmemory", "100mb")
            told(f"full: whole again {await back_after(tier, scope) * 1000:.0f} ms after it had room")
            await tier.write(scope, [put("k", now, n=1)], now)
            assert await is_answered_by_redis(tier, truth, scope)


async def test_evicting_what_it_likes():
    truth = HotTruth()
    with RedisServer("--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru") as server:
        async with opened(truth, server.url, timeout_s=1.0) as tier:
            now = datetime.now(UTC)
            scopes = [somebody() for _ in range(12)]
            for number in range(300):
                scope = scopes[number % 12]
                kind = list(HotKind)[number // 12 % 4]
                written = await tier.write(scope, [put(f"k{number // 48}", now, kind, text=f"{number}" * 8_000)], now)
                assert written.degraded == ()
                assert await is_equal(tier, truth, scope)
            evicted = [line for line in server.cli("INFO", "stats").split() if line.startswith("evicted_keys")]
            told(f"{evicted[0]}; {truth.loads - truth.full} of {truth.loads} answers were current")
            assert int(evicted[0].partition(":")[2]) > 0


async def test_a_replica_that_takes_no_writes_and_a_disk_that_does_not():
    truth, scope = HotTruth(), somebody()
    with RedisServer() as primary, RedisServer() as server:
        async with opened(truth, server.url, timeout_s=1.0) as tier:
            server.cli("REPLICAOF", "127.0.0.1", str(primary.port))
            now = datetime.now(UTC)
            written = await tier.write(scope, [put("k", now)], now)
            assert await is_equal(tier, truth, scope)
            assert "replica" in (*written.degraded, *await notes_of(tier, scope))[0]
            server.cli("REPLICAOF", "NO", "ONE")
            await back_after(tier, scope)
            assert await is_answered_by_redis(tier, truth, scope)


async def test_with_a_password_and_with_a_wrong_one(caplog: pytest.LogCaptureFixture):
    truth, scope, now = HotTruth(), somebody(), datetime.now(UTC)
    with RedisServer(password=PASSWORD) as server:
        async with opened(truth, server.url) as tier:
            await tier.write(scope, [put("k", now)], now)
            assert await is_answered_by_redis(tier, truth, scope)
        for who in (":wrong-sesame@", ""):
            caplog.clear()
            with caplog.at_level(logging.DEBUG):
                async with opened(truth, f"redis://{who}127.0.0.1:{server.port}") as tier:
                    written = await tier.write(scope, [put("k", now)], now)
                    assert await is_equal(tier, truth, scope)
                    await asyncio.sleep(0.5)  # some probes
                    assert "refuses its user or password" in (*written.degraded, *await notes_of(tier, scope))[0]
            said = " ".join(record.getMessage() for record in caplog.records) + str(written) + repr(tier)
            assert "sesame" not in said
            assert len([record for record in caplog.records if record.name.startswith("recollect")]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://:sesame@x",
        "sesame",
        "redis://",
        "redis://:sesame@host:port",
        "redis://:sesame@h:1?nonsense=1",
        "redis://:sesame@h:1/db",
        "redis+cluster://:sesame@h:1?x=y",
        "",
    ],
)
async def test_a_url_that_cannot_be_used_is_named_without_its_password(url: str):
    with pytest.raises(ValidationError, match="redis_url") as caught:
        RedisHotTier(HotTruth(), url)
    assert "sesame" not in str(caught.value)


async def test_what_was_erased_while_redis_was_away_is_dropped_when_it_is_back():
    truth, erased, changed = HotTruth(), somebody(), somebody()
    with RedisServer() as server:
        async with opened(truth, server.url) as tier:
            now = datetime.now(UTC)
            for scope in (erased, changed):
                await tier.write(scope, [put("k", now, text="SECRET")], now)
                assert await is_answered_by_redis(tier, truth, scope)
            server.freeze()
            await tier.load(somebody(), now)
            truth.erase(erased)
            await tier.forget(erased)
            notes = await tier.follow(changed, truth.derive(changed, items={}))
            assert notes
            server.thaw()
            await back_after(tier, somebody())
            redis = Redis(port=server.port)
            assert [redis.exists(key) for scope in (erased, changed) for key in keys_of(scope)[1:]] == [0] * 16
            redis.close()


async def test_nobody_is_there_from_the_beginning_to_the_end():
    truth, scope, now = HotTruth(), somebody(), datetime.now(UTC)
    with RedisServer() as server:
        server.kill()
        async with opened(truth, server.url) as tier:
            assert await notes_of(tier, scope)
            await tier.write(scope, [put("k", now)], now)
            await tier.touch(scope, now)
            assert await tier.clear(scope, [HotKind.CONTEXT]) == 1
            await tier.sweep(scope.tenant_id, now)
            await tier.rebuild(scope, now)
            await tier.forget(scope)
            assert await is_equal(tier, truth, scope)
            assert await tier.users(scope.tenant_id) == [scope.user_id]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\xff\r\n", b"*1\r\n$-1\r\n", b"+OK\r\n", b""]
)
async def test_something_else_listens_there(answer: bytes):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while answer and await reader.read(65_536):
                writer.write(answer)
        writer.close()

    truth, scope, now = HotTruth(), somebody(), datetime.now(UTC)
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        async with opened(truth, f"redis://127.0.0.1:{port}") as tier:
            for number in range(3):
                await tier.write(scope, [put(f"k{number}", now)], now)
                assert await is_equal(tier, truth, scope)
                await tier.forget(somebody())
