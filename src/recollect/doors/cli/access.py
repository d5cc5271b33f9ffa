"""``recollect access``: who asked for what, and what came of it."""

from typing import Annotated

import typer
from rich.text import Text

from recollect.doors.cli.listed import Cursor, Limit, print_end
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, print_json, visible
from recollect.ports.access_log import OK, AccessEntry

app = typer.Typer(help="The access log: every call, by whom, and what came of it.", no_args_is_help=True)


@app.callback()
def _access() -> None:
    """Keeps ``list`` a command of its own, though it is the only one."""


@app.command(
    "list",
    epilog=examples(
        "recollect access list --user ben --limit 5",
        "recollect access list --method search --outcome NotAllowed --since 2026-05-04T00:00:00+00:00",
    ),
)
@shared_options
def list_entries(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    *,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="All users' entries, also if RECOLLECT_USER names one.")
    ] = False,
    method: Annotated[str | None, typer.Option(help="Only this method, such as search or projects.create.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Only ok, or the name of an error, such as NotAllowed.")] = None,
    key: Annotated[str | None, typer.Option(metavar="ID", help="Only what was asked with this API key.")] = None,
    since: Annotated[str | None, typer.Option(help="At or after this time (ISO 8601 with an offset).")] = None,
    until: Annotated[str | None, typer.Option(help="Before this time.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> None:
    """List calls, newest first: those that concern --user, or all users' if none is named."""
    with call.memory() as memory:
        page = memory.access.list(
            user_id=None if everyone else call.user,
            method=method,
            outcome=outcome,
            key_id=key,
            since=since,
            until=until,
            limit=limit,
            cursor=cursor,
        )
    if call.as_json:
        print_json({"entries": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("when", "user", "method", "outcome", ">ms")
    for entry in page:
        outcome_text = Text(entry.outcome, "green" if entry.outcome == OK else "yellow")
        table.add_row(f"{entry.at:%Y-%m-%d %H:%M:%S}", _who(entry), entry.method, outcome_text, f"{entry.ms:,.1f}")
    if page.items:
        emit(table)
    print_end(len(page), "the access log has no entries like that", page.next_cursor)


def _who(entry: AccessEntry) -> str:
    """Whose memory it was, and by whom if that was somebody else."""
    by = f" by {entry.actor}" if entry.actor not in ("", "user", entry.user_id) else ""
    return visible(f"{entry.user_id or '-'}{by}")
