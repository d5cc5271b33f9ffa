"""The synchronous face of ``recollect.memory.desks.graph``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Sequence
from functools import partial

from recollect.domain.knowledge_graph import (
    GraphDeletion,
    GraphEntity,
    GraphPage,
    GraphRelation,
    Observed,
)
from recollect.memory.background import LOOP
from recollect.memory.desks.graph import GraphDesk


class SyncGraphDesk:
    """A knowledge graph like the one of the reference memory server, kept as memories.

    Names are compared as they are written. Beside what was noted, it shows the names that other memories mention.
    """

    def __init__(self, inner: GraphDesk) -> None:
        self._inner = inner

    def create_entities(
        self, entities: Sequence[GraphEntity], *, user_id: str, actor: str = "user"
    ) -> tuple[GraphEntity, ...]:
        """Notes entities with their observations; those that were noted before stay as they are.

        Returns:
            Those that are new.

        Raises:
            ValidationError: a name, a type or an observation cannot be used; nothing was written.

        Example:
            >>> anna = GraphEntity(name="Anna", type="person", observations=("Likes tea",))
            >>> memory.graph.create_entities([anna], user_id="ben")
        """
        return LOOP.call(partial(self._inner.create_entities, entities, user_id=user_id, actor=actor))

    def create_relations(
        self, relations: Sequence[GraphRelation], *, user_id: str, actor: str = "user"
    ) -> tuple[GraphRelation, ...]:
        """Notes relations; there need not be entities of their names. Returns those that are new.

        Raises:
            ValidationError: a name or a type cannot be used; nothing was written.

        Example:
            >>> works_at = GraphRelation(source="Anna", type="works at", target="Siemens")
            >>> memory.graph.create_relations([works_at], user_id="ben")
        """
        return LOOP.call(partial(self._inner.create_relations, relations, user_id=user_id, actor=actor))

    def add_observations(
        self, observations: Sequence[Observed], *, user_id: str, actor: str = "user"
    ) -> tuple[Observed, ...]:
        """Notes observations of entities that are there.

        Returns:
            For each entity the observations that are new.

        Raises:
            NotFound: there is no such entity; nothing was written. ValidationError: a text cannot be used.

        Example:
            >>> memory.graph.add_observations([Observed(name="Anna", contents=("Has a dog",))], user_id="ben")
        """
        return LOOP.call(partial(self._inner.add_observations, observations, user_id=user_id, actor=actor))

    def delete_entities(self, names: Sequence[str], *, user_id: str, actor: str = "user") -> GraphDeletion:
        """Takes entities away, with what was noted of them and their relations; unknown names are passed over.

        A name that other memories mention stays in the graph as long as they do; ``kept`` says so.

        Example:
            >>> memory.graph.delete_entities(["Anna"], user_id="ben").kept
            ()
        """
        return LOOP.call(partial(self._inner.delete_entities, names, user_id=user_id, actor=actor))

    def delete_observations(
        self, observations: Sequence[Observed], *, user_id: str, actor: str = "user"
    ) -> GraphDeletion:
        """Deletes the memories that say this of an entity; what is not there is passed over.

        Example:
            >>> likes_tea = Observed(name="Anna", contents=("Likes tea",))
            >>> memory.graph.delete_observations([likes_tea], user_id="ben").deleted
            1
        """
        return LOOP.call(partial(self._inner.delete_observations, observations, user_id=user_id, actor=actor))

    def delete_relations(
        self, relations: Sequence[GraphRelation], *, user_id: str, actor: str = "user"
    ) -> GraphDeletion:
        """Deletes relations; what is not there is passed over.

        One that is told in words which say more than this is kept, and ``kept`` says so.

        Example:
            >>> works_at = GraphRelation(source="Anna", type="works at", target="Siemens")
            >>> memory.graph.delete_relations([works_at], user_id="ben").deleted
            1
        """
        return LOOP.call(partial(self._inner.delete_relations, relations, user_id=user_id, actor=actor))

    def read(self, *, user_id: str, max_tokens: int = 4_000, cursor: str | None = None) -> GraphPage:
        """Reads the graph, a page at a time.

        Args:
            user_id: whose.
            max_tokens: how long a page may be, written as JSON, 100 to 1,000,000.
            cursor: ``next_cursor`` of the page before.

        Example:
            >>> memory.graph.read(user_id="ben").entities[0].observations
            ('Likes tea',)
        """
        return LOOP.call(partial(self._inner.read, user_id=user_id, max_tokens=max_tokens, cursor=cursor))

    def find(self, query: str, *, user_id: str, max_tokens: int = 4_000, cursor: str | None = None) -> GraphPage:
        """Finds entities whose name, type or observations contain the query, whatever its case, and their relations.

        To look by meaning instead of by words, use ``search``.

        Example:
            >>> [entity.name for entity in memory.graph.find("tea", user_id="ben").entities]
            ['Anna']
        """
        return LOOP.call(partial(self._inner.find, query, user_id=user_id, max_tokens=max_tokens, cursor=cursor))

    def nodes(
        self, names: Sequence[str], *, user_id: str, max_tokens: int = 4_000, cursor: str | None = None
    ) -> GraphPage:
        """Reads the entities of these names, and their relations; unknown names are passed over.

        Example:
            >>> len(memory.graph.nodes(["Anna"], user_id="ben").entities)
            1
        """
        return LOOP.call(partial(self._inner.nodes, names, user_id=user_id, max_tokens=max_tokens, cursor=cursor))
