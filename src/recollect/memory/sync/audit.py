"""The synchronous face of ``recollect.memory.desks.audit``; made by tools/generate_sync.py, do not edit."""

from functools import partial

from recollect.domain.audit import LogAudit
from recollect.memory.background import LOOP
from recollect.memory.desks.audit import AuditDesk


class SyncAuditDesk:
    """Walks the hash chains of the log. It reads without locks, so writers go on meanwhile."""

    def __init__(self, inner: AuditDesk) -> None:
        self._inner = inner

    def verify(self, *, user_id: str | None = None) -> LogAudit:
        """Walks a user's hash chain, or those of all the tenant's streams, and names the first break of each.

        Args:
            user_id: whose; None checks every user, every project and the tenant's own stream.

        Example:
            >>> memory.audit.verify(user_id="ben").ok
            True
        """
        return LOOP.call(partial(self._inner.verify, user_id=user_id))
