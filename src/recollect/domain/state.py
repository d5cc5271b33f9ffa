"""State: everything a stream's log adds up to, and how one event changes it.

A payload says what the event did:

- to a memory: ``{"memory": {field: new value, ...}}``, all fields that are not at their default for a new one; and,
  when it was said in a conversation, ``"turn": {...}``;
- to another thing: ``{"thing": kind, "key": {...}, "set": {field: new value, ...}}``, or ``"gone": true`` for its end;
- always ``"reason"``: why, without quoting any other memory.

Replaying a log means applying its events in order; what was erased is skipped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from pydantic import TypeAdapter

from recollect.domain.api_key import StoredKey
from recollect.domain.channel import Channel
from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.conversation import Conversation, ToolInvocation, Turn
from recollect.domain.embedding_model import EmbeddingModel
from recollect.domain.entity import Entity
from recollect.domain.event import Event, EventType
from recollect.domain.goal import Goal
from recollect.domain.policy import Policy
from recollect.domain.project import Project, ProjectMember
from recollect.domain.record import Memory, MemoryType
from recollect.domain.reflection import Reflection
from recollect.domain.relationship import Relationship
from recollect.domain.session import Session
from recollect.domain.source import Source
from recollect.domain.thing import Thing
from recollect.domain.trace import Trace
from recollect.domain.user_profile import UserProfile

THINGS: tuple[type[Thing], ...] = (
    Relationship,
    Collection,
    CollectionMember,
    Conversation,
    Turn,
    ToolInvocation,
    UserProfile,
    Entity,
    Source,
    Project,
    ProjectMember,
    Policy,
    EmbeddingModel,
    Session,
    Goal,
    Reflection,
    Channel,
    Trace,
    StoredKey,
)
"""Every kind of thing that the log speaks of beside memories."""

BUILT_FROM_MEMORIES = (Conversation, Turn)
"""Things that also stand in lines of memories. What a line says of them is whole: lines before it may be erased."""

BY_KIND = {thing.KIND: thing for thing in THINGS}
_memory = TypeAdapter(Memory)
_things: dict[str, TypeAdapter[Any]] = {thing.KIND: TypeAdapter(thing) for thing in THINGS}
Key = tuple[Any, ...]


@dataclass(slots=True)
class State:
    """What a stream holds at one position of its log.

    Attributes:
        seq: the position. memories: by id. things: by kind and key.
        erased: ids of memories whose content is gone for good.
    """

    seq: int = 0
    memories: dict[UUID, Memory] = field(default_factory=dict[UUID, Memory])
    things: dict[tuple[str, Key], Thing] = field(default_factory=dict[tuple[str, Key], Thing])
    erased: set[UUID] = field(default_factory=set[UUID])

    def apply(self, event: Event) -> None:
        """Takes in the next event."""
        self.seq = event.seq
        if event.type is EventType.USER_ERASED:
            self.memories.clear()
            self.things.clear()
        elif event.type is EventType.MEMORY_ERASED:
            self._erase(event.subject_id)
        elif event.payload is not None:
            self._change(event, event.payload)

    def _change(self, event: Event, payload: Mapping[str, Any]) -> None:
        if "memory" in payload:
            before = self.memories.get(event.subject_id)
            self.memories[event.subject_id] = memory_after(before, payload["memory"])
        if "turn" in payload:
            turn = cast(Turn, _things[Turn.KIND].validate_python(payload["turn"]))
            self.things[Turn.KIND, key_of(turn)] = turn
            self._count(turn, payload.get("conversation", {}))
        if "thing" in payload:
            self._change_thing(payload)

    def _count(self, turn: Turn, opened: Mapping[str, Any]) -> None:
        place = (Conversation.KIND, (turn.user_id, turn.conversation_id))
        known = cast("Conversation | None", self.things.get(place))
        if known is None:
            known = Conversation(
                tenant_id=turn.tenant_id, user_id=turn.user_id, id=turn.conversation_id, **dict(opened)
            )
        self.things[place] = known.with_turn(turn)

    def _change_thing(self, payload: Mapping[str, Any]) -> None:
        place = kind, _ = place_of(payload)
        if payload.get("gone"):
            self.things.pop(place, None)
        else:
            known = self.things.get(place)
            state = thing_json(known) if known is not None else {}
            self.things[place] = _things[kind].validate_python({**state, **payload["set"]})

    def _erase(self, memory_id: UUID) -> None:
        self.erased.add(memory_id)
        self.memories.pop(memory_id, None)
        for place, thing in list(self.things.items()):
            if memory_id in _ends(thing):
                del self.things[place]


def replayed(events: Iterable[Event]) -> State:
    """The state after a stream's events, given from the first one on."""
    state = State()
    for event in events:
        state.apply(event)
    return state


