"""``recollect job``: what is done when nobody asks, done now, and how it stands."""

from typing import Annotated

import typer

from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, print_error, print_json, shortened

app = typer.Typer(help="What is done when nobody asks.", no_args_is_help=True)


@app.command(epilog=examples("recollect job run", "recollect job run reflect"))
@shared_options
def run(
    call: Call,
    job: Annotated[str | None, typer.Argument(metavar="JOB", help="sweep or reflect; all of them by default.")] = None,
) -> None:
    """Run one job, or all of them, now, for all users."""
    with call.memory() as memory:
        reports = memory.upkeep.run(job=job)
    if call.as_json:
        print_json({"reports": reports})
    else:
        table = columns("job", ">done", ">errors", ">ms", "broke off")
        for one in reports:
            table.add_row(
                one.job, str(one.processed), str(one.errors), f"{one.ms:,.0f}", shortened(one.error or "", 60)
            )
        emit(table)
    broken = [one.job for one in reports if one.error is not None]
    if broken:
        print_error(f"{', '.join(broken)} broke off; what was not done is done by a later run")
        raise typer.Exit(1)


@app.command()
@shared_options
def status(call: Call) -> None:
    """Show which jobs there are, how often they run, and what waits for them."""
    with call.memory() as memory:
        found = memory.upkeep.status()
    if call.as_json:
        print_json(found)
        return
    table = columns("job", ">every s", ">runs", ">errors", "last error")
    for one in found.jobs:
        table.add_row(one.name, f"{one.every_s:g}", str(one.runs), str(one.errors), shortened(one.last_error or "", 60))
    emit(table)
    emit(f"outcomes: {found.reflections['queued']} queued, {found.reflections['failed']} failed")
