"""What may not be stored is refused with one clear sentence."""

import math

import pytest

from recollect.domain.scope import Scope
from recollect.errors import ValidationError
from recollect.writing.draft import Draft
from recollect.writing.steps.admit import admit, check_extra, check_text

SCOPE = Scope(tenant_id="t", user_id="u")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        (b"bytes", "decode it"),
        (5, "must be a string, not int"),
        (None, "must be a string"),
        ("a\x00b", "NUL character at position 1"),
        ("ab\ud800", "surrogate at position 2"),
        ("".join(chr(n) for n in range(1, 32)) * 9, "binary"),
    ],
)
def test_unstorable_text(text: object, message: str):
    with pytest.raises(ValidationError, match=message):
        check_text("content", text)


@pytest.mark.parametrize("text", ["ok", "日本語", "tabs\tand\nlines", "🦊", "\x1b[31mred\x1b[0m", "a" * 10_000])
def test_storable_text(text: str):
    assert check_text("content", text) == text


def test_the_content_limit_names_the_way_out():
    draft = Draft(scope=SCOPE, text="x" * 11)
    assert admit(draft, 11) is draft
    with pytest.raises(ValidationError, match=r"11 characters; one memory holds 10.*source_type='document'"):
        admit(draft, 10)


@pytest.mark.parametrize(
    "extra", [{"a": math.nan}, {"a": object()}, {"a": b"x"}, {"a": "\x00"}, {"a": "x" * 70_000}, {1: {2, 3}}]
)
def test_metadata_must_be_storable_json(extra: dict[str, object]):
    with pytest.raises(ValidationError, match=r"^metadata: "):
        check_extra("metadata", extra)
