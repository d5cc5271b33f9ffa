"""The circuit breaker before Redis: how its probe goes on, and ends."""

import asyncio
import time

import pytest

from recollect.adapters.redis.breaker import Breaker, Pauses

pytestmark = pytest.mark.anyio


async def test_the_probe_goes_on_after_a_surprise_and_ends_with_close(caplog: pytest.LogCaptureFixture):
    tries: list[float] = []

    async def probe() -> None:
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise RuntimeError("surprise")
        if len(tries) < 4:
            raise ConnectionError

    breaker = Breaker(probe, Pauses(first_s=0.02, longest_s=0.04))
    assert breaker.trip(ConnectionError())[0].startswith("hot tier: Redis cannot be reached since ")
    breaker.trip(ConnectionError())
    await asyncio.sleep(0.5)
    assert not breaker.open
    assert len(tries) == 4
    assert breaker.notes == ()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 3
    assert "unexpected" in said[1]
    breaker.trip(ConnectionError())
    await breaker.close()
    await asyncio.sleep(0.1)
    assert len(tries) == 4
    assert [task for task in asyncio.all_tasks() if "redis" in task.get_name()] == []
