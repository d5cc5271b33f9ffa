"""Memories: add, get, list, update, revise, delete, used, and their history."""

from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Response, status
from pydantic import Field

from recollect.domain.event import Event
from recollect.domain.receipt import Receipt
from recollect.domain.record import Memory, MemoryType, Sensitivity, Status, Tier
from recollect.doors.api.adding import AddRequest, add
from recollect.doors.api.caller import Caller, ProjectId, Reader, UserId, Writer
from recollect.doors.api.etag import etag_of, expected_version, is_known
from recollect.doors.api.idempotency import IdempotencyKey
from recollect.doors.api.paging import items_model, memory_page, page_model
from recollect.doors.api.requests import EXAMPLE_ID, Changing, Filtered, Moment, UserBody
from recollect.doors.api.wire import wire_model
from recollect.memory.arguments import FilterArguments, UpdateArguments

router = APIRouter(prefix="/v1/memories", tags=["memories"])

MemoryOut = wire_model(Memory)
MemoryId = Annotated[UUID, Path(description="The memory's id.", examples=[EXAMPLE_ID])]
IfMatch = Annotated[str | None, Header(description="Refuse (412) unless this is the record's ETag.", examples=['"1"'])]
IfNoneMatch = Annotated[str | None, Header(description="304 if this is still the record's ETag.", examples=['"1"'])]


class GetQuery(UserBody):
    """Whose memory, and of which time."""

    project_id: str | None = None
    as_of: Moment | None = Field(None, description="As it was true at that time.")
    known_at: Moment | None = Field(None, description="As it was known at that time.")


class ListQuery(UserBody):
    """Which memories are listed."""

    limit: int = Field(50, ge=1, le=1000)
    cursor: str | None = None
    types: list[MemoryType] | None = None
    tiers: list[Tier] | None = None
    statuses: list[Status] | None = None
    agent_id: str | None = None
    project_id: str | None = None
    conversation_id: str | None = None
    as_of: Moment | None = None
    known_at: Moment | None = None


class ListRequest(Filtered):
    """Which memories are listed, by any condition."""

    limit: int = Field(50, ge=1, le=1000)
    cursor: str | None = None
    known_at: Moment | None = Field(None, description="As they were known at that time.")


class UpdateRequest(Changing, UserBody):
    """What is to change; what is left out stays."""

    text: str | None = Field(None, examples=["My sister Anna works at Bosch"])
    metadata: dict[str, Any] | None = None
    sensitivity: Sensitivity | None = None
    project_id: str | None = None


class ReviseRequest(UserBody):
    """New evidence for a memory that was recalled lately."""

    evidence: str = Field(examples=["Anna told me that she works at Bosch now"])
    text: str | None = None
    actor: str | None = None


class UsedRequest(Changing, UserBody):
    """Which memories an answer rested on."""

    memory_ids: list[UUID] = Field(min_length=1, max_length=1_000, examples=[[EXAMPLE_ID]])
    project_id: str | None = None


class Removal(Changing, UserBody):
    """Whose memory, who removes it, and in which run."""

    project_id: str | None = None


@router.post("", status_code=status.HTTP_201_CREATED, response_model=wire_model(Receipt))
async def add_memory(caller: Writer, body: AddRequest, idempotency_key: IdempotencyKey = None) -> Any:
    """Stores what was said and the facts in it, without asking a model; the receipt says what became of each."""
    return await add(caller, body, idempotency_key)


@router.get("", response_model=page_model(Memory))
async def list_memories(caller: Reader, asked: Annotated[ListQuery, Query()]) -> Any:
    """Lists memories, newest first."""
    return await _listed(caller, asked)


@router.post("/list", response_model=page_model(Memory))
async def filter_memories(caller: Reader, body: ListRequest) -> Any:
    """Lists memories, newest first, by any condition over their fields and metadata."""
    return await _listed(caller, body)