def key_of(thing: Thing) -> Key:
    """What identifies a thing among its kind within its tenant."""
    return tuple(getattr(thing, name) for name in thing.KEY)


def place_of(payload: Mapping[str, Any]) -> tuple[str, Key]:
    """Kind and key of the thing that a payload is about."""
    kind = payload["thing"]
    return kind, _key_from_json(kind, payload["key"])


def memory_json(memory: Memory) -> dict[str, Any]:
    """The memory's fields as JSON values."""
    return _memory.dump_python(memory, mode="json")


def memory_after(before: Memory | None, changed: Mapping[str, Any]) -> Memory:
    """The memory with the changed fields (JSON values) laid over what was there."""
    state = memory_json(before) if before is not None else {}
    return _memory.validate_python({**state, **changed})


def thing_json(thing: Thing) -> dict[str, Any]:
    """The thing's fields as JSON values."""
    return _things[thing.KIND].dump_python(thing, mode="json")


def memory_change(before: Memory | None, after: Memory) -> dict[str, Any]:
    """The fields whose value differs, with their new values as JSON; for a new memory those that are not default."""
    new = memory_json(after)
    old = memory_json(before) if before is not None else _MEMORY_DEFAULTS
    return {name: value for name, value in new.items() if name not in old or old[name] != value}


def thing_change(before: Thing | None, after: Thing | None) -> dict[str, Any]:
    """The part of a payload that says what became of a thing."""
    known = after if after is not None else before
    assert known is not None  # noqa: S101 - a change is about something
    new = thing_json(known)
    change: dict[str, Any] = {"thing": known.KIND, "key": {name: new[name] for name in known.KEY}}
    if after is None:
        return {**change, "gone": True}
    old = thing_json(before) if before is not None and not isinstance(before, BUILT_FROM_MEMORIES) else {}
    return {**change, "set": {name: value for name, value in new.items() if name not in old or old[name] != value}}


def _ends(thing: Thing) -> tuple[Any, ...]:
    """The memories without which the thing cannot be."""
    if isinstance(thing, Relationship):
        return (thing.source_id, thing.target_id)
    return (thing.memory_id,) if isinstance(thing, Turn | CollectionMember) else ()


def _key_from_json(kind: str, key: Mapping[str, Any]) -> Key:
    """A thing's key as ``key_of`` gives it: UUIDs and enumerations are strings in JSON."""
    return tuple(_key_fields[kind, name].validate_python(key[name]) for name in BY_KIND[kind].KEY)


def _field_adapters() -> dict[tuple[str, str], TypeAdapter[Any]]:
    adapters: dict[tuple[str, str], TypeAdapter[Any]] = {}
    for thing in THINGS:
        types = {f.name: f.type for f in fields(cast(Any, thing))}
        for name in thing.KEY:
            adapters[thing.KIND, name] = TypeAdapter(cast(Any, types[name]))
    return adapters


_key_fields = _field_adapters()


def _memory_defaults() -> dict[str, Any]:
    """The JSON of every field of a memory that has a default."""
    moment = datetime(1970, 1, 1, tzinfo=UTC)
    bare = Memory(
        id=UUID(int=0),
        tenant_id="",
        user_id="",
        type=MemoryType.TURN,
        text="",
        written_at=moment,
        updated_at=moment,
        content_hash="",
    )
    written = memory_json(bare)
    optional = (f.name for f in fields(Memory) if f.default is not MISSING or f.default_factory is not MISSING)
    return {name: written[name] for name in optional}


_MEMORY_DEFAULTS = _memory_defaults()
