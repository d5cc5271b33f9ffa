"""What was said right before something: the light in which an embedder may read it."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from recollect.domain.scope import Scope


class SaidBefore(Protocol):
    """Questions about the turns before a turn.

    Only what was heard by the same people in the same place counts, and neither what was deleted nor what a quarantined
    source said. Texts come oldest first, at most ``chunking.TURNS_BEFORE``, each led by its speaker's name.
    """

    async def last_said(self, scope: Scope, channel_id: str | None, audience: tuple[str, ...]) -> tuple[str, ...]:
        """What was said last in the scope's conversation."""
        ...

    async def said_before(self, tenant_id: str, ids: Collection[UUID]) -> Mapping[UUID, tuple[str, ...]]:
        """What was said before each memory when it was first told; memories that begin a conversation are left out."""
        ...

    async def said_after(self, scope: Scope, memory_id: UUID) -> Collection[UUID]:
        """The memories of turns that may have been read in the light of this one."""
        ...

    async def said_after_shared(self, scope: Scope, copy_of: UUID | None) -> Collection[tuple[str, UUID]]:
        """The same of what a user shared in projects, each with its stream: of all, or of the copies of one memory."""
        ...
