"""Condition: what must hold of a memory, as a tree that every backend reads in the same way.

A comparison with something absent (None, a missing metadata path) is false; ``ne``, ``nin`` and ``NOT`` turn whatever
they stand before round, so ``speaker ne "Ann"`` holds where nobody spoke. There are no third truth values. ``agent_id``
counts as absent when the user's agents share the memory. ``owner`` is the author, or else the user. Scores are compared
in single precision, which is what the resident arrays hold.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, cast

from recollect.domain.record import Memory, MemoryType, Sensitivity, Status, Tier, Trust

Scalar = str | float | int | bool | datetime
METADATA: Final = "metadata."


class Op(StrEnum):
    """How a field is compared; ``present`` is the wildcard ``*``."""

    EQ = "eq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    CONTAINS = "contains"
    ICONTAINS = "icontains"
    PRESENT = "present"


class FieldKind(StrEnum):
    """What a field holds, and so which operators fit it."""

    ENUM = "enum"
    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    METADATA = "metadata"
    IDS = "ids"  # several; only ``contains`` and ``present``


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; ``value`` is a tuple for ``in``, None for ``present``, and of the field's kind otherwise."""

    field: str
    op: Op
    value: Scalar | tuple[Scalar, ...] | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; without parts it always holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; without parts it never holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition = Compare | AllOf | AnyOf | Not

NEVER: Final = AnyOf(())
"""Nothing passes."""

ENUMS: Final[Mapping[str, type[StrEnum]]] = {
    "type": MemoryType,
    "tier": Tier,
    "status": Status,
    "trust": Trust,
    "sensitivity": Sensitivity,
}
_TEXTS = (
    "agent_id",
    "project_id",
    "conversation_id",
    "channel_id",
    "source_id",
    "author_id",
    "user_id",
    "owner",
    "subject",
    "speaker",
    "key",
    "value",
    "text",
)
_NUMBERS = ("confidence", "importance", "emotion")
_TIMES = ("occurred_at", "written_at", "valid_from", "valid_to")
FIELDS: Final[Mapping[str, FieldKind]] = {
    **dict.fromkeys(ENUMS, FieldKind.ENUM),
    **dict.fromkeys(_TEXTS, FieldKind.TEXT),
    **dict.fromkeys(_NUMBERS, FieldKind.NUMBER),
    **dict.fromkeys(_TIMES, FieldKind.TIME),
}
"""The fields of a record that a condition may name, beside ``metadata.<path>``."""

AUDIENCE: Final = "audience"
"""To whom something was said aside: what the rule of hearing looks at; no caller and no policy names it."""

NOT_RESIDENT: Final = frozenset({"speaker", "subject", "key", "value", "text"})
"""Fields that the resident arrays do not hold as they are written; like metadata they are the store's to judge."""


def kind_of(field: str) -> FieldKind:
    """What the field holds."""
    if field == AUDIENCE:
        return FieldKind.IDS
    return FieldKind.METADATA if field.startswith(METADATA) else FIELDS[field]


def path_of(field: str) -> tuple[str, ...]:
    """The keys that lead to a metadata field's value."""
    return tuple(field.removeprefix(METADATA).split("."))


def both(*conditions: Condition | None) -> Condition | None:
    """The condition that all of these hold; None says nothing, and no condition at all gives None."""
    given = tuple(condition for condition in conditions if condition is not None)
    if not given:
        return None
    return given[0] if len(given) == 1 else AllOf(given)


def comparisons(condition: Condition) -> Iterator[Compare]:
    """Every comparison in the tree."""
    if isinstance(condition, Compare):
        yield condition
    else:
        for part in (condition.part,) if isinstance(condition, Not) else condition.parts:
            yield from comparisons(part)


def needs_store(condition: Condition | None) -> bool:
    """Whether only the store can judge it: it names a field that is not resident."""
    if condition is None:
        return False
    return any(c.field in NOT_RESIDENT or c.field.startswith(METADATA) for c in comparisons(condition))


def matches(condition: Condition, memory: Memory) -> bool:
    """Whether the condition holds of the memory."""
    if isinstance(condition, AllOf):
        return all(matches(part, memory) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return any(matches(part, memory) for part in condition.parts)
    if isinstance(condition, Not):
        return not matches(condition.part, memory)
    return holds(condition.op, value_of(memory, condition.field), condition.value)


def value_of(memory: Memory, field: str) -> object:
    """What the memory holds under the field's name, None if it is absent."""
    if field.startswith(METADATA):
        return _under(memory.extra, path_of(field))
    if field == "owner":
        return memory.author_id if memory.author_id is not None else memory.user_id
    if field in ("agent_id", AUDIENCE):
        return getattr(memory, field) or None
    held = getattr(memory, field)
    return single(held) if field in _NUMBERS else held


def holds(op: Op, held: object, value: Scalar | tuple[Scalar, ...] | None) -> bool:
    """Whether what is held stands in the relation to the value; never, when nothing is held."""
    if held is None:
        return False
    if op is Op.PRESENT:
        return True
    if op is Op.IN:
        return any(_same(held, one) for one in cast("tuple[Scalar, ...]", value))
    if op is Op.EQ:
        return _same(held, value)
    if op in (Op.CONTAINS, Op.ICONTAINS):
        return _contains(held, cast(Scalar, value), lower_case if op is Op.ICONTAINS else _as_is)
    return _ordered(op, held, value)


def single(number: float) -> float:
    """The number as single precision holds it."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


def lower_case(text: str) -> str:
    """Lower case letter by letter, as Postgres has it: no letter becomes two, and none looks at its neighbours."""
    if text.isascii():
        return text.lower()
    return "".join("i" if letter == "\u0130" else letter.lower() for letter in text)


def _as_is(text: str) -> str:
    return text


def _under(extra: Mapping[str, Any], path: tuple[str, ...]) -> object:
    found: object = extra
    for name in path:
        if not isinstance(found, Mapping):
            return None
        found = cast("Mapping[str, object]", found).get(name)
    return found


def _sort_of(value: object) -> type | None:
    """Values of different sorts never equal or order; None for what cannot be compared."""
    for sort in (bool, str, datetime):
        if isinstance(value, sort):
            return sort
    return float if isinstance(value, (int, float)) else None


def _same(held: object, value: object) -> bool:
    sort = _sort_of(held)
    return sort is not None and sort is _sort_of(value) and held == value


def _contains(held: object, value: Scalar, folded: Callable[[str], str]) -> bool:
    if isinstance(held, str):
        return isinstance(value, str) and folded(value) in folded(held)
    if not isinstance(held, (list, tuple)):
        return False
    wanted = folded(value) if isinstance(value, str) else value
    entries = cast("list[object]", held)
    return any(_same(folded(one) if isinstance(one, str) else one, wanted) for one in entries)


def _ordered(op: Op, held: object, value: object) -> bool:
    sort = _sort_of(held)
    if sort is None or sort is bool or sort is not _sort_of(value):
        return False
    one, other = cast(Any, held), cast(Any, value)
    if op is Op.GT:
        return bool(one > other)
    if op is Op.GTE:
        return bool(one >= other)
    return bool(one < other) if op is Op.LT else bool(one <= other)
