"""The exit codes: what a program that calls ``recollect`` can tell apart without reading the message."""

from recollect.errors import (
    Conflict,
    ModelUnavailable,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    RecollectError,
    StoreUnavailable,
)

FAILED = 1
BY_ERROR: tuple[tuple[type[RecollectError], int], ...] = (
    (NotFound, 3),
    (NotAllowed, 4),
    (NotAuthenticated, 4),
    (Conflict, 5),
    (StoreUnavailable, 6),
    (ModelUnavailable, 6),
    (RateLimited, 6),
)

CODES = (
    "0 done, 1 failed, 2 typed wrongly, 3 not found, 4 not allowed, 5 in conflict with what is stored, "
    "6 database or model out of reach, 130 Ctrl-C"
)


def exit_code(error: RecollectError) -> int:
    """The exit code of a command that ended with this error."""
    return next((code for kind, code in BY_ERROR if isinstance(error, kind)), FAILED)
