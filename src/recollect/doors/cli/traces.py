"""``recollect trace``: kept questions, asked again as of their time."""

from typing import Annotated

import typer
from rich.text import Text

from recollect.domain.trace import Trace
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.finding import print_result
from recollect.doors.cli.listed import Cursor, Limit, print_end
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, grid, plural, print_json, shortened, visible

app = typer.Typer(
    help="Questions with their answers, kept by `recollect search --trace`, to be asked again as of their time.",
    short_help="Kept questions, asked again as of their time.",
    no_args_is_help=True,
)

TraceId = Annotated[str, typer.Argument(metavar="ID", help="The trace's id.")]


@app.command("list", epilog=examples("recollect trace list --user ana"))
@shared_options
def list_traces(
    call: Call,
    *,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> None:
    """List kept questions, newest first."""
    with call.memory() as memory:
        page = memory.traces.list(user_id=call.user_id, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"traces": list(page), "next_cursor": page.next_cursor})
        return
    table = grid(16, None)
    for trace in page:
        table.add_row(f"{trace.asked_at:%Y-%m-%d %H:%M}", shortened(trace.query, 1_000))
        table.add_row("", Text(f"{plural(len(trace.hits), 'hit')}  {trace.id}", style="dim"))
    if len(page):
        emit(table)
    print_end(len(page), "no question is kept", page.next_cursor)


@app.command(epilog=examples("recollect trace show 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"))
@shared_options
def show(call: Call, trace_id: TraceId) -> None:
    """Show a kept question with the ids and scores of its answer."""
    with call.memory() as memory:
        trace = memory.traces.get(trace_id, user_id=call.user_id)
    if call.as_json:
        print_json(trace)
        return
    print_trace(trace)
    table = columns(">rank", "=memory", ">score")
    for rank, hit in enumerate(trace.hits, start=1):
        table.add_row(str(rank), str(hit.memory_id), f"{hit.score:.3f}")
    emit(table)


@app.command(epilog=examples("recollect trace replay 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"))
@shared_options
def replay(call: Call, trace_id: TraceId) -> None:
    """Ask a kept question again as of its time, and tell what is not the same: normally nothing."""
    with call.memory() as memory:
        again = memory.traces.replay(trace_id, user_id=call.user_id)
    if call.as_json:
        print_json({"same": again.same, "differences": again.differences, "result": again.result})
        return
    print_trace(again.trace)
    print_result(again.result, explain=False)
    for difference in again.differences:
        emit(f"differs: {visible(difference)}", style="yellow")
    if again.same:
        emit("the same answer as then", style="green")


@app.command(epilog=examples("recollect trace delete 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --yes"))
@shared_options
def delete(call: Call, trace_id: TraceId, *, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Delete a kept question."""
    with call.memory() as memory:
        found = memory.traces.get(trace_id, user_id=call.user_id)
        named = f"the trace of {shortened(found.query, 50)!r}"
        if not agreed(call, "delete", named, yes=yes, dry_run=dry_run, id=found.id):
            return
        memory.traces.delete(found.id, user_id=call.user_id)
    if call.as_json:
        print_json({"deleted": trace_id})
    else:
        emit(f"deleted trace {visible(trace_id)}")


def print_trace(trace: Trace) -> None:
    """The question, and what it was asked with."""
    emit(visible(trace.query), style="bold")
    asked = ", ".join(f"{name}={value}" for name, value in trace.arguments.items())
    where = ", ".join(f"{visible(stream)} at line {seq}" for stream, seq in trace.seqs.items())
    searched = plural(trace.searched, "memory", "memories")
    emit(f"asked {trace.asked_at:%Y-%m-%d %H:%M:%S %Z} of {searched}, log of {where}", style="dim")
    if asked:
        emit(visible(asked), style="dim")
