"""Times to live in LangGraph's store: what has expired is found by nobody, and swept."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from recollect import Memory
from recollect.errors import ValidationError
from recollect.integrations.langgraph import RecollectStore
from recollect.memory.background import LOOP


@pytest.fixture
def store(memory: Memory) -> RecollectStore:
    """The store of user ana."""
    return RecollectStore(memory, user_id="ana")


def core_of(memory: Memory) -> Any:
    return memory._inner.core  # pyright: ignore[reportPrivateUsage] - looks below the facade


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def now(self) -> datetime:
        return self.time

    def move(self, minutes: float) -> None:
        self.time += timedelta(minutes=minutes)


@pytest.fixture
def clock(memory: Memory) -> Clock:
    """The clock of the memory."""
    clock, core = Clock(), core_of(memory)
    core._parts = replace(LOOP.call(core.ready), clock=clock)
    return clock


def test_what_has_expired_is_not_found_anywhere(memory: Memory, clock: Clock):
    store = RecollectStore(memory, user_id="ana", ttl={"default_ttl": 10, "refresh_on_read": False})
    store.put(("t",), "default", {"text": "the kestrel nests"})
    store.put(("t",), "short", {"text": "the kestrel flies"}, ttl=5)
    store.put(("t",), "ever", {"text": "the kestrel stays"}, ttl=None)
    assert [item.key for item in store.search(("t",))] == ["default", "short", "ever"]
    clock.move(minutes=7)
    assert store.get(("t",), "short") is None
    assert [item.key for item in store.search(("t",))] == ["default", "ever"]
    assert [item.key for item in store.search(("t",), filter={"text": {"$ne": 1}})] == ["default", "ever"]
    assert {item.key for item in store.search(("t",), query="kestrel")} == {"default", "ever"}
    assert {hit.memory.text for hit in memory.search("kestrel", user_id="ana")} == {
        "text: the kestrel nests", "text: the kestrel stays",
    }  # fmt: skip
    clock.move(minutes=7)
    assert [item.key for item in store.search(())] == ["ever"]
    assert store.sweep_ttl() == 2
    assert store.sweep_ttl() == 0
    assert [m.text for m in memory.list(user_id="ana")] == ["text: the kestrel stays"]
    store.delete(("t",), "ever")
    assert store.list_namespaces() == []


def test_reading_begins_the_time_anew_unless_it_is_told_not_to(memory: Memory, clock: Clock):
    store = RecollectStore(memory, user_id="ana", ttl={"default_ttl": 10})
    for key in ("get", "search", "query", "left", "kept"):
        store.put(("t", key), key, {"text": key})
    before = {item.key: item.updated_at for item in store.search((), refresh_ttl=False)}
    clock.move(minutes=8)
    assert store.get(("t", "get"), "get") is not None
    assert store.search(("t", "search"))[0].key == "search"
    assert store.search(("t", "query"), query="query")[0].key == "query"
    assert store.get(("t", "kept"), "kept", refresh_ttl=False) is not None
    clock.move(minutes=8)
    found = store.search((), refresh_ttl=False)
    assert {item.key for item in found} == {"get", "search", "query"}
    assert all(item.updated_at == before[item.key] for item in found)  # to be read is no change
    store.put(("t", "left"), "left", {"text": "anew"})  # where an expired one still lies
    item = store.get(("t", "left"), "left")
    assert item is not None
    assert item.created_at == clock.now()
    assert memory.audit.verify(user_id="ana").ok


def test_a_reading_that_changes_nothing_writes_nothing(memory: Memory, store: RecollectStore, clock: Clock):
    store.put(("t",), "k", {"v": 1}, ttl=100)
    store.put(("t",), "for ever", {"v": 1})
    clock.move(minutes=0.5)
    seq = memory.events.list(user_id="ana")[-1].seq
    store.get(("t",), "k")
    store.search(())
    assert memory.events.list(user_id="ana")[-1].seq == seq
    for ttl in (0, -1):
        with pytest.raises(ValidationError, match="ttl"):
            store.put(("t",), "k", {"v": 1}, ttl=ttl)


def test_the_sweeper_runs_until_it_is_stopped(memory: Memory):
    store = RecollectStore(memory, user_id="ana", ttl={"default_ttl": 0.002})
    other = RecollectStore(memory, user_id="ben", ttl={"default_ttl": 0.002})
    store.start_ttl_sweeper(0.001)
    store.start_ttl_sweeper(0.001)
    store.put(("t",), "k", {"v": 1})
    other.put(("t",), "k", {"v": 1})
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (memory.list(user_id="ana").memories or memory.list(user_id="ben").memories):
        time.sleep(0.05)
    assert memory.list(user_id="ana").memories == memory.list(user_id="ben").memories == ()
    assert store.stop_ttl_sweeper(10)
    assert other.stop_ttl_sweeper()