@router.get("/{memory_id}", response_model=MemoryOut, responses={304: {"description": "It has not changed."}})
async def get_memory(
    caller: Reader,
    response: Response,
    memory_id: MemoryId,
    asked: Annotated[GetQuery, Query()],
    if_none_match: IfNoneMatch = None,
) -> Any:
    """Returns one memory; its ETag is its version."""
    user, project = caller.place(asked.user_id, asked.project_id)
    await caller.reach(user, memory_id)
    now = asked.as_of is None and asked.known_at is None
    memory = caller.memory if now else caller.memory.at(asked.as_of, known_at=asked.known_at)
    found = await memory.get(memory_id, user_id=user, project_id=project)
    tag = etag_of(found.version)
    if is_known(tag, if_none_match):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers={**response.headers, "ETag": tag})
    response.headers["ETag"] = tag
    return found


@router.patch("/{memory_id}", response_model=MemoryOut)
async def update_memory(
    caller: Writer, response: Response, memory_id: MemoryId, body: UpdateRequest, if_match: IfMatch = None
) -> Any:
    """Changes a memory's text, metadata or sensitivity; the old version stays in its history."""
    user, project = caller.place(body.user_id, body.project_id)
    await caller.reach(user, memory_id)
    given = body.given("user_id", "text") | {"project_id": project, "expected_version": expected_version(if_match)}
    changed = await caller.memory.update(memory_id, user_id=user, text=body.text, **cast(UpdateArguments, given))
    response.headers["ETag"] = etag_of(changed.version)
    return changed


@router.post("/{memory_id}/revise", response_model=MemoryOut)
async def revise_memory(caller: Writer, response: Response, memory_id: MemoryId, body: ReviseRequest) -> Any:
    """Merges new evidence into a memory that was recalled within the last hour."""
    user, given = caller.user(body.user_id), body.given("user_id", "evidence")
    revised = await caller.memory.revise(memory_id, body.evidence, user_id=user, **given)
    response.headers["ETag"] = etag_of(revised.version)
    return revised


@router.delete("/{memory_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_memory(caller: Writer, memory_id: MemoryId, asked: Annotated[Removal, Query()]) -> None:
    """Takes a memory, and the facts that rest on it alone, out of everything but its history."""
    user, project = caller.place(asked.user_id, asked.project_id)
    await caller.reach(user, memory_id)
    given = asked.given("user_id", "project_id")
    await caller.memory.delete(memory_id, user_id=user, project_id=project, **given)


@router.get("/{memory_id}/history", response_model=items_model(Event))
async def memory_history(
    caller: Reader, memory_id: MemoryId, user_id: UserId = None, project_id: ProjectId = None
) -> Any:
    """Returns everything that happened to a memory, oldest first; also to one that was deleted."""
    user, project = caller.place(user_id, project_id)
    await caller.reach(user, memory_id)
    return {"items": await caller.memory.history(memory_id, user_id=user, project_id=project)}


@router.post("/used", response_model=items_model(Memory))
async def used_memories(caller: Writer, body: UsedRequest) -> Any:
    """Notes that an answer rested on these memories: the only use that counts."""
    user, project = caller.place(body.user_id, body.project_id)
    await caller.reach(user, *body.memory_ids)
    given: dict[str, Any] = body.given("user_id", "memory_ids") | {"project_id": project}
    return {"items": await caller.memory.used(body.memory_ids, user_id=user, **given)}


async def _listed(caller: Caller, asked: ListQuery | ListRequest) -> Any:
    user, project = caller.place(asked.user_id, asked.project_id)
    await caller.reach(user, channel_id=asked.channel_id if isinstance(asked, ListRequest) else None)
    given = asked.given("user_id", "limit", "cursor", "known_at") | {"project_id": project}
    memory = caller.memory
    if asked.known_at is not None:
        memory = caller.memory.at(given.pop("as_of", None), known_at=asked.known_at)
    filters = cast(FilterArguments, given)
    return memory_page(await memory.list(user_id=user, limit=asked.limit, cursor=asked.cursor, **filters))
