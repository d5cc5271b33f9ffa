"""What a user's memories say about names, counted by the database."""

from typing import Any

from recollect.adapters.postgres.chores import PostgresChores
from recollect.adapters.postgres.graph import edge_of
from recollect.domain.graph import Edge
from recollect.domain.record import EntityType
from recollect.domain.scope import Scope
from recollect.ports.knowledge import Mentioned


class PostgresKnowledge(PostgresChores):
    """See ``recollect.ports.knowledge.Knowledge``; the store is one. The graph's tables hold what it counts."""

    async def mentioned(self, scope: Scope) -> list[Mentioned]:
        """Every person, place, organisation and other entity that is mentioned."""
        return [
            Mentioned(name=name, type=EntityType(kind), memories=memories, first_at=first_at, last_at=last_at)
            for name, kind, memories, first_at, last_at in await self._rows("entity_mentions", scope)
        ]

    async def stated(self, scope: Scope) -> list[Edge]:
        """Every triple: of keyed facts, and of relations read from texts."""
        return [edge_of(row) for row in await self._rows("graph_edges", scope)]

    async def _rows(self, name: str, scope: Scope) -> list[tuple[Any, ...]]:
        (rows,) = await self.sessions.read(scope.tenant_id, (name, {"user_id": scope.user_id}))
        return rows
