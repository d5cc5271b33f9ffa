"""Several processes write and read one user through Redis, keys vanish: no load is behind what was committed."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from redis import Redis

from hot_truth import HotTruth
from recollect.adapters.redis.hot_tier import RedisHotTier
from recollect.adapters.redis.keys import keys_of
from recollect.domain.hot import HotKind
from recollect.domain.scope import Scope
from recollect.ports.hot_tier import HotWrite
from redis_server import RedisServer, require_redis

pytestmark = pytest.mark.anyio
WRITES = 250
KINDS = (HotKind.CONTEXT, HotKind.WORKING)


class Crowd:
    """Two adapters, as two processes have them, over one truth that remembers what it said at each version."""

    def __init__(self, server: RedisServer) -> None:
        self.truth = HotTruth(slow_s=0.000_5)
        self.scope = Scope(tenant_id="t", user_id=f"user {uuid4()}")
        self.tiers = [RedisHotTier(self.truth, server.url, timeout_s=2.0) for _ in range(2)]
        self.redis = Redis(port=server.port)
        self.chance = random.Random(7)  # noqa: S311 - no secret
        self.begun = datetime.now(UTC)
        self.said: dict[int, dict[str, int]] = {0: {}}
        self.behind: list[tuple[int, int]] = []
        self.wrong: list[int] = []
        self.loads = 0
        self.ended = False

    def note(self) -> None:
        user = self.truth.of(self.scope)
        self.said[user.version] = {name: item.value["n"] for (_, name), item in user.items.items()}

    async def write(self, tier: RedisHotTier, own: int) -> None:
        for number in range(WRITES):
            now = self.begun + timedelta(seconds=number)
            write = HotWrite(
                kind=KINDS[number % 2],
                name=f"{own} {number % 8}",
                value=None if self.chance.random() < 0.2 else {"n": number},
                at=now,
                expires_at=now + timedelta(hours=3),
            )
            change = (await self.truth.write(self.scope, [write], now)).change
            self.note()
            if self.chance.random() < 0.1:
                change = self.truth.derive(self.scope)
                self.note()
            await asyncio.sleep(self.chance.random() * 0.002)  # others come in between
            assert change is not None
            await tier.follow(self.scope, change)

    async def read(self, tier: RedisHotTier) -> None:
        while not self.ended:
            committed = self.truth.of(self.scope).version
            state = await tier.load(self.scope, self.begun)
            assert state is not None
            self.loads += 1
            if state.version < committed:
                self.behind.append((state.version, committed))
            if {item.name: item.value["n"] for item in state.items} != self.said[state.version]:
                self.wrong.append(state.version)
            await asyncio.sleep(0)

    async def vandalise(self) -> None:
        while not self.ended:
            self.redis.delete(self.chance.choice(keys_of(self.scope)))
            await asyncio.sleep(0.01)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as readers:
            for tier in self.tiers * 2:
                readers.create_task(self.read(tier))
            readers.create_task(self.vandalise())
            async with asyncio.TaskGroup() as writers:
                for own, tier in enumerate(self.tiers):
                    writers.create_task(self.write(tier, own))
            self.ended = True
        for tier in self.tiers:
            await tier.close()
        self.redis.close()


async def test_a_load_is_never_older_than_what_was_committed_before_it_began():
    require_redis()
    with RedisServer() as server:
        crowd = Crowd(server)
        await crowd.run()
    answered = crowd.loads - crowd.truth.full
    print(f"{crowd.loads} loads beside {2 * WRITES} writes; Redis answered {answered}")  # noqa: T201 - a figure
    assert (crowd.behind, crowd.wrong) == ([], [])
    assert crowd.loads > 100
    assert answered > 0
