"""What Recollect needs to look after its log: prove that it is untouched, and erase what may not stay."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from recollect.domain.audit import StreamAudit
from recollect.domain.certificate import Certificate
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.ports.store import Change

Settle = Callable[[Sequence[Memory], Memory, datetime], Sequence[Change]]
"""Given the records around a memory, the memory, and the time: what happens to others when it ends."""


class LogKeeper(Protocol):
    """Looks after the logs of a tenant's streams."""

    @property
    def public_key(self) -> bytes:
        """The Ed25519 key that verifies the certificates which this process signs."""
        ...

    def streams(self, tenant_id: str) -> AsyncIterator[str]:
        """The tenant's streams by name: users, projects, and the tenant's own."""
        ...

    async def audit(self, scope: Scope) -> StreamAudit:
        """Walks a stream's hash chain, without locks, as it was at one moment; writers go on meanwhile."""
        ...

    async def erase_user(self, scope: Scope, actor: str) -> Certificate:
        """Destroys the user's key and every row of the user, in one transaction; the log's lines stay, unreadable.

        Raises:
            NotFound: nothing of the user was ever stored.
        """
        ...

    async def erase_memory(self, scope: Scope, memory_id: UUID, actor: str, settle: Settle) -> Certificate:
        """Destroys the keys and rows of a memory, of the facts that rest on it alone, and of copies that were shared.

        Args:
            scope: the stream.
            memory_id: the memory.
            actor: who asked for it.
            settle: tells what becomes of the records that stay.

        Raises:
            NotFound: the stream has no row of it.
        """
        ...
