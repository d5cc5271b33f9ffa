"""Progress on standard error: a bar on a terminal, nothing at all when it is piped."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars


class Progress:
    """Shows bars, one at a time."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, markup=False, emoji=False)

    @contextmanager
    def bar(self, title: str, total: int) -> Generator[Callable[[], None]]:
        """A bar that disappears at the end; what it yields is called once for each of ``total`` steps."""
        if not self._console.is_terminal:
            yield _nothing
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Bars(*columns, console=self._console, transient=True, refresh_per_second=5) as bars:
            task = bars.add_task(title.ljust(28)[:28], total=total)
            yield lambda: bars.advance(task)


def _nothing() -> None:
    """A step that nobody watches."""
