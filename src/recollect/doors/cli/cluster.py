"""``recollect cluster``: spreading the database over several servers."""

from typing import Annotated

import typer

from recollect import bootstrap
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import emit, plural, print_json
from recollect.doors.cli.waiting import waiting

app = typer.Typer(help="A cluster of Postgres servers (Citus).", no_args_is_help=True)


@app.callback()
def _cluster() -> None:
    """Keeps ``init`` a command of its own, though it is the only one."""


@app.command(epilog=examples("recollect cluster init --dry-run"))
@shared_options
def init(
    call: Call,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the SQL and change nothing.")] = False,
) -> None:
    """Distribute every table by its tenant over a Citus cluster; safe to repeat.

    Runs on the coordinator as the tables' owner (RECOLLECT_ADMIN_URL), after `recollect db migrate`.
    """
    settings = call.settings()
    with waiting("distributing the tables"):
        plan = bootstrap.distribute_tables(settings, dry_run=dry_run)
    if call.as_json:
        print_json({"dry_run": dry_run, "statements": plan.statements, "tables": plan.tables, "present": plan.present})
        return
    if dry_run:
        for statement in plan.statements:
            typer.echo(f"{statement};")
        if not plan.statements:
            emit("nothing to do: every table is distributed")
        return
    emit(f"{plural(len(plan.tables), 'table')} distributed by tenant, {len(plan.present)} were before")
