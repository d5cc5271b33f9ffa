"""Sweep: removes what has faded, and ends the sessions that nobody uses any more."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recollect.domain.event import EventType
from recollect.domain.scope import Scope
from recollect.domain.session import SESSION_TTL, UNUSED, Session
from recollect.ports.store import Cause, ThingChange, Wanted
from recollect.upkeep.job import JobReport, Work

SESSIONS_AT_ONCE = 500
"""Sessions that one run ends at most; the others are ended by the next one."""


@dataclass(frozen=True, slots=True)
class SweepJob:
    """What has faded is not read any more anyway; this bounds how long it takes up room."""

    name: str = "sweep"
    every: timedelta = timedelta(seconds=60)

    async def run(self, work: Work) -> JobReport:
        """Sweeps the tenant's hot tier and ends expired sessions."""
        now = work.clock.now()
        swept = await work.hot.sweep(work.tenant_id, now)
        ended = 0
        for session in await work.store.idle_sessions(work.tenant_id, now - SESSION_TTL, SESSIONS_AT_ONCE):
            ended += await _end(work, session, now)
        return JobReport(processed=swept.items + ended)


async def _end(work: Work, seen: Session, now: datetime) -> bool:
    """Ends the session, unless it was ended or gone on with since it was seen.

    Working memory fades within six hours, so there is nothing left in it that would have to be kept.
    """
    scope = Scope(tenant_id=seen.tenant_id, user_id=seen.user_id)
    async with work.store.writing(scope, Wanted(), Cause(actor="upkeep")) as transaction:
        found = await transaction.things(Session, {"id": seen.id})
        if found != [seen]:
            return False
        state = await work.hot.load(scope, now, whole=True)
        expired_at = seen.expires_at(None if state is None else state.used_at)
        if expired_at > now:
            return False
        after = replace(seen, ended_at=expired_at, ended_because=UNUSED)
        await transaction.commit([ThingChange(type=EventType.SESSION_ENDED, before=seen, after=after, reason=UNUSED)])
    if transaction.hot is not None:
        await work.hot.follow(scope, transaction.hot)
    return True
