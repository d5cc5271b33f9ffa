"""What happened between two moments, worked out from the log."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from recollect.domain.difference import MEMORY, Difference, ItemChange, difference
from recollect.domain.event import Event
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.errors import ValidationError
from recollect.memory import rights
from recollect.memory.parts import Parts
from recollect.memory.past_state import PastStates, Place, log_pages
from recollect.memory.policy_gate import Reading
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
    found = difference(before, after, events, since, until)
    may_read = await rights.reading(parts, scope.user_id, "diff")
    if may_read is None:
        return found
    groups = {name: getattr(found, name) for name in ("added", "changed", "superseded", "deleted")}
    ids = {change.id for changes in groups.values() for change in changes if change.kind == MEMORY}
    today = await parts.store.fetch(scope, list(ids))
    shown = {name: await readable_changes(may_read, changes, today.values()) for name, changes in groups.items()}
    return replace(found, **shown)


async def readable_changes(
    may_read: Reading | None, changes: Sequence[ItemChange], today: Iterable[Memory] = ()
) -> tuple[ItemChange, ...]:
    """The changes without those of memories that policies hide from the user, before, after or as they are today."""
    if may_read is None:
        return tuple(changes)
    items = [item for change in changes for item in (change.before, change.after)]
    memories = [*(item for item in items if isinstance(item, Memory)), *today]
    seen = {id(memory) for memory in await rights.readable(may_read, memories)}
    hidden = {memory.id for memory in memories if id(memory) not in seen}
    return tuple(change for change in changes if change.id not in hidden)
