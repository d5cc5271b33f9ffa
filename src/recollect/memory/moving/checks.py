"""Checks: a line's fields as a memory or another thing, and all that the database would otherwise refuse."""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final, cast

import pydantic
from pydantic import TypeAdapter

from recollect.domain.content import content_hash, doubted, said_in
from recollect.domain.conversation import Conversation, ToolInvocation, Turn
from recollect.domain.goal import Goal
from recollect.domain.hot import HotItem, HotKind, WorkingItem
from recollect.domain.record import Memory, Provenance
from recollect.domain.reflection import Reflection
from recollect.domain.relationship import Relationship
from recollect.domain.scope import Scope, check_id
from recollect.domain.thing import Thing
from recollect.domain.times import check_time
from recollect.errors import ValidationError
from recollect.memory.desk_arguments import json_value, whole
from recollect.memory.moving.form import EMBEDDING, THINGS, as_fields, fields_of
from recollect.writing.steps.admit import check_extra, check_text

FRACTIONS: Final = ("confidence", "importance", "emotion")
COUNTS: Final = ("access_count", "reinforcements")
MOST: Final = 1_000_000_000
"""Of any whole number: it leaves room in its column for what is counted on."""
NAMES: Final = (
    "agent_id",
    "project_id",
    "conversation_id",
    "speaker",
    "source_id",
    "channel_id",
    "subject",
    "id",
    "name",
)
"""Fields that hold a name: not blank, and at most 255 characters."""
HASH: Final = re.compile("[0-9a-f]{64}")

_memory = TypeAdapter(Memory)
_things: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in THINGS.items()}
_item = TypeAdapter(HotItem)
_working = TypeAdapter(WorkingItem)
_MEMORY_FIELDS = fields_of(Memory) | {EMBEDDING}
_ITEM_FIELDS = fields_of(HotItem) - {"kind"}


def memory_of(body: Mapping[str, Any], scope: Scope, content_limit: int) -> Memory:
    """The memory in a line, as the user's. Its times are those of the line.

    Raises:
        ValidationError: naming the field at fault.
    """
    _known(body, _MEMORY_FIELDS)
    values = {"content_hash": "", **as_fields(body)}
    values.pop(EMBEDDING, None)
    values.setdefault("updated_at", values.get("written_at"))
    given = {**values, "tenant_id": scope.tenant_id, "user_id": scope.user_id, "author_id": None}
    memory = cast(Memory, _valid(_memory, given))
    text = check_text("text", memory.text)
    if len(text) > content_limit:
        problem = f"has {len(text):,} characters; one memory holds {content_limit:,}: raise RECOLLECT_CONTENT_LIMIT"
        raise ValidationError("text", problem)
    for name in FRACTIONS:
        _between(name, getattr(memory, name), 1)
    _between("decay_rate", memory.decay_rate, math.inf)
    for name in COUNTS:
        whole(name, getattr(memory, name))
    whole("version", memory.version, least=1)
    if memory.valid_from and memory.valid_to and memory.valid_to < memory.valid_from:
        raise ValidationError("valid_to", "must not be before valid_from")
    return replace(_settled(memory), provenance=_provenance(memory.provenance), content_hash=_hash_of(memory))


def thing_of(kind: str, body: Mapping[str, Any], scope: Scope) -> Thing:
    """The thing in a line, as the user's.

    Raises:
        ValidationError: naming the field at fault.
    """
    _known(body, fields_of(THINGS[kind]))
    given = {**as_fields(body), "tenant_id": scope.tenant_id, "user_id": scope.user_id}
    thing = _settled(cast(Thing, _valid(_things[kind], given)))
    _CHECKS.get(kind, _nothing)(thing)
    return thing


