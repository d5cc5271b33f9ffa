"""Relationships: typed ties between two of a user's memories."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from pydantic import Field

from recollect.domain.relationship import Direction, Relationship, RelationshipType
from recollect.doors.api.caller import Reader, UserId, Writer
from recollect.doors.api.paging import page_model
from recollect.doors.api.requests import EXAMPLE_ID, OTHER_EXAMPLE_ID, UserBody
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1", tags=["relationships"])

MemoryId = Annotated[UUID, Path(description="The memory's id.", examples=[EXAMPLE_ID])]


class Tie(UserBody):
    """Two memories, and how the first stands to the second."""

    source_id: UUID = Field(examples=[EXAMPLE_ID])
    target_id: UUID = Field(examples=[OTHER_EXAMPLE_ID])
    type: RelationshipType = Field(examples=["supports"])


class TieRequest(Tie):
    """A tie; one of the same type that is there already gets the new confidence."""

    confidence: float = Field(1.0, ge=0, le=1)


class TiesQuery(UserBody):
    """Which ties of a memory are listed."""

    direction: Direction = "both"
    types: list[RelationshipType] = Field([], description="Only these.")
    limit: int = Field(50, ge=1, le=1000)
    cursor: str | None = None


@router.post("/relationships", status_code=status.HTTP_201_CREATED, response_model=wire_model(Relationship))
async def add_relationship(caller: Writer, body: TieRequest) -> Any:
    """Ties two memories: references, contradicts, supports, follows, related or derived_from."""
    user = caller.user(body.user_id)
    return await caller.memory.relationships.add(
        body.source_id, body.target_id, body.type, user_id=user, confidence=body.confidence
    )


@router.get("/memories/{memory_id}/relationships", response_model=page_model(Relationship))
async def list_relationships(caller: Reader, memory_id: MemoryId, asked: Annotated[TiesQuery, Query()]) -> Any:
    """Lists a memory's ties."""
    return await caller.memory.relationships.list(
        memory_id,
        user_id=caller.user(asked.user_id),
        direction=asked.direction,
        types=asked.types,
        limit=asked.limit,
        cursor=asked.cursor,
    )


@router.delete("/relationships", status_code=status.HTTP_204_NO_CONTENT)
async def remove_relationship(
    caller: Writer,
    source_id: Annotated[UUID, Query(examples=[EXAMPLE_ID])],
    target_id: Annotated[UUID, Query(examples=[OTHER_EXAMPLE_ID])],
    type: Annotated[RelationshipType, Query(examples=["supports"])],  # noqa: A002 - what the field is called
    user_id: UserId = None,
) -> None:
    """Removes a tie; the memories stay."""
    await caller.memory.relationships.remove(source_id, target_id, type, user_id=caller.user(user_id))
