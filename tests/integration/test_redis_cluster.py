"""The hot tier in a Redis Cluster: one slot a user, users on every node, and a node that dies."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from hot_truth import HotTruth, without_notes
from recollect.adapters.redis.breaker import Pauses
from recollect.adapters.redis.hot_tier import RedisHotTier
from recollect.adapters.redis.keys import keys_of
from recollect.domain.hot import HotKind
from recollect.domain.scope import Scope
from recollect.ports.hot_tier import HotWrite
from redis_server import RedisCluster, require_redis

pytestmark = pytest.mark.anyio
HOSTILE = [
    "plain",
    "br{a}ce",
    "}{",
    "{}",
    "{",
    "}",
    "new\nline",
    "ünï 🦊",
    "a/b",
    "a%2Fb",
    "*",
    "x" * 255,
    "{user}:meta",
]


async def test_users_are_spread_and_each_keeps_to_one_slot():
    require_redis()
    truth, now = HotTruth(), datetime.now(UTC)
    scopes = [Scope(tenant_id="te{na}nt", user_id=name) for name in HOSTILE]
    scopes += [Scope(tenant_id="t", user_id=f"user {number}") for number in range(60)]
    with RedisCluster() as cluster:
        for scope in scopes[: len(HOSTILE)]:
            slots = {cluster.nodes[0].cli("CLUSTER", "KEYSLOT", key) for key in keys_of(scope)}
            assert len(slots) == 1, scope.user_id
        assert len({key for scope in scopes for key in keys_of(scope)}) == len(scopes) * 9
        tier = RedisHotTier(truth, cluster.url, timeout_s=1.0)
        for scope in scopes:
            write = HotWrite(kind=HotKind.CONTEXT, name="k", value={}, at=now, expires_at=now + timedelta(hours=1))
            assert (await tier.write(scope, [write], now)).degraded == ()
            await tier.load(scope, now)
        full = truth.full
        for scope in scopes:
            assert await tier.load(scope, now) == await truth.load(scope, now)
        assert truth.full == full + len(scopes)  # of which all are this test's own questions
        held = Counter[int]()
        for place, node in enumerate(cluster.nodes):
            held[place] = int(node.cli("DBSIZE"))
        assert min(held.values()) >= 10
        await tier.close()


async def test_a_node_that_dies_and_comes_back():
    require_redis()
    truth, now = HotTruth(), datetime.now(UTC)
    scopes = [Scope(tenant_id="t", user_id=f"user {number}") for number in range(12)]
    with RedisCluster() as cluster:
        tier = RedisHotTier(truth, cluster.url, timeout_s=0.2, pauses=Pauses(first_s=0.1, longest_s=0.5))
        for scope in scopes:
            await tier.load(scope, now)
        cluster.nodes[1].freeze()
        taken: list[float] = []
        notes = 0
        for _ in range(10):
            for scope in scopes:
                write = HotWrite(kind=HotKind.CONTEXT, name="k", value={}, at=now, expires_at=now + timedelta(hours=1))
                started = time.monotonic()
                await tier.write(scope, [write], now)
                state = await tier.load(scope, now)
                taken.append(time.monotonic() - started)
                assert without_notes(state) == await truth.load(scope, now)
                notes += bool(state and state.degraded)
        assert notes
        assert max(taken) < 1.5
        cluster.nodes[1].thaw()
        started = time.monotonic()
        quiet = 0
        while quiet < len(scopes):
            assert time.monotonic() - started < 30
            quiet = 0
            for scope in scopes:
                state = await tier.load(scope, now)
                quiet += bool(state and not state.degraded)
            await asyncio.sleep(0.05)
        print(f"a node was frozen: whole again {time.monotonic() - started:.1f} s later")  # noqa: T201 - a figure
        await tier.close()
