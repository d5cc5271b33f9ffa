"""Whose a memory is: for doors whose callers name a memory without its user."""

from typing import Protocol
from uuid import UUID

from recollect.domain.scope import Scope


class Owners(Protocol):
    """Finds the owner of a memory. The answer tells whose it is, so only what is allowed to know may be told."""

    async def owner_of(self, tenant_id: str, memory_id: UUID) -> Scope | None:
        """The scope that a memory of this tenant belongs to, of a deleted one too; None if there is none.

        What members of a project share belongs to the project's own stream, see ``scope.is_shared``.
        """
        ...
