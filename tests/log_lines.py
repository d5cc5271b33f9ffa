"""The process's log as servers write it, for as long as a test runs."""

import io
import json
import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from recollect.adapters.telemetry.logs import start_logs
from recollect.ports.redaction import show_content

TOUCHED = ("", "recollect", "uvicorn.error", "uvicorn.access")


class Lines:
    """What was written so far."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    @property
    def told(self) -> list[dict[str, Any]]:
        """Each line of a JSON log."""
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        """The lines of one logger."""
        return [line for line in self.told if line["logger"] == logger]


@contextmanager
def logged(*, as_json: bool = True, level: str = "debug", content: bool = False) -> Generator[Lines]:
    """Logs as a server does, and puts everything back at the end."""
    loggers = [logging.getLogger(name) for name in TOUCHED]
    before = [(logger, logger.level, list(logger.handlers), logger.disabled) for logger in loggers]
    lines = Lines()
    start_logs(lines.stream, as_json=as_json, level=level, content=content)
    try:
        yield lines
    finally:
        show_content(False)
        for logger, was, handlers, disabled in before:
            logger.setLevel(was)
            logger.handlers[:] = handlers
            logger.disabled = disabled
