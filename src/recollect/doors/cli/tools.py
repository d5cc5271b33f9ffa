"""``recollect tool``: which tools were called, with what, and what came of it."""

import json
from typing import Annotated, Any

import typer
from rich.text import Text

from recollect.domain.conversation import ToolInvocation
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.listed import Cursor, Limit, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, print_json, shortened, visible

app = typer.Typer(help="A record of tool calls.", no_args_is_help=True)

Json = Annotated[str | None, typer.Option(metavar="JSON", help="What came of it, as JSON.")]


@app.command(epilog=examples('recollect tool record weather --arguments \'{"city": "Lyon"}\' --ok --latency-ms 120'))
@shared_options
def record(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="The tool's name.")],
    *,
    arguments: Annotated[str | None, typer.Option(metavar="JSON", help="What it was called with, an object.")] = None,
    output: Json = None,
    succeeded: Annotated[bool | None, typer.Option("--ok/--failed", help="Whether it worked.")] = None,
    latency_ms: Annotated[float | None, typer.Option(help="How long it took, in milliseconds.")] = None,
    error: Annotated[str | None, typer.Option(help="Its message, if it failed.")] = None,
    task: Annotated[str | None, typer.Option(help="What kind of task it was called for.")] = None,
    conversation: Annotated[str | None, typer.Option(help="In which conversation.")] = None,
    turn: Annotated[int | None, typer.Option(help="At which turn of it.")] = None,
    at: Annotated[str, typer.Option(help="When: ISO 8601 with an offset, or now.")] = "now",
) -> None:
    """Record one call of a tool."""
    with call.memory() as memory:
        recorded = memory.tools.record(
            tool,
            user_id=call.user_id,
            arguments=json_object(arguments, "--arguments"),
            output=_json_value(output, "--output"),
            succeeded=succeeded,
            latency_ms=latency_ms,
            error=error,
            task=task,
            conversation_id=conversation,
            turn_index=turn,
            at=at,
        )
    if call.as_json:
        print_json(recorded)
    else:
        _print(recorded)


@app.command("list")
@shared_options
def list_invocations(
    call: Call,
    *,
    tool: Annotated[str | None, typer.Option(help="Only calls of this tool.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> None:
    """List tool calls, the latest first."""
    with call.memory() as memory:
        page = memory.tools.list(user_id=call.user_id, tool=tool, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"invocations": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("when", "tool", "went", ">ms", "with")
    for one in page:
        latency = "-" if one.latency_ms is None else f"{one.latency_ms:,.0f}"
        given = shortened(json.dumps(one.arguments, ensure_ascii=False), 60)
        when = Text(f"{one.invoked_at:%Y-%m-%d %H:%M:%S}", no_wrap=True)
        table.add_row(when, visible(one.tool), _outcome(one), latency, given)
    emit(table)
    print_end(len(page), f"user {visible(call.user_id)} has no tool calls like that", page.next_cursor)


@app.command(epilog=examples("recollect tool stats", 'recollect tool stats --tool weather --task "plan a trip"'))
@shared_options
def stats(
    call: Call,
    *,
    tool: Annotated[str | None, typer.Option(help="Only this tool.")] = None,
    task: Annotated[str | None, typer.Option(help="Only this kind of task.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-k", help="How many at most, 1 to 1000.")] = 100,
) -> None:
    """Show how often each tool worked for each kind of task, and how long it took."""
    with call.memory() as memory:
        found = memory.tools.stats(user_id=call.user_id, tool=tool, task=task, limit=limit)
    if call.as_json:
        print_json({"stats": found})
        return
    table = columns("tool", "task", ">calls", ">worked", ">failed", ">rate", ">mean ms", ">p95")
    for one in found:
        counts = (f"{one.calls:,}", f"{one.successes:,}", f"{one.failures:,}", _number(one.success_rate, ".2f"))
        times = (_number(one.mean_ms, ",.0f"), _number(one.p95_ms, ",.0f"))
        table.add_row(visible(one.tool), shortened(one.task or "-", 40), *counts, *times)
    emit(table)
    print_end(len(found), f"user {visible(call.user_id)} has no tool calls like that")


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _json_value(text: str | None, option: str) -> Any:
    if text is None:
        return None
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise typer.BadParameter(f"is not JSON: {error}", param_hint=option) from None


def _outcome(one: ToolInvocation) -> str:
    return {True: "well", False: "wrong", None: "-"}[one.succeeded]


def _print(one: ToolInvocation) -> None:
    print_rows(
        [
            ("tool", one.tool),
            ("id", one.id),
            ("task", one.task),
            ("when", one.invoked_at),
            ("went", _outcome(one)),
            ("ms", one.latency_ms),
            ("error", one.error),
            ("with", one.arguments),
            ("output", None if one.output is None else json.dumps(one.output, ensure_ascii=False)),
            ("conversation", one.conversation_id),
            ("turn", one.turn_index),
        ]
    )
