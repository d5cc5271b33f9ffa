"""``recollect session``: what is going on with a user right now, and what is kept of it when it ends."""

from typing import Annotated, Any

import typer

from recollect.domain.receipt import ReceiptItem
from recollect.domain.session import Session
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.listed import Cursor, Limit, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, grid, plural, print_degraded, print_json, shortened, visible
from recollect.memory.session_changes import SessionEnd

app = typer.Typer(help="What is going on with a user right now: one session at a time.", no_args_is_help=True)

State = Annotated[
    str | None, typer.Option(metavar="JSON", help="An object: its keys are set, those that are null are removed.")
]


@app.command(epilog=examples('recollect session start --state \'{"current_topic": "Peru"}\''))
@shared_options
def start(
    call: Call,
    *,
    state: State = None,
    agent: Annotated[str, typer.Option(help="The agent that talks.")] = "",
    conversation: Annotated[str | None, typer.Option(help="The conversation it is about.")] = None,
) -> None:
    """Begin a session; one that is open ends first."""
    with call.memory() as memory:
        began = memory.sessions.start(
            user_id=call.user_id,
            state=json_object(state, "--state"),
            agent_id=agent,
            conversation_id=conversation,
        )
    if call.as_json:
        print_json(began)
        return
    if began.ended is not None:
        _print_end(began.ended)
    _print(began.session)
    told = () if began.ended is None else began.ended.degraded
    print_degraded(problem for problem in began.degraded if problem not in told)


@app.command()
@shared_options
def show(call: Call) -> None:
    """Show the open session; that counts as using it."""
    with call.memory() as memory:
        found = memory.sessions.get(user_id=call.user_id)
    if call.as_json:
        print_json({"session": found})
    elif found is None:
        emit(f"user {visible(call.user_id)} has no open session", style="dim")
    else:
        _print(found)


@app.command(epilog=examples('recollect session update --state \'{"current_topic": null, "task": "book the train"}\''))
@shared_options
def update(
    call: Call,
    *,
    state: State = None,
    conversation: Annotated[str | None, typer.Option(help='The conversation it is about; "" for none.')] = None,
    goal: Annotated[str | None, typer.Option(metavar="ID", help='The goal that is worked on; "" for none.')] = None,
) -> None:
    """Change the open session."""
    with call.memory() as memory:
        changed = memory.sessions.update(
            user_id=call.user_id,
            state=json_object(state, "--state"),
            conversation_id=conversation,
            active_goal_id=goal,
        )
    if call.as_json:
        print_json(changed)
    else:
        _print(changed)


@app.command(epilog=examples('recollect session end --reason "she went home"'))
@shared_options
def end(
    call: Call, *, reason: Annotated[str | None, typer.Option(help="Why, in at most 200 characters.")] = None
) -> None:
    """End the open session: keep what was felt strongly, empty working memory."""
    with call.memory() as memory:
        ended = memory.sessions.end(user_id=call.user_id, reason=reason)
    if call.as_json:
        print_json(ended)
    else:
        _print_end(ended)


@app.command("list")
@shared_options
def list_sessions(call: Call, *, limit: Limit = 50, cursor: Cursor = None) -> None:
    """List sessions, newest first."""
    with call.memory() as memory:
        page = memory.sessions.list(user_id=call.user_id, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"sessions": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("began", "ended", "because")
    for one in page:
        ended = "-" if one.ended_at is None else f"{one.ended_at:%Y-%m-%d %H:%M}"
        table.add_row(f"{one.started_at:%Y-%m-%d %H:%M}", ended, visible(one.ended_because or "-"))
    emit(table)
    print_end(len(page), f"user {visible(call.user_id)} has had no session", page.next_cursor)


def _print_end(ended: SessionEnd) -> None:
    emit(f"ended {ended.session.id}: {visible(ended.session.ended_because or '')}")
    table = grid(10, None)
    for item in ended.kept:
        table.add_row(item.outcome.value, shortened(item.text, 200))
        table.add_row("", _why(item))
    if ended.kept:
        emit(table)
    emit(f"{plural(ended.faded, 'other thing')} in working memory faded", style="dim")
    print_degraded(ended.degraded)


def _why(item: ReceiptItem) -> str:
    return visible(item.reason) if item.memory_id is None else f"{visible(item.reason)}: {item.memory_id}"


def _print(session: Session) -> None:
    rows: list[tuple[str, Any]] = [
        ("session", session.id),
        ("agent", session.agent_id),
        ("conversation", session.conversation_id),
        ("goal", session.active_goal_id),
        ("state", session.state),
        ("began", session.started_at),
        ("changed", session.updated_at),
    ]
    print_rows(rows)
