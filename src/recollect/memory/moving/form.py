"""Form: what the lines of an export look like, see ``docs/moving.md``. One JSON object a line, named by ``kind``.

A line has the fields of what it holds under the names that the API gives them, without tenant and user: whose it is
the header says, and the tenant is whoever reads it in. What is null or empty is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.conversation import Conversation, ToolInvocation, Turn
from recollect.domain.entity import Entity
from recollect.domain.event import EventType
from recollect.domain.goal import Goal
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.record import Memory
from recollect.domain.reflection import Reflection
from recollect.domain.relationship import Relationship
from recollect.domain.session import Session
from recollect.domain.state import memory_json, thing_json
from recollect.domain.thing import Thing
from recollect.domain.user_profile import UserProfile

FORMAT: Final = 1
HEADER: Final = "header"
MEMORY: Final = "memory"
TEXT: Final = "text"
MESSAGE: Final = "message"
OWNER: Final = ("tenant_id", "user_id")
EMBEDDING: Final = "embedding"

BEFORE: Final[tuple[type[Thing], ...]] = (Conversation,)
AFTER: Final[tuple[type[Thing], ...]] = (
    Turn,
    Relationship,
    Collection,
    CollectionMember,
    ToolInvocation,
    UserProfile,
    Entity,
    Goal,
    Session,
    Reflection,
)
"""What stands before the memories in a file and after them: nothing lacks what it refers to."""

THINGS: Final[Mapping[str, type[Thing]]] = {kind.KIND: kind for kind in (*BEFORE, *AFTER)}
FADING: Final = (HotKind.WORKING, HotKind.CONTEXT, HotKind.THOUGHT)
"""What fades and is moved as long as it has not; raw input of the last half minute is not."""
KINDS: Final = frozenset({HEADER, MEMORY, *THINGS, *(kind.value for kind in FADING)})

REFERENCES: Final[Mapping[str, tuple[str, ...]]] = {
    MEMORY: ("id", "supersedes", "stale_because", "provenance"),
    Turn.KIND: ("memory_id",),
    Relationship.KIND: ("source_id", "target_id"),
    Collection.KIND: ("id",),
    CollectionMember.KIND: ("collection_id", "memory_id"),
    ToolInvocation.KIND: ("id",),
    Goal.KIND: ("id", "parent_id", "blocked_by"),
    Session.KIND: ("id", "active_goal_id"),
    Reflection.KIND: ("id", "goal_id", "memory_ids"),
    HotKind.WORKING.value: ("name", "memory_id"),
}
"""Fields in which ids of memories and other things stand."""

HAPPENED: Final[Mapping[str, EventType]] = {
    Conversation.KIND: EventType.CONVERSATION_UPDATED,
    Turn.KIND: EventType.THING_RESTORED,
    Relationship.KIND: EventType.RELATIONSHIP_ADDED,
    Collection.KIND: EventType.COLLECTION_CREATED,
    CollectionMember.KIND: EventType.COLLECTION_MEMBER_ADDED,
    ToolInvocation.KIND: EventType.TOOL_INVOKED,
    UserProfile.KIND: EventType.PROFILE_UPDATED,
    Entity.KIND: EventType.ENTITY_DESCRIBED,
    Goal.KIND: EventType.GOAL_ADDED,
    Session.KIND: EventType.SESSION_STARTED,
    Reflection.KIND: EventType.REFLECTION_QUEUED,
}
"""What the log says of each kind when it is read in."""


def header(user_id: str, version: str, at: datetime, *, embeddings: bool) -> dict[str, Any]:
    """The first line of a user's export."""
    return {
        "kind": HEADER,
        "format": FORMAT,
        "product": "recollect",
        "version": version,
        "exported_at": at.isoformat(),
        "user_id": user_id,
        "embeddings": embeddings,
    }


def memory_line(memory: Memory) -> dict[str, Any]:
    """A memory as a line."""
    return _line(MEMORY, memory_json(memory))


def thing_line(thing: Thing) -> dict[str, Any]:
    """Anything else that the log speaks of, as a line."""
    return _line(thing.KIND, thing_json(thing))


def fading_line(item: HotItem) -> dict[str, Any]:
    """Something of working memory as a line."""
    told = {"name": item.name, "value": dict(item.value), "at": item.at.isoformat()}
    memory_id = None if item.memory_id is None else str(item.memory_id)
    expires_at = None if item.expires_at is None else item.expires_at.isoformat()
    return _line(item.kind.value, {**told, "memory_id": memory_id, "expires_at": expires_at})


def fields_of(kind: type[Any]) -> frozenset[str]:
    """The fields that a line of this dataclass may have."""
    return frozenset("metadata" if one.name == "extra" else one.name for one in fields(kind)) - {*OWNER}


def as_fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """The line's fields under the names that the dataclass gives them."""
    return {"extra" if name == "metadata" else name: value for name, value in body.items()}


def ids_in(kind: str, body: Mapping[str, Any]) -> Iterator[UUID]:
    """The ids that a line refers to, its own included."""
    for name in REFERENCES.get(kind, ()):
        for text in _strings(body.get(name)):
            found = _id(text)
            if found is not None:
                yield found


def with_ids(kind: str, body: Mapping[str, Any], renamed: Mapping[UUID, UUID]) -> dict[str, Any]:
    """The line with other ids in place of those that are not free."""
    changed = {name: _put(body[name], renamed) for name in REFERENCES.get(kind, ()) if name in body}
    return {**body, **changed}


def _line(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    empty = _EMPTY[kind]
    told = {
        name: value
        for name, value in values.items()
        if name not in OWNER and (name not in empty or value != empty[name])
    }
    if "extra" in told:
        told["metadata"] = told.pop("extra")
    return {"kind": kind, **told}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in cast(Mapping[str, object], value).values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in cast(list[object], value):
            yield from _strings(inner)


def _put(value: Any, renamed: Mapping[UUID, UUID]) -> Any:
    if isinstance(value, str):
        found = _id(value)
        return str(renamed.get(found, found)) if found is not None else value
    if isinstance(value, Mapping):
        return {name: _put(inner, renamed) for name, inner in cast(Mapping[str, Any], value).items()}
    if isinstance(value, list):
        return [_put(inner, renamed) for inner in cast(list[Any], value)]
    return value


def _empty(kind: type[Any]) -> dict[str, Any]:
    """By field, what it holds when nothing is said of it, where that is nothing."""
    found: dict[str, Any] = {}
    for one in fields(kind):
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        if default is None or default in ("", {}, ()):
            found[one.name] = [] if default == () else default
    return found


_EMPTY: Final[Mapping[str, Mapping[str, Any]]] = {
    MEMORY: _empty(Memory),
    **{name: _empty(kind) for name, kind in THINGS.items()},
    **{kind.value: _empty(HotItem) for kind in FADING},
}


def _id(text: str) -> UUID | None:
    if len(text) != 36:  # as the export writes ids
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
