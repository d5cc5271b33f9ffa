"""Logs of servers: what they say, and that they do not quote what users said."""

import asyncio
import logging
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from log_lines import logged
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.faults import translate
from recollect.errors import StoreUnavailable, ValidationError
from recollect.ports.redaction import Redacted, described
from recollect.ports.telemetry import REQUEST_ID, TRACE_ID

WORD = "elderberry"
"""What must not be seen."""


def failing() -> Exception:
    """An error that quotes the secret, raised while another one was handled that does too."""
    try:
        try:
            raise KeyError(WORD)
        except KeyError as error:
            raise ValidationError("text", f"is {WORD!r}") from error
    except ValidationError as error:
        return error


def test_a_json_line_has_the_request_and_the_trace():
    with logged() as lines:
        marks = REQUEST_ID.set("abc-1"), TRACE_ID.set("0af7651916cd43dd8448eb211c80319c")
        logging.getLogger("recollect.access").info("request", extra={"method": "GET", "status": 200, "unknown": WORD})
        REQUEST_ID.reset(marks[0])
        TRACE_ID.reset(marks[1])
    (line,) = lines.told
    assert (line["level"], line["logger"], line["message"]) == ("info", "recollect.access", "request")
    assert (line["request_id"], line["trace_id"]) == ("abc-1", "0af7651916cd43dd8448eb211c80319c")
    assert (line["method"], line["status"]) == ("GET", 200)
    assert WORD not in lines.text


def test_a_readable_line_has_them_too():
    with logged(as_json=False) as lines:
        mark = REQUEST_ID.set("abc-1")
        logging.getLogger("recollect.calls").warning("upkeep: %s", "sweep", extra={"ms": 3.5})
        REQUEST_ID.reset(mark)
    assert "warning upkeep: sweep ms=3.5 request_id=abc-1" in lines.text


@pytest.mark.parametrize("as_json", [True, False])
def test_errors_are_told_by_kind_and_place(as_json: bool):
    log, error = logging.getLogger("recollect.test"), failing()
    with logged(as_json=as_json) as lines:
        log.warning("it broke off: %s", error)
        log.error("it broke off: %s", Redacted(error, frames=True))
        log.error("it broke off", exc_info=error)
    assert WORD not in lines.text
    assert lines.text.count("ValidationError") >= 3
    assert lines.text.count("in failing") == 4  # each of two errors, in each of two tracebacks
    assert lines.text.count("KeyError") == 2


@pytest.mark.parametrize("as_json", [True, False])
def test_content_is_shown_to_those_who_asked_for_it(as_json: bool):
    with logged(as_json=as_json, content=True) as lines:
        logging.getLogger("recollect.test").warning("it broke off: %s", Redacted(failing()))
        logging.getLogger("some.library").warning("refused %s", WORD)
    assert lines.text.count(WORD) == 2
    assert WORD not in described(failing())  # and only as long as they do


def test_other_packages_are_named_and_not_quoted():
    async def forgotten() -> None:
        raise RuntimeError(WORD)

    async def forget() -> None:
        task = asyncio.ensure_future(forgotten())
        await asyncio.wait([task])
        asyncio.get_running_loop().call_exception_handler({"message": WORD, "exception": task.exception()})

    with logged() as lines:
        logging.getLogger("some.library").warning("refused %s", WORD)
        logging.getLogger("some.library").info("not even named")
        asyncio.run(forget())
    assert WORD not in lines.text
    assert [line["logger"] for line in lines.told] == ["some.library", "asyncio"]
    assert "RuntimeError" in lines.told[1]["error"]


def test_each_error_of_a_group_is_told_and_none_is_quoted():
    group = ExceptionGroup(WORD, [failing(), RuntimeError(WORD)])
    with logged() as lines:
        logging.getLogger("recollect.test").error("it broke off", exc_info=group)
    told = lines.told[0]["error"].splitlines()
    assert [line for line in told if not line.startswith("  ")] == [
        "ExceptionGroup",
        "ValidationError",
        "KeyError",
        "RuntimeError",
    ]
    assert WORD not in lines.text


def test_a_database_that_is_away_is_told_with_its_reason():
    assert described(StoreUnavailable("connection refused")) == "StoreUnavailable: connection refused"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.text(st.characters(categories=["L", "N"]), min_size=12, max_size=30).map("zq{}".format))
def test_what_the_database_quotes_stays_out_of_the_log(server: EmbeddedPostgres, word: str):
    """Postgres quotes the value that it cannot use; neither its error nor ours for it is written out."""
    where = server.conninfo(user="recollect_app", dbname="recollect")
    with psycopg.connect(where) as connection, pytest.raises(psycopg.DataError) as caught:
        connection.execute("SELECT %s::text::integer", (word,))
    assert word in str(caught.value)
    ours = translate(caught.value)
    ours.__cause__ = caught.value
    with logged() as lines:
        log = logging.getLogger("recollect.test")
        log.warning("failed: %s, %s", Redacted(caught.value, frames=True), Redacted(ours, frames=True))
        log.warning("failed: %s", ours)
        log.error("failed", exc_info=ours)
        logging.getLogger("psycopg.pool").warning("error connecting in %r: %s", "pool-1", caught.value)
    assert word not in lines.text
    assert "22P02" in lines.text


def test_no_line_of_ours_quotes_an_error_or_a_users_id():
    """Every argument of a log call that may be an error goes through ``Redacted``; none is logged as it was raised."""
    src = Path(__file__).resolve().parents[4] / "src" / "recollect"
    calls = [
        (file.name, line.strip())
        for file in sorted(src.rglob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if "_log." in line or "exc_info" in line
    ]
    assert len(calls) > 10
    wrong = [call for call in calls if call[0] != "logs.py" and _quotes(call[1])]
    assert wrong == []


def _quotes(line: str) -> bool:
    return any(
        found in line for found in (", error)", "exc_info=", "_log.exception", "user_id", "query", "text)", "{error}")
    )
