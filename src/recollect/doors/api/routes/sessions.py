"""Sessions: the one that a user has open, how it begins, goes on and ends."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from recollect.domain.session import Session
from recollect.doors.api.caller import Cursor, Limit, Reader, UserId, Writer
from recollect.doors.api.paging import page_model
from recollect.doors.api.requests import EXAMPLE_ID, Actor, UserBody
from recollect.doors.api.wire import Wire, wire_model
from recollect.memory.session_changes import SessionEnd, SessionStart

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


class StartRequest(Actor, UserBody):
    """How the session begins."""

    state: dict[str, Any] | None = Field(None, examples=[{"active_task": "plan a trip to Peru"}])
    agent_id: str = ""
    conversation_id: str | None = None


class SessionUpdate(Actor, UserBody):
    """What has changed; the state is merged, a null in it takes a field away."""

    state: dict[str, Any] | None = Field(None, examples=[{"active_task": "book the flight"}])
    conversation_id: str | None = None
    active_goal_id: UUID | None = Field(None, examples=[EXAMPLE_ID])


class EndRequest(Actor, UserBody):
    """Why the session ends."""

    reason: str | None = Field(None, examples=["the user said goodbye"])


class Current(Wire):
    """The open session; null when there is none."""

    session: wire_model(Session) | None  # type: ignore[valid-type]


@router.post("", status_code=status.HTTP_201_CREATED, response_model=wire_model(SessionStart))
async def start_session(caller: Writer, body: StartRequest) -> Any:
    """Begins a session; one that is open ends first."""
    return await caller.memory.sessions.start(user_id=caller.user(body.user_id), **body.given("user_id"))


@router.get("", response_model=page_model(Session))
async def list_sessions(caller: Reader, user_id: UserId = None, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the user's sessions, newest first."""
    return await caller.memory.sessions.list(user_id=caller.user(user_id), limit=limit, cursor=cursor)


@router.get("/current", response_model=Current)
async def current_session(caller: Reader, user_id: UserId = None) -> Any:
    """Returns the open session, and refreshes its time to live."""
    return {"session": await caller.memory.sessions.get(user_id=caller.user(user_id))}


@router.patch("/current", response_model=wire_model(Session))
async def update_session(caller: Writer, body: SessionUpdate) -> Any:
    """Changes the open session's state."""
    return await caller.memory.sessions.update(user_id=caller.user(body.user_id), **body.given("user_id"))


@router.post("/current/end", response_model=wire_model(SessionEnd))
async def end_session(caller: Writer, body: EndRequest) -> Any:
    """Ends the open session; what was felt strongly in working memory is kept for good."""
    return await caller.memory.sessions.end(user_id=caller.user(body.user_id), **body.given("user_id"))
