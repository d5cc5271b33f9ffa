"""Conditions and what policies see, as masks over the resident arrays; worked out once for each snapshot."""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from recollect.domain.condition import (
    ENUMS,
    AllOf,
    Compare,
    Condition,
    FieldKind,
    Not,
    Op,
    holds,
    kind_of,
)
from recollect.domain.decision import OCCURRED_MONTH, WRITTEN_MONTH, Readable, Seen
from recollect.recall.resident.columns import ENDLESS, NO_CODE, UNKNOWN_TIME, Codes, microseconds
from recollect.recall.resident.snapshot import Snapshot

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

CLOSE: Final = 65_536
"""Up to this span numbers are told apart by a table, which is faster than sorting."""
_COLUMNS: Final = {
    "agent_id": "agent",
    "project_id": "project",
    "conversation_id": "conversation",
    "source_id": "source",
    "author_id": "author",
    "channel_id": "channel",
    "occurred_at": "occurred",
    "written_at": "written",
}
"""Columns that are named otherwise than the field they hold."""
_ABSENT: Final = {"valid_to": ENDLESS}
_COMPARED: Final[dict[Op, Callable[[Any, Any], Mask]]] = {
    Op.EQ: np.equal,
    Op.GT: np.greater,
    Op.GTE: np.greater_equal,
    Op.LT: np.less,
    Op.LTE: np.less_equal,
}


def condition_mask(snapshot: Snapshot, condition: Condition) -> Mask:
    """Bool, shape (slots,): of which memories the condition holds. It must not need the store; not to be written to."""
    return snapshot.kept(condition, lambda: _mask(snapshot, condition))


def readable_mask(snapshot: Snapshot, readable: Readable) -> Mask:
    """Bool, shape (slots,): which memories look as policies let them pass; not to be written to."""
    return snapshot.kept(readable, lambda: _readable(snapshot, readable))


def looks(snapshot: Snapshot, fields: Sequence[str], mask: Mask | None = None) -> list[Seen]:
    """The different things that policies see of the memories (those in the mask), when they look at these fields."""
    seen, group = _groups(snapshot, tuple(fields))
    if mask is None:
        mask = snapshot.alive
    present = np.bincount(group[mask], minlength=len(seen))
    # Two codes may look the same: who put a memory there, and whose it is when nobody is named.
    return list(dict.fromkeys(look for look, count in zip(seen, present.tolist(), strict=True) if count))


def _mask(snapshot: Snapshot, condition: Condition) -> Mask:
    if isinstance(condition, Compare):
        return _compared(snapshot, condition)
    if isinstance(condition, Not):
        return ~_mask(snapshot, condition.part)
    joined = np.logical_and if isinstance(condition, AllOf) else np.logical_or
    result = np.full(snapshot.slots, isinstance(condition, AllOf))
    for part in condition.parts:
        joined(result, _mask(snapshot, part), out=result)
    return result


def _compared(snapshot: Snapshot, compare: Compare) -> Mask:
    kind = kind_of(compare.field)
    if compare.field == "owner":
        by_author = _among(snapshot, Compare("author_id", compare.op, compare.value))
        nobody = snapshot.records["author"] == NO_CODE
        return by_author | nobody if _constant(snapshot, compare) else by_author
    if compare.field == "user_id":
        return np.full(snapshot.slots, _constant(snapshot, compare))
    if kind is FieldKind.ENUM:
        table = np.array([holds(compare.op, member.value, compare.value) for member in ENUMS[compare.field]])
        return table[snapshot.records[compare.field]]
    if kind is FieldKind.NUMBER:
        return _ordered(snapshot.records[compare.field], compare, np.float32)
    if kind is FieldKind.TIME:
        return _timed(snapshot, compare)
    if kind is FieldKind.IDS:
        return _heard(snapshot, compare)
    return _among(snapshot, compare)


def _constant(snapshot: Snapshot, compare: Compare) -> bool:
    return holds(compare.op, snapshot.user_id, compare.value)


def _among(snapshot: Snapshot, compare: Compare) -> Mask:
    """For texts that are held as numbers: the few different texts are judged, not the many memories."""
    codes = _codes(snapshot, compare.field)
    column = snapshot.records[_COLUMNS[compare.field]]
    names = codes.names[:]  # it may grow meanwhile, with texts that this snapshot does not hold
    table = np.zeros(len(names) + 1, bool)  # the last for NO_CODE, which is -1
    table[_fitting(codes, names, compare)] = True
    if compare.field == "agent_id" and (shared := codes.find("")) is not None:
        table[shared if shared < len(names) else NO_CODE] = False
    return table[column]


