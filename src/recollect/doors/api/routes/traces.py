"""Traces: questions with their answers, kept by ``POST /v1/search`` with ``trace``, to be asked again."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, status

from recollect.domain.trace import Replayed, Trace
from recollect.doors.api.caller import Cursor, Limit, Reader, UserId, Writer
from recollect.doors.api.paging import page_model
from recollect.doors.api.requests import EXAMPLE_ID, UserBody
from recollect.doors.api.routes.finding import SearchOut
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1/traces", tags=["traces"])

TraceId = Annotated[UUID, Path(description="`trace_id` of the search.", examples=[EXAMPLE_ID])]


class ReplayRequest(UserBody):
    """Whose trace it is."""


class ReplayedOut(wire_model(Replayed, without=("result",))):
    """A trace asked again as of its time: the answer now, and what is not the same."""

    same: bool
    result: SearchOut


@router.get("", response_model=page_model(Trace))
async def list_traces(caller: Reader, user_id: UserId = None, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the user's traces, newest first."""
    return await caller.memory.traces.list(user_id=caller.user(user_id), limit=limit, cursor=cursor)


@router.get("/{trace_id}", response_model=wire_model(Trace))
async def get_trace(caller: Reader, trace_id: TraceId, user_id: UserId = None) -> Any:
    """Returns a trace: the question, its arguments, and the ids and scores of the answer."""
    return await caller.memory.traces.get(trace_id, user_id=caller.user(user_id))


@router.post("/{trace_id}/replay", response_model=ReplayedOut)
async def replay_trace(caller: Reader, trace_id: TraceId, body: ReplayRequest) -> Any:
    """Asks a kept question again as of its time, and tells what is not the same: normally nothing."""
    return await caller.memory.traces.replay(trace_id, user_id=caller.user(body.user_id))


@router.delete("/{trace_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_trace(caller: Writer, trace_id: TraceId, user_id: UserId = None) -> None:
    """Deletes a trace; its question stays in the log until the user is erased."""
    await caller.memory.traces.delete(trace_id, user_id=caller.user(user_id))
