"""What desks check beside scopes, limits and times: JSON values, fractions, positions, lengths, several ids at once."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from recollect.domain.event import canonical_json
from recollect.domain.ids import parse_id
from recollect.domain.shown import shown
from recollect.errors import ValidationError
from recollect.writing.steps.admit import check_extra, check_text

MAX_DEPTH = 64
"""Levels of nested JSON; what writes the log gives up at 255."""
MAX_WHOLE = 2**31 - 1
MAX_IDS = 1_000
LARGEST = sys.float_info.max
DESCRIPTION = 4_000
"""Characters of a description."""


def json_object(field: str, value: object) -> dict[str, Any]:
    """Returns a JSON object of at most 64,000 bytes as plain values, as they will be read back.

    Raises:
        ValidationError: naming ``field``.
    """
    if not isinstance(value, Mapping):
        raise ValidationError(field, f"must be an object, not {type(value).__name__}")
    given = cast(Mapping[str, Any], value)
    _check_depth(field, given)
    check_extra(field, given)
    return json.loads(canonical_json(given))


def json_value(field: str, value: object) -> Any:
    """Returns any JSON value of at most 64,000 bytes as plain values, as it will be read back.

    Raises:
        ValidationError: naming ``field``.
    """
    return json_object(field, {"value": value})["value"]


def small_json(field: str, value: object, *, most: int) -> Any:
    """Returns any JSON value of at most ``most`` bytes as plain values, as it will be read back.

    Raises:
        ValidationError: naming ``field``.
    """
    plain = json_value(field, value)
    size = len(canonical_json(plain))
    if size > most:
        raise ValidationError(field, f"has {size:,} bytes as JSON; at most {most:,} are allowed")
    return plain


def _check_depth(field: str, value: object) -> None:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise ValidationError(field, f"is nested more than {MAX_DEPTH} levels deep")


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return cast(Mapping[object, object], value).values()
    return cast(Sequence[object], value) if isinstance(value, list | tuple) else ()


def fraction(field: str, value: object) -> float:
    """Returns ``value`` if it is a number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValidationError(field, f"must be a number from 0 to 1, not {shown(value)}")
    return float(value)


def duration(field: str, value: object) -> float:
    """Returns ``value`` if it is a finite number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST:
        raise ValidationError(field, f"must be a number from 0 on, not {shown(value)}")
    return float(value)


def whole(field: str, value: object, *, least: int = 0, most: int = MAX_WHOLE) -> int:
    """Returns ``value`` if it is a whole number from ``least`` to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValidationError(field, f"must be a whole number from {least} to {most}, not {shown(value)}")
    return value


def short_text(field: str, value: object, *, most: int = DESCRIPTION) -> str:
    """Returns ``value`` if it is storable text of at most ``most`` characters."""
    text = check_text(field, value)
    if len(text) > most:
        raise ValidationError(field, f"has {len(text):,} characters; at most {most:,} are allowed")
    return text


def several_ids(field: str, value: object) -> list[UUID]:
    """The ids in ``value``, one or up to 1,000 of them, each once.

    Raises:
        ValidationError: naming ``field``; also when there is none.
    """
    given: Sequence[object] = [value] if isinstance(value, str | UUID) else cast(Sequence[object], value)
    if not isinstance(given, list | tuple | set | frozenset) or not 1 <= len(given) <= MAX_IDS:
        raise ValidationError(field, f"must be one id or a list of 1 to {MAX_IDS:,} ids")
    return list(dict.fromkeys(parse_id(field, one) for one in given))


def needs_one(field: str, *given: object) -> None:
    """Refuses a call that changes nothing.

    Raises:
        ValidationError: all that was given is None.
    """
    if all(value is None for value in given):
        raise ValidationError(field, "give at least one new value; there is nothing to update")
