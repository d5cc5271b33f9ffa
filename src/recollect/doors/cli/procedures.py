"""``recollect procedure``: ways of doing tasks that worked, and outcomes that are thought over."""

from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from recollect.domain.reflection import Reflection
from recollect.domain.strategy import Strategy
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.listed import Cursor, Limit, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, grid, print_json, shortened, visible

app = typer.Typer(help="Ways of doing tasks, and how often they worked.", no_args_is_help=True)

Went = Annotated[bool, typer.Option("--ok/--failed", help="Whether it worked.")]
MaybeWent = Annotated[bool | None, typer.Option("--ok/--failed", help="Whether it worked; unknown if nothing is said.")]
Task = Annotated[str, typer.Argument(metavar="TASK", help="What is to be done.")]
ReflectionId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as reflections shows it.")]


@app.command(epilog=examples('recollect procedure learn "compare first" --task "book a flight" --tool search'))
@shared_options
def learn(
    call: Call,
    description: Annotated[str, typer.Argument(metavar="TEXT", help="What is done.")],
    *,
    task: Annotated[str, typer.Option(help="What it is done for.")],
    tool: Annotated[list[str] | None, typer.Option(help="A tool that is called; repeat it, in order.")] = None,
    succeeded: Went = True,
    conversation: Annotated[str | None, typer.Option(help="Where that was.")] = None,
) -> None:
    """Learn that a way of doing a task worked, or did not."""
    with call.memory() as memory:
        learned = memory.procedures.learn(
            description,
            user_id=call.user_id,
            task=task,
            tools=tool or (),
            succeeded=succeeded,
            conversation_id=conversation,
        )
    _answer(call, learned)


@app.command(epilog=examples('recollect procedure worked "book a flight to Lima"'))
@shared_options
def worked(
    call: Call,
    task: Task,
    *,
    limit: Annotated[int, typer.Option("--limit", "-k", help="How many at most, 1 to 100.")] = 5,
) -> None:
    """Show what worked for tasks like this one, the best first."""
    with call.memory() as memory:
        found = memory.procedures.what_worked_for(task, user_id=call.user_id, limit=limit)
    if call.as_json:
        print_json({"strategies": found})
        return
    table = grid(5, None)
    for match in found:
        strategy = match.strategy
        about = f"for {visible(strategy.task)}: " if strategy.task else ""
        table.add_row(f"{match.score:.2f}", f"{about}{shortened(strategy.description, 300)}")
        table.add_row("", Padding(Text(f"{match.why}\n{match.memory_id}", style="dim"), (0, 0, 0, 2)))
    emit(table)
    print_end(len(found), f"user {visible(call.user_id)} has no strategies for anything like that")


@app.command(epilog=examples("recollect procedure reinforce ID --failed"))
@shared_options
def reinforce(
    call: Call,
    strategy_id: Annotated[str, typer.Argument(metavar="ID", help="The strategy's id, as worked shows it.")],
    *,
    succeeded: Went = True,
) -> None:
    """Count one more trial of a strategy."""
    with call.memory() as memory:
        counted = memory.procedures.reinforce(strategy_id, user_id=call.user_id, succeeded=succeeded)
    _answer(call, counted)


@app.command(epilog=examples('recollect procedure reflect "book a flight" --ok --outcome \'{"price": 512}\''))
@shared_options
def reflect(
    call: Call,
    task: Task,
    *,
    succeeded: MaybeWent = None,
    outcome: Annotated[str | None, typer.Option(metavar="JSON", help="What came of it, an object.")] = None,
    conversation: Annotated[str | None, typer.Option(help="In which conversation.")] = None,
    goal: Annotated[str | None, typer.Option(metavar="GOAL", help="For which goal.")] = None,
) -> None:
    """Queue an outcome to be turned into memories; recollect job run does it now."""
    with call.memory() as memory:
        queued = memory.procedures.reflect(
            task,
            user_id=call.user_id,
            succeeded=succeeded,
            outcome=json_object(outcome, "--outcome"),
            conversation_id=conversation,
            goal_id=goal,
        )
    if call.as_json:
        print_json(queued)
    else:
        emit(f"queued {queued.id}")


@app.command(epilog=examples("recollect procedure reflections --status failed"))
@shared_options
def reflections(
    call: Call,
    *,
    status: Annotated[str | None, typer.Option(help="Only queued, done or failed ones.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> None:
    """List outcomes and what became of them, the latest first."""
    with call.memory() as memory:
        page = memory.procedures.reflections(user_id=call.user_id, status=status, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"reflections": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("=queued", "=stands", "task", "=id")
    for one in page:
        when = f"{one.queued_at:%Y-%m-%d %H:%M}"
        table.add_row(when, _stands(one), shortened(one.task, 60), str(one.id))
        if one.error:
            table.add_row("", "", Text(shortened(one.error, 120), style="dim"), "")
    emit(table)
    print_end(len(page), f"user {visible(call.user_id)} has no outcomes like that", page.next_cursor)


@app.command()
@shared_options
def retry(call: Call, reflection_id: ReflectionId) -> None:
    """Queue an outcome again that could not be processed."""
    with call.memory() as memory:
        queued = memory.procedures.retry(reflection_id, user_id=call.user_id)
    if call.as_json:
        print_json(queued)
    else:
        emit(f"queued {queued.id}")


def _stands(one: Reflection) -> str:
    return f"{one.status.value} ({one.attempts})" if one.attempts else one.status.value


def _answer(call: Call, strategy: Strategy) -> None:
    if call.as_json:
        print_json(strategy)
        return
    print_rows(
        [
            ("way", strategy.description),
            ("id", strategy.id),
            ("for", strategy.task),
            ("tools", strategy.tools),
            ("worked", str(strategy.successes)),
            ("failed", str(strategy.failures)),
            ("last used", strategy.last_used_at),
        ]
    )
