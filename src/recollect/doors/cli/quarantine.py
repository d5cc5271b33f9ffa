"""``recollect quarantine``: what sources that are not believed have said, until a person decides."""

from typing import Annotated, Literal

import typer
from rich.table import Table

from recollect.domain.record import Memory
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.keeping import MemoryId, SharedIn
from recollect.doors.cli.listed import Cursor, Limit, print_end
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import emit, grid, print_json, said, shortened, visible

app = typer.Typer(
    help="What quarantined sources have said: never found unless asked for, until it is released or dropped.",
    short_help="What sources that are not believed have said.",
    no_args_is_help=True,
)


@app.command("list", epilog=examples("recollect quarantine list -u ben"))
@shared_options
def list_quarantined(
    call: Call,
    *,
    limit: Limit = 20,
    cursor: Cursor = None,
    project: SharedIn = None,
) -> None:
    """List a user's quarantined memories, newest first."""
    with call.memory() as memory:
        page = memory.quarantine.list(user_id=call.user_id, project_id=project, limit=limit, cursor=cursor)
    if call.as_json:
        print_json(page)
        return
    table = grid(None)
    for record in page:
        _add_rows(table, record)
    emit(table)
    print_end(len(page), f"nothing of user {visible(call.user_id)} is in quarantine", page.next_cursor)


@app.command(
    epilog=examples("recollect quarantine release 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --trust trusted -u ben")
)
@shared_options
def release(
    call: Call,
    memory_id: MemoryId,
    *,
    trust: Annotated[
        Literal["known", "trusted"], typer.Option(help="How far it is believed; the facts of a trusted one count.")
    ] = "known",
    project: SharedIn = None,
) -> None:
    """Believe a memory from now on."""
    with call.memory() as memory:
        released = memory.quarantine.release(memory_id, user_id=call.user_id, project_id=project, trust=trust)
    if call.as_json:
        print_json(released)
        return
    emit(said(released))
    emit(f"released as {released.trust.value}: {released.id}", style="dim")


@app.command(epilog=examples("recollect quarantine drop 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --yes -u ben"))
@shared_options
def drop(
    call: Call,
    memory_id: MemoryId,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    project: SharedIn = None,
) -> None:
    """Delete a quarantined memory."""
    with call.memory() as memory:
        record = memory.get(memory_id, user_id=call.user_id, project_id=project)
        text = repr(shortened(record.text, 50))
        if not agreed(call, "drop", f"memory {text}", yes=yes, dry_run=dry_run, id=record.id):
            return
        memory.quarantine.drop(record.id, user_id=call.user_id, project_id=project)
    if call.as_json:
        print_json({"dropped": record.id})
    else:
        emit(f"dropped {record.id}")


def _add_rows(table: Table, record: Memory) -> None:
    table.add_row(said(record, length=300))
    source = f"from {record.source_id}" if record.source_id else "from an unnamed source"
    table.add_row(f"  {visible(source)}, written {record.written_at:%Y-%m-%d}, {record.id}", style="dim")
