"""Whose a memory is, who there is in a tenant, and everything that is somebody's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from recollect.domain.person import UserSummary
from recollect.domain.record import Memory
from recollect.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStanding:
    """How a user's log stands.

    Attributes:
        seq: its length. last_at: when its last line was written.
        since: when the first line was written that can still be read, None if none can: the user was erased.
    """

    seq: int
    last_at: datetime | None
    since: datetime | None


class Owners(Protocol):
    """Finds owners. The answers tell who there is, so only what is allowed to know may be told them."""

    async def owner_of(self, tenant_id: str, memory_id: UUID) -> Scope | None:
        """The scope that a memory of this tenant belongs to, of a deleted one too; None if there is none.

        What members of a project share belongs to the project's own stream, see ``scope.is_shared``.
        """
        ...

    async def owners_of(self, tenant_id: str, ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The user, or the project's stream, of each of these memories that this tenant has, deleted ones included."""
        ...

    async def users(self, tenant_id: str, *, after: str, limit: int) -> Sequence[UserSummary]:
        """Users of whom something is stored, in the order of their ids; projects' streams are no users."""
        ...

    async def agents(self, tenant_id: str, *, after: str, limit: int) -> Sequence[UserSummary]:
        """Agents that have living memories, in the order of their ids."""
        ...

    async def talks(self, tenant_id: str, *, after: tuple[str, str], limit: int) -> Sequence[UserSummary]:
        """Users' conversations, in the order of user and id."""
        ...

    async def standing(self, scope: Scope) -> LogStanding | None:
        """How the user's log stands; None if there is none."""
        ...

    async def counts(self, scope: Scope) -> Sequence[tuple[str, str, str, int]]:
        """How many memories the user has by type, tier and status, deleted ones included."""
        ...

    async def all_memories(self, scope: Scope, *, after: UUID | None, limit: int) -> Sequence[Memory]:
        """The user's memories whatever their status, deleted ones too, in the order of their ids."""
        ...
