"""Entities: the people, places and organisations that a user's memories speak of, and what ties them.

A name may hold anything, slashes too: it stands at the end of a path, is a query parameter, or is in the body.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from recollect.domain.entity import Duplicate, EntityRelation, KnownEntity, Neighbour, Related
from recollect.domain.pagerank import DAMPING
from recollect.domain.record import EntityType
from recollect.doors.api.caller import Cursor, Limit, Reader, UserId, Writer
from recollect.doors.api.paging import items_model, page_model
from recollect.doors.api.requests import UserBody
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1", tags=["entities"])

EntityOut = wire_model(KnownEntity)
EntityName = Annotated[str, Path(description="Any of the entity's names.", examples=["Anna"])]
NamedEntity = Annotated[str, Query(description="Any of the entity's names; `user` for the user.", examples=["Anna"])]


class EntityRequest(UserBody):
    """What is said of an entity; what is left out stays."""

    type: EntityType | None = Field(None, examples=["person"])
    aliases: list[str] | None = Field(None, description="In place of those it had.", examples=[["Annie"]])
    description: str | None = Field(None, examples=["Ben's sister"])
    salience: float | None = Field(None, ge=0, le=1)


class MergeRequest(UserBody):
    """An entity that turned out to be another one."""

    name: str = Field(description="The entity that ends.", examples=["Annie"])
    into: str = Field(description="The one that it is.", examples=["Anna"])


class UnmergeRequest(UserBody):
    """An entity that was merged."""

    name: str = Field(examples=["Annie"])


@router.get("/entities", response_model=page_model(KnownEntity))
async def list_entities(caller: Reader, user_id: UserId = None, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the entities that the user's memories mention, the most salient first."""
    return await caller.memory.entities.list(user_id=caller.user(user_id), limit=limit, cursor=cursor)


@router.get("/entities/{name:path}", response_model=EntityOut)
async def get_entity(caller: Reader, name: EntityName, user_id: UserId = None) -> Any:
    """Returns the entity that goes by a name: its own, a part of it, an alias, or one merged into it."""
    return await caller.memory.entities.get(name, user_id=caller.user(user_id))


@router.patch("/entities/{name:path}", response_model=EntityOut)
async def describe_entity(caller: Writer, name: EntityName, body: EntityRequest) -> Any:
    """Says something about an entity; it need not be mentioned yet."""
    return await caller.memory.entities.describe(name, user_id=caller.user(body.user_id), **body.given("user_id"))


@router.post("/entities/merge", response_model=EntityOut)
async def merge_entities(caller: Writer, body: MergeRequest) -> Any:
    """Says that an entity turned out to be another one; its memories count for that one from now on."""
    return await caller.memory.entities.merge(body.name, body.into, user_id=caller.user(body.user_id))


@router.post("/entities/unmerge", status_code=204)
async def unmerge_entity(caller: Writer, body: UnmergeRequest) -> None:
    """Takes a merge back: the entity is again what it was before it."""
    await caller.memory.entities.unmerge(body.name, user_id=caller.user(body.user_id))


@router.get("/entity-duplicates", response_model=items_model(Duplicate))
async def list_entity_duplicates(caller: Reader, user_id: UserId = None, limit: Limit = 50) -> Any:
    """Finds entities whose names say that they may be one, the surest first; nothing is merged."""
    return {"items": await caller.memory.entities.duplicates(user_id=caller.user(user_id), limit=limit)}


@router.get("/entity-relations", response_model=page_model(EntityRelation))
async def list_entity_relations(
    caller: Reader, name: NamedEntity, user_id: UserId = None, limit: Limit = 50, cursor: Cursor = None
) -> Any:
    """Lists what memories say of an entity and another name, or a value: what holds now first."""
    return await caller.memory.entities.relations(name, user_id=caller.user(user_id), limit=limit, cursor=cursor)


@router.get("/entity-neighbours", response_model=items_model(Neighbour))
async def list_entity_neighbours(
    caller: Reader,
    name: NamedEntity,
    user_id: UserId = None,
    depth: Annotated[int, Query(description="How many hops at most.", ge=1, le=3)] = 1,
    limit: Limit = 20,
) -> Any:
    """Finds the names that are tied to an entity, also through others, the strongest first."""
    user = caller.user(user_id)
    return {"items": await caller.memory.entities.neighbours(name, user_id=user, depth=depth, limit=limit)}


@router.get("/entity-related", response_model=items_model(Related))
async def list_related_entities(
    caller: Reader,
    name: Annotated[
        list[str], Query(description="Names to begin at; may be repeated.", min_length=1, examples=[["Anna"]])
    ],
    user_id: UserId = None,
    damping: Annotated[float, Query(description="The chance that a walk goes on.", ge=0, lt=1)] = DAMPING,
    limit: Limit = 20,
) -> Any:
    """Finds the names that lie closest to one or several, over all ways at once: personalised PageRank."""
    user = caller.user(user_id)
    return {"items": await caller.memory.entities.related(name, user_id=user, damping=damping, limit=limit)}
