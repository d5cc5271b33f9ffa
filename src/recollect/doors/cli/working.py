"""``recollect working``: what fades: what was just said, values put aside, thoughts, raw input."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.json_option import typed_value
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, plural, print_json, shortened, visible

app = typer.Typer(help="What fades: working memory, values put aside, thoughts.", no_args_is_help=True)

Text = Annotated[str, typer.Argument(metavar="TEXT", help="In words.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Under which it is found.")]
Conversation = Annotated[str | None, typer.Option(help="In which conversation.")]


@app.command()
@shared_options
def show(call: Call, *, limit: Annotated[int, typer.Option("--limit", "-k", help="1 to 1000.")] = 50) -> None:
    """Show what is in working memory now, and how long it stays."""
    with call.memory() as memory:
        items = memory.working.items(user_id=call.user_id, limit=limit)
        sensed = memory.working.sensed(user_id=call.user_id)
        goal = memory.working.focused(user_id=call.user_id)
    if call.as_json:
        print_json({"items": items, "sensed": sensed, "goal": goal})
        return
    if goal is not None:
        emit(f"goal: {visible(goal.title)}")
    table = columns(">min", ">felt", "said", "why only here")
    for one in items:
        who = f"{visible(one.said.speaker)}: " if one.said.speaker else ""
        why = visible(one.said.reason) if one.memory_id is None else "-"
        left, said = f"{one.seconds_left / 60:,.0f}", f"{who}{shortened(one.said.text, 200)}"
        table.add_row(left, f"{one.said.emotion:.2f}", said, why)
    emit(table)
    if not items:
        emit(f"nothing is in working memory of user {visible(call.user_id)}", style="dim")
    for piece in sensed:
        emit(f"sensed: {shortened(piece.text, 200)}", style="dim")


@app.command(epilog=examples('recollect working think "She asked about trains, not planes"'))
@shared_options
def think(call: Call, text: Text, *, conversation: Conversation = None) -> None:
    """Note one step of reasoning; the last 100 are kept for an hour."""
    with call.memory() as memory:
        noted = memory.working.think(text, user_id=call.user_id, conversation_id=conversation)
    if call.as_json:
        print_json(noted)
    else:
        emit(f"noted until {_clock(noted.expires_at)}")


@app.command()
@shared_options
def thoughts(
    call: Call,
    *,
    conversation: Conversation = None,
    limit: Annotated[int, typer.Option("--limit", "-k", help="1 to 1000.")] = 10,
) -> None:
    """Show the last thoughts, newest first."""
    with call.memory() as memory:
        found = memory.working.thoughts(user_id=call.user_id, conversation_id=conversation, limit=limit)
    if call.as_json:
        print_json({"thoughts": found})
        return
    table = columns("when", "thought")
    for one in found:
        table.add_row(_clock(one.at), shortened(one.text, 400))
    emit(table)
    if not found:
        emit(f"user {visible(call.user_id)} has no thoughts", style="dim")


@app.command("set", epilog=examples("recollect working set page 3 --typed --ttl 600"))
@shared_options
def set_value(
    call: Call,
    name: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What is put aside.")],
    *,
    typed: Annotated[bool, typer.Option("--typed", help="The value is JSON.")] = False,
    ttl: Annotated[float, typer.Option(help="For how many seconds, at most a week.")] = 3600,
) -> None:
    """Put a value aside for a while."""
    given = typed_value(value, "VALUE", typed=typed)
    with call.memory() as memory:
        kept = memory.working.set(name, given, user_id=call.user_id, ttl_s=ttl)
    if call.as_json:
        print_json(kept)
    else:
        emit(f"{visible(kept.name)} is kept until {_clock(kept.expires_at)}")


@app.command()
@shared_options
def get(
    call: Call,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One of them; all if left out.")] = None,
) -> None:
    """Show the values that were put aside and are still there; exit 1 if the one that is named is not."""
    with call.memory() as memory:
        found = memory.working.all(user_id=call.user_id)
    shown = [one for one in found.values() if name in (None, one.name)]
    if call.as_json:
        print_json({"values": shown})
    else:
        table = columns("name", "value", "until")
        for one in shown:
            table.add_row(visible(one.name), shortened(_shown(one.value), 300), _clock(one.expires_at))
        emit(table)
        if not shown:
            emit("nothing like that is put aside", style="dim")
    if name is not None and not shown:
        raise typer.Exit(1)


@app.command()
@shared_options
def delete(call: Call, name: Name, *, dry_run: DryRun = False) -> None:
    """Take a value away that was put aside."""
    if dry_run:
        agreed(call, "delete", f"the value {visible(name)}", yes=True, dry_run=True, name=name)
        return
    with call.memory() as memory:
        gone = memory.working.delete(name, user_id=call.user_id)
    if call.as_json:
        print_json({"deleted": gone})
    else:
        emit(f"{visible(name)} is gone" if gone else f"{visible(name)} was not there")


@app.command(epilog=examples('recollect working sense "the doorbell rings"'))
@shared_options
def sense(call: Call, text: Text) -> None:
    """Take in raw input; about 500 tokens and 30 seconds of it are held."""
    with call.memory() as memory:
        piece = memory.working.sense(text, user_id=call.user_id)
    if call.as_json:
        print_json(piece)
    else:
        emit(f"{plural(piece.tokens, 'token')} held until {_clock(piece.expires_at)}")


@app.command(epilog=examples("recollect working clear --dry-run", "recollect working clear --yes"))
@shared_options
def clear(call: Call, *, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Empty working memory: what was said, values, thoughts, raw input; memories and the session stay."""
    with call.memory() as memory:
        held = plural(len(memory.working.items(user_id=call.user_id, limit=1_000)), "item")
        named = f"working memory of user {visible(call.user_id)}, with {held}"
        if not agreed(call, "empty", named, yes=yes, dry_run=dry_run, user_id=call.user_id):
            return
        gone = memory.working.clear(user_id=call.user_id)
    if call.as_json:
        print_json({"cleared": gone})
    else:
        emit(f"{plural(gone, 'thing')} forgotten")


def _clock(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%H:%M:%S} UTC"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
