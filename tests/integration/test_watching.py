"""Watching a log: in order, nothing lost or twice; across processes, through crashes, and what may not be seen."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import psycopg
import pytest

import recollect
from recollect.adapters.postgres import bell as postgres_bell
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.bootstrap import APPLICATION_ROLE, DATABASE
from recollect.domain.event import Event, EventType
from recollect.errors import NotAllowed, StoreError, UsageError, ValidationError
from recollect.memory import watching

pytestmark = pytest.mark.anyio

WRITER = """
import sys
import recollect
home, tenant, user, count = sys.argv[1:]
with recollect.Memory(home=home, tenant_id=tenant) as memory:
    for number in range(int(count)):
        memory.add(f"Fact number {number} is about Lyon", user_id=user)
"""
SLOW = 30.0
"""A poll so rare that only the bell can be what woke a watcher."""


@pytest.fixture
def rare_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_S", SLOW)


async def taken(stream: AsyncIterator[Event], count: int, within_s: float = 15) -> list[Event]:
    """The next events."""
    async with asyncio.timeout(within_s):
        return [await anext(stream) for _ in range(count)]


async def ended(stream: AsyncGenerator[Event]) -> list[Event]:
    """What comes until the end."""
    return [event async for event in stream]


def own_tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


@pytest.mark.usefixtures("rare_poll")
async def test_events_come_as_they_happen_in_order(async_memory: recollect.AsyncMemory):
    await async_memory.add("Before anybody watched, I lived in Rome", user_id="ana")
    stream = async_memory.watch(user_id="ana")
    first = await async_memory.add("I moved to Lyon in May", user_id="ana")
    (event,) = await taken(stream, 1)
    assert event.type is EventType.MEMORY_ADDED
    assert event.subject_id == first.id
    assert event.payload is not None
    assert event.payload["memory"]["text"] == "I moved to Lyon in May"
    rest = [entry async for entry in async_memory.watch(user_id="ana", after_seq=event.seq, timeout_s=0)]
    waiting = asyncio.create_task(anext(stream))
    if rest:
        assert (await waiting).seq == rest[0].seq
        for _ in rest[1:]:
            await anext(stream)
        waiting = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    began = time.perf_counter()
    await async_memory.add("My sister Anna works at Siemens", user_id="ana")
    assert (await waiting).seq == event.seq + len(rest) + 1
    assert time.perf_counter() - began < SLOW / 3
    await stream.aclose()


async def test_a_watch_goes_on_where_another_stopped(async_memory: recollect.AsyncMemory):
    for number in range(5):
        await async_memory.add(f"Fact number {number} is about Lyon", user_id="ana")
    whole = (await async_memory.events.list(user_id="ana", limit=1000)).events
    seen: list[Event] = []
    while len(seen) < len(whole):
        stream = async_memory.watch(user_id="ana", after_seq=seen[-1].seq if seen else 0)
        seen += await taken(stream, 2 if len(seen) + 2 <= len(whole) else 1)
        await stream.aclose()
    assert [event.id for event in seen] == [event.id for event in whole]


async def test_long_logs_come_by_pages(async_memory: recollect.AsyncMemory, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watching, "PAGE", 3)
    for number in range(4):
        await async_memory.add(f"Fact number {number} is about Lyon", user_id="ana")
    seqs = [event.seq async for event in async_memory.watch(user_id="ana", after_seq=0, timeout_s=0)]
    assert len(seqs) >= 4
    assert seqs == list(range(1, len(seqs) + 1))


async def test_only_the_types_asked_for(async_memory: recollect.AsyncMemory):
    receipt = await async_memory.add("I moved to Lyon in May", user_id="ana")
    assert receipt.id is not None
    await async_memory.delete(receipt.id, user_id="ana")
    stream = async_memory.watch(user_id="ana", after_seq=0, types=["memory_deleted"], timeout_s=0)
    assert {event.type for event in await ended(stream)} == {EventType.MEMORY_DELETED}


@pytest.mark.usefixtures("rare_poll")
async def test_another_process_is_heard_at_once(async_memory: recollect.AsyncMemory, home: str):
    parts = await async_memory.core.ready()
    stream = async_memory.watch(user_id="ana", after_seq=0, types=[EventType.MEMORY_ADDED])
    writer = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, home, parts.tenant_id, "ana", "20")
    events = await taken(stream, 20, within_s=SLOW - 5)
    assert await writer.wait() == 0
    seqs = [event.seq for event in events]
    assert seqs == sorted(set(seqs))
    left = [e async for e in async_memory.watch(user_id="ana", after_seq=seqs[-1], timeout_s=0)]
    assert [e for e in await ended(async_memory.watch(user_id="ana", after_seq=0, timeout_s=0)) if e.seq <= seqs[-1]]
    assert all(event.seq > seqs[-1] for event in left)
    await stream.aclose()


def unheard(ears: object) -> None:
    """In the place of waking ears."""
    del ears


async def test_a_lost_bell_costs_a_moment(async_memory: recollect.AsyncMemory, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watching, "POLL_S", 0.3)
    parts = await async_memory.core.ready()
    bell = cast(postgres_bell.PostgresBell, parts.bell)
    monkeypatch.setattr(bell, "_wake", unheard)
    stream = async_memory.watch(user_id="ana", after_seq=0)
    waiting = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.1)
    await async_memory.add("I moved to Lyon in May", user_id="ana")
    assert (await asyncio.wait_for(waiting, 5)).seq == 1
    await stream.aclose()


async def test_twenty_watchers_and_a_slow_one(async_memory: recollect.AsyncMemory):
    streams = [async_memory.watch(user_id="ana", after_seq=0) for _ in range(20)]
    slow = async_memory.watch(user_id="ana", after_seq=0)
    first = asyncio.create_task(taken(slow, 1))
    tasks = [asyncio.create_task(taken(stream, 30, within_s=60)) for stream in streams]
    for number in range(30):
        await async_memory.add(f"Fact number {number} is about Lyon", user_id="ana")
    seen = await asyncio.gather(*tasks)
    wanted = [event.id for event in (await async_memory.events.list(user_id="ana", limit=30)).events]
    assert all([event.id for event in events] == wanted for events in seen)
    behind = [*await first, *await taken(slow, 29)]
    assert [event.id for event in behind] == wanted
    for stream in [*streams, slow]:
        await stream.aclose()
    await asyncio.sleep(0.05)
    assert "recollect ear" not in own_tasks()


async def test_cancelling_leaves_nothing_behind(async_memory: recollect.AsyncMemory):
    await async_memory.add("I moved to Lyon in May", user_id="ana")
    await asyncio.sleep(0.1)
    before = own_tasks()

    async def forever() -> None:
        async for _ in async_memory.watch(user_id="ana"):
            pass

    task = asyncio.create_task(forever())
    await asyncio.sleep(0.2)
    assert "recollect ear" in own_tasks()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.05)
    assert own_tasks() <= before


async def test_closing_the_memory_ends_the_watch(home: str):
    memory = recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}")
    await memory.add("I moved to Lyon in May", user_id="ana")
    waiting = asyncio.create_task(ended(memory.watch(user_id="ana", after_seq=0)))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await memory.close()
    assert {event.type for event in await asyncio.wait_for(waiting, 5)} == {EventType.MEMORY_ADDED}
    assert not {name for name in own_tasks() if name.startswith("recollect")}
    with pytest.raises(UsageError):
        await anext(memory.watch(user_id="ana"))


async def test_a_killed_server_loses_nothing(short_directory: Path):
    home = short_directory / "watched"
    memory = recollect.AsyncMemory(home=home)
    try:
        stream = memory.watch(user_id="ana", after_seq=0, types=[EventType.MEMORY_ADDED])
        texts = [f"Fact number {number} is about Lyon" for number in range(6)]
        reading = asyncio.create_task(_texts(stream, set(texts)))
        for number, text in enumerate(texts):
            if number == 3:
                pid = int((home / "postgres/data/postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
                os.kill(pid, signal.SIGKILL)
                await asyncio.sleep(0.2)
            await _added(memory, text)
        events = await asyncio.wait_for(reading, 60)
        seqs = [event.seq for event in events]
        assert seqs == sorted(set(seqs))
        await stream.aclose()
    finally:
        await memory.close()


async def _texts(stream: AsyncIterator[Event], wanted: set[str]) -> list[Event]:
    seen: list[Event] = []
    async for event in stream:
        seen.append(event)
        wanted.discard((event.payload or {}).get("memory", {}).get("text", ""))
        if not wanted:
            break
    return seen


async def _added(memory: recollect.AsyncMemory, text: str) -> None:
    for _ in range(20):
        try:
            await memory.add(text, user_id="ana")
        except StoreError:
            await asyncio.sleep(0.3)
        else:
            return
    pytest.fail("the server did not come back")


async def test_others_logs_stay_others(async_memory: recollect.AsyncMemory):
    await async_memory.add("I moved to Lyon in May", user_id="ana")
    assert await ended(async_memory.watch(user_id="ben", after_seq=0, timeout_s=0)) == []
    with pytest.raises(NotAllowed, match="not a member"):
        await anext(async_memory.watch(user_id="ben", project_id="atlas", after_seq=0))
    entries = (await async_memory.access.list(method="watch")).items
    assert sorted((entry.user_id, entry.outcome) for entry in entries) == [("ben", "NotAllowed"), ("ben", "ok")]


@pytest.mark.usefixtures("rare_poll")
async def test_a_projects_members_watch_it(async_memory: recollect.AsyncMemory):
    await async_memory.projects.create("atlas", user_id="ana", name="Atlas")
    await async_memory.projects.set_member("atlas", "ben", user_id="ana", role="viewer")
    stream = async_memory.watch(user_id="ben", project_id="atlas", after_seq=0, types=[EventType.MEMORY_ADDED])
    waiting = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.1)
    await async_memory.add("The office moves to Lyon", user_id="ana", project_id="atlas", share=True)
    event = await asyncio.wait_for(waiting, 10)
    assert event.payload is not None
    assert event.payload["memory"]["text"] == "The office moves to Lyon"
    await async_memory.projects.remove_member("atlas", "ben", user_id="ana")
    await async_memory.add("The office moves to Rome after all", user_id="ana", project_id="atlas", share=True)
    with pytest.raises(NotAllowed):
        await taken(stream, 5)


WALL = """package recollect.wall
import rego.v1

