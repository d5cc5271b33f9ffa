"""Whose a memory is, by the primary key alone."""

from uuid import UUID

from recollect.adapters.postgres.said_before import PostgresSaidBefore
from recollect.domain.scope import Scope


class PostgresOwners(PostgresSaidBefore):
    """See ``recollect.ports.owners.Owners``; the store is one."""

    async def owner_of(self, tenant_id: str, memory_id: UUID) -> Scope | None:
        """The scope that a memory of this tenant belongs to, of a deleted one too; None if there is none."""
        (rows,) = await self.sessions.read(tenant_id, ("owner_of", {"memory_id": memory_id}))
        for user_id, agent_id, project_id, conversation_id in rows:
            return Scope(
                tenant_id=tenant_id,
                user_id=user_id,
                agent_id=agent_id,
                project_id=project_id,
                conversation_id=conversation_id,
            )
        return None
