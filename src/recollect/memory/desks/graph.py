"""The knowledge graph: entities, observations and relations that a program notes one by one, and what else is told."""

from collections.abc import Callable, Sequence
from uuid import UUID

from recollect.domain.condition import Compare, Condition, Op
from recollect.domain.knowledge_graph import (
    GraphDeletion,
    GraphEntity,
    GraphPage,
    GraphRelation,
    Observed,
    Part,
    mark_of,
    relation_of,
    relation_words,
)
from recollect.domain.record import Memory
from recollect.errors import NotFound, ValidationError
from recollect.memory import changing, rights
from recollect.memory.arguments import cause_of, check_limit, scope_of
from recollect.memory.core import Core
from recollect.memory.graph_arguments import check_entities, check_graph_names, check_observations, check_relations
from recollect.memory.graph_noting import Note, Noting, Plan, entity_note, observation_note, relation_note
from recollect.memory.graph_pages import matching, page_of
from recollect.memory.graph_view import Node, Noted, Tie, View, concerning, texts_of, view
from recollect.memory.recorded import recorded
from recollect.writing.steps.admit import check_text

LONGEST_PAGE = 1_000_000


class GraphDesk:
    """A knowledge graph like the one of the reference memory server, kept as memories.

    Names are compared as they are written. Beside what was noted, it shows the names that other memories mention.
    """

    AREA: str = "graph."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def create_entities(
        self, entities: Sequence[GraphEntity], *, user_id: str, actor: str = "user"
    ) -> tuple[GraphEntity, ...]:
        """Notes entities with their observations; those that were noted before stay as they are.

        Returns:
            Those that are new.

        Raises:
            ValidationError: a name, a type or an observation cannot be used; nothing was written.

        Example:
            >>> anna = GraphEntity(name="Anna", type="person", observations=("Likes tea",))
            >>> await memory.graph.create_entities([anna], user_id="ben")
        """
        given = check_entities(entities)
        fresh: list[GraphEntity] = []

        def planned(there: Noted) -> Plan:
            named = {one.name: one for one in reversed(given) if _is_new(one, there)}
            fresh[:] = [one for one in given if named.get(one.name) is one]
            notes = [note for one in fresh for note in _entity_notes(one)]
            return Plan(notes)

        about = concerning({one.name for one in given})
        await self._carry_out("create_entities", planned, about, user_id=user_id, actor=actor)
        return tuple(fresh)

    @recorded
    async def create_relations(
        self, relations: Sequence[GraphRelation], *, user_id: str, actor: str = "user"
    ) -> tuple[GraphRelation, ...]:
        """Notes relations; there need not be entities of their names. Returns those that are new.

        Raises:
            ValidationError: a name or a type cannot be used; nothing was written.

        Example:
            >>> works_at = GraphRelation(source="Anna", type="works at", target="Siemens")
            >>> await memory.graph.create_relations([works_at], user_id="ben")
        """
        given = check_relations(relations)
        fresh: list[GraphRelation] = []

        def planned(there: Noted) -> Plan:
            known = {relation_of(memory) for memory in there.of(Part.RELATION)}
            fresh[:] = [one for one in dict.fromkeys(given) if one not in known]
            return Plan([relation_note(one) for one in fresh])

        about = concerning({one.source for one in given})
        await self._carry_out("create_relations", planned, about, user_id=user_id, actor=actor)
        return tuple(fresh)

    @recorded
    async def add_observations(
        self, observations: Sequence[Observed], *, user_id: str, actor: str = "user"
    ) -> tuple[Observed, ...]:
        """Notes observations of entities that are there.

        Returns:
            For each entity the observations that are new.

        Raises:
            NotFound: there is no such entity; nothing was written. ValidationError: a text cannot be used.

        Example:
            >>> await memory.graph.add_observations([Observed(name="Anna", contents=("Has a dog",))], user_id="ben")
        """
        given = check_observations(observations)
        named = await self._named(given, user_id)
        fresh: list[Observed] = []

        def planned(there: Noted) -> Plan:
            nodes, notes = there.nodes, list[Note]()
            known = {name: set(node.contents) for name, node in nodes.items()}
            fresh.clear()
            for one in given:
                name, kind = named[one.name].name, named[one.name].type
                had = known.setdefault(name, set())
                new = tuple(content for content in dict.fromkeys(one.contents) if content not in had)
                had.update(new)
                fresh.append(Observed(name=one.name, contents=new))
                notes += [observation_note(name, kind, content) for content in new]
            return Plan(notes)

        about = concerning({one.name for one in named.values()})
        await self._carry_out("add_observations", planned, about, user_id=user_id, actor=actor)
        return tuple(fresh)

    @recorded
    async def delete_entities(self, names: Sequence[str], *, user_id: str, actor: str = "user") -> GraphDeletion:
        """Takes entities away, with what was noted of them and their relations; unknown names are passed over.

        A name that other memories mention stays in the graph as long as they do; ``kept`` says so.

        Example:
            >>> (await memory.graph.delete_entities(["Anna"], user_id="ben")).kept
            ()
        """
        wanted = set(check_graph_names(names))
        gone: list[Memory] = []

        def planned(there: Noted) -> Plan:
            gone[:] = [memory for memory in there.memories if wanted & _names_of(memory)]
            return Plan(gone=gone)

        about = concerning(wanted, "name", "to")
        await self._carry_out("delete_entities", planned, about, user_id=user_id, actor=actor)
        seen = await self._seen(user_id, "delete_entities")
        kept = [node.name for node in seen.nodes if node.name in wanted]
        return GraphDeletion(deleted=len(gone), kept=tuple(kept))

    @recorded
    async def delete_observations(
        self, observations: Sequence[Observed], *, user_id: str, actor: str = "user"
    ) -> GraphDeletion:
        """Deletes the memories that say this of an entity; what is not there is passed over.

        Example:
            >>> likes_tea = Observed(name="Anna", contents=("Likes tea",))
            >>> (await memory.graph.delete_observations([likes_tea], user_id="ben")).deleted
            1
        """
        given = check_observations(observations)
        wanted = {(one.name, content) for one in given for content in one.contents}
        gone: list[Memory] = []

        def planned(there: Noted) -> Plan:
            gone[:] = [
                memory
                for name, node in there.nodes.items()
                for memory, content in zip(node.noted, node.contents, strict=True)
                if (name, content) in wanted
            ]
            return Plan(gone=gone)

        about = concerning({name for name, _ in wanted})
        await self._carry_out("delete_observations", planned, about, user_id=user_id, actor=actor)
        heard = await self._heard(wanted, user_id)
        for memory_id in heard:
            await changing.delete(await self.core.ready(), memory_id, user_id, cause=cause_of({"actor": actor}))
        return GraphDeletion(deleted=len(gone) + len(heard))

    @recorded
    async def delete_relations(
        self, relations: Sequence[GraphRelation], *, user_id: str, actor: str = "user"
    ) -> GraphDeletion:
        """Deletes relations; what is not there is passed over.

        One that is told in words which say more than this is kept, and ``kept`` says so.

        Example:
            >>> works_at = GraphRelation(source="Anna", type="works at", target="Siemens")
            >>> (await memory.graph.delete_relations([works_at], user_id="ben")).deleted
            1
        """
        wanted = set(check_relations(relations))
        gone: list[Memory] = []

        def planned(there: Noted) -> Plan:
            gone[:] = [memory for memory in there.of(Part.RELATION) if relation_of(memory) in wanted]
            return Plan(gone=gone)

        about = concerning({one.source for one in wanted})
        await self._carry_out("delete_relations", planned, about, user_id=user_id, actor=actor)
        seen = await self._seen(user_id, "delete_relations")
        told = [tie for tie in seen.ties if tie.relation in wanted]
        stating = await self._stating(told, user_id)
        for memory_id in stating:
            await changing.delete(await self.core.ready(), memory_id, user_id, cause=cause_of({"actor": actor}))
        kept = [relation_words(tie.relation) for tie in told if tie.memory_id not in stating]
        return GraphDeletion(deleted=len(gone) + len(stating), kept=tuple(kept))

    @recorded
    async def read(self, *, user_id: str, max_tokens: int = 4_000, cursor: str | None = None) -> GraphPage:
        """Reads the graph, a page at a time.

        Args:
            user_id: whose.
            max_tokens: how long a page may be, written as JSON, 100 to 1,000,000.
            cursor: ``next_cursor`` of the page before.

        Example:
            >>> (await memory.graph.read(user_id="ben")).entities[0].observations
            ('Likes tea',)
        """
        return await self._page(await self._seen(user_id, "read"), user_id, max_tokens, cursor)

    @recorded
    async def find(self, query: str, *, user_id: str, max_tokens: int = 4_000, cursor: str | None = None) -> GraphPage:
        """Finds entities whose name, type or observations contain the query, whatever its case, and their relations.

        To look by meaning instead of by words, use ``search``.

        Example:
            >>> [entity.name for entity in (await memory.graph.find("tea", user_id="ben")).entities]
            ['Anna']
        """
        if not isinstance(query, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
            raise ValidationError("query", f"must be a string, not {type(query).__name__}")
        wanted = query[:10_000]
        seen = await self._seen(user_id, "find")
        parts = await self.core.ready()
        telling = frozenset[UUID]()
        if wanted.strip():
            check_text("query", wanted)
            scope = scope_of(parts.tenant_id, user_id, {})
            telling = frozenset(await parts.store.ids_where(scope, Compare("text", Op.ICONTAINS, wanted)))
        return await self._page(seen.among(matching(seen.nodes, wanted, telling)), user_id, max_tokens, cursor)

    @recorded
    async def nodes(
        self, names: Sequence[str], *, user_id: str, max_tokens: int = 4_000, cursor: str | None = None
    ) -> GraphPage:
        """Reads the entities of these names, and their relations; unknown names are passed over.

        Example:
            >>> len((await memory.graph.nodes(["Anna"], user_id="ben")).entities)
            1
        """
        wanted = set(check_graph_names(names))
        seen = await self._seen(user_id, "nodes")
        return await self._page(
            seen.among([node for node in seen.nodes if node.name in wanted]), user_id, max_tokens, cursor
        )

    async def _carry_out(
        self, method: str, planned: Callable[[Noted], Plan], what: Condition, *, user_id: str, actor: str
    ) -> None:
        """Does what is planned from this part of the graph."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        cause = cause_of({"actor": actor})
        await Noting(parts, scope, f"{self.AREA}{method}", cause, what).carry_out(planned)

    async def _seen(self, user_id: str, method: str) -> View:
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        return await view(parts, scope, await rights.reading(parts, user_id, f"{self.AREA}{method}"))

    async def _page(self, seen: View, user_id: str, max_tokens: int, cursor: str | None) -> GraphPage:
        parts = await self.core.ready()
        check_limit("max_tokens", max_tokens, most=LONGEST_PAGE)
        return await page_of(parts, scope_of(parts.tenant_id, user_id, {}), seen, max_tokens, cursor)

    async def _named(self, given: Sequence[Observed], user_id: str) -> dict[str, Node]:
        """The entities, by the names that were given."""
        seen = await self._seen(user_id, "add_observations")
        found = {one.name: seen.named(one.name) for one in given}
        for name, node in found.items():
            if node is None:
                raise NotFound(f"Entity with name {name} not found; create_entities makes one")
        return {name: node for name, node in found.items() if node is not None}

    async def _heard(self, wanted: set[tuple[str, str]], user_id: str) -> list[UUID]:
        """The memories, not noted in the graph, that say exactly this of one of these entities."""
        parts = await self.core.ready()
        seen = await self._seen(user_id, "delete_observations")
        nodes = [node for node in seen.nodes if node.name in {name for name, _ in wanted}]
        texts = await texts_of(parts, scope_of(parts.tenant_id, user_id, {}), nodes)
        found = [one for node in nodes for one in node.heard if (node.name, texts.get(one)) in wanted]
        return list(dict.fromkeys(found))

    async def _stating(self, told: Sequence[Tie], user_id: str) -> list[UUID]:
        """Of the memories that state these relations, those that state nothing else."""
        parts = await self.core.ready()
        ids = [tie.memory_id for tie in told]
        found = await parts.store.fetch(scope_of(parts.tenant_id, user_id, {}), ids) if ids else {}
        return [one for one, memory in found.items() if memory.key is not None]


def _is_new(entity: GraphEntity, there: Noted) -> bool:
    node = there.nodes.get(entity.name)
    return node is None or node.marker is None


def _entity_notes(entity: GraphEntity) -> list[Note]:
    observed = [observation_note(entity.name, entity.type, content) for content in dict.fromkeys(entity.observations)]
    return [entity_note(entity.name, entity.type), *observed]


def _names_of(memory: Memory) -> set[str]:
    mark = mark_of(memory)
    return {mark[end] for end in ("name", "to") if end in mark}
