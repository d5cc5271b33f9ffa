"""``recollect identity``: what a user is known by, set by hand or told in conversation."""

import json
from typing import Annotated, Any

import typer

from recollect.domain.receipt import Receipt
from recollect.doors.cli.json_option import typed_value
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, day, emit, print_degraded, print_json, shortened, visible
from recollect.memory.identity_fields import IdentityValue

app = typer.Typer(help="What a user is known by, loaded on every turn.", no_args_is_help=True)

Field = Annotated[str, typer.Argument(metavar="FIELD", help="Such as name, location or family.")]
Typed = Annotated[bool, typer.Option("--typed", help="The value is JSON: a number, true, a list, an object.")]


@app.command()
@shared_options
def show(call: Call) -> None:
    """Show the fields that hold now."""
    with call.memory() as memory:
        found = memory.identity.get(user_id=call.user_id)
    if call.as_json:
        print_json({"identity": found.fields, "degraded": found.degraded})
        return
    table = columns("field", "value", ">sure", "from", "since")
    for one in found.values():
        source = "a pattern" if one.derived else one.source.value
        table.add_row(
            visible(one.name), shortened(_shown(one.value), 300), f"{one.confidence:.2f}", source, day(one.since)
        )
    emit(table)
    if not found:
        emit(f"nothing is known of user {visible(call.user_id)}", style="dim")
    print_degraded(found.degraded)


@app.command(
    "set",
    epilog=examples(
        "recollect identity set location Lyon",
        'recollect identity set family \'{"children": ["Anne", "Tom"]}\' --typed',
    ),
)
@shared_options
def set_field(
    call: Call,
    field: Field,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it is from now on.")],
    *,
    typed: Typed = False,
    confidence: Annotated[float, typer.Option(help="How sure it is, 0 to 1.")] = 1.0,
    source: Annotated[str, typer.Option(help="Who vouches for it.")] = "user_explicit",
) -> None:
    """Set a field; the value before it stays in its history."""
    given = typed_value(value, "VALUE", typed=typed)
    with call.memory() as memory:
        receipt = memory.identity.set(field, given, user_id=call.user_id, confidence=confidence, source=source)
    _answer(call, receipt)


@app.command(epilog=examples("recollect identity remove employer", "recollect identity remove allergy --value dust"))
@shared_options
def remove(
    call: Call,
    field: Field,
    *,
    value: Annotated[str | None, typer.Option(help="Only this one of several.")] = None,
    typed: Typed = False,
) -> None:
    """Say that a field holds no longer; its history keeps it."""
    gone = None if value is None else typed_value(value, "--value", typed=typed)
    with call.memory() as memory:
        receipt = memory.identity.remove(field, user_id=call.user_id, value=gone)
    _answer(call, receipt)


@app.command(epilog=examples("recollect identity history location"))
@shared_options
def history(
    call: Call, field: Field, *, limit: Annotated[int, typer.Option("--limit", "-k", help="1 to 1000.")] = 50
) -> None:
    """Show the values that a field has and had, newest first."""
    with call.memory() as memory:
        found = memory.identity.history(field, user_id=call.user_id, limit=limit)
    if call.as_json:
        print_json({"values": found})
        return
    table = columns("value", "since", "until", "told by", ">times")
    for one in found:
        until = "now" if one.holds else day(one.until)
        told_by = f"{visible(one.told_by)}, {day(one.told_at)}"
        table.add_row(shortened(_what(one), 200), day(one.since), until, told_by, str(one.times))
    emit(table)
    if not found:
        emit(f"nothing was ever known of that of user {visible(call.user_id)}", style="dim")


def _answer(call: Call, receipt: Receipt) -> None:
    if call.as_json:
        print_json(receipt)
        return
    for item in receipt.items:
        emit(f"{item.outcome.value}: {shortened(item.text, 200)} ({visible(item.reason)})")


def _what(one: IdentityValue) -> str:
    return f"no longer {_shown(one.ended)}" if one.value is None else _shown(one.value)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
