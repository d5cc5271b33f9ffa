"""Admit: is this text something that can be stored at all?"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from recollect.domain.event import canonical_json
from recollect.domain.storable import check_storable
from recollect.errors import ValidationError
from recollect.writing.draft import Draft

MAX_EXTRA_BYTES = 64_000
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL character in JSON; an escaped backslash before ``u0000`` is no NUL."""


def admit(draft: Draft, content_limit: int) -> Draft:
    """Returns the draft if its text and metadata can be stored.

    Raises:
        ValidationError: the text is empty, too long, or not text; the metadata is not JSON or too large.
    """
    check_text("content", draft.text)
    if len(draft.text) > content_limit:
        raise ValidationError(
            "content",
            f"has {len(draft.text):,} characters; one memory holds {content_limit:,}: add it with "
            "source_type='document' to have it cut, or raise RECOLLECT_CONTENT_LIMIT",
        )
    check_extra("metadata", draft.extra)
    return draft


def check_text(field: str, text: object) -> str:
    """Returns ``text`` if it is storable text: a non-blank string without NUL, lone surrogates or binary rubbish."""
    if isinstance(text, bytes):
        raise ValidationError(field, "is bytes; decode it to a string first")
    if not isinstance(text, str):
        raise ValidationError(field, f"must be a string, not {type(text).__name__}")
    if not text.strip():
        raise ValidationError(field, "is empty; there is nothing to remember")
    check_storable(field, text)
    controls = sum(1 for character in text if character < " " and character not in "\n\r\t\f\v\b\x1b")
    if controls > 8 and controls > len(text) // 50:
        raise ValidationError(field, f"looks like binary data ({controls} control characters); give text")
    return text


def check_extra(field: str, extra: Mapping[str, Any]) -> None:
    """Checks that metadata is a JSON object of at most 64,000 bytes that Postgres can store."""
    if not isinstance(extra, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
        raise ValidationError(field, f"must be an object, not {type(extra).__name__}")
    try:
        _check_keys(field, extra)
        encoded = canonical_json(dict(extra))
    except ValidationError:
        raise
    except (TypeError, ValueError) as error:
        raise ValidationError(field, f"must be JSON (no NaN, bytes or dates): {error}") from None
    except RecursionError:
        raise ValidationError(field, "is nested too deeply") from None
    if len(encoded) > MAX_EXTRA_BYTES:
        raise ValidationError(field, f"has {len(encoded):,} bytes as JSON; at most {MAX_EXTRA_BYTES:,} are allowed")
    if NUL.search(encoded):
        raise ValidationError(field, "contains a NUL character, which Postgres cannot store")


def _check_keys(field: str, value: object) -> None:
    if isinstance(value, Mapping):
        for key, item in cast(Mapping[object, object], value).items():
            if not isinstance(key, str):
                raise ValidationError(field, f"has the key {str(key)[:60]!r}; keys must be strings")
            _check_keys(field, item)
    elif isinstance(value, list | tuple):
        for item in cast(Sequence[object], value):
            _check_keys(field, item)
