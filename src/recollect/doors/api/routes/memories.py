"""Memories: add, get, list, update, revise, delete, used, and their history."""

from collections.abc import Sequence
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Response, status
from pydantic import AwareDatetime, BaseModel, Field

from recollect.domain.event import Event
from recollect.domain.receipt import Receipt
from recollect.domain.record import Memory, MemoryType, Sensitivity, SourceType, Status, Tier
from recollect.doors.api.caller import ProjectId, Reader, UserId, Writer
from recollect.doors.api.etag import etag_of, expected_version
from recollect.doors.api.requests import EXAMPLE_ID, Changing, UserBody
from recollect.doors.api.wire import Wire, wire_model
from recollect.memory.arguments import AddArguments, FilterArguments, UpdateArguments

router = APIRouter(prefix="/v1/memories", tags=["memories"])

MemoryOut = wire_model(Memory)
EventOut = wire_model(Event)
MemoryId = Annotated[UUID, Path(description="The memory's id.", examples=[EXAMPLE_ID])]
IfMatch = Annotated[str | None, Header(description="Refuse (412) unless this is the record's ETag.", examples=['"1"'])]


class Message(BaseModel):
    """One message of a chat."""

    role: str = Field(examples=["user"])
    content: str = Field(examples=["My sister Anna works at Siemens"])
    name: str | None = None
    at: AwareDatetime | None = None
    id: str | None = None
    metadata: dict[str, Any] | None = None


class AddRequest(Changing, UserBody):
    """What was said, and what is known about it."""

    content: str | Message | list[Message] = Field(
        description="A text, a chat message, or messages in order.", examples=["My sister Anna works at Siemens"]
    )
    agent_id: str | None = None
    project_id: str | None = None
    conversation_id: str | None = None
    speaker: str | None = None
    at: AwareDatetime | None = Field(None, description="When it was said; now if left out, unknown if null.")
    occurred_at: AwareDatetime | None = None
    type: MemoryType | None = None
    tier: Tier | None = None
    source_type: SourceType | None = None
    metadata: dict[str, Any] | None = None
    source: str | None = None
    sensitivity: Sensitivity | None = None
    share: bool | None = None
    channel_id: str | None = None
    audience: list[str] | None = None
    subject: str | None = None


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
    as_of: AwareDatetime | None = None


class UpdateRequest(Changing, UserBody):
    """What is to change; what is left out stays."""

    text: str | None = Field(None, examples=["Anna works at Bosch"])
    metadata: dict[str, Any] | None = None
    sensitivity: Sensitivity | None = None
    project_id: str | None = None


class ReviseRequest(UserBody):
    """New evidence for a memory that was recalled lately."""

    evidence: str = Field(examples=["Anna told me that she works at Bosch now"])
    text: str | None = None


class UsedRequest(Changing, UserBody):
    """Which memories an answer rested on."""

    memory_ids: list[UUID] = Field(min_length=1, max_length=1_000, examples=[[EXAMPLE_ID]])
    project_id: str | None = None


class MemoryPage(Wire):
    """A page of memories, newest first."""

    memories: Sequence[MemoryOut]  # type: ignore[valid-type]
    next_cursor: str | None


class History(Wire):
    """What happened to a memory, oldest first."""

    events: Sequence[EventOut]  # type: ignore[valid-type]


class Used(Wire):
    """The memories as they are now."""

    memories: Sequence[MemoryOut]  # type: ignore[valid-type]


@router.post("", status_code=status.HTTP_201_CREATED, response_model=wire_model(Receipt))
async def add_memory(
    caller: Writer,
    body: AddRequest,
    idempotency_key: Annotated[
        str | None, Header(description="Sent again within 24 hours, the same request gets the same receipt.")
    ] = None,
) -> Any:
    """Stores what was said and the facts in it, without asking a model; the receipt says what became of each."""
    user, project = caller.place(body.user_id, body.project_id)
    given = body.given("user_id", "content", null=("at",)) | {"project_id": project}
    content = body.content if isinstance(body.content, str) else body.model_dump(exclude_none=True)["content"]
    if idempotency_key is not None:
        given["idempotency_key"] = idempotency_key
    return await caller.memory.add(content, user_id=user, **cast(AddArguments, given))


@router.get("", response_model=MemoryPage)
async def list_memories(caller: Reader, asked: Annotated[ListQuery, Query()]) -> Any:
    """Lists memories, newest first."""
    user, project = caller.place(asked.user_id, asked.project_id)
    filters = cast(FilterArguments, asked.given("user_id", "limit", "cursor") | {"project_id": project})
    return await caller.memory.list(user_id=user, limit=asked.limit, cursor=asked.cursor, **filters)


@router.get("/{memory_id}", response_model=MemoryOut)
async def get_memory(
    caller: Reader, response: Response, memory_id: MemoryId, user_id: UserId = None, project_id: ProjectId = None
) -> Any:
    """Returns one memory; its ETag is its version."""
    user, project = caller.place(user_id, project_id)
    found = await caller.memory.get(memory_id, user_id=user, project_id=project)
    response.headers["ETag"] = etag_of(found.version)
    return found


@router.patch("/{memory_id}", response_model=MemoryOut)
async def update_memory(
    caller: Writer, response: Response, memory_id: MemoryId, body: UpdateRequest, if_match: IfMatch = None
) -> Any:
    """Changes a memory's text, metadata or sensitivity; the old version stays in its history."""
    user, project = caller.place(body.user_id, body.project_id)
    given = body.given("user_id", "text") | {"project_id": project, "expected_version": expected_version(if_match)}
    changed = await caller.memory.update(memory_id, user_id=user, text=body.text, **cast(UpdateArguments, given))
    response.headers["ETag"] = etag_of(changed.version)
    return changed


@router.post("/{memory_id}/revise", response_model=MemoryOut)
async def revise_memory(caller: Writer, memory_id: MemoryId, body: ReviseRequest) -> Any:
    """Merges new evidence into a memory that was recalled within the last hour."""
    user = caller.user(body.user_id)
    return await caller.memory.revise(memory_id, body.evidence, user_id=user, text=body.text)


@router.delete("/{memory_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_memory(
    caller: Writer, memory_id: MemoryId, user_id: UserId = None, project_id: ProjectId = None
) -> None:
    """Takes a memory, and the facts that rest on it alone, out of everything but its history."""
    user, project = caller.place(user_id, project_id)
    await caller.memory.delete(memory_id, user_id=user, project_id=project)


@router.get("/{memory_id}/history", response_model=History)
async def memory_history(
    caller: Reader, memory_id: MemoryId, user_id: UserId = None, project_id: ProjectId = None
) -> Any:
    """Returns everything that happened to a memory, oldest first; also to one that was deleted."""
    user, project = caller.place(user_id, project_id)
    return {"events": await caller.memory.history(memory_id, user_id=user, project_id=project)}


@router.post("/used", response_model=Used)
async def used_memories(caller: Writer, body: UsedRequest) -> Any:
    """Notes that an answer rested on these memories: the only use that counts."""
    user, project = caller.place(body.user_id, body.project_id)
    given: dict[str, Any] = body.given("user_id", "memory_ids") | {"project_id": project}
    return {"memories": await caller.memory.used(body.memory_ids, user_id=user, **given)}
