"""What the store is asked for beside memories: tools in numbers, and what waits for upkeep across a tenant's users."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from recollect.domain.reflection import Reflection, ReflectionQueue
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.domain.tool_stats import ToolStats


class Chores(Protocol):
    """Questions over many rows that the database answers with few."""

    async def tool_stats(
        self, scope: Scope, *, tool: str | None = None, task: str | None = None, limit: int = 100
    ) -> Sequence[ToolStats]:
        """The user's tool calls in numbers, a line for each tool and task, the most called first."""
        ...

    async def due_reflections(self, tenant_id: str, now: datetime, limit: int) -> Sequence[Reflection]:
        """Queued reflections whose next try is due, each user's oldest first and no user before the others.

        One that failed waits 5 seconds, and after each further failure six times as long, at most an hour.
        """
        ...

    async def idle_sessions(self, tenant_id: str, before: datetime, limit: int) -> Sequence[Session]:
        """Open sessions that were neither changed nor used since ``before``."""
        ...

    async def reflection_queue(self, tenant_id: str) -> ReflectionQueue:
        """How the queue of the tenant's reflections stands."""
        ...
