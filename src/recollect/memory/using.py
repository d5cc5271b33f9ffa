"""Using: a caller confirms that memories were put to use, which is the only thing that recall ever strengthens them by.

Being found is no use: what is found once would then be found more easily, be it right or outdated, and never give way.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.record import Memory, Status
from recollect.memory import finding, rights
from recollect.memory.arguments import cause_of
from recollect.memory.changing import stream_of
from recollect.memory.desk_arguments import several_ids
from recollect.memory.parts import Parts
from recollect.ports.store import Change, Wanted

REASON = "put to use, as the caller confirms"


async def used(parts: Parts, memory_ids: object, user_id: str, given: Mapping[str, Any]) -> tuple[Memory, ...]:
    """What ``used`` does; raises as the facade says."""
    ids = several_ids("memory_ids", memory_ids)
    project_id, cause = given.get("project_id"), cause_of(given)
    known = [await finding.one(parts, wanted, user_id, project_id) for wanted in ids]
    check = await rights.guard(parts, user_id, "used")
    after: dict[UUID, Memory] = {}
    for stream in dict.fromkeys(memory.user_id for memory in known):
        own = [memory for memory in known if memory.user_id == stream]
        wanted = Wanted(ids=[memory.id for memory in own])
        async with parts.store.writing(stream_of(own[0]), wanted, cause) as transaction:
            now = parts.clock.now()
            living = [record for record in transaction.existing if record.status is not Status.DELETED]
            changes = [
                Change(
                    type=EventType.MEMORY_USED,
                    before=record,
                    after=replace(record, access_count=record.access_count + 1, last_accessed_at=now),
                    reason=REASON,
                )
                for record in living
            ]
            await check(changes)
            await transaction.commit(changes)
        after |= {change.after.id: change.after for change in changes}
    for wanted in ids:
        if wanted not in after:
            raise finding.not_found(wanted, user_id)
    return tuple(after[wanted] for wanted in ids)
