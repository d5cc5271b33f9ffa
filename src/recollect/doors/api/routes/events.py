"""Events: a user's log, line by line; and what happens now, as Server-Sent Events."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from recollect.domain.event import Event, EventType
from recollect.doors.api import event_stream
from recollect.doors.api.caller import Reader
from recollect.doors.api.requests import Moment, UserBody
from recollect.doors.api.wire import Wire, wire_model
from recollect.errors import ValidationError

router = APIRouter(prefix="/v1", tags=["events"])

EventOut = wire_model(Event)
LAST_SEQ = 2**63 - 1


class EventsQuery(UserBody):
    """Which events are listed."""

    since: Moment | None = Field(None, description="Recorded at this time or later.")
    until: Moment | None = Field(None, description="Recorded at this time or earlier.")
    types: list[EventType] = Field([], description="Only these.")
    after_seq: int = Field(0, ge=0, le=LAST_SEQ, description="After this position of the log.")
    limit: int = Field(50, ge=1, le=1000)


class EventsOut(Wire):
    """A page of events, oldest first; `next_after_seq` is null on the last page."""

    items: list[EventOut]  # type: ignore[valid-type]
    next_after_seq: int | None


class WatchQuery(UserBody):
    """What is watched."""

    project_id: str | None = Field(None, description="What this project's members share, instead of the user's own.")
    types: list[EventType] = Field([], description="Only these.")
    after_seq: int | None = Field(
        None, ge=0, le=LAST_SEQ, description="Begin after this position of the log, 0 for its beginning; else now."
    )


@router.get("/events", response_model=EventsOut)
async def list_events(caller: Reader, asked: Annotated[EventsQuery, Query()]) -> Any:
    """Lists a user's events, oldest first."""
    page = await caller.memory.events.list(
        user_id=caller.user(asked.user_id),
        since=asked.since,
        until=asked.until,
        types=asked.types,
        after_seq=asked.after_seq,
        limit=asked.limit,
    )
    return {"items": page.events, "next_after_seq": page.next_after_seq}


@router.get("/watch", response_class=StreamingResponse, responses=event_stream.RESPONSES)
async def watch_events(
    caller: Reader,
    request: Request,
    asked: Annotated[WatchQuery, Query()],
    last_event_id: Annotated[str | None, Header(description="Goes on after this event; wins over `after_seq`.")] = None,
) -> Any:
    """Sends what happens to a user's memories as it happens, as Server-Sent Events: in order, none twice, none lost.

    Each event's `id` is its position in the log, and its `data` the event as `GET /v1/events` shows it. Who comes back
    with `Last-Event-ID` gets what happened meanwhile. A comment is sent every 15 seconds when nothing happens. The
    stream ends when the server closes, and with an event `problem` when the key or the right to read is taken away.
    """
    user, project = caller.place(asked.user_id, asked.project_id)
    after_seq = asked.after_seq if last_event_id is None else _seq(last_event_id)
    events = caller.memory.watch(user_id=user, after_seq=after_seq, types=asked.types, project_id=project)
    return await event_stream.respond(request, caller, events)


def _seq(last_event_id: str) -> int:
    digits = last_event_id.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 19 or int(digits) > LAST_SEQ:
        raise ValidationError("Last-Event-ID", f"must be the id of an event of this stream, not {last_event_id[:60]!r}")
    return int(digits)
