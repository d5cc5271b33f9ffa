"""``recollect db``: the schema, where the database is, and stopping the embedded server."""

from typing import Annotated

import typer
from rich.text import Text

from recollect import bootstrap
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, plural, print_json
from recollect.doors.cli.waiting import waiting
from recollect.errors import UsageError

app = typer.Typer(help="The database: its schema, its place, and stopping it.", no_args_is_help=True)


@app.command()
@shared_options
def migrate(call: Call) -> None:
    """Bring the schema to this version of the program; safe to repeat.

    The embedded database is migrated by itself; an outside one needs RECOLLECT_ADMIN_URL, its owner.
    """
    settings = call.settings()
    call.announce()
    with waiting("migrating"):
        bootstrap.migrate_database(settings)
    place = bootstrap.location(settings)
    if call.as_json:
        print_json({"location": place, "tables": bootstrap.table_counts(settings)})
    else:
        emit(f"the schema of {place} is up to date")


@app.command(epilog=examples("recollect db downgrade --to 0001 --dry-run", "recollect db downgrade --to base --yes"))
@shared_options
def downgrade(
    call: Call,
    *,
    to: Annotated[str, typer.Option(help="The revision to go back to; 'base' drops everything.")],
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Take migrations back. Says before which tables and rows are at stake."""
    settings = call.settings()
    counts = bootstrap.table_counts(settings)
    if not call.as_json:
        table = columns("table", ">rows")
        for name, rows in counts.items():
            table.add_row(name, f"{rows:,}")
        emit(Text(f"Going back to {to} in {bootstrap.location(settings)} touches these tables:", "bold"))
        emit(table)
    total = f"{plural(sum(counts.values()), 'row')} in {plural(len(counts), 'table')}"
    if not agreed(call, "go back to", f"{to}, with {total} at stake", yes=yes, dry_run=dry_run, to=to, before=counts):
        return
    with waiting("going back"):
        bootstrap.downgrade_database(settings, to)
    after = bootstrap.table_counts(settings)
    dropped = {name: rows for name, rows in counts.items() if name not in after}
    gone = sum(counts.values()) - sum(after.values())  # tables that stay may have been emptied
    if call.as_json:
        print_json({"to": to, "before": counts, "after": after, "dropped": dropped})
    else:
        emit(f"went back to {to}: {plural(len(dropped), 'table')} dropped, {plural(gone, 'row')} gone in all")


@app.command()
@shared_options
def location(call: Call) -> None:
    """Say where the database is; starts nothing."""
    settings = call.settings()
    place = bootstrap.location(settings)
    if call.as_json:
        print_json({"embedded": settings.database_url is None, "location": place})
    else:
        typer.echo(place)


@app.command()
@shared_options
def stop(call: Call) -> None:
    """Stop the embedded server, if no other program uses it. The next command starts it again.

    It stops by itself after its last user; this is for one that a killed program left behind.
    """
    settings = call.settings()
    if settings.database_url is not None:
        raise UsageError("the database is outside; stop it where it runs")
    bootstrap.stop_database(settings)
    if call.as_json:
        print_json({"location": bootstrap.location(settings)})
    else:
        emit("the server is stopped, unless another program uses it")
