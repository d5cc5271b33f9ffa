"""The history of an entry: the states that the lines of its memories led to, read back from the log."""

from collections.abc import Iterable
from uuid import UUID

from recollect.domain.entry import Address, Version, address_of, entries_of, mark_of, value_of
from recollect.domain.event import Event
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.domain.state import memory_after
from recollect.errors import NotFound
from recollect.memory import rights
from recollect.memory.parts import Parts
from recollect.ports.store import EventQuery


async def versions_of(parts: Parts, scope: Scope, address: Address) -> tuple[Version, ...]:
    """What ``EntryBook.history`` does."""
    ids = await parts.store.entry_ids_ever(scope, address)
    may_read = await rights.reading(parts, scope.user_id, "entries.history")
    now = list((await parts.store.fetch(scope, ids)).values())
    if not now or len(await rights.readable(may_read, now)) < len(now):
        raise NotFound(f"user {scope.user_id!r} never had an entry {address.name[:80]!r} there")
    events = [event for one in ids for event in await parts.store.events(scope, EventQuery(memory_id=one))]
    return tuple(versions(sorted(events, key=lambda event: event.seq)))


def versions(events: Iterable[Event]) -> Iterable[Version]:
    """The states, in order: the head's line is the last of each change, and closes it."""
    memories: dict[UUID, Memory] = {}
    told: dict[UUID, object] = {}
    for event in events:
        if event.payload is None or "memory" not in event.payload:
            continue
        memory = memory_after(memories.get(event.subject_id), event.payload["memory"])
        memories[memory.id] = memory
        mark = mark_of(memory)
        if mark is None or mark["part"] != 0:
            continue
        gone = memory.status is Status.DELETED
        if told.get(memory.id) == (mark["version"], gone):
            continue  # it was only used, or given more time to live
        told[memory.id] = (mark["version"], gone)
        yield _version(event, memory, memories.values())


def _version(event: Event, head: Memory, memories: Iterable[Memory]) -> Version:
    mark = mark_of(head)
    assert mark is not None  # noqa: S101 - it is a head
    address = address_of(mark)
    living = [memory for memory in memories if memory.status is not Status.DELETED]
    there = None if head.status is Status.DELETED else entries_of(living).get(address)
    return Version(
        seq=event.seq,
        at=event.recorded_at,
        actor=event.actor,
        address=address,
        text=None if there is None else there.text,
        value=None if there is None else value_of(head),
        memory_id=head.id,
    )
