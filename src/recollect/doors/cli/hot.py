"""``recollect hot``: what every turn loads: how it is, rebuilding the copy in Redis, removing what has faded."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from recollect.doors.cli.listed import print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import emit, err, plural, print_error, print_json
from recollect.doors.cli.waiting import waiting

app = typer.Typer(help="What every turn loads, and the copy of it that Redis holds.", no_args_is_help=True)


@app.command(epilog=examples("recollect hot status", "recollect hot status --json"))
@shared_options
def status(call: Call) -> None:
    """Tell which hot tier answers, whether it can be reached, and how often it knew."""
    with call.memory() as memory:
        found = memory.hot.status()
    if call.as_json:
        print_json(found)
        return
    loads = (found.hits or 0) + (found.misses or 0)
    rate = None if found.hit_rate is None else f"{found.hit_rate:.1%} of {plural(loads, 'load')}"
    print_rows(
        [
            ("hot tier", found.adapter),
            ("reachable", "yes" if found.reachable else "no"),
            ("why", found.degraded),
            ("breaker", found.breaker),
            ("known", rate),
            ("one load", f"{found.ms:,.1f} ms"),
        ]
    )


@app.command(epilog=examples("recollect hot rebuild", "recollect hot rebuild --user ana"))
@shared_options
def rebuild(call: Call) -> None:
    """Make the copy in Redis equal to the database: --user's, or everybody's if none is named; exit 1 if it is away."""
    with call.memory() as memory, _bar("rebuilding") as progress:
        done = memory.hot.rebuild(user_id=call.user, progress=progress)
    if call.as_json:
        print_json(done)
    elif done.note:
        emit(done.note)
    elif not done.degraded:
        emit(f"{plural(done.users, 'user')} rebuilt in {done.adapter}")
    if done.degraded:
        print_error(f"not everything could be rebuilt: {'; '.join(done.degraded)}")
        raise typer.Exit(1)


@app.command(epilog=examples("recollect hot sweep"))
@shared_options
def sweep(call: Call) -> None:
    """Remove what has faded, of all of the tenant's users."""
    with call.memory() as memory, waiting("removing what has faded"):
        swept = memory.hot.sweep()
    if call.as_json:
        print_json(swept)
    else:
        emit(f"{plural(swept.items, 'item')} of {plural(len(swept.users), 'user')} removed")


@contextmanager
def _bar(title: str) -> Generator[Callable[[int, int], None]]:
    """A progress bar on standard error, if that is a terminal; what it yields is told how far it is."""
    console = err()
    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*shown, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
