"""Difference: what two states of a user's memory differ in, item by item and field by field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from pydantic import TypeAdapter

from recollect.domain.conversation import Conversation, Turn
from recollect.domain.event import Event, EventType
from recollect.domain.record import Memory, Status
from recollect.domain.state import State
from recollect.domain.thing import Thing, subject_id

MEMORY: Final = "memory"
MOVING: Final = frozenset({"version", "updated_at"})
"""Fields that every write moves on; two items that differ in nothing else are the same."""
SHOWN: Final = 80
"""Characters of a value that a line shows."""

Item = Memory | Thing
_turn = TypeAdapter(Turn)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after."""

    name: str
    old: Any
    new: Any

    def __repr__(self) -> str:
        return f"{self.name}: {_short(self.old)} -> {_short(self.new)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What became of one memory or another thing.

    Attributes:
        kind: ``memory``, or the name of the thing's kind. id: the memory's, or that under which the log speaks of it.
        before, after: as it was and as it became; None where it did not exist.
        fields: what differs, when both exist. event_ids: the events that did it, oldest first.
    """

    kind: str
    id: UUID
    before: Item | None
    after: Item | None
    fields: tuple[FieldChange, ...] = ()
    event_ids: tuple[UUID, ...] = ()

    @property
    def name(self) -> str:
        """The item in a few words."""
        item = self.after if self.after is not None else self.before
        if isinstance(item, Memory):
            return f"{_short(item.text)} ({item.id})"
        key = ", ".join(str(getattr(item, name)) for name in cast(Thing, item).KEY)
        return f"{self.kind} {key}"

    def __repr__(self) -> str:
        told = [change for change in self.fields if change.name not in _UNTOLD]
        return "\n".join([self.name, *(f"    {change!r}" for change in told)])


_UNTOLD: Final = frozenset({"content_hash", "entities", "relations", "provenance"})
"""Fields that a line does not show: they follow from others, or are long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What happened to a user's memory between two moments, as the store knew it.

    Attributes:
        since, until: the moments. since_seq, until_seq: the lines of the log after which the store stood so.
        added, changed, superseded, deleted: memories and other things; what came and went in between is in none.
        erased: ids of memories that were erased in between; nothing else is known of them.
    """

    since: datetime
    until: datetime
    since_seq: int
    until_seq: int
    added: tuple[ItemChange, ...] = ()
    changed: tuple[ItemChange, ...] = ()
    superseded: tuple[ItemChange, ...] = ()
    deleted: tuple[ItemChange, ...] = ()
    erased: tuple[UUID, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.superseded) + len(self.deleted)

    def __repr__(self) -> str:
        lines = [f"<Difference of lines {self.since_seq} to {self.until_seq}: {len(self)} items"]
        for sign, changes in (("+", self.added), ("~", self.changed), ("^", self.superseded), ("-", self.deleted)):
            lines += [f"  {sign} {line}" for change in changes for line in _lines(change)]
        lines += [f"  x {memory_id} was erased" for memory_id in self.erased]
        return "\n".join(lines) + ">"


def difference(before: State, after: State, events: Iterable[Event], since: datetime, until: datetime) -> Difference:
    """What two states differ in.

    Args:
        before: the earlier state.
        after: the later one.
        events: those between them.
        since: the moment of the earlier state.
        until: the moment of the later one.
    """
    told, erased = _told(events)
    groups: dict[str, list[ItemChange]] = {"added": [], "changed": [], "superseded": [], "deleted": []}
    for old, new in _pairs(before, after):
        group = _group(old, new)
        if group is not None:
            groups[group].append(item_change(old, new, told))
    return Difference(
        since=since,
        until=until,
        since_seq=before.seq,
        until_seq=after.seq,
        **{name: tuple(changes) for name, changes in groups.items()},
        erased=tuple(erased),
    )


def item_change(old: Item | None, new: Item | None, told: Mapping[UUID, list[UUID]] | None = None) -> ItemChange:
    """One item's change, with the events that the log tells of it."""
    item = new if new is not None else old
    assert item is not None  # noqa: S101 - one of them is there
    found = id_of(item)
    changed = () if old is None or new is None else changed_fields(old, new)
    events = tuple((told or {}).get(found, ()))
    return ItemChange(kind=kind_of(item), id=found, before=old, after=new, fields=changed, event_ids=events)


def changed_fields(old: Item, new: Item) -> tuple[FieldChange, ...]:
    """The fields that differ, without those that every write moves on."""
    names = [field.name for field in fields(cast(Any, old)) if field.name not in MOVING]
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in names]
    return tuple(FieldChange(name, before, after) for name, before, after in pairs if before != after)


def same(old: Item | None, new: Item | None) -> bool:
    """Whether nothing but what every write moves on differs."""
    if old is None or new is None:
        return old is new
    return not changed_fields(old, new)


def kind_of(item: Item) -> str:
    """``memory``, or the name of the thing's kind."""
    return MEMORY if isinstance(item, Memory) else item.KIND


def id_of(item: Item) -> UUID:
    """The id under which the log speaks of the item."""
    return item.id if isinstance(item, Memory) else subject_id(item)


def _pairs(before: State, after: State) -> Iterator[tuple[Item | None, Item | None]]:
    """Each item of either state as it was and as it became."""
    for memory_id in before.memories | after.memories:
        yield before.memories.get(memory_id), after.memories.get(memory_id)
    for place in before.things | after.things:
        yield before.things.get(place), after.things.get(place)


def _group(old: Item | None, new: Item | None) -> str | None:
    was, lives = _lives(old), _lives(new)
    if not was:
        return "added" if lives else None
    if not lives:
        return "deleted"
    if same(old, new):
        return None
    ended = isinstance(new, Memory) and new.status is Status.SUPERSEDED
    return "superseded" if ended and isinstance(old, Memory) and old.status is not Status.SUPERSEDED else "changed"


def _lives(item: Item | None) -> bool:
    return item is not None and not (isinstance(item, Memory) and item.status is Status.DELETED)


def _told(events: Iterable[Event]) -> tuple[dict[UUID, list[UUID]], list[UUID]]:
    """The events by what they are about, and the memories that they erased."""
    told: dict[UUID, list[UUID]] = {}
    erased: list[UUID] = []
    for event in events:
        if event.type is EventType.MEMORY_ERASED:
            erased.append(event.subject_id)
        for subject in (event.subject_id, *_spoken(event)):
            told.setdefault(subject, []).append(event.id)
    return told, erased


def _spoken(event: Event) -> tuple[UUID, ...]:
    """The turn and the conversation that a memory's event also changes."""
    if event.payload is None or "turn" not in event.payload:
        return ()
    turn = _turn.validate_python(event.payload["turn"])
    spoken = Conversation(tenant_id=turn.tenant_id, user_id=turn.user_id, id=turn.conversation_id)
    return subject_id(turn), subject_id(spoken)


def _lines(change: ItemChange) -> Iterator[str]:
    yield from repr(change).split("\n")


def _short(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = repr(value) if not isinstance(value, str) or not hasattr(value, "value") else str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
