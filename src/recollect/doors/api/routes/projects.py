"""Projects and channels: what several users share, who belongs to it, and where they talk."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from pydantic import Field

from recollect.domain.channel import Channel
from recollect.domain.project import Project, ProjectMember, Role
from recollect.domain.record import Memory
from recollect.doors.api.caller import Cursor, Limit, Reader, UserId, Writer
from recollect.doors.api.paging import items_model, page_model, paged
from recollect.doors.api.requests import EXAMPLE_ID, UserBody
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1", tags=["projects and channels"])

ProjectId = Annotated[str, Path(description="The project's id.", examples=["atlas"])]
MemberId = Annotated[str, Query(description="The member.", examples=["ben"])]
ChannelId = Annotated[str, Path(description="The channel's id.", examples=["C024BE91L"])]


class ProjectRequest(UserBody):
    """A new project; who creates it owns it."""

    project_id: str = Field(examples=["atlas"])
    name: str | None = Field(None, examples=["Atlas"])
    settings: dict[str, Any] | None = None


class ProjectUpdate(UserBody):
    """What changes."""

    name: str | None = Field(None, examples=["Atlas 2"])
    settings: dict[str, Any] | None = None


class MemberRequest(UserBody):
    """A member and what they may."""

    member_id: str = Field(examples=["ben"])
    role: Role = Role.MEMBER


class PromoteRequest(UserBody):
    """A memory of one's own that all members are to see."""

    memory_id: UUID = Field(examples=[EXAMPLE_ID])


class ChannelRequest(UserBody):
    """A channel that is linked to a project."""

    channel_id: str = Field(examples=["C024BE91L"])
    project_id: str = Field(examples=["atlas"])
    name: str | None = None


@router.post("/projects", status_code=status.HTTP_201_CREATED, response_model=wire_model(Project))
async def create_project(caller: Writer, body: ProjectRequest) -> Any:
    """Creates a project."""
    user, project = caller.place(body.user_id, body.project_id)
    given = body.given("user_id", "project_id")
    return await caller.memory.projects.create(project or body.project_id, user_id=user, **given)


@router.get("/projects", response_model=page_model(Project))
async def list_projects(caller: Reader, user_id: UserId = None, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the projects that the user belongs to."""
    found = await caller.memory.projects.list(user_id=caller.user(user_id), limit=limit, cursor=cursor)
    return paged(found, limit, lambda project: project.id)


@router.get("/projects/{project_id}", response_model=wire_model(Project))
async def get_project(caller: Reader, project_id: ProjectId, user_id: UserId = None) -> Any:
    """Returns one project."""
    user, _ = caller.place(user_id, project_id)
    return await caller.memory.projects.get(project_id, user_id=user)


@router.patch("/projects/{project_id}", response_model=wire_model(Project))
async def update_project(caller: Writer, project_id: ProjectId, body: ProjectUpdate) -> Any:
    """Changes a project's name or settings."""
    user, _ = caller.place(body.user_id, project_id)
    return await caller.memory.projects.update(project_id, user_id=user, **body.given("user_id"))


@router.get("/projects/{project_id}/members", response_model=items_model(ProjectMember))
async def list_members(caller: Reader, project_id: ProjectId, user_id: UserId = None) -> Any:
    """Lists a project's members and their roles."""
    user, _ = caller.place(user_id, project_id)
    return {"items": await caller.memory.projects.members(project_id, user_id=user)}


@router.put("/projects/{project_id}/members", response_model=wire_model(ProjectMember))
async def set_member(caller: Writer, project_id: ProjectId, body: MemberRequest) -> Any:
    """Adds a member, or changes what one may."""
    user, _ = caller.place(body.user_id, project_id)
    return await caller.memory.projects.set_member(project_id, body.member_id, user_id=user, role=body.role)


@router.delete("/projects/{project_id}/members", status_code=status.HTTP_204_NO_CONTENT)
async def remove_member(caller: Writer, project_id: ProjectId, member_id: MemberId, user_id: UserId = None) -> None:
    """Takes a member out of the project."""
    user, _ = caller.place(user_id, project_id)
    await caller.memory.projects.remove_member(project_id, member_id, user_id=user)


@router.post("/projects/{project_id}/promote", response_model=wire_model(Memory))
async def promote_memory(caller: Writer, project_id: ProjectId, body: PromoteRequest) -> Any:
    """Puts a copy of a memory of one's own among those that all members see."""
    user, _ = caller.place(body.user_id, project_id)
    return await caller.memory.projects.promote(body.memory_id, project_id, user_id=user)


@router.get("/projects/{project_id}/channels", response_model=page_model(Channel))
async def list_channels(
    caller: Reader, project_id: ProjectId, user_id: UserId = None, limit: Limit = 50, cursor: Cursor = None
) -> Any:
    """Lists the channels that are linked to a project."""
    user, _ = caller.place(user_id, project_id)
    found = await caller.memory.channels.list(project_id, user_id=user, limit=limit, cursor=cursor)
    return paged(found, limit, lambda channel: channel.id)


@router.post("/channels", status_code=status.HTTP_201_CREATED, response_model=wire_model(Channel))
async def link_channel(caller: Writer, body: ChannelRequest) -> Any:
    """Links a channel to a project: what is said there is its members' too."""
    user, _ = caller.place(body.user_id, body.project_id)
    return await caller.memory.channels.link(body.channel_id, body.project_id, user_id=user, name=body.name)


@router.get("/channels/{channel_id}", response_model=wire_model(Channel))
async def get_channel(caller: Reader, channel_id: ChannelId, user_id: UserId = None) -> Any:
    """Returns a channel's link."""
    return await caller.memory.channels.get(channel_id, user_id=caller.user(user_id))


@router.delete("/channels/{channel_id}", status_code=status.HTTP_204_NO_CONTENT)
async def unlink_channel(caller: Writer, channel_id: ChannelId, user_id: UserId = None) -> None:
    """Takes a channel's link away."""
    await caller.memory.channels.unlink(channel_id, user_id=caller.user(user_id))
