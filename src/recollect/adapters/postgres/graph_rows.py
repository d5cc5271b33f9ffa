"""Graph rows: what a memory adds to the graph of names, as rows, and the statements that bring the tables there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import sql

from recollect.adapters.postgres.queries import QUERIES
from recollect.domain.graph import Edge, Mention, Support, folded, support_of
from recollect.domain.record import Memory
from recollect.domain.scope import Scope

Row = dict[str, Any]
NOTHING = Support()


def mention_row(tenant_id: str, user_id: str, mention: Mention) -> Row:
    """A row of ``graph_mention``."""
    return {
        "tenant_id": tenant_id,
        "memory_id": mention.memory_id,
        "folded": folded(mention.name),
        "user_id": user_id,
        "name": mention.name,
        "type": mention.type.value,
        "at": mention.at,
        "said": mention.said,
    }


def edge_row(tenant_id: str, user_id: str, edge: Edge) -> Row:
    """A row of ``graph_edge``."""
    return {
        "tenant_id": tenant_id,
        "memory_id": edge.memory_id,
        "id": edge.id,
        "user_id": user_id,
        "subject_folded": folded(edge.subject),
        "object_folded": folded(edge.object),
        "subject": edge.subject,
        "predicate": edge.predicate,
        "object": edge.object,
        "confidence": edge.confidence,
        "valid_from": edge.valid_from,
        "valid_to": edge.valid_to,
        "superseded": edge.superseded,
    }


@dataclass(slots=True)
class GraphRows:
    """What a batch of changes does to the graph: each memory's support as it was first, and as it is last."""

    _before: dict[UUID, Support] = field(default_factory=dict[UUID, Support])
    _after: dict[UUID, Support] = field(default_factory=dict[UUID, Support])

    def note(self, before: Memory | None, after: Memory) -> None:
        """A memory changes."""
        if after.id not in self._before:
            self._before[after.id] = NOTHING if before is None else support_of(before)
        self._after[after.id] = support_of(after)

    def statements(self, scope: Scope) -> Iterator[tuple[sql.SQL, list[Row]]]:
        """What is to be executed, in order; nothing for memories that add what they added before."""
        changed = [memory_id for memory_id, support in self._after.items() if support != self._before[memory_id]]
        owner = (scope.tenant_id, scope.user_id)
        named = (
            ("remove_mentions", [_of(scope, one) for one in changed if self._before[one].mentions]),
            ("remove_edges", [_of(scope, one) for one in changed if self._before[one].edges]),
            ("merge_mention", [mention_row(*owner, one) for memory in changed for one in self._after[memory].mentions]),
            ("merge_edge", [edge_row(*owner, one) for memory in changed for one in self._after[memory].edges]),
        )
        for name, rows in named:
            if rows:
                yield QUERIES[name], rows


def _of(scope: Scope, memory_id: UUID) -> Row:
    return {"tenant_id": scope.tenant_id, "memory_id": memory_id}
