"""The background loop: shared, and stopped by its last user, even when that one is garbage-collected on the loop."""

import threading
import time

import pytest

from recollect.errors import UsageError
from recollect.memory.background import BackgroundLoop


async def thread_name() -> str:
    return threading.current_thread().name


def test_it_starts_with_its_first_user_and_stops_with_its_last():
    loop = BackgroundLoop()
    loop.acquire()
    loop.acquire()
    assert loop.call(thread_name) == "recollect"
    loop.release()
    assert loop.call(thread_name) == "recollect"
    loop.release()
    with pytest.raises(UsageError, match="is closed"):
        loop.call(thread_name)
    loop.acquire()
    assert loop.call(thread_name) == "recollect"
    loop.release()


def test_a_user_that_ends_on_the_loops_own_thread_neither_blocks_nor_breaks_it():
    loop, closed = BackgroundLoop(), threading.Event()

    async def close() -> None:
        closed.set()

    async def collected() -> None:
        loop.finish(close)

    loop.acquire()
    loop.call(collected)
    assert closed.wait(timeout=5)
    deadline = time.monotonic() + 5
    while any(thread.name == "recollect" for thread in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(UsageError, match="is closed"):
        loop.call(thread_name)
