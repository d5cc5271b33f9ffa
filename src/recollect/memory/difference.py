"""What happened between two moments, worked out from the log."""

from datetime import datetime

from recollect.domain.difference import Difference, difference
from recollect.domain.event import Event
from recollect.domain.scope import Scope
from recollect.errors import ValidationError
from recollect.memory.parts import Parts
from recollect.memory.past_state import PastStates, Place, log_pages
from recollect.ports.store import EventQuery


async def difference_between(
    parts: Parts, states: PastStates, scope: Scope, since: datetime, until: datetime
) -> Difference:
    """What the store knew at ``until`` and not at ``since``, and the other way round.

    Raises:
        ValidationError: ``until`` is before ``since``.
        StoreError: the log cannot be read.
    """
    if until < since:
        raise ValidationError(
            "t2", f"{until.isoformat()} is before t1, {since.isoformat()}; give the earlier one first"
        )
    before = (await states.at(parts.store, scope, Place(at=since))).state
    after = (await states.at(parts.store, scope, Place(at=until))).state
    events: list[Event] = []
    async for page in log_pages(parts.store, scope, EventQuery(after_seq=before.seq, until_seq=after.seq)):
        events += page
    return difference(before, after, events, since, until)