def item_of(kind: str, body: Mapping[str, Any], longest: datetime) -> HotItem:
    """What fades, in a line.

    Raises:
        ValidationError: naming the field at fault; also when it would stay beyond ``longest``.
    """
    _known(body, _ITEM_FIELDS)
    item = _settled(cast(HotItem, _valid(_item, {**body, "kind": kind})))
    if item.expires_at is None or item.expires_at > longest:
        raise ValidationError("expires_at", f"must be a time until {longest:%Y-%m-%d %H:%M} UTC; this is what fades")
    if item.kind is HotKind.WORKING:
        check_text("value.text", _valid(_working, dict(item.value)).text)
    return item


def _valid(adapter: TypeAdapter[Any], values: Mapping[str, Any]) -> Any:
    try:
        return adapter.validate_python(values)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or "line"
        raise ValidationError("metadata" if field == "extra" else field, first["msg"].lower()) from None
    except RecursionError:
        raise ValidationError("line", "is nested too deeply") from None


def _known(body: Mapping[str, Any], allowed: Collection[str]) -> None:
    for name in body:
        if name not in allowed:
            raise ValidationError(name, f"is unknown; such a line has {', '.join(sorted(allowed))}")


def _settled(thing: Any) -> Any:
    """The thing with its times in UTC, once nothing in it can be refused by the database."""
    changed: dict[str, Any] = {}
    for one in fields(thing):
        value: object = getattr(thing, one.name)
        if isinstance(value, datetime):
            changed[one.name] = check_time(one.name, value)
        elif isinstance(value, float) and not math.isfinite(value):
            raise ValidationError(one.name, "must be a finite number")
        elif isinstance(value, int) and not isinstance(value, bool):
            whole(one.name, value, least=-MOST, most=MOST)
        elif isinstance(value, Mapping):
            check_extra("metadata" if one.name == "extra" else one.name, cast(Mapping[str, Any], value))
        elif isinstance(value, str) and one.name in NAMES and value != "":
            check_id(one.name, value)
    return replace(thing, **changed)


def _provenance(provenance: Provenance) -> Provenance:
    tellings = tuple(
        replace(
            told,
            told_at=None if told.told_at is None else check_time("told_at", told.told_at),
            written_at=check_time("written_at", told.written_at),
            since=None if told.since is None else check_time("since", told.since),
        )
        for told in provenance.tellings
    )
    return replace(provenance, tellings=tellings)


def _hash_of(memory: Memory) -> str:
    """What makes it the same as another: as the line says, for not every kind is told by its words alone."""
    if HASH.fullmatch(memory.content_hash):
        return memory.content_hash
    plain = doubted(content_hash(memory.speaker, memory.text), memory.trust)
    return said_in(plain, memory.channel_id, memory.audience)


def _between(field: str, value: float, most: float) -> None:
    if not 0 <= value <= most or math.isinf(value):
        raise ValidationError(field, f"must be a number from 0 {'on' if most > 1 else 'to 1'}, not {value}")


def _nothing(thing: Any) -> None:
    """Nothing more is asked of it."""


def _turn(turn: Turn) -> None:
    check_id("conversation_id", turn.conversation_id)
    whole("index", turn.index)
    whole("tokens", turn.tokens)


def _conversation(conversation: Conversation) -> None:
    whole("turn_count", conversation.turn_count)


def _relationship(tie: Relationship) -> None:
    _between("confidence", tie.confidence, 1)
    if tie.source_id == tie.target_id:
        raise ValidationError("target_id", "must be another memory than source_id")


def _tool(call: ToolInvocation) -> None:
    json_value("output", call.output)
    if call.latency_ms is not None:
        _between("latency_ms", call.latency_ms, math.inf)


def _goal(goal: Goal) -> None:
    whole("priority", goal.priority, least=1, most=5)
    if goal.id in (goal.parent_id, *goal.blocked_by):
        raise ValidationError("parent_id", "must not be the goal itself")


def _reflection(reflection: Reflection) -> None:
    whole("attempts", reflection.attempts)


_CHECKS: Final[Mapping[str, Callable[[Any], None]]] = {
    Turn.KIND: _turn,
    Conversation.KIND: _conversation,
    Relationship.KIND: _relationship,
    ToolInvocation.KIND: _tool,
    Goal.KIND: _goal,
    Reflection.KIND: _reflection,
}
