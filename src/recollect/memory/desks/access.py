"""Access: who asked for what, and what came of it."""

from datetime import datetime
from uuid import UUID

from recollect.domain.ids import parse_id
from recollect.domain.scope import check_id
from recollect.errors import ValidationError
from recollect.memory.arguments import check_limit, optional_time
from recollect.memory.core import Core
from recollect.memory.listing import Listing, listing
from recollect.memory.recorded import recorded
from recollect.ports.access_log import AccessEntry


class AccessDesk:
    """The access log of the tenant: one entry a call, kept for a while (``RECOLLECT_ACCESS_LOG_DAYS``)."""

    AREA: str = "access."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def list(  # noqa: PLR0913 - each field of the filter is an argument here
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
            >>> [entry.method for entry in await memory.access.list(user_id="ana", limit=1)]
            ['search']
        """
        check_limit("limit", limit)
        start, end = optional_time("since", {"since": since}), optional_time("until", {"until": until})
        if start is not None and end is not None and end <= start:
            raise ValidationError("until", "must be later than since")
        after = None if cursor is None else parse_id("cursor", cursor)
        key = None if key_id is None else parse_id("key_id", key_id)
        named = {"user_id": user_id, "method": method, "outcome": outcome}
        for field, value in named.items():
            if value is not None:
                check_id(field, value)
        parts = await self.core.ready()
        await parts.access.flush()  # what this process did a moment ago is to be seen
        found = await parts.access.entries(
            parts.tenant_id,
            limit=limit + 1,
            after=after,
            user_id=user_id,
            method=method,
            outcome=outcome,
            key_id=key,
            since=start,
            until=end,
        )
        return listing(found, limit, lambda entry: str(entry.id))
