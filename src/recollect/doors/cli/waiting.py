"""A sign of life for what may take a second and cannot be counted: on standard error, only on a terminal."""

from collections.abc import Generator
from contextlib import contextmanager

from recollect.doors.cli.options import QUIET
from recollect.doors.cli.printing import err


@contextmanager
def waiting(what: str) -> Generator[None]:
    """Shows what is being done for as long as the block takes, and then takes that away again."""
    console = err()
    if QUIET.get() or not console.is_terminal:
        yield
        return
    with console.status(f"{what} ..."):
        yield
