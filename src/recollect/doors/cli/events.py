"""``recollect events``: a user's log, line by line."""

from typing import Annotated, Any

import typer
from rich.text import Text

from recollect.domain.event import Event, EventType
from recollect.doors.cli.finding import given
from recollect.doors.cli.listed import Limit, print_end
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import columns, emit, print_json, shortened, visible
from recollect.errors import ValidationError
from recollect.memory.arguments import member


def event_type(value: str) -> EventType:
    """The type of events that is called so; there are too many to name all of them to who mistypes one.

    Raises:
        BadParameter: naming those that look like it.
    """
    try:
        return member("--type", EventType, value)
    except ValidationError as error:
        raise typer.BadParameter(error.problem) from None


Types = Annotated[
    list[EventType] | None,
    typer.Option(
        "--type", parser=event_type, metavar="TYPE", help="Only this type, such as memory_added; may be repeated."
    ),
]


@shared_options
def events(
    call: Call,
    *,
    since: Annotated[str | None, typer.Option(help="Recorded at this time or later (ISO 8601 with an offset).")] = None,
    until: Annotated[str | None, typer.Option(help="Recorded at this time or earlier.")] = None,
    types: Types = None,
    after: Annotated[int, typer.Option(help="Only after this position of the log.")] = 0,
    limit: Limit = 50,
) -> None:
    """List everything that happened to a user's memories and what belongs to them, oldest first."""
    with call.memory() as memory:
        page = memory.events.list(
            user_id=call.user_id, after_seq=after, limit=limit, **given(since=since, until=until, types=types)
        )
    if call.as_json:
        print_json({"events": page.events, "next_after_seq": page.next_after_seq})
        return
    table = columns(">seq", "when", "event", "what")
    for event in page:
        when = Text(f"{event.recorded_at:%Y-%m-%d %H:%M:%S}", no_wrap=True)
        table.add_row(f"{event.seq}", when, event.type.value, subject_of(event))
    emit(table)
    print_end(len(page), f"user {visible(call.user_id)} has no events like that", page.next_after_seq, "--after")


def subject_of(event: Event) -> str:
    """The new text, or the name that a thing has; that it is not shown; else why it happened."""
    if event.payload is None:
        return "(erased, or not to be read)"
    told: dict[str, Any] = {
        **event.payload.get("key", {}),
        **event.payload.get("set", {}),
        **event.payload.get("memory", {}),
    }
    named = next(
        (told[name] for name in ("text", "name", "title", "tool", "type", "memory_id") if told.get(name)), None
    )
    return shortened(str(named or event.payload.get("reason") or ""), 60)
