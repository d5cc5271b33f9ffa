"""What is left of an answer with --quiet, how helps are shortened, what is started by name, and exit codes."""

import pytest
import typer

from recollect.doors.cli.failing import CODES, exit_code
from recollect.doors.cli.lazy import shortened_help
from recollect.doors.cli.quiet import essence
from recollect.doors.cli.serving import size_in_bytes
from recollect.doors.cli.starting import resolve
from recollect.errors import (
    IdempotencyConflict,
    KeyUnavailable,
    ModelMissing,
    ModelUnavailable,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    RecollectError,
    StoreUnavailable,
    UsageError,
    ValidationError,
    VersionConflict,
)

CASES: list[tuple[object, list[str]]] = [
    ({"ids": ["a", "b"], "items": [{"memory_id": "a"}, {"memory_id": None}]}, ["a", "b"]),
    ({"query": "q", "hits": [{"memory": {"id": "a"}, "score": 1}, {"memory": {"id": "b"}}]}, ["a", "b"]),
    ({"memories": [{"id": "a", "entities": [{"name": "Anna"}]}], "next_cursor": None}, ["a"]),
    ({"memories": [], "next_cursor": None}, []),
    ({"id": "a", "text": "I live in Lyon", "entities": [{"name": "Lyon"}]}, ["a"]),
    ({"text": "## About the user", "query": "", "items": []}, ["## About the user"]),
    ({"key": {"id": "a"}, "token": "rk_1"}, ["rk_1"]),
    ({"deleted": "a"}, ["a"]),
    ({"goals": [{"goal": {"id": "a"}, "parts": []}]}, ["a"]),
    ({"sources": [{"name": "crm", "trust": "known"}]}, ["crm"]),
    ({"ok": True, "report": {"streams": 3}}, []),
    ([{"id": "a"}, {"memory_id": "b"}, "c", None], ["a", "b", "c"]),
    ({"text": ""}, []),
    (None, []),
    (7, []),
]


@pytest.mark.parametrize(("document", "lines"), CASES)
def test_the_essential_of_an_answer(document: object, lines: list[str]):
    assert essence(document) == lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Show a goal.", "Show a goal."),
        ("Remove a collection; its memories stay.", "Remove a collection; its memories stay."),
        (
            "Make the copy in Redis equal to the database: --user's, or all.",
            "Make the copy in Redis equal to the database.",
        ),
        ("One thing. Another thing that is long, and so on and on.", "One thing."),
        ("No clause ends early enough to be cut here at all", "No clause ends early enough to be cut here at all"),
        ("First.\n\nSecond paragraph.", "First."),
    ],
)
def test_a_help_on_one_line(text: str, line: str):
    assert shortened_help(text, 48) == line


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValidationError("limit", "is odd"), 1),
        (UsageError("closed"), 1),
        (KeyUnavailable("gone"), 1),
        (ModelMissing("not pulled"), 1),
        (NotFound("no"), 3),
        (NotAllowed("no"), 4),
        (NotAuthenticated("no"), 4),
        (VersionConflict(1, 2), 5),
        (IdempotencyConflict("no"), 5),
        (StoreUnavailable("away"), 6),
        (ModelUnavailable("away"), 6),
    ],
)
def test_an_exit_code_by_error(error: RecollectError, code: int):
    assert exit_code(error) == code
    assert f"{code} " in CODES
    assert issubclass(RateLimited, RecollectError)


def test_what_is_not_installed_is_one_line_with_its_remedy():
    assert resolve("recollect.doors.cli.quiet:essence") is essence
    with pytest.raises(UsageError, match=r"needs the package not_there: pip install 'recollect\[server\]'"):
        resolve("not_there.at_all:main", extra="server")
    with pytest.raises(UsageError, match="pip install not_there"):
        resolve("not_there:main")
    with pytest.raises(UsageError, match=r"has no recollect\.doors\.nowhere"):
        resolve("recollect.doors.nowhere:main", extra="server")


@pytest.mark.parametrize(
    ("text", "size"), [("1", 1), ("500k", 500_000), ("10M", 10_000_000), ("1.5 mb", 1_500_000), ("2G", 2_000_000_000)]
)
def test_sizes(text: str, size: int):
    assert size_in_bytes(text) == size


@pytest.mark.parametrize("text", ["", "0", "-1", "many", "1T", "1kk"])
def test_what_is_no_size(text: str):
    with pytest.raises(typer.BadParameter):
        size_in_bytes(text)
