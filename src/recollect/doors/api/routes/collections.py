"""Collections: named groups of a user's memories."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from pydantic import Field

from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.record import Memory
from recollect.doors.api.caller import Cursor, Limit, Reader, UserId, Writer
from recollect.doors.api.paging import items_model, memory_page, page_model
from recollect.doors.api.requests import EXAMPLE_ID, UserBody
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1/collections", tags=["collections"])

CollectionId = Annotated[UUID, Path(description="The collection's id.", examples=[EXAMPLE_ID])]
CollectionOut = wire_model(Collection)


class CollectionRequest(UserBody):
    """A new collection."""

    name: str = Field(description="Unique within the user.", examples=["Peru"])
    collection_type: str = Field("general", description="Any word of your own.", examples=["trip"])
    description: str | None = Field(None, examples=["Everything about the trip"])


class CollectionUpdate(UserBody):
    """What changes."""

    name: str | None = Field(None, examples=["Peru 2027"])
    collection_type: str | None = None
    description: str | None = None


class Members(UserBody):
    """Which memories."""

    memory_ids: list[UUID] = Field(min_length=1, max_length=1_000, examples=[[EXAMPLE_ID]])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=CollectionOut)
async def create_collection(caller: Writer, body: CollectionRequest) -> Any:
    """Makes an empty collection."""
    given = body.given("user_id", "name")
    return await caller.memory.collections.create(body.name, user_id=caller.user(body.user_id), **given)


@router.get("", response_model=page_model(Collection))
async def list_collections(caller: Reader, user_id: UserId = None, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the user's collections, newest first."""
    return await caller.memory.collections.list(user_id=caller.user(user_id), limit=limit, cursor=cursor)


@router.get("/{collection_id}", response_model=CollectionOut)
async def get_collection(caller: Reader, collection_id: CollectionId, user_id: UserId = None) -> Any:
    """Returns a collection."""
    return await caller.memory.collections.get(collection_id, user_id=caller.user(user_id))


@router.patch("/{collection_id}", response_model=CollectionOut)
async def update_collection(caller: Writer, collection_id: CollectionId, body: CollectionUpdate) -> Any:
    """Changes what a collection is called, what it is for, or its type."""
    user = caller.user(body.user_id)
    return await caller.memory.collections.update(collection_id, user_id=user, **body.given("user_id"))


@router.delete("/{collection_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_collection(caller: Writer, collection_id: CollectionId, user_id: UserId = None) -> None:
    """Removes a collection; its memories stay."""
    await caller.memory.collections.delete(collection_id, user_id=caller.user(user_id))


@router.post("/{collection_id}/memories", response_model=items_model(CollectionMember))
async def add_to_collection(caller: Writer, collection_id: CollectionId, body: Members) -> Any:
    """Puts memories into a collection; those that are in it already stay as they are."""
    user = caller.user(body.user_id)
    return {"items": await caller.memory.collections.add(collection_id, body.memory_ids, user_id=user)}


@router.get("/{collection_id}/memories", response_model=page_model(Memory))
async def list_collection_memories(
    caller: Reader,
    collection_id: CollectionId,
    *,
    user_id: UserId = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    include_quarantined: bool = False,
) -> Any:
    """Lists a collection's memories, newest first."""
    page = await caller.memory.collections.memories(
        collection_id,
        user_id=caller.user(user_id),
        limit=limit,
        cursor=cursor,
        include_quarantined=include_quarantined,
    )
    return memory_page(page)


@router.delete("/{collection_id}/memories", status_code=status.HTTP_204_NO_CONTENT)
async def remove_from_collection(
    caller: Writer,
    collection_id: CollectionId,
    memory_ids: Annotated[list[UUID], Query(min_length=1, max_length=1_000, examples=[[EXAMPLE_ID]])],
    user_id: UserId = None,
) -> None:
    """Takes memories out of a collection; they stay where else they are."""
    await caller.memory.collections.remove(collection_id, memory_ids, user_id=caller.user(user_id))
