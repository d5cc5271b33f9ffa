"""The synchronous face of ``recollect.memory.desks.quarantine``; made by tools/generate_sync.py, do not edit."""

from functools import partial
from uuid import UUID

from recollect.domain.record import Memory, Trust
from recollect.memory.background import LOOP
from recollect.memory.desks.quarantine import QuarantineDesk
from recollect.memory.page import Page


class SyncQuarantineDesk:
    """Quarantined memories: stored apart, states no facts, never loaded unasked."""

    def __init__(self, inner: QuarantineDesk) -> None:
        self._inner = inner

    def list(self, *, user_id: str, project_id: str | None = None, limit: int = 50, cursor: str | None = None) -> Page:
        """Lists quarantined memories, newest first: the user's own or, with ``project_id``, those shared there.

        Raises:
            NotAllowed: the user is no member of the project.
        """
        return LOOP.call(partial(self._inner.list, user_id=user_id, project_id=project_id, limit=limit, cursor=cursor))

    def release(
        self,
        memory_id: UUID | str,
        *,
        user_id: str,
        project_id: str | None = None,
        trust: Trust | str = Trust.KNOWN,
        actor: str = "user",
    ) -> Memory:
        """Believes a memory from now on: ``known``, or ``trusted`` so that its facts count like the user's own.

        Raises:
            NotFound: there is no such memory. NotAllowed: it is another member's.
            Conflict: it is not quarantined, or the same content is known already.

        Example:
            >>> memory.quarantine.release(doubted.id, user_id="ben").trust.value
            'known'
        """
        return LOOP.call(
            partial(self._inner.release, memory_id, user_id=user_id, project_id=project_id, trust=trust, actor=actor)
        )

    def drop(self, memory_id: UUID | str, *, user_id: str, project_id: str | None = None, actor: str = "user") -> None:
        """Deletes a quarantined memory.

        Raises:
            NotFound: there is no such memory. NotAllowed: it is another member's. Conflict: it is not quarantined.
        """
        return LOOP.call(partial(self._inner.drop, memory_id, user_id=user_id, project_id=project_id, actor=actor))
