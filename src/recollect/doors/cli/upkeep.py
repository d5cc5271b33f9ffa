"""``recollect job``: what is done when nobody asks, done now, and how it stands."""

from typing import Annotated

import typer

from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, print_error, print_json, shortened
from recollect.doors.cli.waiting import waiting

app = typer.Typer(help="The jobs of upkeep: what is done when nobody asks.", no_args_is_help=True)

TASKS = {
    "sweep": "removes what has faded from working memory",
    "reflect": "turns outcomes of tasks into memories",
}


@app.command("list", epilog=examples("recollect job list"))
@shared_options
def list_jobs(call: Call) -> None:
    """List the jobs there are, and how often each runs."""
    with call.memory() as memory:
        found = memory.upkeep.status().jobs
    if call.as_json:
        print_json({"jobs": [{"name": one.name, "every_s": one.every_s} for one in found]})
        return
    table = columns("job", ">every", "what it does")
    for one in found:
        table.add_row(one.name, _span(one.every_s), TASKS.get(one.name, ""))
    emit(table)


@app.command(epilog=examples("recollect job run", "recollect job run reflect"))
@shared_options
def run(
    call: Call,
    job: Annotated[
        str | None,
        typer.Argument(metavar="JOB", help="Its name, as `recollect job list` shows it; all of them by default."),
    ] = None,
) -> None:
    """Run one job, or all of them, now, for all users."""
    with call.memory() as memory, waiting("running"):
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
    """Show how the jobs have done in this process, and what waits for them."""
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


def _span(seconds: float) -> str:
    """A length of time as one says it."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"
