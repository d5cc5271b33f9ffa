"""Procedures: ways of doing tasks that worked, what came of attempts, and the calls of tools."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from pydantic import Field, JsonValue

from recollect.domain.conversation import ToolInvocation
from recollect.domain.reflection import Reflection, ReflectionStatus
from recollect.domain.strategy import Strategy, StrategyMatch
from recollect.domain.tool_stats import ToolStats
from recollect.doors.api.caller import Cursor, Limit, Reader, UserId, Writer
from recollect.doors.api.paging import items_model, page_model
from recollect.doors.api.requests import EXAMPLE_ID, Moment, UserBody
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1", tags=["procedures and tools"])


class LearnRequest(UserBody):
    """A way of doing a task."""

    description: str = Field(examples=["Search for trains first, then ask for the seat"])
    task: str = Field(examples=["book a trip"])
    tools: list[str] = Field([], examples=[["search_trains"]])
    succeeded: bool = True
    conversation_id: str | None = None


class TriedRequest(UserBody):
    """Whether it worked."""

    succeeded: bool


class ReflectRequest(UserBody):
    """What came of a task."""

    task: str = Field(examples=["book a trip"])
    succeeded: bool | None = None
    outcome: dict[str, Any] | None = Field(None, examples=[{"booked": "the 8:04 to Lyon"}])
    conversation_id: str | None = None
    goal_id: UUID | None = None


class RetryRequest(UserBody):
    """Whose reflection it is."""


class ToolCall(UserBody):
    """A call of a tool."""

    tool: str = Field(examples=["search_trains"])
    arguments: dict[str, Any] | None = Field(None, examples=[{"to": "Lyon"}])
    output: JsonValue = None
    succeeded: bool | None = None
    latency_ms: float | None = Field(None, ge=0)
    error: str | None = None
    task: str | None = None
    conversation_id: str | None = None
    turn_index: int | None = Field(None, ge=0)
    at: Moment | None = Field(None, description="When; now if left out.")


@router.post("/procedures", status_code=status.HTTP_201_CREATED, response_model=wire_model(Strategy))
async def learn_procedure(caller: Writer, body: LearnRequest) -> Any:
    """Keeps a way of doing a task; told again, it is reinforced."""
    given = body.given("user_id", "description")
    return await caller.memory.procedures.learn(body.description, user_id=caller.user(body.user_id), **given)


@router.get("/procedures", response_model=items_model(StrategyMatch))
async def what_worked_for(
    caller: Reader,
    task: Annotated[str, Query(examples=["book a trip"])],
    user_id: UserId = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 5,
) -> Any:
    """Returns what worked for such a task, by success rate and similarity."""
    return {"items": await caller.memory.procedures.what_worked_for(task, user_id=caller.user(user_id), limit=limit)}


@router.post("/procedures/{strategy_id}/tried", response_model=wire_model(Strategy))
async def tried_procedure(
    caller: Writer, strategy_id: Annotated[UUID, Path(examples=[EXAMPLE_ID])], body: TriedRequest
) -> Any:
    """Notes that it was tried again, and whether it worked."""
    user = caller.user(body.user_id)
    return await caller.memory.procedures.reinforce(strategy_id, user_id=user, succeeded=body.succeeded)


@router.post("/reflections", status_code=status.HTTP_201_CREATED, response_model=wire_model(Reflection))
async def queue_reflection(caller: Writer, body: ReflectRequest) -> Any:
    """Queues what came of a task, to be learned from."""
    given = body.given("user_id", "task")
    return await caller.memory.procedures.reflect(body.task, user_id=caller.user(body.user_id), **given)


@router.get("/reflections", response_model=page_model(Reflection))
async def list_reflections(
    caller: Reader,
    user_id: UserId = None,
    status: ReflectionStatus | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    """Lists outcomes, newest first, and whether they were learned from."""
    user = caller.user(user_id)
    return await caller.memory.procedures.reflections(user_id=user, status=status, limit=limit, cursor=cursor)


@router.post("/reflections/{reflection_id}/retry", response_model=wire_model(Reflection))
async def retry_reflection(
    caller: Writer, reflection_id: Annotated[UUID, Path(examples=[EXAMPLE_ID])], body: RetryRequest
) -> Any:
    """Queues a reflection again that failed."""
    return await caller.memory.procedures.retry(reflection_id, user_id=caller.user(body.user_id))


@router.post("/tools", status_code=status.HTTP_201_CREATED, response_model=wire_model(ToolInvocation))
async def record_tool_call(caller: Writer, body: ToolCall) -> Any:
    """Records a call of a tool."""
    given = body.given("user_id", "tool")
    return await caller.memory.tools.record(body.tool, user_id=caller.user(body.user_id), **given)


@router.get("/tools", response_model=page_model(ToolInvocation))
async def list_tool_calls(
    caller: Reader, user_id: UserId = None, tool: str | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Any:
    """Lists calls of tools, newest first."""
    return await caller.memory.tools.list(user_id=caller.user(user_id), tool=tool, limit=limit, cursor=cursor)


@router.get("/tools/stats", response_model=items_model(ToolStats))
async def tool_stats(
    caller: Reader, user_id: UserId = None, tool: str | None = None, task: str | None = None, limit: Limit = 100
) -> Any:
    """Returns success and latency by tool."""
    user = caller.user(user_id)
    return {"items": await caller.memory.tools.stats(user_id=user, tool=tool, task=task, limit=limit)}
