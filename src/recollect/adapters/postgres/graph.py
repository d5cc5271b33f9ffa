"""The graph of names in Postgres: kept with the memories that support it, walked by the ties that a walk asks for.

A walk costs one round trip a hop and reads only the ties of the names that may still lead to one of the strongest.
PageRank reads the user's ties as arrays and works on these.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from recollect.adapters.postgres.graph_rows import edge_row, mention_row
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Sessions, name_tenant, note_round_trip
from recollect.domain.entity import Hop, Neighbour, Related
from recollect.domain.entity_graph import EntityGraph, Walk, spelled
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import Edge, Mention, Support, folded, spellings
from recollect.domain.graph_rank import central
from recollect.domain.pagerank import DAMPING
from recollect.domain.record import EntityType
from recollect.domain.scope import Scope


class PostgresGraph:
    """See ``recollect.ports.graph.Graph``. The store writes the same rows in the memories' own transactions."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def merge_node(self, scope: Scope, mention: Mention) -> None:
        """A memory mentions a name."""
        await self._write(scope, [("merge_mention", mention_row(scope.tenant_id, scope.user_id, mention))])

    async def merge_edge(self, scope: Scope, edge: Edge) -> None:
        """A memory states a triple."""
        await self._write(scope, [("merge_edge", edge_row(scope.tenant_id, scope.user_id, edge))])

    async def remove(self, scope: Scope, memory_ids: Collection[UUID]) -> None:
        """Takes away all that these memories support."""
        rows = [{"tenant_id": scope.tenant_id, "user_id": scope.user_id, "memory_id": one} for one in memory_ids]
        await self._write(scope, [(name, row) for row in rows for name in ("remove_mentions", "remove_edges")])

    async def clear(self, scope: Scope) -> None:
        """Takes the user's whole graph away."""
        owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
        await self._write(scope, [("clear_mentions", owner), ("clear_edges", owner)])

    async def supports(self, scope: Scope) -> dict[UUID, Support]:
        """All that is there, by the memory that supports it."""
        owner = {"user_id": scope.user_id}
        mentions, edges = await self._sessions.read(scope.tenant_id, ("graph_mentions", owner), ("graph_edges", owner))
        nodes: dict[UUID, list[Mention]] = {}
        for memory_id, name, kind, at, said in mentions:
            mention = Mention(memory_id=memory_id, name=name, type=EntityType(kind), at=at, said=said)
            nodes.setdefault(memory_id, []).append(mention)
        found: dict[UUID, list[Edge]] = {}
        for row in edges:
            found.setdefault(row[0], []).append(edge_of(row))
        return {one: Support(tuple(nodes.get(one, ())), tuple(found.get(one, ()))) for one in {**nodes, **found}}

    async def neighbours(
        self, scope: Scope, name: str, *, names: EntityNames, now: datetime, depth: int, limit: int
    ) -> list[Neighbour]:
        """The names within ``depth`` hops, the strongest path first."""
        graph, walk = EntityGraph(), Walk(folded(names.target(name)), depth, limit)
        expanded: set[str] = set()
        while wanted := list(walk.wanted()):
            asked = {folded(spelling) for place in wanted for spelling in names.all_of(place)}
            rows = {"user_id": scope.user_id, "names": list(asked), "known": list(expanded), "now": now}
            await self._extend(graph, scope, rows, names)
            expanded |= asked
            walk.step(graph)
        found = walk.found({})
        ends = {end for one in found for hop in one.path for end in (hop.subject, hop.object)}
        return spelled(found, graph, names, await self._spellings(scope, ends))

    async def _extend(self, graph: EntityGraph, scope: Scope, wanted: dict[str, Any], names: EntityNames) -> None:
        """Adds the ties of the names that are wanted, but those to names whose ties are known."""
        together, stated = await self._sessions.read(
            scope.tenant_id, ("graph_together", wanted), ("graph_stated", wanted)
        )
        asked = set(wanted["names"])
        for one, other, memories in together:
            if other not in asked or one < other:  # between two that were asked for, it comes from both sides
                graph.together(names.target(one), names.target(other), memories)
        for subject, predicate, target, confidence in stated:
            graph.relation(Hop(names.target(subject), predicate, names.target(target)), confidence)

    async def ppr(
        self,
        scope: Scope,
        seeds: Mapping[str, float],
        *,
        names: EntityNames,
        now: datetime,
        damping: float = DAMPING,
        limit: int = 20,
    ) -> list[Related]:
        """The names where a walk ends up that begins at the seeds."""
        owner = {"user_id": scope.user_id, "now": now}
        mentions, edges = await self._sessions.read(
            scope.tenant_id, ("graph_ranked_mentions", owner), ("graph_ranked_edges", owner)
        )
        ((mentioned, memories),) = mentions
        return central(mentioned or (), memories or (), edges, seeds, names=names, damping=damping)[:limit]

    async def _spellings(self, scope: Scope, names: Iterable[str]) -> dict[str, str]:
        """How these names are written most often."""
        asked = {"user_id": scope.user_id, "names": list({folded(name) for name in names})}
        (rows,) = await self._sessions.read(scope.tenant_id, ("graph_spellings", asked))
        return spellings(rows)

    async def _write(self, scope: Scope, statements: Iterable[tuple[str, dict[str, Any]]]) -> None:
        async with self._sessions.connection() as connection:
            async with connection.pipeline(), connection.transaction():
                await name_tenant(connection, scope.tenant_id)
                for name, row in statements:
                    await connection.execute(QUERIES[name], row)
            note_round_trip()


def edge_of(row: tuple[Any, ...]) -> Edge:
    """An edge from a row of ``graph_edges``."""
    memory_id, subject, predicate, target, confidence, valid_from, valid_to, superseded = row
    return Edge(
        memory_id=memory_id,
        subject=subject,
        predicate=predicate,
        object=target,
        confidence=confidence,
        valid_from=valid_from,
        valid_to=valid_to,
        superseded=superseded,
    )
