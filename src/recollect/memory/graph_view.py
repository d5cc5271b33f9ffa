"""Graph view: a user's knowledge graph as it is now: what was noted in it, and what other memories tell of names.

What was noted comes first, in the order in which it came; then the names that are only spoken of, by alphabet. Of
these each text that mentions them is an observation, and each triple that holds a relation.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from recollect.domain.condition import METADATA, AnyOf, Compare, Condition, Op
from recollect.domain.entity import UNTYPED, Entity
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import Edge, Support
from recollect.domain.knowledge_graph import (
    NOTED,
    GraphEntity,
    GraphRelation,
    Part,
    content_of,
    mark_of,
    relation_of,
)
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.memory import rights
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading

MANY = 100
"""Names; for more of them everything is read at once."""
MARKED = Compare(f"{METADATA}{NOTED}.kind", Op.IN, tuple(part.value for part in Part))


@dataclass(slots=True)
class Node:
    """An entity of the view.

    Attributes:
        key: its place in the order. name, type: as noted, or as it is spoken of.
        marker: the memory that it is, if it was noted. noted: its observations. heard: other memories that mention it.
    """

    key: str
    name: str
    type: str = UNTYPED.value
    marker: Memory | None = None
    noted: list[Memory] = field(default_factory=list[Memory])
    heard: list[UUID] = field(default_factory=list[UUID])

    @property
    def contents(self) -> list[str]:
        """The observations that were noted."""
        return [content_of(memory) for memory in self.noted]


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation of the view, with its place in the order and the memory that states it."""

    key: str
    relation: GraphRelation
    memory_id: UUID
    noted: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted, as the user may read it: by the part of the graph, in the order in which it came."""

    parts: Mapping[str, Sequence[Memory]]

    @property
    def memories(self) -> list[Memory]:
        """All of it."""
        return [memory for several in self.parts.values() for memory in several]

    def of(self, part: Part) -> Sequence[Memory]:
        """The memories that are this part of the graph."""
        return self.parts.get(part.value, ())

    @property
    def nodes(self) -> dict[str, Node]:
        """The entities, by their names."""
        nodes: dict[str, Node] = {}
        for memory in self.of(Part.ENTITY):
            mark = mark_of(memory)
            nodes.setdefault(mark["name"], Node(f"0{memory.id}", mark["name"], mark["type"], memory))
        for memory in self.of(Part.OBSERVATION):
            name = mark_of(memory)["name"]
            nodes.setdefault(name, Node(f"0{memory.id}", name)).noted.append(memory)
        return nodes

    @property
    def ties(self) -> list[Tie]:
        """The relations."""
        return [Tie(f"2{memory.id}", relation_of(memory), memory.id, noted=True) for memory in self.of(Part.RELATION)]


def concerning(names: Collection[str], *ends: str) -> Condition:
    """What was noted of these names, and the relations that begin (``name``) or end (``to``) at one of them."""
    if len(names) > MANY:
        return MARKED
    fields = [f"{METADATA}{NOTED}.{end}" for end in ends or ("name",)]
    return AnyOf(tuple(Compare(field, Op.IN, tuple(names)) for field in fields))


async def noted(parts: Parts, scope: Scope, may_read: Reading | None, what: Condition = MARKED) -> Noted:
    """What was noted in the user's graph, or what of it meets a condition."""
    ids = await parts.store.ids_where(scope, what)
    found = (await parts.store.fetch(scope, ids)).values() if ids else ()
    living = [memory for memory in found if memory.status is not Status.DELETED]
    by_part: dict[str, list[Memory]] = {}
    for memory in sorted(await rights.readable(may_read, living), key=lambda memory: memory.id):
        mark = mark_of(memory)
        if mark:
            by_part.setdefault(mark["kind"], []).append(memory)
    return Noted(by_part)


async def view(parts: Parts, scope: Scope, may_read: Reading | None) -> "View":
    """The whole graph, but for the words of memories that were not noted in it."""
    own = await noted(parts, scope, may_read)
    known = {memory.id for memory in own.memories}
    supports = {one: support for one, support in (await parts.graph.supports(scope)).items() if one not in known}
    if may_read is not None and supports:
        told = (await parts.store.fetch(scope, list(supports))).values()
        allowed = {memory.id for memory in await rights.readable(may_read, list(told))}
        supports = {one: support for one, support in supports.items() if one in allowed}
    entities = await parts.store.things(Entity, scope.tenant_id, {"user_id": scope.user_id})
    heard = Heard(supports, EntityNames(entities))
    holding = [edge for edge in heard.edges if edge.holds(parts.clock.now())]
    return View(_joined(own, heard), [*own.ties, *heard.ties(holding)])


