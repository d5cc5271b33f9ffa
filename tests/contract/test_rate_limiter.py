"""What every rate limiter does alike, in the process, in a real Redis and in a cluster; and what a lost Redis does."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recollect.adapters.limits import limiter as limiting
from recollect.adapters.limits.limiter import WindowLimiter
from recollect.adapters.limits.redis_counts import shared_limiter
from recollect.bootstrap import make_rate_limiter
from recollect.errors import ValidationError
from recollect.ports.rate_limiter import RateLimiter
from recollect.settings import load_settings
from redis_server import RedisCluster, RedisServer, require_redis

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", params=["memory", "redis", "redis cluster"])
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    with ExitStack() as stack:
        if request.param == "memory":
            yield None
        else:
            require_redis()
            server = RedisServer(password="geheim/@:") if request.param == "redis" else RedisCluster()  # noqa: S106
            stack.enter_context(server)
            yield server.url.replace("geheim/@:", "geheim%2F%40%3A")


@pytest.fixture
async def limiter(url: str | None) -> AsyncIterator[RateLimiter]:
    made = make_rate_limiter(load_settings(redis_url=url, redis_timeout_s=5))
    yield made
    await made.aclose()


@pytest.fixture
def name() -> str:
    """A key whose requests nobody has counted yet."""
    return f"tenant {{1}}:{uuid4()}"


async def test_as_many_as_the_limit_are_let_in_and_then_nobody(limiter: RateLimiter, name: str):
    states = [await limiter.hit(name, 5) for _ in range(8)]
    assert [state.allowed for state in states] == [True] * 5 + [False] * 3
    assert [state.remaining for state in states] == [4, 3, 2, 1, 0, 0, 0, 0]
    assert {state.limit for state in states} == {5}
    assert [state.retry_after_s > 0 for state in states] == [False] * 4 + [True] * 4
    assert all(0 < state.retry_after_s <= 60 for state in states[4:])
    assert all(0 < state.reset_after_s <= 120 for state in states)


async def test_each_name_has_its_own_count(limiter: RateLimiter, name: str):
    assert not [await limiter.hit(name, 1) for _ in range(2)][-1].allowed
    assert (await limiter.hit(f"{name} other", 1)).allowed


async def test_of_many_at_once_no_more_than_the_limit_are_let_in(limiter: RateLimiter, name: str):
    states = await asyncio.gather(*(limiter.hit(name, 50) for _ in range(120)))
    assert sum(state.allowed for state in states) == 50


@pytest.mark.parametrize("server", [RedisServer, RedisCluster])
async def test_processes_that_share_a_redis_share_the_count(server: type[RedisServer] | type[RedisCluster], name: str):
    require_redis()
    with server() as redis:
        one, other = (shared_limiter(redis.url, 5) for _ in range(2))
        allowed = [(await limiter.hit(name, 6)).allowed for limiter in (one, other) * 4]
        assert allowed == [True] * 6 + [False] * 2
        await one.aclose()
        await other.aclose()


async def test_at_a_minutes_edge_redis_lets_no_second_burst_in(name: str):
    require_redis()
    with RedisServer() as redis:
        limiter = shared_limiter(redis.url, 5)
        for _ in range(10):
            await limiter.hit(name, 10)
        (key,) = redis.cli("KEYS", "*").splitlines()
        assert redis.cli("PEXPIRE", key, "59000") == "1"  # its minute was over a second ago
        assert sum([(await limiter.hit(name, 10)).allowed for _ in range(10)]) == 1
        await limiter.aclose()


class Time:
    """Stands in for the module ``time`` where the counts are."""

    def __init__(self) -> None:
        self.now = 1_000_020.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr("limits.aio.storage.memory.time", clock)
    return clock


async def test_whoever_waits_as_long_as_told_is_let_in_and_not_before(clock: Time):
    limiter = WindowLimiter()
    clock.now += 13
    for _ in range(7):
        await limiter.hit("key", 7)
    for _ in range(20):
        told = await limiter.hit("key", 7)
        assert not told.allowed
        clock.now += told.retry_after_s - 0.02
        assert not (await limiter.hit("key", 7)).allowed
        clock.now += 0.03
        assert (await limiter.hit("key", 7)).allowed


async def test_after_the_reset_the_whole_limit_is_there_again(clock: Time):
    limiter = WindowLimiter()
    states = [await limiter.hit("key", 7) for _ in range(3)]
    clock.now += states[-1].reset_after_s + 0.01
    assert (await limiter.hit("key", 7)).remaining == 6


@settings(max_examples=60, deadline=None)
@given(limit=st.integers(1, 40), pauses=st.lists(st.sampled_from([0.0, 0.01, 0.3, 1.0, 5.0, 29.0, 61.0]), max_size=300))
def test_no_second_sees_more_than_the_limit_and_no_hour_more_than_it_may(limit: int, pauses: list[float]):
    clock, taken = Time(), list[float]()

    async def arrive() -> None:
        limiter = WindowLimiter()
        for pause in pauses:
            clock.now += pause
            if (await limiter.hit("key", limit)).allowed:
                taken.append(clock.now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("limits.aio.storage.memory.time", clock)
        asyncio.run(arrive())
    for at in taken:
        assert sum(at <= other < at + 1 for other in taken) <= limit * (1 + 1 / 60) + 1
    if taken:
        minutes = (taken[-1] - taken[0]) / 60
        assert len(taken) <= limit * (minutes + 2)


async def test_without_redis_each_process_counts_alone_and_says_so_once(
    name: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    require_redis()
    monkeypatch.setattr(limiting, "TRY_AGAIN_S", 0.3)
    with RedisServer() as redis, caplog.at_level(logging.WARNING):
        limiter = shared_limiter(redis.url, 0.1)
        await limiter.hit(name, 5)
        redis.freeze()
        took: list[float] = []
        for allowed in [True] * 5 + [False] * 2:
            started = time.perf_counter()
            assert (await limiter.hit(name, 5)).allowed is allowed
            took.append(time.perf_counter() - started)
        assert max(took) < 0.25
        assert sum(one > 0.05 for one in took) == 1  # only the first waited for it
        assert len(caplog.records) == 1
        redis.thaw()
        await asyncio.sleep(0.35)
        assert (await limiter.hit(name, 5)).remaining >= 2  # the count in Redis, which saw two requests at most
        assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
            "Redis does not answer (TimeoutError)",
            "Redis is back",
        ]
        await limiter.aclose()


async def test_a_redis_that_never_was_lets_requests_through(name: str, caplog: pytest.LogCaptureFixture):
    limiter = shared_limiter("redis://:secret@127.0.0.1:1", 0.2)
    assert [(await limiter.hit(name, 1)).allowed for _ in range(2)] == [True, False]
    assert "secret" not in caplog.text
    assert "each process counts requests by itself" in caplog.text
    await limiter.aclose()


@pytest.mark.parametrize("url", ["http://h", "redis://", "redis://h:port", "redis", "redis://h?nonsense=1"])
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str):
    with pytest.raises(ValidationError, match="redis_url") as refused:
        shared_limiter(url.replace("://h", "://:secret@h"), 0.1)
    assert "secret" not in str(refused.value)
