"""Erasure: what may not stay goes for good, with a certificate that says what went."""

from uuid import UUID

from recollect.domain import certificate as certificates
from recollect.domain.certificate import Certificate
from recollect.memory import erasing
from recollect.memory.core import Core
from recollect.memory.recorded import recorded


class ErasureDesk:
    """Erases users and single memories. Deleting leaves a history that can be gone back to; erasing leaves none."""

    AREA: str = "erasure."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def user(self, *, user_id: str, actor: str = "user") -> Certificate:
        """Erases a user: the key, every row, the memberships, and what the user shared in projects.

        The log keeps its lines, whose content nobody can read any more; the user may start anew at once.

        Args:
            user_id: whose.
            actor: who asked for it.

        Raises:
            NotFound: nothing of the user was ever stored.

        Example:
            >>> (await memory.erasure.user(user_id="cleo")).unreadable_events
            2
        """
        return await erasing.erase_user(await self.core.ready(), user_id, actor=actor)

    @recorded
    async def memory(
        self, memory_id: UUID | str, *, user_id: str, project_id: str | None = None, actor: str = "user"
    ) -> Certificate:
        """Erases a memory, the facts that rest on it alone, and the copies of it that the user shared.

        Args:
            memory_id: which one; it may be deleted already.
            user_id: whose.
            project_id: where it is shared, if it is.
            actor: who asked for it.

        Raises:
            NotFound: there is no such memory. NotAllowed: it is another member's.
        """
        parts = await self.core.ready()
        return await erasing.erase_memory(parts, user_id, memory_id, project_id=project_id, actor=actor)

    @recorded
    async def verify(self, certificate: Certificate) -> bool:
        """Whether this memory's own master key signed the certificate, and nobody changed it since."""
        parts = await self.core.ready()
        return certificates.verify(certificate, parts.log.public_key)