@dataclass(frozen=True, slots=True)
class View:
    """The entities and relations, in their order."""

    nodes: Sequence[Node]
    ties: Sequence[Tie]

    def named(self, name: str) -> Node | None:
        """The entity of that name: exactly, or else without regard to case."""
        exact = [node for node in self.nodes if node.name == name]
        alike = exact or [node for node in self.nodes if node.name.casefold() == name.casefold()]
        return alike[0] if alike else None

    def among(self, nodes: Sequence[Node]) -> "View":
        """Some of the entities, and the relations that one of them has."""
        names = {node.name for node in nodes}
        ties = [tie for tie in self.ties if tie.relation.source in names or tie.relation.target in names]
        return View(nodes, ties)


@dataclass(frozen=True)
class Heard:
    """What memories that were not noted in the graph support.

    Attributes:
        supports: by the memory. names: which name means which.
    """

    supports: Mapping[UUID, Support]
    names: EntityNames

    @property
    def edges(self) -> list[Edge]:
        """The triples, in the order in which they were told."""
        return [edge for one in sorted(self.supports) for edge in self.supports[one].edges]

    @cached_property
    def spoken_of(self) -> dict[str, Node]:
        """The entities that are mentioned in what was said, or were described, by their names without case."""
        spellings: dict[str, Counter[str]] = {}
        types: dict[str, Counter[str]] = {}
        heard: dict[str, list[UUID]] = {}
        for one in sorted(self.supports):
            for mention in self.supports[one].mentions:
                name = self.names.target(mention.name)
                place = name.casefold()
                spellings.setdefault(place, Counter())[name] += 1
                types.setdefault(place, Counter())[mention.type.value] += 1
                if mention.said and one not in heard.setdefault(place, []):
                    heard[place].append(one)
        for entity in self.names:
            if entity.merged_into is None:
                spellings.setdefault(entity.name.casefold(), Counter())[entity.name] += 1
        return {
            place: Node(
                f"1{place}", self._spelled(place, spelled), self._type(place, types), heard=heard.get(place, [])
            )
            for place, spelled in sorted(spellings.items())
        }

    def ties(self, edges: Sequence[Edge]) -> list[Tie]:
        """The relations that triples come to, each once."""
        found: dict[GraphRelation, Tie] = {}
        for edge in edges:
            source, target = self._shown(edge.subject), self._shown(edge.object)
            relation = GraphRelation(source=source, type=edge.predicate, target=target)
            found.setdefault(relation, Tie(f"3{edge.memory_id}{edge.id}", relation, edge.memory_id, noted=False))
        return sorted(found.values(), key=lambda tie: tie.key)

    def _shown(self, name: str) -> str:
        target = self.names.target(name)
        node = self.spoken_of.get(target.casefold())
        return target if node is None else node.name

    def _spelled(self, place: str, spelled: Counter[str]) -> str:
        entity = self.names.entity(place)
        return entity.name if entity is not None else spelled.most_common(1)[0][0]

    def _type(self, place: str, types: Mapping[str, Counter[str]]) -> str:
        entity = self.names.entity(place)
        if entity is not None and entity.type != UNTYPED.value:
            return entity.type
        return types[place].most_common(1)[0][0] if place in types else UNTYPED.value


def _joined(own: Noted, heard: Heard) -> list[Node]:
    """The entities of both; one that was noted has what is heard of it too, and so has no second entry."""
    nodes = own.nodes
    taken: set[str] = set()
    for node in nodes.values():
        place = heard.names.target(node.name).casefold()
        also = heard.spoken_of.get(place)
        if also is not None and place not in taken:
            taken.add(place)
            node.heard = also.heard
            node.type = node.type if node.marker is not None else also.type
    rest = [node for place, node in heard.spoken_of.items() if place not in taken]
    return [*sorted(nodes.values(), key=lambda node: node.key), *rest]


async def texts_of(parts: Parts, scope: Scope, nodes: Sequence[Node]) -> dict[UUID, str]:
    """The words of the memories that mention these entities, by their ids."""
    ids = list(dict.fromkeys(one for node in nodes for one in node.heard))
    found = (await parts.store.fetch(scope, ids)).values() if ids else ()
    return {memory.id: memory.text for memory in found}


def shown(node: Node, texts: Mapping[UUID, str]) -> GraphEntity:
    """An entity as callers see it."""
    heard = [texts[one] for one in node.heard if one in texts]
    return GraphEntity(name=node.name, type=node.type, observations=tuple(dict.fromkeys([*node.contents, *heard])))
