"""What LangGraph says of an item's value: which filters it passes, and which words it is to be found by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from recollect.errors import ValidationError
from recollect.memory.entry_changes import MAX_TEXT

OPERATORS: Final = ("$eq", "$ne", "$gt", "$gte", "$lt", "$lte")
MATCHES: Final = ("prefix", "suffix")


def check_keys(value: object, field: str = "value") -> None:
    """Refuses keys that are no strings: as JSON they would come back as others.

    Raises:
        ValidationError: naming one.
    """
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[object, object]", value).items():
            if not isinstance(key, str):
                raise ValidationError(field, f"has the key {str(key)[:60]!r}; keys must be strings")
            check_keys(item, field)
    elif isinstance(value, list | tuple):
        for item in cast("Sequence[object]", value):
            check_keys(item, field)


def passes(value: Mapping[str, Any], wanted: Mapping[str, Any] | None) -> bool:
    """Whether the value has what the filter demands of its fields.

    Raises:
        ValueError: an operator is unknown.
    """
    return all(_same(value.get(name), one) for name, one in (wanted or {}).items())


def _same(held: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        conditions = cast("Mapping[str, Any]", wanted)
        if any(str(name).startswith("$") for name in conditions):
            return all(_holds(held, operator, than) for operator, than in conditions.items())
        there = cast("Mapping[str, Any]", held) if isinstance(held, Mapping) else None
        return there is not None and all(_same(there.get(name), one) for name, one in conditions.items())
    if isinstance(wanted, list | tuple):
        several = cast("Sequence[Any]", wanted)
        if not isinstance(held, list | tuple) or len(cast("Sequence[Any]", held)) != len(several):
            return False
        return all(_same(one, other) for one, other in zip(cast("Sequence[Any]", held), several, strict=True))
    return bool(held == wanted)


def _holds(held: Any, operator: str, than: Any) -> bool:
    """One comparison; what cannot be ordered, such as a field that is not there, is neither more nor less."""
    if operator not in OPERATORS:
        raise ValueError(f"Unsupported operator: {operator}")
    if operator in ("$eq", "$ne"):
        return bool(held == than) == (operator == "$eq")
    pair = _ordered(held, than)
    if pair is None:
        return False
    one, other = pair
    if operator in ("$gt", "$gte"):
        return bool(one > other or (operator == "$gte" and one == other))
    return bool(one < other or (operator == "$lte" and one == other))


def _ordered(one: object, other: object) -> tuple[Any, Any] | None:
    """Both as numbers, if they are or read as numbers, or else both as texts."""
    try:
        return float(cast(Any, one)), float(cast(Any, other))
    except (TypeError, ValueError, OverflowError):
        return (one, other) if isinstance(one, str) and isinstance(other, str) else None


def words_of(texts: Iterable[str]) -> str:
    """The texts one below the other, without what a database cannot keep; at most so long as an entry may be."""
    words = "\n".join(text for text in texts if text)[:MAX_TEXT].replace("\x00", " ")
    return words.encode("utf-8", "replace").decode()


def lines_of(value: object, name: str = "") -> list[str]:
    """A whole value in words: each thing in it under its name, such as ``city: Lyon``."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return [line for key, one in fields.items() for line in lines_of(one, f"{name}.{key}" if name else key)]
    if isinstance(value, list | tuple):
        return [line for one in cast("Sequence[Any]", value) for line in lines_of(one, name)]
    if value is None:
        return []
    return [f"{name}: {value}" if name else str(value)]


def fits(namespace: Sequence[str], match_type: str, path: Sequence[str]) -> bool:
    """Whether the namespace begins or ends with the path, in which ``*`` stands for any label.

    Raises:
        ValueError: the kind of match is unknown.
    """
    if match_type not in MATCHES:
        raise ValueError(f"Unsupported match type: {match_type}")
    if len(namespace) < len(path):
        return False
    labels = namespace[: len(path)] if match_type == "prefix" else namespace[len(namespace) - len(path) :]
    return all(wanted in ("*", label) for label, wanted in zip(labels, path, strict=True))
