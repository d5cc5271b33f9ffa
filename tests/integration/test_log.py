"""The log is the truth: it is chained without gaps, and applying it again gives the state."""

import asyncio
import threading
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recollect
from recollect.domain.event import GENESIS, Event
from recollect.domain.record import Status
from recollect.domain.scope import Scope
from recollect.domain.state import memory_json, replayed
from recollect.errors import Conflict, NotFound, VersionConflict
from recollect.memory.parts import Parts
from recollect.ports.store import EventQuery

TEXTS = ["I live in Paris", "I live in Lyon", "I like tea", "I no longer like tea", "We met Anna yesterday.", "Ok"]

ACTIONS = ["add", "add", "text", "metadata", "delete"]


async def parts_of(memory: recollect.AsyncMemory) -> Parts:
    return await memory.core.ready()


async def whole_log(memory: recollect.AsyncMemory, user_id: str) -> list[Event]:
    parts = await parts_of(memory)
    return await parts.store.events(Scope(tenant_id=parts.tenant_id, user_id=user_id), EventQuery())


def assert_chained(events: list[Event]) -> None:
    previous = GENESIS
    for seq, event in enumerate(events, start=1):
        assert (event.seq, event.previous_hash) == (seq, previous)
        assert event.expected_hash() == event.hash
        previous = event.hash


async def assert_log_is_state(memory: recollect.AsyncMemory, user_id: str) -> None:
    events = await whole_log(memory, user_id)
    assert_chained(events)
    parts = await parts_of(memory)
    rebuilt = replayed(events).memories
    stored = await parts.store.fetch(Scope(tenant_id=parts.tenant_id, user_id=user_id), list(rebuilt))
    assert {i: memory_json(m) for i, m in stored.items()} == {i: memory_json(m) for i, m in rebuilt.items()}


async def perform(memory: recollect.AsyncMemory, user_id: str, step: tuple[str, int, str]) -> None:
    action, which, text = step
    statuses = list(Status)
    known = (await memory.list(user_id=user_id, statuses=[s for s in statuses if s is not Status.DELETED])).memories
    if action == "add" or not known:
        await memory.add(text, user_id=user_id)
        return
    target = known[which % len(known)]
    try:
        if action == "delete":
            await memory.delete(target.id, user_id=user_id)
        elif action == "text":
            await memory.update(target.id, user_id=user_id, text=text)
        else:
            await memory.update(target.id, user_id=user_id, metadata={"n": which})
    except Conflict:
        assert action == "text"


@pytest.mark.anyio
async def test_replay_equals_state_after_random_histories(async_memory: recollect.AsyncMemory):
    await async_memory.open()
    count = 0
    histories: list[list[tuple[str, int, str]]] = []

    @settings(max_examples=15, deadline=None, derandomize=True, database=None)
    @given(
        st.lists(
            st.tuples(st.sampled_from(ACTIONS), st.integers(0, 9), st.sampled_from(TEXTS)),
            min_size=3, max_size=12,
        )
    )  # fmt: skip
    def collect(steps: list[tuple[str, int, str]]) -> None:
        histories.append(steps)

    collect()
    for steps in histories:
        count += 1
        for step in steps:
            await perform(async_memory, f"user {count}", step)
        await assert_log_is_state(async_memory, f"user {count}")
    assert count >= 15


@pytest.mark.anyio
async def test_eight_writers_of_one_text_make_one_record(async_memory: recollect.AsyncMemory):
    receipts: list[recollect.Receipt] = []

    async def write() -> None:
        receipts.append(await async_memory.add("I collect stamps from Peru", user_id="ana"))

    await async_memory.open()
    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(write)
    outcomes = sorted(receipt.items[0].outcome.value for receipt in receipts)
    assert outcomes == ["accepted"] + ["merged"] * 7
    assert len({receipt.id for receipt in receipts}) == 1
    (record,) = [m for m in await async_memory.list(user_id="ana") if m.text == "I collect stamps from Peru"]
    assert record.reinforcements == 7
    await assert_log_is_state(async_memory, "ana")


@pytest.mark.anyio
async def test_a_cancelled_add_leaves_nothing_or_everything(async_memory: recollect.AsyncMemory):
    await async_memory.open()
    for delay in (0.0, 0.0005, 0.001, 0.002, 0.004):
        task = asyncio.create_task(async_memory.add(f"cancelled after {delay} s in Oslo", user_id="cy"))
        await asyncio.sleep(delay)
        task.cancel()
        await asyncio.wait([task])
    await async_memory.add("still alive", user_id="cy")
    await assert_log_is_state(async_memory, "cy")


def test_threads_share_one_memory(memory: recollect.Memory):
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(10):
                memory.add(f"thread {number} says {turn}", user_id=f"user {number % 2}")
                assert len(memory.search(f"what did thread {number} say?", user_id=f"user {number % 2}")) > 0
        except BaseException as error:  # noqa: BLE001 - reported by the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(len(memory.list(user_id=f"user {n}", limit=100)) for n in range(2)) == 60


def test_expected_version_and_deleted_records(memory: recollect.Memory):
    receipt = memory.add("The meeting is on Monday", user_id="ana")
    assert receipt.id is not None
    changed: Any = memory.update(receipt.id, user_id="ana", text="The meeting is on Tuesday", expected_version=1)
    assert changed.version == 2
    with pytest.raises(VersionConflict, match="expected version 1, but the record is at version 2"):
        memory.update(receipt.id, user_id="ana", text="The meeting is on Friday", expected_version=1)
    memory.delete(receipt.id, user_id="ana")
    for call in (memory.get, memory.delete):
        with pytest.raises(NotFound):
            call(receipt.id, user_id="ana")
    again = memory.add("The meeting is on Tuesday", user_id="ana")
    assert again.items[0].outcome is recollect.Outcome.ACCEPTED
    assert [event.type.value for event in memory.history(receipt.id, user_id="ana")] == [
        "memory_added", "memory_updated", "memory_deleted",
    ]  # fmt: skip
