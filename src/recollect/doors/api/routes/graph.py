"""Knowledge graph: entities, what was observed of them, and relations, as a program notes them one by one.

It is what the reference memory server of the Model Context Protocol has; each part is a memory like any other.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, status
from pydantic import Field, TypeAdapter

from recollect.domain.knowledge_graph import GraphDeletion, GraphEntity, GraphPage, GraphRelation, Observed
from recollect.doors.api.caller import Cursor, Reader, UserId, Writer
from recollect.doors.api.paging import items_model
from recollect.doors.api.requests import Actor, Body, UserBody
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1/graph", tags=["knowledge graph"])

T = TypeVar("T")
MOST = 1_000
ENTITY, RELATION, OBSERVED = TypeAdapter(GraphEntity), TypeAdapter(GraphRelation), TypeAdapter(Observed)
PageOut, DeletionOut = wire_model(GraphPage), wire_model(GraphDeletion)
MaxTokens = Annotated[int, Query(description="How long the page may be, as JSON.", ge=100, le=1_000_000)]


class EntityNote(Body):
    """An entity."""

    name: str = Field(examples=["Anna"])
    type: str = Field(description="Any word.", examples=["person"])
    observations: list[str] = Field([], examples=[["works at Siemens"]])


class RelationNote(Body):
    """What ties two names."""

    source: str = Field(examples=["Anna"])
    type: str = Field(examples=["works at"])
    target: str = Field(examples=["Siemens"])


class Observation(Body):
    """What was observed of an entity."""

    name: str = Field(examples=["Anna"])
    contents: list[str] = Field(examples=[["likes green tea"]])


class Entities(Actor, UserBody):
    """Entities to be noted."""

    entities: list[EntityNote] = Field(min_length=1, max_length=MOST)


class Relations(Actor, UserBody):
    """Relations to be noted, or taken out."""

    relations: list[RelationNote] = Field(min_length=1, max_length=MOST)


class Observations(Actor, UserBody):
    """Observations to be added, or taken away."""

    observations: list[Observation] = Field(min_length=1, max_length=MOST)


class Names(Actor, UserBody):
    """Entities, by name."""

    names: list[str] = Field(min_length=1, max_length=MOST, examples=[["Anna"]])


@router.get("", response_model=PageOut)
async def read_graph(
    caller: Reader, user_id: UserId = None, max_tokens: MaxTokens = 4_000, cursor: Cursor = None
) -> Any:
    """Reads the graph, a page at a time."""
    return await caller.memory.graph.read(user_id=caller.user(user_id), max_tokens=max_tokens, cursor=cursor)


@router.get("/find", response_model=PageOut)
async def find_in_graph(
    caller: Reader,
    query: Annotated[str, Query(description="Words of names, types and observations.", examples=["Anna"])],
    user_id: UserId = None,
    max_tokens: MaxTokens = 4_000,
    cursor: Cursor = None,
) -> Any:
    """Finds entities by their names, their types and what was observed of them."""
    user = caller.user(user_id)
    return await caller.memory.graph.find(query, user_id=user, max_tokens=max_tokens, cursor=cursor)


@router.get("/nodes", response_model=PageOut)
async def open_nodes(
    caller: Reader,
    name: Annotated[list[str], Query(description="Whole names; may be repeated.", min_length=1, examples=[["Anna"]])],
    user_id: UserId = None,
    max_tokens: MaxTokens = 4_000,
    cursor: Cursor = None,
) -> Any:
    """Returns entities by name, with the relations among them."""
    user = caller.user(user_id)
    return await caller.memory.graph.nodes(name, user_id=user, max_tokens=max_tokens, cursor=cursor)


@router.post("/entities", status_code=status.HTTP_201_CREATED, response_model=items_model(GraphEntity))
async def create_entities(caller: Writer, body: Entities) -> Any:
    """Notes entities; those that are there already stay as they are."""
    entities = _made(ENTITY, body.entities)
    given, user = body.given("user_id", "entities"), caller.user(body.user_id)
    return {"items": await caller.memory.graph.create_entities(entities, user_id=user, **given)}


@router.post("/entities/delete", response_model=DeletionOut)
async def delete_entities(caller: Writer, body: Names) -> Any:
    """Takes entities out, with what was observed of them and their relations."""
    given, user = body.given("user_id", "names"), caller.user(body.user_id)
    return await caller.memory.graph.delete_entities(body.names, user_id=user, **given)


@router.post("/relations", status_code=status.HTTP_201_CREATED, response_model=items_model(GraphRelation))
async def create_relations(caller: Writer, body: Relations) -> Any:
    """Notes relations; those that are there already stay as they are."""
    relations = _made(RELATION, body.relations)
    given, user = body.given("user_id", "relations"), caller.user(body.user_id)
    return {"items": await caller.memory.graph.create_relations(relations, user_id=user, **given)}


@router.post("/relations/delete", response_model=DeletionOut)
async def delete_relations(caller: Writer, body: Relations) -> Any:
    """Takes relations out."""
    relations = _made(RELATION, body.relations)
    given, user = body.given("user_id", "relations"), caller.user(body.user_id)
    return await caller.memory.graph.delete_relations(relations, user_id=user, **given)


@router.post("/observations", status_code=status.HTTP_201_CREATED, response_model=items_model(Observed))
async def add_observations(caller: Writer, body: Observations) -> Any:
    """Adds what was observed of entities that are there."""
    observations = _made(OBSERVED, body.observations)
    given, user = body.given("user_id", "observations"), caller.user(body.user_id)
    return {"items": await caller.memory.graph.add_observations(observations, user_id=user, **given)}


@router.post("/observations/delete", response_model=DeletionOut)
async def delete_observations(caller: Writer, body: Observations) -> Any:
    """Takes observations away."""
    observations = _made(OBSERVED, body.observations)
    given, user = body.given("user_id", "observations"), caller.user(body.user_id)
    return await caller.memory.graph.delete_observations(observations, user_id=user, **given)


def _made(kind: TypeAdapter[T], bodies: Sequence[Body]) -> list[T]:
    """The domain's objects, which have tuples where JSON has lists."""
    return [kind.validate_python(body.model_dump()) for body in bodies]
