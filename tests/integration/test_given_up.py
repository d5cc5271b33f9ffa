"""Callers who give up: whatever moment they choose, their connection goes back, and with it no answer of theirs."""

import asyncio
from typing import Any

import anyio
import pytest

from recollect import AsyncMemory
from recollect.adapters.postgres.session import Sessions
from recollect.adapters.postgres.store import PostgresStore

pytestmark = pytest.mark.anyio

USERS = 40
WAIT_S = 20.0


async def sessions_of(memory: AsyncMemory) -> Sessions:
    store = (await memory.core.ready()).store
    assert isinstance(store, PostgresStore)
    return store.sessions


async def all_free(sessions: Sessions) -> bool:
    """Whether every open connection is free, once those on their way back have arrived."""
    with anyio.move_on_after(WAIT_S):
        while True:
            connections, free, waiting = sessions.counts()
            if connections == free and not waiting:
                return True
            await asyncio.sleep(0.05)
    return False


async def test_a_connection_goes_back_though_its_holder_is_given_up(
    async_memory: AsyncMemory, monkeypatch: pytest.MonkeyPatch
):
    """A scope that is cancelled cancels every step of what is tidied up in it too."""
    sessions = await sessions_of(async_memory)
    pool: Any = sessions._pool  # pyright: ignore[reportPrivateUsage] - its lock is busy now and then
    putconn = pool.putconn

    async def slow(connection: Any) -> None:
        await asyncio.sleep(0.01)
        await putconn(connection)

    monkeypatch.setattr(pool, "putconn", slow)
    for _ in range(3):
        with anyio.CancelScope() as scope:
            async with sessions.connection():
                scope.cancel()
                await anyio.sleep(WAIT_S)
    assert await all_free(sessions)


# psycopg closes a connection whose call was given up twice, and its own generators complain when they are collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_who_gives_up_amid_a_question_leaves_no_answer_behind(async_memory: AsyncMemory):
    for number in range(4):
        await async_memory.add(f"My word is word{number}", user_id=f"user{number}")
    sessions = await sessions_of(async_memory)

    async def ask(number: int) -> None:
        with anyio.move_on_after(0.0003 * number):
            await async_memory.list(user_id=f"user{number % 4}")

    for _ in range(5):
        await asyncio.gather(*(ask(number) for number in range(USERS)))
        for number in range(4):
            page = await async_memory.list(user_id=f"user{number}")
            assert {one.user_id for one in page} == {f"user{number}"}
            assert f"word{number}" in page.memories[0].text
    assert await all_free(sessions)
