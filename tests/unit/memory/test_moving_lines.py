"""Lines of a file: whose they are, what they hold, and the ids that stand for those that are taken."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from recollect.domain.ids import new_id
from recollect.domain.scope import Scope
from recollect.errors import ValidationError
from recollect.memory.moving.form import MEMORY, MESSAGE, TEXT, ids_in, with_ids
from recollect.memory.moving.run import id_instead
from recollect.memory.moving.source import Line, Raw, Source

pytestmark = pytest.mark.anyio

HEADER = {"kind": "header", "format": 1, "user_id": "ana"}


async def read(*lines: Raw, user_id: str | None = None) -> list[Line]:
    """What a source makes of the lines."""
    return [line async for part in Source(lines, user_id).parts() for line in part]


async def test_lines_are_numbered_and_blank_ones_and_headers_left_out():
    found = await read("\ufeff" + '{"text": "a", "user_id": "u"}', "", HEADER, b' {"role": "user", "content": "b"}\n')
    assert [(line.number, line.kind, line.user_id) for line in found] == [(1, TEXT, "u"), (4, MESSAGE, "ana")]
    assert found[0].body == {"text": "a"}


@pytest.mark.parametrize(
    ("lines", "user_id", "whose"),
    [
        ([{"text": "a"}], "ben", "ben"),
        ([HEADER, {"text": "a"}], None, "ana"),
        ([HEADER, {"text": "a"}], "ben", "ben"),
        ([HEADER, {"text": "a", "user_id": "cleo"}], None, "cleo"),
        ([HEADER, {**HEADER, "user_id": "eva"}, {"kind": "goal"}], None, "eva"),
    ],
)
async def test_whose_a_line_is(lines: list[Raw], user_id: str | None, whose: str):
    (line,) = await read(*lines, user_id=user_id)
    assert (line.user_id, line.problem) == (whose, "")


@pytest.mark.parametrize(
    ("lines", "user_id", "problem"),
    [
        ([{"text": "a"}], None, "neither the line nor a header"),
        ([{"text": "a", "user_id": "cleo"}], "ben", "the line says 'cleo'"),
        ([{"text": "a", "user_id": "recollect:tenant"}], None, "is reserved"),
        ([HEADER, {**HEADER, "user_id": "eva"}, {"kind": "goal"}], "ben", "the header says 'eva'"),
        (["[" * 100_000], "ben", "is not JSON"),
        ([{"text": "a", "metadata": {"x": "\x00"}}], "ben", "NUL"),
        ([{"text": uuid4()}], "ben", "is not JSON"),
    ],
)
async def test_why_a_line_cannot_be_used(lines: list[Raw], user_id: str | None, problem: str):
    (line,) = await read(*lines, user_id=user_id)
    assert problem in line.problem


async def test_another_format_stops_everything():
    with pytest.raises(ValidationError, match="line 2: format: is 7; this version reads 1"):
        await read({"text": "a"}, {**HEADER, "format": 7}, user_id="ana")


def test_an_id_that_is_taken_gets_the_same_substitute_each_time_and_keeps_its_age():
    taken, scope = new_id(), Scope(tenant_id="t", user_id="ana")
    instead = id_instead(taken, scope)
    assert instead == id_instead(taken, scope) != taken
    assert (instead.version, instead.variant) == (7, taken.variant)
    assert instead.int >> 80 == taken.int >> 80
    assert instead != id_instead(taken, Scope(tenant_id="t", user_id="ben"))


def test_ids_are_replaced_where_they_refer_to_something_and_nowhere_else():
    old, new = UUID(int=7 << 76 | 1), UUID(int=7 << 76 | 2)
    line: dict[str, Any] = {"id": str(old), "text": str(old), "metadata": {"see": str(old)}, "supersedes": str(old)}
    line |= {"provenance": {"evidence": ["m-1", str(old)], "tellings": [{"evidence": [str(old)]}]}, "stale_because": []}
    found = with_ids(MEMORY, line, {old: new})
    assert list(ids_in(MEMORY, line)) == [old] * 4
    assert list(ids_in(MEMORY, found)) == [new] * 4
    assert (found["text"], found["metadata"], found["provenance"]["evidence"][0]) == (
        str(old),
        {"see": str(old)},
        "m-1",
    )
