"""A conversation whose Redis is emptied, killed and started again in the middle: nothing that should last is gone."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

import recollect
from recollect.errors import ValidationError
from redis_server import RedisServer, require_redis

pytestmark = pytest.mark.anyio


@pytest.fixture
def server() -> Iterator[RedisServer]:
    require_redis()
    with RedisServer() as server:
        yield server


@pytest.fixture
async def memory(home: str, server: RedisServer) -> AsyncIterator[recollect.AsyncMemory]:
    memory = recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", redis_url=server.url, redis_timeout_s=2.0)
    yield memory
    await memory.close()


async def what_ana_has(memory: recollect.AsyncMemory) -> tuple[object, ...]:
    packet = await memory.context(user_id="ana")
    values = await memory.working.all(user_id="ana")
    return (
        packet.render(),
        packet.session,
        {name: value.value for name, value in values.items()},
        [thought.text for thought in await memory.working.thoughts(user_id="ana")],
        [item.said.text for item in await memory.working.items(user_id="ana")],
    )


async def begin(memory: recollect.AsyncMemory) -> None:
    await memory.sessions.start(user_id="ana", state={"current_topic": "boats", "nested": {"a": [1, None]}})
    for text in ("My name is Ana", "I live in Oslo", "I am allergic to nuts"):
        await memory.add(text, user_id="ana")
    await memory.working.set("page", {"n": 3, "of": [1.5, "x"]}, user_id="ana")
    await memory.working.think("first look at the map", user_id="ana")


async def test_flushed_killed_and_started_again_in_the_middle(memory: recollect.AsyncMemory, server: RedisServer):
    await begin(memory)
    before = await what_ana_has(memory)
    assert "Oslo" in str(before)
    server.cli("FLUSHALL")
    assert await what_ana_has(memory) == before
    await memory.add("No, I moved to Lyon", user_id="ana")
    moved = await what_ana_has(memory)
    server.cli("FLUSHALL")
    assert await what_ana_has(memory) == moved
    server.kill()
    assert await what_ana_has(memory) == moved
    await memory.working.set("page", {"n": 4}, user_id="ana")
    without = await what_ana_has(memory)
    assert without[2] == {"page": {"n": 4}}
    assert "Redis" in str((await memory.context(user_id="ana")).degraded)
    server.start()
    assert await what_ana_has(memory) == without


async def test_a_turn_takes_three_round_trips_at_most_and_redis_answers_another_process(
    memory: recollect.AsyncMemory, server: RedisServer, home: str
):
    await begin(memory)
    first, second = [(await memory.context(user_id="ana")).round_trips for _ in range(2)]
    assert first <= 3
    assert second == 1
    parts = await memory.core.ready()
    other = recollect.AsyncMemory(
        home=home, tenant_id=parts.tenant_id, redis_url=server.url, redis_timeout_s=2.0, upkeep=False
    )
    try:
        await other.context(user_id="ben")  # the policies are known from here on, for a second
        hits = (await other.hot.status()).hits or 0
        assert (await other.context(user_id="ana")).round_trips == 2
        assert (await other.hot.status()).hits == hits + 1
    finally:
        await other.close()
    assert "cmdstat_keys" not in server.cli("INFO", "commandstats")
    assert "cmdstat_scan" not in server.cli("INFO", "commandstats")


async def test_what_is_erased_is_gone_from_redis(memory: recollect.AsyncMemory, server: RedisServer):
    await begin(memory)
    await memory.context(user_id="ana")
    assert int(server.cli("DBSIZE")) > 3
    await memory.erase(user_id="ana")
    assert int(server.cli("DBSIZE")) == 1  # that nothing is to be put here for a minute
    assert (await memory.context(user_id="ana")).session is None


async def test_a_redis_that_cannot_be_named_is_refused_at_the_door(home: str):
    memory = recollect.AsyncMemory(home=home, redis_url="http://:sesame@host")
    with pytest.raises(ValidationError, match="redis_url") as caught:
        await memory.open()
    assert "sesame" not in str(caught.value)
