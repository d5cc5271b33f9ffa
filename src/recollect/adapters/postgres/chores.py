"""Tools in numbers, and what waits for upkeep, counted and picked by the database."""

from datetime import datetime
from typing import Any, cast

from recollect.adapters.postgres.owners import PostgresOwners
from recollect.adapters.postgres.things import SHAPES
from recollect.domain.reflection import Reflection, ReflectionQueue
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.domain.tool_stats import ToolStats


class PostgresChores(PostgresOwners):
    """See ``recollect.ports.chores.Chores``; the store is one."""

    async def tool_stats(
        self, scope: Scope, *, tool: str | None = None, task: str | None = None, limit: int = 100
    ) -> list[ToolStats]:
        """The user's tool calls in numbers, a line for each tool and task, the most called first."""
        name = "tool_stats" if tool is None else "tool_stats_of_one"
        asked = {"user_id": scope.user_id, "tool": tool, "task": task, "limit": limit}
        (rows,) = await self.sessions.read(scope.tenant_id, (name, asked))
        return [_stats(row) for row in rows]

    async def due_reflections(self, tenant_id: str, now: datetime, limit: int) -> list[Reflection]:
        """Queued reflections whose next try is due, each user's oldest first and no user before the others."""
        (rows,) = await self.sessions.read(tenant_id, ("due_reflections", {"now": now, "limit": limit}))
        return [cast(Reflection, SHAPES[Reflection.KIND].thing(row)) for row in rows]

    async def idle_sessions(self, tenant_id: str, before: datetime, limit: int) -> list[Session]:
        """Open sessions that were neither changed nor used since ``before``."""
        (rows,) = await self.sessions.read(tenant_id, ("idle_sessions", {"before": before, "limit": limit}))
        return [cast(Session, SHAPES[Session.KIND].thing(row)) for row in rows]

    async def reflection_queue(self, tenant_id: str) -> ReflectionQueue:
        """How the queue of the tenant's reflections stands."""
        (rows,) = await self.sessions.read(tenant_id, ("reflection_queue", {}))
        queued, failed, oldest_at = rows[0]
        return ReflectionQueue(queued=queued, failed=failed, oldest_at=oldest_at)


def _stats(row: tuple[Any, ...]) -> ToolStats:
    tool, task, calls, successes, failures, mean_ms, p95_ms, last_used_at = row
    known = successes + failures
    return ToolStats(
        tool=tool,
        task=task,
        calls=calls,
        successes=successes,
        failures=failures,
        unknown=calls - known,
        success_rate=successes / known if known else None,
        mean_ms=mean_ms,
        p95_ms=p95_ms,
        last_used_at=last_used_at,
    )
