"""The forms of the reference memory server: what its tools take and give, name by name, and its text: indented JSON."""

import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from recollect.domain.knowledge_graph import GraphEntity, GraphPage, GraphRelation, Observed
from recollect.domain.tokens import ESTIMATE
from recollect.doors.mcp.answer import ANSWER_TOKENS, SPARE, Answer, Data
from recollect.doors.mcp.tool import Arguments

ROOM: Final = ANSWER_TOKENS - SPARE
F = TypeVar("F", bound="Form")


class Lenient(Arguments):
    """Arguments of the reference server's tools, which pass over what they do not know."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Form(BaseModel):
    """A part of the graph, taken and given."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True, json_schema_extra={"additionalProperties": False})


class EntityForm(Form):
    """An entity."""

    name: str = Field(description="The name of the entity")
    entity_type: str = Field(
        validation_alias="entityType", serialization_alias="entityType", description="The type of the entity"
    )
    observations: list[str] = Field(description="An array of observation contents associated with the entity")

    @classmethod
    def of(cls, entity: GraphEntity) -> "EntityForm":
        """An entity of ours."""
        return cls(name=entity.name, entity_type=entity.type, observations=list(entity.observations))

    def entity(self) -> GraphEntity:
        """It as one of ours."""
        return GraphEntity(name=self.name, type=self.entity_type, observations=tuple(self.observations))


class RelationForm(Form):
    """A relation."""

    source: str = Field(
        validation_alias="from",
        serialization_alias="from",
        description="The name of the entity where the relation starts",
    )
    target: str = Field(
        validation_alias="to", serialization_alias="to", description="The name of the entity where the relation ends"
    )
    kind: str = Field(
        validation_alias="relationType", serialization_alias="relationType", description="The type of the relation"
    )

    @classmethod
    def of(cls, relation: GraphRelation) -> "RelationForm":
        """A relation of ours."""
        return cls(source=relation.source, target=relation.target, kind=relation.type)

    def relation(self) -> GraphRelation:
        """It as one of ours."""
        return GraphRelation(source=self.source, type=self.kind, target=self.target)


class ObservationsForm(Form):
    """Observations to be added to an entity."""

    entity_name: str = Field(
        validation_alias="entityName",
        serialization_alias="entityName",
        description="The name of the entity to add the observations to",
    )
    contents: list[str] = Field(description="An array of observation contents to add")

    def observed(self) -> Observed:
        """As ours."""
        return Observed(name=self.entity_name, contents=tuple(self.contents))


class DeletionForm(Form):
    """Observations to be taken from an entity."""

    entity_name: str = Field(
        validation_alias="entityName",
        serialization_alias="entityName",
        description="The name of the entity containing the observations",
    )
    observations: list[str] = Field(description="An array of observations to delete")

    def observed(self) -> Observed:
        """As ours."""
        return Observed(name=self.entity_name, contents=tuple(self.observations))


class AddedForm(Form):
    """The observations of one entity that were new."""

    entity_name: str = Field(validation_alias="entityName", serialization_alias="entityName")
    added: list[str] = Field(validation_alias="addedObservations", serialization_alias="addedObservations")


class Made(Data):
    """What was made; where that is too long for an answer, ``leftOut`` counts what was made but is not shown."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    left_out: int | None = Field(
        default=None,
        validation_alias="leftOut",
        serialization_alias="leftOut",
        exclude_if=lambda number: number is None,
        description="How many more were made than this answer has room for. Missing when all are shown.",
    )


class Entities(Made):
    """Entities."""

    entities: list[EntityForm]


class Relations(Made):
    """Relations."""

    relations: list[RelationForm]


class Results(Made):
    """What was added."""

    results: list[AddedForm]


class Done(Data):
    """Whether all of it is gone."""

    success: bool
    message: str


class GraphData(Data):
    """A part of the graph; ``nextCursor`` is there only when more follows."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    entities: list[EntityForm]
    relations: list[RelationForm]
    next_cursor: str | None = Field(
        default=None,
        validation_alias="nextCursor",
        serialization_alias="nextCursor",
        exclude_if=lambda cursor: cursor is None,
        description="There is more: pass it as cursor. Missing on the last page.",
    )


def graph_data(page: GraphPage) -> GraphData:
    """A page of the graph as data."""
    return GraphData(
        entities=[EntityForm.of(entity) for entity in page.entities],
        relations=[RelationForm.of(relation) for relation in page.relations],
        next_cursor=page.next_cursor,
    )


def indented(value: Any) -> str:
    """JSON as the reference server writes it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def fitting(parts: Sequence[F]) -> tuple[list[F], int | None]:
    """The parts that an answer has room for, and how many more there are, if any."""
    room, kept = ROOM, list[F]()
    for part in parts:
        room -= ESTIMATE.count(indented(part.model_dump(mode="json", by_alias=True)))
        if room < 0:
            return kept, len(parts) - len(kept)
        kept.append(part)
    return kept, None


def answer_of(data: Data, part: str | None = None) -> Answer:
    """The data, and as text the same, or one part of them."""
    plain = data.model_dump(mode="json", by_alias=True)
    shown = indented(plain if part is None else plain[part])
    left_out = data.left_out if isinstance(data, Made) else None
    return Answer(shown if left_out is None else f"{shown}\n({left_out:,} more were made)", data)
