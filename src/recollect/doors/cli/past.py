"""``recollect diff`` and ``recollect rollback``: what changed between two moments, and the way back."""

import shlex
from typing import Annotated

import typer
from rich.text import Text

from recollect.domain.difference import Difference, FieldChange, ItemChange
from recollect.domain.record import Memory, Status
from recollect.domain.rollback import RollbackReport, fate
from recollect.doors.cli.destroying import DryRun, Yes, ask
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import columns, emit, plural, print_json, shortened, visible

SIGNS = {"added": "+", "changed": "~", "superseded": "^", "deleted": "-"}
FATES = {"back": "comes back", "gone": "goes", "changed": "changes", "things": "changes"}


@shared_options
def diff(
    call: Call,
    since: Annotated[str, typer.Argument(help="The earlier moment (ISO 8601 with an offset).")],
    until: Annotated[str, typer.Argument(help="The later moment.")],
) -> None:
    """Show what was added, changed, superseded and deleted between two moments."""
    with call.memory() as memory:
        found = memory.diff(since, until, user_id=call.user_id)
    if call.as_json:
        print_json(found)
        return
    if found:
        table = columns("", "what", "field", "before", "after")
        for name, sign in SIGNS.items():
            for change in getattr(found, name):
                for row in _rows(sign, change):
                    table.add_row(*row)
        emit(table)
    emit(_counted(found), style="dim")


@shared_options
def rollback(
    call: Call,
    *,
    to: Annotated[str | None, typer.Option(help="An event's id or a line of the log: back to just after it.")] = None,
    before: Annotated[
        str | None, typer.Option(help="A time (ISO 8601 with an offset): back to just before it.")
    ] = None,
    job: Annotated[str | None, typer.Option(help="A run's id: undo what it did and nothing else.")] = None,
    project: Annotated[str | None, typer.Option(help="What this project's members share; needs an admin.")] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Go back to an earlier state by new events; nothing is taken out of the log."""
    with call.memory() as memory:

        def go(*, dry: bool) -> RollbackReport:
            return memory.rollback(user_id=call.user_id, project_id=project, to=to, before=before, job=job, dry_run=dry)

        if not dry_run and not yes:
            planned = go(dry=True)
            if not call.as_json:
                print_report(planned)
            if planned.changes:
                ask(f"Roll back {planned.what}?", f"roll back {planned.what}")
        report = go(dry=dry_run)
    if call.as_json:
        print_json({**_summary(report), "changes": report.changes, "kept": report.kept, "erased": report.erased})
    elif dry_run or yes:
        print_report(report)
    if not call.as_json and report.event_id is not None:
        emit("done; what takes it back:", style="dim")
        emit(f"  {_way_back(call, project, report.from_seq)}", style="dim", soft_wrap=True)  # whole, to be copied


def print_report(report: RollbackReport) -> None:
    """A table of what changes, and what does not."""
    if report.changes:
        table = columns("", "what", "field", "now", "then")
        for change in report.changes:
            for row in _rows(FATES[fate(change)], change):
                table.add_row(*row)
        emit(table)
    for kept in report.kept:
        emit(visible(f"kept: {kept.kind} {kept.id} {', '.join(kept.fields)}: {kept.why}"), style="yellow")
    for memory_id in report.erased:
        emit(f"erased, cannot come back: {memory_id}", style="yellow")
    verb = "would change" if report.dry_run else "changed"
    emit(f"{plural(len(report.changes), 'item')} {verb}, {report.what}, from line {report.from_seq}", style="dim")


def _way_back(call: Call, project: str | None, seq: int) -> str:
    """The command that undoes a rollback, of the same log: another user's line would be another state."""
    command = ["recollect", "rollback", "--to", str(seq)]
    command += ["--user", call.user_id] if call.user is not None else []
    command += ["--project", project] if project is not None else []
    return visible(shlex.join(command))


def _summary(report: RollbackReport) -> dict[str, object]:
    names = ("what", "dry_run", "from_seq", "to_seq", "event_id", "counts")
    return {name: getattr(report, name) for name in names}


def _rows(sign: str, change: ItemChange) -> list[tuple[str, Text, str, str, str]]:
    shown = [told for told in change.fields if told.name in ("text", "value", "status", "valid_to", "extra")]
    shown = [] if _went(change) else shown
    first, *rest = shown or [FieldChange("", "", "")]
    rows = [(sign, Text(_name(change)), *_cells(first))]
    return rows + [("", Text(""), *_cells(told)) for told in rest]


def _went(change: ItemChange) -> bool:
    return isinstance(change.after, Memory) and change.after.status is Status.DELETED


def _name(change: ItemChange) -> str:
    item = change.after if change.after is not None else change.before
    return shortened(item.text, 50) if isinstance(item, Memory) else shortened(change.name, 50)


def _cells(told: FieldChange) -> tuple[str, str, str]:
    return told.name, _cell(told.old), _cell(told.new)


def _cell(value: object) -> str:
    return "-" if value is None else shortened(str(value), 40)


def _counted(found: Difference) -> str:
    counts = [f"{len(getattr(found, name))} {name}" for name in SIGNS if getattr(found, name)]
    counts += [f"{len(found.erased)} erased"] if found.erased else []
    return f"{', '.join(counts) or 'nothing changed'}; lines {found.since_seq} to {found.until_seq} of the log"
