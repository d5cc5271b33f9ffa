"""Logs of servers: a JSON object a line, or a readable line on a terminal, to standard error, without content.

What a line quotes decides whether it is written as it is. Our own lines name no content; errors among their arguments
are told by their kind. Of other packages only a few are known to quote none; the rest are named, and what they said is
left out. ``RECOLLECT_LOG_CONTENT=true`` writes everything.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from recollect.ports.redaction import Redacted, content_shown, show_content, traceback_of
from recollect.ports.telemetry import REQUEST_ID, TRACE_ID, Call, JobRun, Request, Silence

OURS: Final = "recollect"
TRUSTED: Final = ("recollect", "uvicorn", "psycopg.pool", "alembic", "opentelemetry")
"""Loggers whose lines quote nothing that users said, but for the errors among their arguments."""
FIELDS: Final = ("method", "route", "status", "outcome", "ms", "processed", "errors")
"""What a line may carry beside its text, from ``extra``."""
ACCESS: Final = logging.getLogger("recollect.access")
CALLS: Final = logging.getLogger("recollect.calls")


def start_logs(stream: TextIO, *, as_json: bool, level: str, content: bool) -> logging.Handler:
    """Sends the process's log to ``stream``, in place of whatever handlers the root had.

    Args:
        stream: where to.
        as_json: JSON lines, or readable ones.
        level: of our own lines; others are written from WARNING on.
        content: whether lines may quote what users said.
    """
    show_content(content)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    root = logging.getLogger()
    for one in tuple(root.handlers):
        root.removeHandler(one)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True  # it quotes paths, and with them ids and questions
    return handler


def said(record: logging.LogRecord) -> str:
    """The line's text, without content."""
    if content_shown():
        return record.getMessage()
    if not record.name.startswith(TRUSTED):
        return f"{record.name} said something at {record.filename}:{record.lineno}, which is not shown"
    args = record.args
    if isinstance(args, tuple):
        args = tuple(Redacted(one) if isinstance(one, BaseException) else one for one in args)
    return str(record.msg) % args if args else str(record.msg)


def raised(record: logging.LogRecord) -> str:
    """The traceback of the line's error, if it has one, without what the error says."""
    error = record.exc_info[1] if record.exc_info else None
    return "" if error is None else traceback_of(error)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": said(record),
            **_marks(),
            **_fields(record),
        }
        if error := raised(record):
            told["error"] = error
        return json.dumps(told, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """A readable line, and a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created).astimezone()
        told = [f"{at:%H:%M:%S}", f"{record.levelname.lower():7}", said(record)]
        told += [f"{name}={value}" for name, value in {**_fields(record), **_marks()}.items()]
        error = raised(record)
        return " ".join(told) + (f"\n{error}" if error else "")


def _marks() -> Mapping[str, str]:
    """The request and the trace that the line belongs to."""
    marks = {"request_id": REQUEST_ID.get(), "trace_id": TRACE_ID.get()}
    return {name: value for name, value in marks.items() if value}


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    given = record.__dict__
    return {name: given[name] for name in FIELDS if name in given}


class LogTelemetry(Silence):
    """See ``recollect.ports.telemetry.Telemetry``: a line for each request, and for each call from DEBUG on."""

    listening: bool = True

    def ended(self, begun: object, call: Call) -> None:
        """A line, if such lines are wanted."""
        del begun
        if CALLS.isEnabledFor(logging.DEBUG):
            told = {"method": call.method, "outcome": call.outcome, "ms": _ms(call.started, call.ended)}
            CALLS.debug("call", extra=told)

    def ran(self, run: JobRun) -> None:
        """A line, if there was anything to do."""
        if run.processed or run.errors:
            told = {"processed": run.processed, "errors": run.errors, "ms": round(run.seconds * 1000, 1)}
            CALLS.info("upkeep: %s", run.job, extra=told)

    def request_ended(self, begun: object, request: Request) -> None:
        """The access line."""
        del begun
        ms = _ms(request.started, request.ended)
        told = {"method": request.method, "route": request.route, "status": request.status, "ms": ms}
        ACCESS.info("request", extra=told)


def _ms(started: float, ended: float) -> float:
    return round((ended - started) * 1000, 2)