def _heard(snapshot: Snapshot, compare: Compare) -> Mask:
    """For audiences, of which there are few."""
    names = snapshot.audiences.names[:]
    fitting = [holds(compare.op, json.loads(name), compare.value) for name in names]
    return np.array([*fitting, False], bool)[snapshot.records["audience"]]  # the last for NO_CODE, which is -1


def _codes(snapshot: Snapshot, field: str) -> Codes:
    return snapshot.conversations if field == "conversation_id" else snapshot.scopes


def _fitting(codes: Codes, names: Sequence[str], compare: Compare) -> list[int]:
    if compare.op in (Op.EQ, Op.IN):
        wanted = compare.value if isinstance(compare.value, tuple) else (compare.value,)
        found = (codes.find(name) for name in wanted if isinstance(name, str))
        return [code for code in found if code is not None and code < len(names)]
    return [code for code, name in enumerate(names) if holds(compare.op, name, compare.value)]


def _timed(snapshot: Snapshot, compare: Compare) -> Mask:
    column = snapshot.records[_COLUMNS.get(compare.field, compare.field)]
    known = column != _ABSENT.get(compare.field, UNKNOWN_TIME)
    return known if compare.op is Op.PRESENT else known & _ordered(column, compare, np.int64)


def _ordered(column: npt.NDArray[Any], compare: Compare, sort: type[np.float32 | np.int64]) -> Mask:
    if compare.op is Op.PRESENT:
        return np.ones(len(column), bool)
    if compare.op is Op.IN:
        values = cast("Collection[float | datetime]", compare.value)
        return np.isin(column, np.array([_number(value) for value in values], sort))
    return _COMPARED[compare.op](column, sort(_number(cast("float | datetime", compare.value))))


def _number(value: float | datetime) -> float | int:
    return microseconds(value) if isinstance(value, datetime) else value


def _readable(snapshot: Snapshot, readable: Readable) -> Mask:
    seen, group = _groups(snapshot, readable.fields)
    return np.array([look in readable.seen for look in seen], bool)[group]


def _groups(snapshot: Snapshot, fields: tuple[str, ...]) -> tuple[list[Seen], Numbers]:
    """The different looks, and for each slot the number of its own."""
    return snapshot.kept(("looks", fields), lambda: _grouped(snapshot, fields))


def _grouped(snapshot: Snapshot, fields: tuple[str, ...]) -> tuple[list[Seen], Numbers]:
    group: Numbers = np.zeros(snapshot.slots, np.int64)
    looks: list[Seen] = [()] if snapshot.slots else []
    for field in fields:
        codes, own = _different(_coded(snapshot, field))
        names = [_decoded(snapshot, field, code) for code in codes.tolist()]
        pairs, group = _different(group * len(codes) + own)
        looks = [(*looks[pair // len(codes)], names[pair % len(codes)]) for pair in pairs.tolist()]
    return looks, group


def _different(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The different numbers, ascending, and for each number its place among them."""
    if not len(numbers):
        return numbers, numbers
    least = int(numbers.min())
    span = int(numbers.max()) - least + 1
    if span > CLOSE:
        return np.unique(numbers, return_inverse=True)
    shifted = numbers - least
    occurs = np.zeros(span, bool)
    occurs[shifted] = True
    return np.flatnonzero(occurs) + least, (np.cumsum(occurs) - 1)[shifted]


def _coded(snapshot: Snapshot, field: str) -> Numbers:
    if field == "user_id":
        return np.zeros(snapshot.slots, np.int64)
    if field in (OCCURRED_MONTH, WRITTEN_MONTH):
        times = snapshot.records["occurred" if field == OCCURRED_MONTH else "written"]
        return times.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    column = "author" if field == "owner" else _COLUMNS.get(field, field)
    return snapshot.records[column].astype(np.int64)


def _decoded(snapshot: Snapshot, field: str, code: int) -> str | None:
    if field in ENUMS:
        return list(ENUMS[field])[code].value
    if field in (OCCURRED_MONTH, WRITTEN_MONTH):
        return None if code == _NO_MONTH else str(np.datetime64(code, "M"))
    if field == "user_id" or (field == "owner" and code == NO_CODE):
        return snapshot.user_id
    name = None if code == NO_CODE else _codes(snapshot, field).names[code]
    return (name or None) if field == "agent_id" else name


_NO_MONTH: Final = int(np.int64(UNKNOWN_TIME).astype("datetime64[us]").astype("datetime64[M]").astype(np.int64))
"""What the unknown time, which is numpy's "not a time", becomes."""
