"""The synchronous face of ``recollect.memory.desks.access``; made by tools/generate_sync.py, do not edit."""

from datetime import datetime
from functools import partial
from uuid import UUID

from recollect.memory.background import LOOP
from recollect.memory.desks.access import AccessDesk
from recollect.memory.listing import Listing
from recollect.ports.access_log import AccessEntry


class SyncAccessDesk:
    """The access log of the tenant: one entry a call, kept for a while (``RECOLLECT_ACCESS_LOG_DAYS``)."""

    def __init__(self, inner: AccessDesk) -> None:
        self._inner = inner

    def list(  # noqa: PLR0913 - each field of the filter is an argument here
        self,
        *,
        user_id: str | None = None,
        method: str | None = None,
        outcome: str | None = None,
        key_id: UUID | str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        limit: int = 50,
        cursor: UUID | str | None = None,
    ) -> Listing[AccessEntry]:
        """Lists calls, newest first. Asking is a call too, and the next list shows it.

        Args:
            user_id: only what was asked of this user's memory; everybody's if it is not given.
            method: only this method, such as ``search`` or ``projects.create``.
            outcome: only these: ``ok``, or the name of the error that was raised, such as ``NotAllowed``.
            key_id: only what was asked with this API key.
            since: at this time or later, timezone-aware.
            until: before this time.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.

        Example:
            >>> [entry.method for entry in memory.access.list(user_id="ana", limit=1)]
            ['search']
        """
        return LOOP.call(
            partial(
                self._inner.list,
                user_id=user_id,
                method=method,
                outcome=outcome,
                key_id=key_id,
                since=since,
                until=until,
                limit=limit,
                cursor=cursor,
            )
        )
