"""Differences: which items count as added, changed, superseded or deleted, and how they read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from recollect.domain.collection import Collection
from recollect.domain.difference import Difference, changed_fields, difference, same
from recollect.domain.event import Event, EventType
from recollect.domain.record import Memory, MemoryType, Status
from recollect.domain.rollback import RollbackReport, fate
from recollect.domain.state import State
from recollect.domain.thing import Thing

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def memory(number: int, **given: Any) -> Memory:
    fields: dict[str, Any] = {
        "id": UUID(int=number), "tenant_id": "t", "user_id": "u", "type": MemoryType.TURN, "text": f"text {number}",
        "written_at": NOW, "updated_at": NOW, "content_hash": str(number),
    }  # fmt: skip
    return Memory(**(fields | given))


def group(name: str) -> Collection:
    return Collection(tenant_id="t", user_id="u", id=UUID(int=99), name=name, created_at=NOW, updated_at=NOW)


def state(*memories: Memory, things: tuple[Thing, ...] = (), seq: int = 1) -> State:
    placed = {(thing.KIND, (thing.id,)): thing for thing in things if isinstance(thing, Collection)}
    return State(seq, {m.id: m for m in memories}, dict[Any, Thing](placed))


def event(seq: int, kind: EventType, subject: UUID, payload: dict[str, Any] | None = None) -> Event:
    return Event(
        id=UUID(int=1000 + seq), tenant_id="t", user_id="u", seq=seq, type=kind, subject_id=subject,
        payload=payload or {}, recorded_at=NOW,
    )  # fmt: skip


def between(before: State, after: State, *events: Event) -> Difference:
    return difference(before, after, events, NOW, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("before", "after", "groups"),
    [
        (None, Status.ACTIVE, "added"),
        (None, Status.SUPERSEDED, "added"),
        (None, Status.DELETED, ""),
        (Status.DELETED, Status.ACTIVE, "added"),
        (Status.ACTIVE, Status.SUPERSEDED, "superseded"),
        (Status.SUPERSEDED, Status.ACTIVE, "changed"),
        (Status.ACTIVE, Status.ARCHIVED, "changed"),
        (Status.ACTIVE, Status.DELETED, "deleted"),
        (Status.ACTIVE, None, "deleted"),
        (Status.ACTIVE, Status.ACTIVE, ""),
        (Status.DELETED, Status.DELETED, ""),
    ],
)
def test_the_group_of_a_memory(before: Status | None, after: Status | None, groups: str):
    old = state() if before is None else state(memory(1, status=before))
    new = state() if after is None else state(memory(1, status=after, version=2))
    found = between(old, new)
    names = [name for name in ("added", "changed", "superseded", "deleted") if getattr(found, name)]
    assert names == ([groups] if groups else [])
    assert len(found) == len(names)


def test_what_every_write_moves_on_is_no_difference():
    one = memory(1)
    assert same(one, replace(one, version=7, updated_at=NOW + timedelta(days=3)))
    assert not same(one, replace(one, importance=0.9))
    assert not same(one, None)
    assert same(None, None)
    assert [c.name for c in changed_fields(one, replace(one, value="x", version=2))] == ["value"]


def test_events_are_told_with_the_items_that_they_changed():
    spoken = {"memory": {}, "turn": {
        "tenant_id": "t", "user_id": "u", "conversation_id": "c", "index": 0, "memory_id": str(UUID(int=1)),
        "role": "user", "written_at": NOW.isoformat(),
    }}  # fmt: skip
    found = between(
        state(memory(1)),
        state(memory(1, text="other"), things=(group("trips"),), seq=9),
        event(2, EventType.MEMORY_UPDATED, UUID(int=1), spoken),
        event(3, EventType.COLLECTION_CREATED, UUID(int=99)),
        event(4, EventType.MEMORY_ERASED, UUID(int=5)),
    )
    assert [(c.kind, c.event_ids) for c in (*found.changed, *found.added)] == [
        ("memory", (UUID(int=1002),)), ("collection", (UUID(int=1003),)),
    ]  # fmt: skip
    assert found.erased == (UUID(int=5),)
    assert (found.since_seq, found.until_seq) == (1, 9)


def test_a_difference_can_be_read():
    found = between(
        state(memory(1), things=(group("trips"),)),
        state(memory(1, text="x" * 300, content_hash="y"), memory(2), things=(group("tours"),), seq=2),
    )
    lines = repr(found).splitlines()
    assert lines[0] == "<Difference of lines 1 to 2: 3 items"
    assert any(line.startswith("  + 'text 2'") for line in lines)
    assert any("name: 'trips' -> 'tours'" in line for line in lines)
    assert "content_hash" not in repr(found)
    assert max(map(len, lines)) < 200


def test_a_report_counts_what_becomes_of_items():
    back = between(state(memory(1, status=Status.DELETED)), state(memory(1))).added[0]
    changed = between(state(memory(1)), state(memory(1, text="z"))).changed[0]
    thing = between(state(), state(things=(group("trips"),))).added[0]
    gone = replace(changed, after=memory(1, status=Status.DELETED))
    assert [fate(c) for c in (back, changed, thing, gone)] == ["back", "changed", "things", "gone"]
    report = RollbackReport(what="to line 3", dry_run=True, from_seq=9, changes=(back, changed, thing, gone))
    assert report.counts == {"back": 1, "gone": 1, "changed": 1, "things": 1, "kept": 0, "erased": 0}
    assert repr(report).startswith("<RollbackReport would roll back to line 3 from line 9: 1 back, 1 gone")
