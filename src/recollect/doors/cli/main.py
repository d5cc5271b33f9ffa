"""The entry point ``run``, which is quiet about Ctrl-C from its first line on: so it imports what it needs after that.

The commands stand in ``contents.py``: a new one is one ``Entry`` there.
"""

import os
import signal
import sys
from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing typing takes longer than all of this file
if TYPE_CHECKING:
    from types import FrameType

    from recollect.doors.cli.contents import app

__all__ = ["app", "run"]

CONTENTS = "recollect.doors.cli.contents"
INTERRUPTED = 130
"""The exit code of what Ctrl-C ended, as shells have it."""


def run() -> None:
    """The entry point: ``recollect`` on the command line. The exit codes stand in ``failing.py``."""
    signal.signal(signal.SIGINT, _leave)
    application = __getattr__("app")
    # What matters of the driver's log arrives as an error.
    logging = import_module("logging")
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        application(prog_name="recollect")  # also under python -c
    except KeyboardInterrupt:  # between two commands, or while the last answers are given back
        sys.exit(INTERRUPTED)


def _leave(_signal: int, _frame: "FrameType | None") -> None:
    """While nothing has begun, there is nothing to end."""
    os._exit(INTERRUPTED)


def __getattr__(name: str):
    """``app``, the typer application, when it is asked for."""
    if name == "app":
        return import_module(CONTENTS).app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