applies if input.action == "read"

allow if input.memory.sensitivity != "restricted"
"""


async def test_policies_hide_what_they_hide_everywhere(async_memory: recollect.AsyncMemory):
    await async_memory.policies.add("wall", WALL)
    await async_memory.add("The bank code is 4711", user_id="ana", sensitivity="restricted")
    await async_memory.add("The bank is in Lyon", user_id="ana")
    page = await async_memory.events.list(user_id="ana", limit=100)
    watched = await ended(async_memory.watch(user_id="ana", after_seq=0, timeout_s=0))
    assert [(event.id, event.payload) for event in watched] == [(event.id, event.payload) for event in page]
    assert "4711" not in str([event.payload for event in watched])
    assert "bank is in Lyon" in str([event.payload for event in watched])


@pytest.mark.usefixtures("rare_poll")
async def test_what_was_erased_has_no_payload(async_memory: recollect.AsyncMemory):
    receipt = await async_memory.add("Nobody needs to know this", user_id="ana")
    assert receipt.id is not None
    stream = async_memory.watch(user_id="ana")
    waiting = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.1)
    await async_memory.erase(memory_id=receipt.id, user_id="ana")
    assert (await asyncio.wait_for(waiting, 10)).type is EventType.MEMORY_ERASED
    first = await anext(async_memory.watch(user_id="ana", after_seq=0))
    assert first.payload is None
    await stream.aclose()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"user_id": ""}, "user_id"),
        ({"user_id": "recollect:tenant"}, "user_id"),
        ({"user_id": "ana", "after_seq": -1}, "after_seq"),
        ({"user_id": "ana", "types": ["nonsense"]}, "types"),
        ({"user_id": "ana", "project_id": "\x00"}, "project_id"),
        ({"user_id": "ana", "timeout_s": -1}, "timeout_s"),
    ],
)
async def test_arguments_are_checked_at_once(async_memory: recollect.AsyncMemory, given: dict[str, Any], field: str):
    with pytest.raises(ValidationError) as caught:
        async_memory.watch(**given)
    assert caught.value.field == field


def test_the_synchronous_face(memory: recollect.Memory):
    stream = memory.watch(user_id="ana", timeout_s=10)
    memory.add("I moved to Lyon in May", user_id="ana")
    assert next(stream).type is EventType.MEMORY_ADDED
    stream.close()
    assert next(event.seq for event in memory.watch(user_id="ana", after_seq=0, timeout_s=0)) == 1
    for event in memory.watch(user_id="ana", after_seq=0):
        assert event.seq == 1
        break
    with pytest.raises(NotAllowed):
        next(memory.watch(user_id="ana", project_id="nobody's"))


def test_closing_ends_a_waiting_thread(home: str):
    memory = recollect.Memory(home=home, tenant_id=f"tenant-{uuid4()}")
    seen: list[Event] = []
    thread = threading.Thread(target=lambda: seen.extend(memory.watch(user_id="ana", after_seq=0)))
    memory.add("I moved to Lyon in May", user_id="ana")
    thread.start()
    time.sleep(0.5)
    assert thread.is_alive()
    memory.close()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert seen[0].seq == 1


def test_interrupting_a_waiting_program_ends_it_quietly(home: str):
    tenant = f"tenant-{uuid4()}"
    code = (
        "import sys, recollect\n"
        "with recollect.Memory(home=sys.argv[1], tenant_id=sys.argv[2]) as memory:\n"
        "    print('ready', flush=True)\n"
        "    try:\n"
        "        for event in memory.watch(user_id='ana'): print(event.seq)\n"
        "    except KeyboardInterrupt:\n"
        "        print('interrupted', memory.watch(user_id='ana', timeout_s=0).close())\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-X", "dev", "-c", code, home, tenant],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "interrupted None\n")
    assert "Traceback" not in err


async def test_nothing_goes_out_while_nobody_watches(
    async_memory: recollect.AsyncMemory, home: str, server: EmbeddedPostgres
):
    tenant = (await async_memory.core.ready()).tenant_id
    conninfo = server.conninfo(user=APPLICATION_ROLE, dbname=DATABASE)
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as listening:
        await listening.execute(f'LISTEN "{postgres_bell.channel_of(tenant)}"'.encode())
        await async_memory.add("I moved to Lyon", user_id="ana")
        assert [notice async for notice in listening.notifies(timeout=0.2)] == []
        other = recollect.AsyncMemory(home=home, tenant_id=tenant)
        stream = other.watch(user_id="nobody who writes")
        waiting = asyncio.create_task(anext(stream, None))
        await asyncio.sleep(0.5)
        await asyncio.gather(*(async_memory.add("I moved to Rome", user_id=f"user {n}") for n in range(40)))
        payloads = [notice.payload async for notice in listening.notifies(timeout=0.5)]
        await other.close()
        await waiting
    digests = [digest for payload in payloads for digest in payload.split()[1:]]
    assert len(set(digests)) == 40
    assert all(len(digest) == 16 and set(digest) <= set("0123456789abcdef") for digest in digests)
    assert 0 < len(payloads) < 40
