"""Events: a user's log, line by line."""

from collections.abc import Collection
from datetime import datetime

from recollect.domain.event import EventType
from recollect.errors import ValidationError
from recollect.memory import rights
from recollect.memory.arguments import check_limit, members, optional_time, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import whole
from recollect.memory.listing import EventPage
from recollect.memory.recorded import recorded
from recollect.memory.watching import LAST_SEQ, readable_events
from recollect.ports.store import EventQuery


class EventsDesk:
    """Everything that ever happened to a user's memories and what belongs to them."""

    AREA: str = "events."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def list(
        self,
        *,
        user_id: str,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        types: Collection[EventType | str] = (),
        after_seq: int = 0,
        limit: int = 50,
    ) -> EventPage:
        """Lists a user's events, oldest first.

        Args:
            user_id: whose log.
            since: recorded at this time or later, timezone-aware.
            until: recorded at this time or earlier.
            types: only these.
            after_seq: only after this position of the log, such as the page before gives.
            limit: how many on a page, 1 to 1000.

        Returns:
            The events, their payloads opened; None is the payload of what was erased, and of what was done to a memory
            that policies do not let the user read.

        Example:
            >>> [event.type.value for event in await memory.events.list(user_id="ana", limit=1)]
            ['memory_added']
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        start, end = optional_time("since", {"since": since}), optional_time("until", {"until": until})
        if start is not None and end is not None and end < start:
            raise ValidationError("until", "must not be earlier than since")
        query = EventQuery(
            after_seq=whole("after_seq", after_seq, most=LAST_SEQ),
            types=members("types", EventType, types),
            since=start,
            until=end,
            limit=check_limit("limit", limit) + 1,
        )
        may_read = await rights.reading(parts, user_id, "events.list")
        found = await parts.store.events(scope, query)
        shown = await readable_events(parts, scope, may_read, found[:limit])
        return EventPage(shown, shown[-1].seq if len(found) > limit else None)
