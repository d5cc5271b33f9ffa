"""Goals: what a user wants to reach, in a tree, with what waits for what."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from pydantic import Field

from recollect.domain.goal import GoalStatus
from recollect.domain.goal_tree import GoalNode, GoalStanding
from recollect.doors.api.caller import Reader, UserId, Writer
from recollect.doors.api.paging import page_model
from recollect.doors.api.requests import EXAMPLE_ID, Moment, UserBody
from recollect.doors.api.wire import Wire, wire_model

router = APIRouter(prefix="/v1/goals", tags=["goals"])

GoalId = Annotated[UUID, Path(description="The goal's id.", examples=[EXAMPLE_ID])]
GoalOut = wire_model(GoalStanding)


class GoalFields(UserBody):
    """What a goal has."""

    description: str | None = None
    deadline: Moment | None = None
    parent_id: UUID | None = None
    project_id: str | None = None
    metadata: dict[str, Any] | None = None


class GoalRequest(GoalFields):
    """A new goal."""

    title: str = Field(examples=["Book the flight"])
    priority: int = Field(3, ge=1, le=5, description="5 is the highest.")
    blocked_by: list[UUID] = []  # noqa: RUF012 - pydantic copies it


class GoalUpdate(GoalFields):
    """What changes; `clear` names fields that are to be empty."""

    title: str | None = Field(None, examples=["Book the train"])
    priority: int | None = Field(None, ge=1, le=5)
    blocked_by: list[UUID] | None = None
    clear: list[str] = Field([], examples=[["deadline"]])
    expected_updated_at: Moment | None = None


class GoalOutcome(UserBody):
    """What came of it."""

    outcome: str | None = Field(None, examples=["booked for the 3rd"])
    with_children: bool = False


class GoalAct(UserBody):
    """Whose goal it is."""


class GoalQuery(UserBody):
    """Which goals are listed."""

    status: list[GoalStatus] = []  # noqa: RUF012 - pydantic copies it
    parent_id: UUID | None = None
    limit: int = Field(50, ge=1, le=1000)
    cursor: str | None = None


class NodeOut(Wire):
    """A goal and the goals that are parts of it."""

    goal: GoalOut  # type: ignore[valid-type]
    parts: list["NodeOut"]


class TreeOut(Wire):
    """The goals that are parts of no other, with their parts."""

    items: list[NodeOut]


@router.post("", status_code=status.HTTP_201_CREATED, response_model=GoalOut)
async def add_goal(caller: Writer, body: GoalRequest) -> Any:
    """Adds a goal."""
    return await caller.memory.goals.add(
        body.title, user_id=caller.user(body.user_id), **body.given("user_id", "title")
    )


@router.get("", response_model=page_model(GoalStanding))
async def list_goals(caller: Reader, asked: Annotated[GoalQuery, Query()]) -> Any:
    """Lists goals: open ones first, then by priority, deadline and age."""
    return await caller.memory.goals.list(user_id=caller.user(asked.user_id), **asked.given("user_id"))


@router.get("/tree", response_model=TreeOut)
async def goal_tree(caller: Reader, user_id: UserId = None, include_closed: bool = False) -> Any:
    """Returns all goals as a tree."""
    nodes: tuple[GoalNode, ...] = await caller.memory.goals.tree(
        user_id=caller.user(user_id), include_closed=include_closed
    )
    return {"items": nodes}


@router.get("/{goal_id}", response_model=GoalOut)
async def get_goal(caller: Reader, goal_id: GoalId, user_id: UserId = None) -> Any:
    """Returns one goal, and how it stands among the others."""
    return await caller.memory.goals.get(goal_id, user_id=caller.user(user_id))


@router.patch("/{goal_id}", response_model=GoalOut)
async def update_goal(caller: Writer, goal_id: GoalId, body: GoalUpdate) -> Any:
    """Changes a goal."""
    return await caller.memory.goals.update(goal_id, user_id=caller.user(body.user_id), **body.given("user_id"))


@router.post("/{goal_id}/complete", response_model=GoalOut)
async def complete_goal(caller: Writer, goal_id: GoalId, body: GoalOutcome) -> Any:
    """Says that a goal was reached."""
    return await caller.memory.goals.complete(goal_id, user_id=caller.user(body.user_id), **body.given("user_id"))


@router.post("/{goal_id}/abandon", response_model=GoalOut)
async def abandon_goal(caller: Writer, goal_id: GoalId, body: GoalOutcome) -> Any:
    """Says that a goal was given up."""
    return await caller.memory.goals.abandon(goal_id, user_id=caller.user(body.user_id), **body.given("user_id"))


@router.post("/{goal_id}/pause", response_model=GoalOut)
async def pause_goal(caller: Writer, goal_id: GoalId, body: GoalAct) -> Any:
    """Puts a goal off."""
    return await caller.memory.goals.pause(goal_id, user_id=caller.user(body.user_id))


@router.post("/{goal_id}/resume", response_model=GoalOut)
async def resume_goal(caller: Writer, goal_id: GoalId, body: GoalAct) -> Any:
    """Takes a goal up again."""
    return await caller.memory.goals.resume(goal_id, user_id=caller.user(body.user_id))


@router.delete("/{goal_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_goal(caller: Writer, goal_id: GoalId, user_id: UserId = None) -> None:
    """Removes a goal; what were its parts stand by themselves."""
    await caller.memory.goals.remove(goal_id, user_id=caller.user(user_id))
