"""The synchronous face of ``recollect.memory.desks.erasure``; made by tools/generate_sync.py, do not edit."""

from functools import partial
from uuid import UUID

from recollect.domain.certificate import Certificate
from recollect.memory.background import LOOP
from recollect.memory.desks.erasure import ErasureDesk


class SyncErasureDesk:
    """Erases users and single memories. Deleting leaves a history that can be gone back to; erasing leaves none."""

    def __init__(self, inner: ErasureDesk) -> None:
        self._inner = inner

    def user(self, *, user_id: str, actor: str = "user") -> Certificate:
        """Erases a user: the key, every row, the memberships, and what the user shared in projects.

        The log keeps its lines, whose content nobody can read any more; the user may start anew at once.

        Args:
            user_id: whose.
            actor: who asked for it.

        Raises:
            NotFound: nothing of the user was ever stored.

        Example:
            >>> memory.erasure.user(user_id="cleo").unreadable_events
            2
        """
        return LOOP.call(partial(self._inner.user, user_id=user_id, actor=actor))

    def memory(
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
        return LOOP.call(partial(self._inner.memory, memory_id, user_id=user_id, project_id=project_id, actor=actor))

    def verify(self, certificate: Certificate) -> bool:
        """Whether this memory's own master key signed the certificate, and nobody changed it since."""
        return LOOP.call(partial(self._inner.verify, certificate))
