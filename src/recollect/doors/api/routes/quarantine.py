"""Quarantine: what sources that are not believed have said, until an admin releases it or somebody drops it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, status
from pydantic import Field

from recollect.domain.record import Memory
from recollect.doors.api.caller import Admin, Cursor, Limit, ProjectId, Reader, UserId, Writer
from recollect.doors.api.paging import memory_page, page_model
from recollect.doors.api.requests import EXAMPLE_ID, Actor, UserBody
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1/quarantine", tags=["quarantine"])

MemoryId = Annotated[UUID, Path(description="The quarantined memory's id.", examples=[EXAMPLE_ID])]


class ReleaseRequest(Actor, UserBody):
    """How far the memory is believed from now on."""

    project_id: str | None = None
    trust: Literal["known", "trusted"] = Field("known", description="`trusted`: its facts count like the user's own.")


@router.get("", response_model=page_model(Memory))
async def list_quarantine(
    caller: Reader, user_id: UserId = None, project_id: ProjectId = None, limit: Limit = 50, cursor: Cursor = None
) -> Any:
    """Lists quarantined memories, newest first."""
    user, project = caller.place(user_id, project_id)
    page = await caller.memory.quarantine.list(user_id=user, project_id=project, limit=limit, cursor=cursor)
    return memory_page(page)


@router.post("/{memory_id}/release", response_model=wire_model(Memory))
async def release_memory(caller: Admin, memory_id: MemoryId, body: ReleaseRequest) -> Any:
    """Believes a memory from now on."""
    given = body.given("user_id", "project_id")
    user, project = caller.place(body.user_id, body.project_id)
    await caller.reach(user, memory_id)
    return await caller.memory.quarantine.release(memory_id, user_id=user, project_id=project, **given)


@router.delete("/{memory_id}", status_code=status.HTTP_204_NO_CONTENT)
async def drop_quarantined(
    caller: Writer, memory_id: MemoryId, user_id: UserId = None, project_id: ProjectId = None
) -> None:
    """Deletes a quarantined memory."""
    user, project = caller.place(user_id, project_id)
    await caller.reach(user, memory_id)
    await caller.memory.quarantine.drop(memory_id, user_id=user, project_id=project)
