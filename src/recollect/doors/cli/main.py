"""The entry point ``run``. It imports nothing by itself, so that Ctrl-C is quiet from the first moment on.

The commands stand in ``contents.py``: a new one is one ``Entry`` there.
"""

import logging
import sys
from typing import TYPE_CHECKING, Any

from recollect.doors.cli.starting import INTERRUPTED, resolve

if TYPE_CHECKING:
    from recollect.doors.cli.contents import app

__all__ = ["app", "run"]

CONTENTS = "recollect.doors.cli.contents:app"


def run() -> None:
    """The entry point: ``recollect`` on the command line. The exit codes stand in ``failing.py``."""
    app = resolve(CONTENTS)
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # what matters of it arrives as an error
    try:
        app(prog_name="recollect")  # also under python -c
    except KeyboardInterrupt:  # between two commands, or while the last answers are given back
        sys.exit(INTERRUPTED)


def __getattr__(name: str) -> Any:
    """``app``, the typer application, when it is asked for."""
    if name == "app":
        return resolve(CONTENTS)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
