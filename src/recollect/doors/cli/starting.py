"""Starting what stands elsewhere: "module:attribute" is imported when it is wanted, and a missing package is one line.

Other doors and their packages are optional, and importing everything that a command may need takes a second: so the
command line names them by strings.
"""

import importlib
import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from recollect.doors.cli.main import INTERRUPTED
from recollect.errors import UsageError


def resolve(target: str, *, extra: str | None = None) -> Any:
    """What ``"package.module:attribute"`` stands for.

    Args:
        target: the module and what to take from it.
        extra: the extra of ``recollect`` that brings what the module needs.

    Raises:
        UsageError: a package that it needs is not installed; the message says what to install.
    """
    module, _, attribute = target.partition(":")
    try:
        with quiet_interrupt():
            return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        missing = error.name or str(error)
        if missing.partition(".")[0] == "recollect":
            raise UsageError(f"this installation of recollect has no {missing}") from None
        remedy = f"pip install 'recollect[{extra}]'" if extra else f"pip install {missing}"
        raise UsageError(f"this needs the package {missing}: {remedy}") from None


@contextmanager
def quiet_interrupt() -> Generator[None]:
    """Ctrl-C in the block ends the program at once, without a traceback: for imports, which nothing follows."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)
