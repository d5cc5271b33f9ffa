"""Reads a condition from JSON-like data, strictly: what is not understood is refused, with the path to it.

``{"AND": [...]}``, ``{"OR": [...]}``, ``{"NOT": {...}}`` (of a list: none of them); ``{"field": {"op": value, ...}}``,
``{"field": value}`` for ``eq``, ``{"field": "*"}`` for any value at all, ``{"field": None}`` for none. Several entries
of one object must all hold. Fields are those of ``condition.FIELDS`` and ``metadata.<path>``, where
``{"metadata": {"a": 1}}`` stands for ``{"metadata.a": 1}``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, cast

from recollect.domain.condition import (
    ENUMS,
    FIELDS,
    METADATA,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FieldKind,
    Not,
    Op,
    Scalar,
    kind_of,
    path_of,
    single,
)
from recollect.domain.shown import shown
from recollect.domain.storable import check_storable
from recollect.domain.times import parse_time
from recollect.errors import ValidationError

MAX_DEPTH: Final = 10
MAX_COMPARISONS: Final = 200
MAX_VALUES: Final = 1_000
MAX_TEXT: Final = 10_000
MAX_PATH: Final = 8
MAX_NUMBER: Final = 10**15
"""Whole numbers beyond are not told apart by every JSON reader."""

_EQUALITY = ("eq", "ne", "in", "nin")
_ORDER = ("gt", "gte", "lt", "lte")
_WORDS = ("contains", "icontains")
_FITTING: Final[Mapping[FieldKind, tuple[str, ...]]] = {
    FieldKind.ENUM: _EQUALITY,
    FieldKind.TEXT: (*_EQUALITY, *_ORDER, *_WORDS),
    FieldKind.NUMBER: (*_EQUALITY, *_ORDER),
    FieldKind.TIME: (*_EQUALITY, *_ORDER),
    FieldKind.METADATA: (*_EQUALITY, *_ORDER, *_WORDS),
    FieldKind.IDS: (),
}


def parse_condition(data: object, path: str = "filters") -> Condition:
    """The condition that the data describes.

    Raises:
        ValidationError: naming the path to what is wrong, e.g. ``filters.AND[1].importance.gte``.
    """
    return _Parser(path).condition(data, path, 1)


class _Parser:
    """Counts the comparisons of one condition."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._count = 0

    def condition(self, data: object, path: str, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise ValidationError(path, f"lies deeper than {MAX_DEPTH} levels")
        if not isinstance(data, Mapping):
            raise ValidationError(path, f"must be an object such as {{'type': 'goal'}}, not {type(data).__name__}")
        entries = cast("Mapping[object, object]", data)
        if not entries:
            raise ValidationError(path, "must not be empty")
        return _joined([self._entry(name, value, path, depth) for name, value in entries.items()])

    def _entry(self, name: object, value: object, path: str, depth: int) -> Condition:
        if not isinstance(name, str):
            raise ValidationError(path, f"must have strings as keys, not {type(name).__name__}")
        here = f"{path}.{name[:80]}"
        if name in ("AND", "OR"):
            parts = tuple(self._listed(value, here, depth))
            return AllOf(parts) if name == "AND" else AnyOf(parts)
        if name == "NOT":
            if isinstance(value, Mapping):
                return Not(self.condition(cast(object, value), here, depth + 1))
            return Not(AnyOf(tuple(self._listed(value, here, depth))))
        if name == "metadata":
            return self._metadata(value, here)
        return self._field(_checked_name(name, here), value, here)

    def _listed(self, value: object, path: str, depth: int) -> list[Condition]:
        if not isinstance(value, (list, tuple)) or not value:
            raise ValidationError(path, "must be a list of at least one condition")
        parts = cast("list[object]", value)
        if len(parts) > MAX_COMPARISONS:
            raise ValidationError(path, f"has {len(parts)} parts; at most {MAX_COMPARISONS} are allowed")
        return [self.condition(part, f"{path}[{number}]", depth + 1) for number, part in enumerate(parts)]

    def _metadata(self, value: object, path: str) -> Condition:
        if not isinstance(value, Mapping) or not value:
            raise ValidationError(path, "must be an object of metadata keys and what they are compared with")
        entries = cast("Mapping[object, object]", value)
        return _joined(
            [
                self._field(_checked_name(f"{METADATA}{name}", f"{path}.{name}"), wanted, f"{path}.{name}")
                for name, wanted in entries.items()
            ]
        )

    def _field(self, field: str, value: object, path: str) -> Condition:
        if not isinstance(value, Mapping):
            return self._compared(field, "eq", value, path)
        wanted = cast("Mapping[object, object]", value)
        if not wanted:
            raise ValidationError(path, f"must name an operator: {', '.join(_FITTING[kind_of(field)])}")
        return _joined([self._compared(field, op, one, f"{path}.{op}") for op, one in wanted.items()])

    def _compared(self, field: str, op: object, value: object, path: str) -> Condition:
        self._count += 1
        if self._count > MAX_COMPARISONS:
            raise ValidationError(self._root, f"has more than {MAX_COMPARISONS} comparisons")
        fitting = _FITTING[kind_of(field)]
        if op not in fitting:
            raise ValidationError(path, f"{str(op)[:40]!r} does not fit {field}; it takes {', '.join(fitting)}")
        if op in ("eq", "ne"):
            return _negated_if(op == "ne", _equal(field, value, path))
        if op in ("in", "nin"):
            return _negated_if(op == "nin", _one_of(field, value, path))
        if op in _WORDS:
            return Compare(field, Op(op), _text_to_find(field, value, path))
        return Compare(field, Op(op), _to_order(field, value, path))


def _joined(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _negated_if(negated: bool, condition: Condition) -> Condition:
    return Not(condition) if negated else condition


def _checked_name(name: str, path: str) -> str:
    if name in FIELDS:
        return name
    if not name.startswith(METADATA):
        known = ", ".join(FIELDS)
        raise ValidationError(path, f"is no field that can be filtered; there are {known} and metadata.<path>")
    keys = path_of(name)
    if not all(keys) or len(keys) > MAX_PATH or len(name) > 500:
        raise ValidationError(path, f"must be metadata.<key>, with at most {MAX_PATH} keys joined by dots")
    return f"{METADATA}{check_storable(path, name.removeprefix(METADATA))}"


def _equal(field: str, value: object, path: str) -> Condition:
    if value == "*":
        return Compare(field, Op.PRESENT)
    if value is None or (field == "agent_id" and value == ""):
        return Not(Compare(field, Op.PRESENT))
    return Compare(field, Op.EQ, _value(field, value, path))


def _one_of(field: str, value: object, path: str) -> Condition:
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise ValidationError(path, f"must be a list of values, not {type(value).__name__}")
    given = list(cast("list[object]", value))
    if len(given) > MAX_VALUES:
        raise ValidationError(path, f"has {len(given)} values; at most {MAX_VALUES} are allowed")
    values = tuple(_value(field, one, f"{path}[{number}]") for number, one in enumerate(given))
    return Compare(field, Op.IN, values)


def _value(field: str, value: object, path: str) -> Scalar:
    return _READERS[kind_of(field)](field, value, path)


def _to_order(field: str, value: object, path: str) -> Scalar:
    read = _value(field, value, path)
    if isinstance(read, bool):
        raise ValidationError(path, "must be a number or a text: true and false have no order")
    return read


def _text_to_find(field: str, value: object, path: str) -> Scalar:
    if kind_of(field) is FieldKind.METADATA and not isinstance(value, str):
        return _value(field, value, path)
    text = _text(field, value, path)
    if not text:
        raise ValidationError(path, "must not be empty")
    return text


def _enum(field: str, value: object, path: str) -> Scalar:
    members = ENUMS[field]
    allowed = [member.value for member in members]
    if not isinstance(value, str) or value not in allowed:
        raise ValidationError(path, f"must be one of {', '.join(allowed)}; not {shown(value)}")
    return str(value)


def _text(_field: str, value: object, path: str) -> str:
    if not isinstance(value, str):
        raise ValidationError(path, f"must be a string, not {type(value).__name__}")
    if len(value) > MAX_TEXT:
        raise ValidationError(path, f"has {len(value)} characters; at most {MAX_TEXT} are allowed")
    return check_storable(path, str(value))


def _number(_field: str, value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:  # noqa: PLR0124 - not a number
        raise ValidationError(path, f"must be a number, not {shown(value)}")
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise ValidationError(path, f"must lie between -{MAX_NUMBER} and {MAX_NUMBER}")
    return float(value)


def _score(field: str, value: object, path: str) -> float:
    return single(_number(field, value, path))


def _time(_field: str, value: object, path: str) -> datetime:
    return parse_time(path, value)


def _any_scalar(field: str, value: object, path: str) -> Scalar:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return _number(field, value, path)
    if isinstance(value, str):
        return _text(field, value, path)
    raise ValidationError(path, f"must be a string, a number, true or false, not {type(value).__name__}")


_READERS: Final[Mapping[FieldKind, Callable[[str, object, str], Scalar]]] = {
    FieldKind.ENUM: _enum,
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _score,
    FieldKind.TIME: _time,
    FieldKind.METADATA: _any_scalar,
    FieldKind.IDS: _text,
}
