"""Working memory: what was just said, thoughts, values put aside for a while, raw input, the goal in focus."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from pydantic import Field, JsonValue

from recollect.domain.goal import Goal
from recollect.domain.session import Session
from recollect.doors.api.caller import Limit, Reader, UserId, Writer
from recollect.doors.api.paging import items_model
from recollect.doors.api.requests import EXAMPLE_ID, Actor, UserBody
from recollect.doors.api.wire import Wire, wire_model
from recollect.memory.hot_views import ContextValue, Sensed, Thought, Working

router = APIRouter(prefix="/v1/working", tags=["working memory"])

ValueName = Annotated[str, Path(description="Under which it is found.", examples=["cart"])]


class ThoughtRequest(UserBody):
    """One step of an agent's reasoning."""

    text: str = Field(examples=["The user prefers trains; look for one first"])
    conversation_id: str | None = None


class ValueRequest(UserBody):
    """A value, and for how long it is kept."""

    value: JsonValue = Field(examples=[["a pair of boots"]])
    ttl_s: float = Field(3_600, gt=0, description="Seconds.")


class SenseRequest(UserBody):
    """A piece of raw input."""

    text: str = Field(examples=["...and then she said that the train"])


class FocusRequest(Actor, UserBody):
    """The goal in focus; null for none."""

    goal_id: UUID | None = Field(examples=[EXAMPLE_ID])


class Value(Wire):
    """A value; null when there is none."""

    value: JsonValue


class Values(Wire):
    """All values, by name."""

    values: Mapping[str, wire_model(ContextValue)]  # type: ignore[valid-type]


class Removed(Wire):
    """Whether there was something to remove."""

    removed: bool


class Cleared(Wire):
    """How many things were removed."""

    removed: int


class Ids(Wire):
    """Ids of memories, the latest first."""

    items: list[UUID]


class Focused(Wire):
    """The goal in focus; null when there is none."""

    goal: wire_model(Goal) | None  # type: ignore[valid-type]


@router.get("", response_model=items_model(Working))
async def working_items(caller: Reader, user_id: UserId = None, limit: Limit = 50) -> Any:
    """Returns what was just said and has not faded."""
    return {"items": await caller.memory.working.items(user_id=caller.user(user_id), limit=limit)}


@router.delete("", response_model=Cleared)
async def clear_working(caller: Writer, user_id: UserId = None) -> Any:
    """Removes everything that lives in working memory alone."""
    return {"removed": await caller.memory.working.clear(user_id=caller.user(user_id))}


@router.get("/recent", response_model=Ids)
async def recent_memories(caller: Reader, user_id: UserId = None, limit: Limit = 10) -> Any:
    """Returns the ids of the memories that were touched last."""
    return {"items": await caller.memory.working.recent(user_id=caller.user(user_id), limit=limit)}


@router.post("/thoughts", status_code=status.HTTP_201_CREATED, response_model=wire_model(Thought))
async def add_thought(caller: Writer, body: ThoughtRequest) -> Any:
    """Keeps a step of an agent's reasoning for a while."""
    return await caller.memory.working.think(
        body.text, user_id=caller.user(body.user_id), **body.given("user_id", "text")
    )


@router.get("/thoughts", response_model=items_model(Thought))
async def list_thoughts(
    caller: Reader,
    user_id: UserId = None,
    conversation_id: Annotated[str | None, Query()] = None,
    limit: Limit = 10,
) -> Any:
    """Returns the latest thoughts."""
    user = caller.user(user_id)
    return {"items": await caller.memory.working.thoughts(user_id=user, conversation_id=conversation_id, limit=limit)}


@router.post("/sensed", status_code=status.HTTP_201_CREATED, response_model=wire_model(Sensed))
async def add_sensed(caller: Writer, body: SenseRequest) -> Any:
    """Keeps a piece of raw input for some seconds."""
    return await caller.memory.working.sense(body.text, user_id=caller.user(body.user_id))


@router.get("/sensed", response_model=items_model(Sensed))
async def list_sensed(caller: Reader, user_id: UserId = None) -> Any:
    """Returns the raw input of the last seconds."""
    return {"items": await caller.memory.working.sensed(user_id=caller.user(user_id))}


@router.get("/focus", response_model=Focused)
async def focused_goal(caller: Reader, user_id: UserId = None) -> Any:
    """Returns the goal in focus."""
    return {"goal": await caller.memory.working.focused(user_id=caller.user(user_id))}


@router.put("/focus", response_model=wire_model(Session))
async def focus_goal(caller: Writer, body: FocusRequest) -> Any:
    """Puts a goal into focus, in the open session or a new one."""
    given = body.given("user_id", "goal_id")
    return await caller.memory.working.focus(body.goal_id, user_id=caller.user(body.user_id), **given)


@router.get("/values", response_model=Values)
async def all_values(caller: Reader, user_id: UserId = None) -> Any:
    """Returns all values that were put aside and have not faded."""
    return {"values": dict(await caller.memory.working.all(user_id=caller.user(user_id)))}


@router.put("/values/{name:path}", response_model=wire_model(ContextValue))
async def set_value(caller: Writer, name: ValueName, body: ValueRequest) -> Any:
    """Puts a value aside for a while."""
    return await caller.memory.working.set(name, body.value, user_id=caller.user(body.user_id), ttl_s=body.ttl_s)


@router.get("/values/{name:path}", response_model=Value)
async def get_value(caller: Reader, name: ValueName, user_id: UserId = None) -> Any:
    """Returns a value."""
    return {"value": await caller.memory.working.get(name, user_id=caller.user(user_id))}


@router.delete("/values/{name:path}", response_model=Removed)
async def delete_value(caller: Writer, name: ValueName, user_id: UserId = None) -> Any:
    """Removes a value."""
    return {"removed": await caller.memory.working.delete(name, user_id=caller.user(user_id))}
