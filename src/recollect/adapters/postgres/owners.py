"""Whose a memory is, and who there is in a tenant, each answered from one index."""

from collections.abc import Collection
from uuid import UUID

from recollect.adapters.postgres.codec import memory_from_row
from recollect.adapters.postgres.said_before import PostgresSaidBefore
from recollect.domain.person import PersonKind, UserSummary
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.ports.giving_way import in_turns
from recollect.ports.owners import LogStanding


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

    async def owners_of(self, tenant_id: str, ids: Collection[UUID]) -> dict[UUID, str]:
        """The user, or the project's stream, of each of these memories."""
        if not ids:
            return {}
        (rows,) = await self.sessions.read(tenant_id, ("owners_of", {"ids": list(ids)}))
        return {memory_id: user_id for memory_id, user_id in rows}  # noqa: C416 - rows are tuples of Any

    async def users(self, tenant_id: str, *, after: str, limit: int) -> list[UserSummary]:
        """Users of whom something is stored, in the order of their ids."""
        (rows,) = await self.sessions.read(tenant_id, ("users", {"after": after, "limit": limit}))
        return [
            UserSummary(id=user_id, user_id=user_id, memories=memories, first_at=first_at, last_at=last_at)
            for user_id, memories, first_at, last_at in rows
        ]

    async def agents(self, tenant_id: str, *, after: str, limit: int) -> list[UserSummary]:
        """Agents that have living memories, in the order of their ids."""
        (rows,) = await self.sessions.read(tenant_id, ("agents", {"after": after, "limit": limit}))
        kind = PersonKind.AGENT
        return [
            UserSummary(id=agent_id, kind=kind, user_id=None, memories=memories, first_at=first_at, last_at=last_at)
            for agent_id, memories, first_at, last_at in rows
        ]

    async def talks(self, tenant_id: str, *, after: tuple[str, str], limit: int) -> list[UserSummary]:
        """Users' conversations, in the order of user and id."""
        asked = {"after_user": after[0], "after_id": after[1], "limit": limit}
        (rows,) = await self.sessions.read(tenant_id, ("talks", asked))
        kind = PersonKind.CONVERSATION
        return [
            UserSummary(id=talk, kind=kind, user_id=user_id, memories=turns, first_at=first_at, last_at=last_at)
            for user_id, talk, turns, first_at, last_at in rows
        ]

    async def standing(self, scope: Scope) -> LogStanding | None:
        """How the user's log stands; None if there is none."""
        (rows,) = await self.sessions.read(scope.tenant_id, ("standing", {"user_id": scope.user_id}))
        for seq, last_at, since in rows:
            return LogStanding(seq=seq, last_at=last_at, since=since)
        return None

    async def counts(self, scope: Scope) -> list[tuple[str, str, str, int]]:
        """How many memories the user has by type, tier and status."""
        (rows,) = await self.sessions.read(scope.tenant_id, ("memory_counts", {"user_id": scope.user_id}))
        return [(kind, tier, status, count) for kind, tier, status, count in rows]

    async def all_memories(self, scope: Scope, *, after: UUID | None, limit: int) -> list[Memory]:
        """The user's memories whatever their status, in the order of their ids."""
        asked = {"user_id": scope.user_id, "after": after or UUID(int=0), "limit": limit}
        (rows,) = await self.sessions.read(scope.tenant_id, ("memories_after", asked))
        return await in_turns(memory_from_row, rows)
