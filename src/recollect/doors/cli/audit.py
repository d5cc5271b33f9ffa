"""``recollect audit verify`` and ``recollect replay``: the log is untouched, and the tables are what it adds up to."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import anyio
import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from recollect import bootstrap
from recollect.domain.audit import LogAudit
from recollect.domain.replayed import ReplayReport, StreamReplay
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, err, plural, print_json, visible
from recollect.doors.cli.waiting import waiting
from recollect.errors import NotFound, UsageError

if TYPE_CHECKING:
    from recollect.adapters.postgres.operator import Operator

T = TypeVar("T")

app = typer.Typer(help="Proof that nobody changed the log.", no_args_is_help=True)

SHOWN = 20
"""Deviating rows that are printed; ``--json`` has the first thousand a table."""

Tenant = Annotated[str | None, typer.Option("--tenant", metavar="TENANT", help="Which tenant; RECOLLECT_TENANT_ID.")]
All = Annotated[bool, typer.Option("--all", help="Every tenant; needs the database's owner.")]


@app.callback()
def _audit() -> None:
    """Keeps ``verify`` a command of its own, though it is the only one."""


@app.command(epilog=examples("recollect audit verify", "recollect audit verify --user ben --json"))
@shared_options
def verify(call: Call, *, tenant: Tenant = None, every: All = False) -> None:
    """Walk the hash chains and name the first break of each; exit code 1 if there is one.

    Checks a tenant's streams: its users, its projects and its own. With --user only that user's, with --all every
    tenant's.
    """
    tenant_id = _tenant(call, tenant, every=every)
    if bootstrap.knows_owner(call.settings()):
        report = _operated(call, "lines", lambda operator, told: operator.audit(tenant_id, call.user, told))
    elif tenant_id is None:
        raise UsageError("--all needs the database's owner; set RECOLLECT_ADMIN_URL")
    else:
        with call.memory(tenant_id=tenant_id) as memory, waiting("walking the chains"):
            report = memory.audit.verify(user_id=call.user)
    _check_any(report.streams, tenant_id)
    if call.as_json:
        print_json({"ok": report.ok, "report": report})
    else:
        _print_audit(report)
    if not report.ok:
        raise typer.Exit(1)


@shared_options
def replay(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Compare the tables with what the log adds up to.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Lead a user's tables back to what the log says.")] = False,
    vectors: Annotated[bool, typer.Option("--vectors", help="Make every vector anew, too.")] = False,
    tenant: Tenant = None,
    every: All = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Rebuild the tables from the log, in a scratch schema to compare them (--verify) or in place (--rebuild).

    Runs as the tables' owner (RECOLLECT_ADMIN_URL, or the embedded database). --verify changes nothing and takes a
    user, a tenant or everything; its exit code is 1 if a row is not what the log says. --rebuild takes one user.
    """
    if verify == rebuild:
        raise UsageError("say either --verify or --rebuild")
    tenant_id = _tenant(call, tenant, every=every)
    if rebuild and (call.user is None or tenant_id is None):
        raise UsageError("--rebuild works on one user: add --user")
    if verify or dry_run:
        report = _operated(call, "lines", lambda o, told: o.verify(tenant_id, call.user, told, vectors=vectors))
        _check_any(report.streams, tenant_id)
        if call.as_json:
            print_json({"ok": report.ok, "events_per_second": report.events_per_second, "report": report})
        else:
            _print_replay(report)
        if not report.ok:
            raise typer.Exit(1)
        return
    user_id, chosen = call.user or "", tenant_id or ""
    if not agreed(call, "rebuild", f"the tables of {visible(user_id)!r} from the log", yes=yes, dry_run=False):
        return
    mended = _operated(call, "lines", lambda o, _: o.rebuild(chosen, user_id, vectors=vectors))
    if call.as_json:
        print_json({"mended": mended})
    else:
        emit(f"{plural(mended.events, 'line')} replayed, {plural(len(mended.deviations), 'row')} mended")
        _print_deviations(mended)


def _tenant(call: Call, tenant: str | None, *, every: bool) -> str | None:
    if every and (tenant is not None or call.user is not None):
        raise UsageError("--all stands for every tenant and user; leave out --tenant and --user")
    return None if every else tenant or call.settings().tenant_id


def _check_any(streams: int, tenant_id: str | None) -> None:
    """A misspelt tenant must not look like one that is in order."""
    if not streams and tenant_id is not None:
        raise NotFound(f"there is no log of tenant {tenant_id!r}")


def _operated(call: Call, unit: str, work: "Callable[[Operator, Callable[[int], None]], Awaitable[T]]") -> T:
    with bootstrap.operator(call.settings()) as operator, _progress(unit) as told:
        return anyio.run(work, operator, told)


@contextmanager
def _progress(unit: str) -> Generator[Callable[[int], None]]:
    """Counts on standard error while it takes; says nothing where there is no terminal."""
    console = err()
    progress = Progress(TextColumn("{task.completed:,} " + unit), TimeElapsedColumn(), console=console, transient=True)
    progress.disable = not console.is_terminal
    with progress:
        task = progress.add_task(unit, total=None)
        yield lambda count: progress.advance(task, count)


def _print_audit(report: LogAudit) -> None:
    speed = f"{report.events / report.seconds:,.0f} lines/s" if report.seconds else ""
    for stream in report.reports:
        found = stream.first_break
        where = f"{visible(stream.tenant_id)}/{visible(stream.user_id)}"
        if found is None:
            emit(f"{where}: whole, {plural(stream.events, 'line')}, ends with {stream.hash.hex()}", soft_wrap=True)
        else:
            event = f" (event {found.event_id})" if found.event_id else ""
            line = f"{where}: {found.what.value} at line {found.seq}{event}: {visible(found.detail)}"
            emit(line, style="red", soft_wrap=True)
    broken = f"{plural(len(report.broken), 'chain')} broken" if report.broken else "every chain is whole"
    emit(f"{plural(report.streams, 'stream')}, {plural(report.events, 'line')}: {broken} ({speed})")


def _print_replay(report: ReplayReport) -> None:
    for stream in report.faulty:
        emit(f"{visible(stream.tenant_id)}/{visible(stream.user_id)}:", style="red")
        if stream.problem:
            emit(f"  {visible(stream.problem)}", soft_wrap=True)
        _print_deviations(stream)
    what = f"{plural(len(report.faulty), 'stream')} deviate" if report.faulty else "the tables are what the log says"
    erased = f", {report.erased:,} of them erased" if report.erased else ""
    emit(
        f"{plural(report.streams, 'stream')}, {plural(report.events, 'line')}{erased}, {plural(report.rows, 'row')}: "
        f"{what} ({report.events_per_second:,.0f} lines/s)"
    )


def _print_deviations(stream: StreamReplay) -> None:
    if not stream.deviations:
        return
    table = columns("table", "row", "what")
    for deviation in stream.deviations[:SHOWN]:
        key = ", ".join(str(value) for name, value in deviation.key.items() if name != "tenant_id")
        table.add_row(
            deviation.table, visible(key), " ".join([deviation.what.value, ", ".join(deviation.columns)]).strip()
        )
    emit(table)
    if len(stream.deviations) > SHOWN:
        emit(f"and {len(stream.deviations) - SHOWN} more; --json lists them", style="dim")
