"""The hot tier in Redis: what lies there and how long, when it is believed, and that it is never behind."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from hot_truth import HotTruth
from recollect.adapters.redis.hot_tier import RedisHotTier
from recollect.adapters.redis.keys import NAMES, keys_of
from recollect.domain.goal import Goal
from recollect.domain.hot import HotKind, HotState
from recollect.domain.ids import new_id
from recollect.domain.record import Memory, MemoryType
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.ports.hot_tier import HotChange, HotWrite
from redis_server import RedisServer, require_redis

pytestmark = pytest.mark.anyio
FORBIDDEN = {"keys", "scan", "randomkey", "dbsize", "flushall"}
EVERY = [name for name in NAMES if name != "meta"]


@dataclass
class Place:
    """A tier over a model of the truth, and a plain client that looks at the same Redis."""

    truth: HotTruth
    tier: RedisHotTier
    redis: Any
    trips: list[int]
    server: RedisServer

    async def load(self, scope: Scope, now: datetime) -> HotState:
        state = await self.tier.load(scope, now)
        assert state is not None
        assert state == await self.truth.load(scope, now)
        return state

    async def is_answered_here(self, scope: Scope, now: datetime) -> bool:
        """Whether the next load reads nothing from the truth but the version."""
        before = self.truth.full
        await self.tier.load(scope, now)
        return self.truth.full == before


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    require_redis()
    with RedisServer() as server:
        yield server


@pytest.fixture
async def place(server: RedisServer) -> AsyncIterator[Place]:
    trips = [0]

    def count() -> None:
        trips[0] += 1

    truth = HotTruth()
    tier = RedisHotTier(truth, server.url, timeout_s=2.0, on_round_trip=count)
    redis = Redis(port=server.port)
    yield Place(truth, tier, redis, trips, server)
    await tier.close()
    redis.close()


def somebody() -> Scope:
    return Scope(tenant_id="t", user_id=f"user {uuid4()}")


def put(kind: HotKind, name: str, now: datetime, ttl_s: float = 600, **value: object) -> HotWrite:
    return HotWrite(kind=kind, name=name, value=value, at=now, expires_at=now + timedelta(seconds=ttl_s))


def fact(scope: Scope, now: datetime, **fields: Any) -> Memory:
    fields = {"type": MemoryType.SEMANTIC_FACT, **fields}
    return Memory(
        id=new_id(),
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        text="SECRET",
        content_hash=f"{uuid4()}",
        written_at=now,
        updated_at=now,
        **fields,
    )


async def fill(place: Place, scope: Scope, now: datetime) -> None:
    """Something under every key."""
    session = Session(
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        id=new_id(),
        state={"topic": "boats", "nested": {"a": [1, 2.5, None, True]}},
        started_at=now,
        updated_at=now,
    )
    goal = Goal(
        tenant_id=scope.tenant_id, user_id=scope.user_id, id=new_id(), title="SECRET", created_at=now, updated_at=now
    )
    always = [
        fact(scope, now, key="user:name", value="Ana"),
        fact(scope, now, key="user:children", value='["Mia","Tom"]'),
        fact(scope, now, type=MemoryType.CONSTRAINT),
    ]
    change = place.truth.derive(scope, session=session, goals=[goal], always=always)
    await place.tier.follow(scope, change)
    for number in range(60):
        await place.tier.follow(scope, place.truth.remember(scope, new_id(), now))
        await place.tier.write(scope, [put(HotKind.WORKING, f"w{number}", now, text="SECRET", tokens=1)], now)
    for number in range(120):
        await place.tier.write(scope, [put(HotKind.THOUGHT, f"t{number}", now + timedelta(seconds=number))], now)
    await place.tier.write(scope, [put(HotKind.CONTEXT, "c", now, v=1), put(HotKind.SENSED, "s", now, 30)], now)
    await place.tier.touch(scope, now)
    await place.load(scope, now)


async def test_the_layout_is_that_of_the_design(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    keys = dict(zip(NAMES, keys_of(scope), strict=True))
    types = {name: place.redis.type(key).decode() for name, key in keys.items()}
    assert types == {
        "meta": "hash",
        "identity": "hash",
        "session": "hash",
        "working": "zset",
        "recent": "list",
        "context": "hash",
        "thoughts": "list",
        "sensed": "list",
        "goals": "list",
    }
    assert keys["working"] == f"recollect:{{t/{scope.user_id.replace(' ', '%20')}}}:working"
    assert place.redis.llen(keys["recent"]) == 50
    assert place.redis.llen(keys["thoughts"]) == 100
    assert place.redis.zcard(keys["working"]) == 50
    assert place.redis.zrange(keys["working"], 0, 0, withscores=True)[0][1] == pytest.approx(now.timestamp())
    assert json.loads(place.redis.hget(keys["identity"], "name"))[0][1]["value"] == "Ana"
    assert json.loads(place.redis.hget(keys["session"], "state:nested")) == {"a": [1, 2.5, None, True]}
    assert int(place.redis.hget(keys["meta"], "version")) == place.truth.of(scope).version


async def test_no_key_stays_for_ever(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    left = {name: place.redis.pttl(key) / 1000 for name, key in zip(NAMES, keys_of(scope), strict=True)}
    assert {name for name, seconds in left.items() if not 0 < seconds <= 24 * 3600} == set()
    assert 25 < left["sensed"] <= 32
    assert 500 < left["working"] <= 602
    assert left["meta"] > 23 * 3600


async def test_what_is_current_is_answered_with_two_round_trips_and_what_is_not_with_three(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await place.truth.write(scope, [put(HotKind.CONTEXT, "k", now)], now)
    for redis_trips, whole_reads in ((2, 1), (1, 0), (1, 0)):
        before = (place.trips[0], place.truth.full, place.truth.loads)
        await place.tier.load(scope, now)
        after = (place.trips[0], place.truth.full, place.truth.loads)
        assert tuple(b - a for a, b in zip(before, after, strict=True)) == (redis_trips, whole_reads, 1)


async def test_own_writes_are_taken_in_without_reading_anew(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    for number in range(130):
        kind = list(HotKind)[number % 4]
        await place.tier.write(scope, [put(kind, f"x{number % 70}", now, tokens=10, n=number)], now)
        if number % 3 == 0:
            await place.tier.follow(scope, place.truth.remember(scope, new_id(), now))
        assert await place.is_answered_here(scope, now)
        await place.load(scope, now)
    later = now + timedelta(minutes=2)
    await place.tier.touch(scope, later)
    assert await place.is_answered_here(scope, later)
    await place.load(scope, later)


async def test_what_another_process_wrote_is_seen_at_once(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await place.tier.write(scope, [put(HotKind.CONTEXT, "k", now, n=1)], now)
    await place.load(scope, now)
    await place.truth.write(scope, [put(HotKind.CONTEXT, "k", now, n=2)], now)
    assert (await place.load(scope, now)).items[0].value == {"n": 2}
    assert await place.is_answered_here(scope, now)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("harm", ["deleted", "of another type", "one element less", "one element more", "nonsense"])
async def test_a_key_that_was_lost_or_changed_is_not_believed(place: Place, name: str, harm: str):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    key, redis = dict(zip(NAMES, keys_of(scope), strict=True))[name], place.redis
    kind = redis.type(key).decode()
    one, two = redis.hkeys(key)[0] if kind == "hash" else b"", b"x"
    if harm == "deleted":
        redis.delete(key)
    elif harm == "of another type":
        redis.delete(key)
        redis.set(key, "x")
    elif harm == "one element less":
        {"hash": lambda: redis.hdel(key, one), "list": lambda: redis.lpop(key), "zset": lambda: redis.zpopmin(key)}[
            kind
        ]()
    elif harm == "one element more":
        {
            "hash": lambda: redis.hset(key, two, two),
            "list": lambda: redis.rpush(key, two),
            "zset": lambda: redis.zadd(key, {two: 1}),
        }[kind]()
    else:
        {
            "hash": lambda: redis.hset(key, one, two),
            "list": lambda: redis.lset(key, 0, two),
            "zset": lambda: (redis.zpopmin(key), redis.zadd(key, {two: 1})),
        }[kind]()
    await place.load(scope, now)
    await place.load(scope, now)
    assert await place.is_answered_here(scope, now)
    assert not (await place.load(scope, now)).degraded


@pytest.mark.parametrize("harm", ["nonsense", "of another type", "an element"])
async def test_a_write_over_what_somebody_changed_goes_well(place: Place, harm: str):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    keys = dict(zip(NAMES, keys_of(scope), strict=True))
    if harm == "nonsense":
        place.redis.hset(keys["meta"], "version", "x")
    elif harm == "of another type":
        for key in keys.values():
            place.redis.delete(key)
            place.redis.set(key, "x")
    else:
        place.redis.lset(keys["thoughts"], 0, "x")
    written = await place.tier.write(scope, [put(HotKind.THOUGHT, "new", now)], now)
    assert written.degraded == ()
    await place.load(scope, now)
    await place.load(scope, now)
    assert await place.is_answered_here(scope, now)


async def test_a_lost_meta_holds_nothing(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    place.redis.delete(keys_of(scope)[0])
    await place.load(scope, now)
    assert await place.is_answered_here(scope, now)


async def test_what_faded_as_a_whole_may_be_gone_without_reading_anew(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await place.tier.write(scope, [put(HotKind.SENSED, "s", now, 0.2), put(HotKind.CONTEXT, "c", now)], now)
    await place.load(scope, now)
    await asyncio.sleep(1.5)
    later = datetime.now(UTC)
    assert place.redis.exists(keys_of(scope)[7]) == 0
    assert await place.is_answered_here(scope, later)
    assert [item.name for item in (await place.load(scope, later)).items] == ["c"]


async def test_a_sweep_lets_go_of_what_faded_here_too(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    for name, ttl_s in (("short", 5), ("long", 5000)):
        for kind in (HotKind.WORKING, HotKind.CONTEXT, HotKind.THOUGHT, HotKind.SENSED):
            await place.tier.write(scope, [put(kind, name, now, ttl_s)], now)
    await place.load(scope, now)
    later = now + timedelta(minutes=5)
    assert (await place.tier.sweep(scope.tenant_id, later)).items >= 4
    keys = dict(zip(NAMES, keys_of(scope), strict=True))
    assert place.redis.zcard(keys["working"]) == 1
    assert [place.redis.llen(keys[name]) for name in ("thoughts", "sensed")] == [1, 1]
    assert place.redis.hkeys(keys["context"]) == [b"long"]
    assert await place.is_answered_here(scope, later)
    await place.load(scope, later)


async def test_what_is_derived_from_the_log_is_dropped_at_once(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    assert await place.tier.follow(scope, place.truth.derive(scope, always=[], goals=[])) == ()
    assert [place.redis.exists(key) for key in keys_of(scope)[1:]] == [0] * 8
    assert await place.tier.load(scope, now) == await place.truth.load(scope, now)


async def test_a_load_under_way_does_not_bring_back_what_was_erased(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    await place.truth.write(scope, [put(HotKind.CONTEXT, "late", now)], now)  # so that the load will put
    place.truth.slow_s = 0.2
    async with asyncio.TaskGroup() as group:
        group.create_task(place.tier.load(scope, now))
        await asyncio.sleep(0.1)
        place.truth.erase(scope)
        group.create_task(place.tier.forget(scope))
    assert [place.redis.exists(key) for key in keys_of(scope)[1:]] == [0] * 8
    assert place.redis.hget(keys_of(scope)[0], "version") is None
    assert await place.tier.load(scope, now) == HotState()


async def test_an_erased_user_who_comes_back_begins_anew(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    place.truth.erase(scope)  # and Redis is told nothing, as when the process died in between
    for number in range(5):
        await place.tier.write(scope, [put(HotKind.CONTEXT, "k", now, n=number)], now)
        state = await place.load(scope, now)
        assert (state.always, state.session, len(state.items)) == ((), None, 1)


async def test_rebuild_puts_what_the_truth_says(place: Place):
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    place.server.cli("FLUSHALL")
    await place.tier.rebuild(scope, now)
    assert await place.is_answered_here(scope, now)
    place.truth.erase(scope)
    await place.tier.rebuild(scope, now)
    assert [place.redis.exists(key) for key in keys_of(scope)] == [0] * 9


async def test_keys_are_never_searched(place: Place):
    place.server.cli("CONFIG", "RESETSTAT")
    scope, now = somebody(), datetime.now(UTC)
    await fill(place, scope, now)
    await place.tier.clear(scope, list(HotKind))
    await place.tier.sweep(scope.tenant_id, now + timedelta(hours=1))
    await place.tier.rebuild(scope, now)
    await place.tier.users(scope.tenant_id)
    await place.tier.follow(scope, HotChange(version=1))
    place.truth.erase(scope)
    await place.tier.forget(scope)
    used = {line.split(":")[0].removeprefix("cmdstat_") for line in place.server.cli("INFO", "commandstats").split()}
    assert {"evalsha", "hgetall", "zadd"} <= used
    assert used & FORBIDDEN == set()
