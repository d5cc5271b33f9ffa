"""A progress bar for what takes long: on standard error, only on a terminal, and only once a second has passed."""

import time
from types import TracebackType
from typing import Final, Self

from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from recollect.doors.cli.printing import err

PATIENCE_S: Final = 1.0
"""What is done by then needs no bar."""


class Bar:
    """Use it with ``with``, and call ``advance`` as the work goes on.

    Args:
        doing: what is done, in a word or two.
        total: how much there is to do, None when that is unknown.
        in_bytes: whether that is counted in bytes.
    """

    def __init__(self, doing: str, total: int | None, *, in_bytes: bool = False) -> None:
        console = err()
        counted = DownloadColumn() if in_bytes else MofNCompleteColumn()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            counted,
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(doing, total=total)
        self._begun_at = time.monotonic()
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._shown:
            self._bar.stop()

    def advance(self, count: int = 1) -> None:
        """So much more is done."""
        self._bar.advance(self._task, count)
        if not self._shown and time.monotonic() - self._begun_at > PATIENCE_S:
            self._shown = True
            self._bar.start()
