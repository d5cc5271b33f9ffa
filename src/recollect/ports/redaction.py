"""Redaction: how an error is written into a log: what it quotes may be what users said, so only its kind is told.

``RECOLLECT_LOG_CONTENT=true`` shows the whole. Errors that speak of the machinery alone are shown anyway: where the
database cannot be reached, an operator needs to read why.
"""

from types import TracebackType
from typing import Final, cast

from recollect.errors import ModelMissing, SchemaMismatch, StoreFull, StoreReadOnly, StoreUnavailable, UnsafeRole

PLAIN: Final = (ModelMissing, SchemaMismatch, StoreFull, StoreReadOnly, StoreUnavailable, UnsafeRole)
"""Errors whose text quotes nothing that anybody stored or asked."""
DEEPEST: Final = 40
"""Frames that are told of an error, the innermost."""


class _Shown:
    content = False


def show_content(shown: bool) -> None:
    """Says, for the whole process, whether logs may quote what users said."""
    _Shown.content = shown


def content_shown() -> bool:
    """Whether logs may quote what users said."""
    return _Shown.content


class Redacted:
    """An error, to be an argument of a line of the log.

    Args:
        error: what happened.
        frames: tell also where, a line a frame.
    """

    __slots__ = ("_error", "_frames")

    def __init__(self, error: BaseException, *, frames: bool = False) -> None:
        self._error = error
        self._frames = frames

    def __str__(self) -> str:
        said = described(self._error)
        return f"{said}\n{traceback_of(self._error)}" if self._frames else said


def described(error: BaseException) -> str:
    """The error's kind, and what it says if that may be told."""
    name = type(error).__name__
    if content_shown() or isinstance(error, PLAIN):
        return f"{name}: {error}" if str(error) else name
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return f"{name} ({state})" if isinstance(state, str) else name


def traceback_of(error: BaseException) -> str:
    """Where the error, those in its group and those that it came from were raised, without what they say."""
    told: list[str] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        told += [described(one), *_frames(one.__traceback__)]
        waiting.append(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
        if isinstance(one, BaseExceptionGroup):
            waiting += reversed(cast("BaseExceptionGroup[BaseException]", one).exceptions)
    return "\n".join(told)


def _frames(traceback: TracebackType | None) -> list[str]:
    found: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"  {code.co_filename}:{traceback.tb_lineno} in {code.co_name}")
        traceback = traceback.tb_next
    return found[-DEEPEST:]
