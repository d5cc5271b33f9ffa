"""The six tools of the reference memory server that change the knowledge graph."""

from typing import Any

from pydantic import Field

from recollect.domain.credential import Access
from recollect.domain.knowledge_graph import GraphDeletion
from recollect.doors.mcp.answer import Answer, counted, shortened
from recollect.doors.mcp.tool import Call, Tool
from recollect.doors.mcp.tools.graph_form import (
    AddedForm,
    DeletionForm,
    Done,
    Entities,
    EntityForm,
    Lenient,
    ObservationsForm,
    RelationForm,
    Relations,
    Results,
    answer_of,
    fitting,
)


class CreateEntities(Lenient):
    """What ``create_entities`` takes."""

    entities: list[EntityForm]


class CreateRelations(Lenient):
    """What ``create_relations`` takes."""

    relations: list[RelationForm]


class AddObservations(Lenient):
    """What ``add_observations`` takes."""

    observations: list[ObservationsForm]


class DeleteEntities(Lenient):
    """What ``delete_entities`` takes."""

    entity_names: list[str] = Field(validation_alias="entityNames", description="An array of entity names to delete")


class DeleteObservations(Lenient):
    """What ``delete_observations`` takes."""

    deletions: list[DeletionForm]


class DeleteRelations(Lenient):
    """What ``delete_relations`` takes."""

    relations: list[RelationForm] = Field(description="An array of relations to delete")


async def create_entities(call: Call, given: CreateEntities) -> Answer:
    """Notes entities."""
    graph = call.caller.memory.graph
    made = await graph.create_entities([one.entity() for one in given.entities], user_id=call.user_id)
    shown, more = fitting([EntityForm.of(entity) for entity in made])
    return answer_of(Entities(entities=shown, left_out=more), "entities")


async def create_relations(call: Call, given: CreateRelations) -> Answer:
    """Notes relations."""
    graph = call.caller.memory.graph
    made = await graph.create_relations([one.relation() for one in given.relations], user_id=call.user_id)
    shown, more = fitting([RelationForm.of(relation) for relation in made])
    return answer_of(Relations(relations=shown, left_out=more), "relations")


async def add_observations(call: Call, given: AddObservations) -> Answer:
    """Notes observations."""
    graph = call.caller.memory.graph
    added = await graph.add_observations([one.observed() for one in given.observations], user_id=call.user_id)
    shown, more = fitting([AddedForm(entity_name=one.name, added=list(one.contents)) for one in added])
    return answer_of(Results(results=shown, left_out=more), "results")


async def delete_entities(call: Call, given: DeleteEntities) -> Answer:
    """Takes entities away."""
    found = await call.caller.memory.graph.delete_entities(given.entity_names, user_id=call.user_id)
    return _done("Entities", found, "other memories still mention")


async def delete_observations(call: Call, given: DeleteObservations) -> Answer:
    """Takes observations away."""
    graph = call.caller.memory.graph
    found = await graph.delete_observations([one.observed() for one in given.deletions], user_id=call.user_id)
    return _done("Observations", found, "")


async def delete_relations(call: Call, given: DeleteRelations) -> Answer:
    """Takes relations away."""
    graph = call.caller.memory.graph
    found = await graph.delete_relations([one.relation() for one in given.relations], user_id=call.user_id)
    return _done("Relations", found, "other memories still state")


def _done(what: str, found: GraphDeletion, because: str) -> Answer:
    """As the reference server says it; where something stays, what and why."""
    if not found.kept:
        data = Done(success=True, message=f"{what} deleted successfully")
    else:
        kept = shortened("; ".join(found.kept), 500)
        gone = counted(found.deleted, "memory", "memories")
        data = Done(success=False, message=f"{gone} deleted; {because}: {kept}. Delete those memories to have it gone.")
    return Answer(data.message, data)


def _tool(name: str, description: str, *taken: Any, deletes: bool = False) -> Tool[Any]:
    """One of the six: what it takes, gives and does."""
    arguments, answer, run = taken
    return Tool(
        name=name,
        title=name.replace("_", " ").title(),
        description=description,
        arguments=arguments,
        answer=answer,
        run=run,
        of_user=True,
        access=Access.WRITE,
        destructive=deletes,
        idempotent=deletes,
    )


WRITING: tuple[Tool[Any], ...] = (
    _tool(
        "create_entities",
        "Create multiple new entities in the knowledge graph",
        *(CreateEntities, Entities, create_entities),
    ),
    _tool(
        "create_relations",
        "Create multiple new relations between entities in the knowledge graph. Relations should be in active voice",
        *(CreateRelations, Relations, create_relations),
    ),
    _tool(
        "add_observations",
        "Add new observations to existing entities in the knowledge graph",
        *(AddObservations, Results, add_observations),
    ),
    _tool(
        "delete_entities",
        "Delete multiple entities and their associated relations from the knowledge graph",
        *(DeleteEntities, Done, delete_entities),
        deletes=True,
    ),
    _tool(
        "delete_observations",
        "Delete specific observations from entities in the knowledge graph",
        *(DeleteObservations, Done, delete_observations),
        deletes=True,
    ),
    _tool(
        "delete_relations",
        "Delete multiple relations from the knowledge graph",
        *(DeleteRelations, Done, delete_relations),
        deletes=True,
    ),
)
