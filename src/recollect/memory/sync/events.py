"""The synchronous face of ``recollect.memory.desks.events``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from recollect.domain.event import EventType
from recollect.memory.background import LOOP
from recollect.memory.desks.events import EventsDesk
from recollect.memory.listing import EventPage


class SyncEventsDesk:
    """Everything that ever happened to a user's memories and what belongs to them."""

    def __init__(self, inner: EventsDesk) -> None:
        self._inner = inner

    def list(
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
            >>> [event.type.value for event in memory.events.list(user_id="ana", limit=1)]
            ['memory_added']
        """
        return LOOP.call(
            partial(
                self._inner.list,
                user_id=user_id,
                since=since,
                until=until,
                types=types,
                after_seq=after_seq,
                limit=limit,
            )
        )
