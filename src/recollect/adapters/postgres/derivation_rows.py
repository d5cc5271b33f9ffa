"""Derivation rows: which memories cite which, as rows, and the statements that bring the table there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import sql

from recollect.adapters.postgres.queries import QUERIES
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.domain.staleness import premises_of

Row = dict[str, Any]


def derivation_row(tenant_id: str, user_id: str, memory_id: UUID, premise_id: UUID) -> Row:
    """A row of ``derivation``."""
    return {"tenant_id": tenant_id, "memory_id": memory_id, "premise_id": premise_id, "user_id": user_id}


@dataclass(slots=True)
class DerivationRows:
    """What a batch of changes does to what memories cite: as it was first, and as it is last."""

    _before: dict[UUID, frozenset[UUID]] = field(default_factory=dict[UUID, frozenset[UUID]])
    _after: dict[UUID, frozenset[UUID]] = field(default_factory=dict[UUID, frozenset[UUID]])

    def note(self, before: Memory | None, after: Memory) -> None:
        """A memory changes."""
        if after.id not in self._before:
            self._before[after.id] = frozenset() if before is None else premises_of(before)
        self._after[after.id] = premises_of(after)

    def statements(self, scope: Scope) -> Iterator[tuple[sql.SQL, list[Row]]]:
        """What is to be executed, in order; nothing for memories that cite what they cited before."""
        owner = (scope.tenant_id, scope.user_id)
        gone = [(one, premise) for one, then in self._before.items() for premise in then - self._after[one]]
        new = [(one, premise) for one, now in self._after.items() for premise in now - self._before[one]]
        for name, ties in (("remove_derivation", gone), ("merge_derivation", new)):
            if ties:
                yield QUERIES[name], [derivation_row(*owner, *tie) for tie in sorted(ties)]
