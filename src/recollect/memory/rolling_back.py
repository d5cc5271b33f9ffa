"""Rolling back: compensating events that lead a user's or a project's memory back, written in one transaction.

Nothing is taken out of the log. The plan is made from the log alone, outside the transaction, and the texts that come
back are embedded there; under the lock only the log's end is compared. If it moved on, the plan is made anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import anyio.to_thread

from recollect.domain.difference import ItemChange, item_change
from recollect.domain.event import Event, EventType
from recollect.domain.ids import parse_id
from recollect.domain.project import Role
from recollect.domain.rollback import RollbackReport, Target
from recollect.domain.scope import Scope
from recollect.domain.times import parse_time
from recollect.errors import Conflict, NotFound, ValidationError
from recollect.memory import rights
from recollect.memory.arguments import scope_of
from recollect.memory.core import project_scope, require_role
from recollect.memory.difference import readable_changes
from recollect.memory.job_undo import Trail, plan_undo
from recollect.memory.parts import Parts
from recollect.memory.past_state import END, PastStates, Place, embedded, log_pages
from recollect.memory.rollback_plan import Plan, changes_of, plan_to
from recollect.ports.store import Cause, Change, EventQuery, Note, Wanted

ATTEMPTS = 10
NEAR = timedelta(minutes=10)
"""How far an event's id, which tells when it was made, and the time of its transaction can lie apart."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """One rollback: where, by whom, and to what."""

    parts: Parts
    states: PastStates
    scope: Scope
    user_id: str
    target: Target

    async def run(self, cause: Cause, *, dry_run: bool) -> RollbackReport:
        """Makes the plan and, unless it is a dry run, carries it out.

        Raises:
            NotFound: the log has no such line, event or run.
            Conflict: the log moved on each time before the plan could be carried out.
            ModelError: a text that comes back cannot be embedded; nothing was written.
        """
        what = await self._what()
        for _ in range(ATTEMPTS):
            plan = await self._plan()
            changes = changes_of(plan, {}, f"rolled back {what}")
            await rights.guard(self.parts, self.user_id, "rollback")([c for c in changes if isinstance(c, Change)])
            if dry_run or not plan.steps:
                return await self._shown(_report(what, plan, dry_run=dry_run))
            vectors = await embedded(self.parts, plan.returning)
            changes = [_heading(what, plan, self.target), *changes_of(plan, vectors, f"rolled back {what}")]
            ids = [after.id for _, after in plan.memories]
            async with self.parts.store.writing(self.scope, Wanted(ids=ids, deleted_too=True), cause) as transaction:
                if transaction.seq == plan.from_seq:
                    report = _report(what, plan, await transaction.commit(changes))
                    return await self._shown(report)
        raise Conflict(f"the log moved on {ATTEMPTS} times before {what} could be rolled back; try again")

    async def _shown(self, report: RollbackReport) -> RollbackReport:
        """The report without the texts that policies hide from the user."""
        may_read = await rights.reading(self.parts, self.user_id, "rollback")
        return replace(report, changes=await readable_changes(may_read, report.changes))

    async def _plan(self) -> Plan:
        moment = self.parts.clock.now()
        if self.target.job_id is not None:
            trail = Trail(self.target.job_id)
            async for page in log_pages(self.parts.store, self.scope, EventQuery()):
                await anyio.to_thread.run_sync(trail.take, page)
            if not trail.touches:
                raise NotFound(f"the log has no events of job {self.target.job_id}")
            return await anyio.to_thread.run_sync(plan_undo, trail, moment)
        then = await self.states.at(self.parts.store, self.scope, await self._place())
        now = await self.states.at(self.parts.store, self.scope, Place())
        if isinstance(self.target.to, int) and self.target.to > now.seq:
            raise NotFound(f"the log ends at line {now.seq}; there is no line {self.target.to}")
        return await anyio.to_thread.run_sync(plan_to, now.state, then.state, moment)

    async def _place(self) -> Place:
        if self.target.before is not None:
            return Place(at=self.target.before - timedelta(microseconds=1))
        return Place(seq=END if self.target.to is None else await self._line(self.target.to))

    async def _line(self, to: int | UUID) -> int:
        """The line of an event; its id tells about when it was recorded."""
        if isinstance(to, int):
            return to
        try:
            made = datetime.fromtimestamp((to.int >> 80) / 1000, tz=UTC)
            query = EventQuery(since=made - NEAR, until=made + NEAR)
        except (OverflowError, ValueError, OSError):
            raise NotFound(f"the log has no event {to}") from None
        async for page in log_pages(self.parts.store, self.scope, query):
            for event in page:
                if event.id == to:
                    return event.seq
        raise NotFound(f"the log has no event {to}")

    async def _what(self) -> str:
        if self.target.job_id is not None:
            return f"job {self.target.job_id}"
        if self.target.before is not None:
            return f"to before {self.target.before.isoformat()}"
        return f"to line {await self._line(self.target.to if self.target.to is not None else END)}"


async def place_to_roll_back(parts: Parts, user_id: str | None, project_id: str | None) -> tuple[Scope, str]:
    """The stream that a rollback is about (the user's own, or a project's if the user may do that), and the user.

    Raises:
        ValidationError: the user is missing. NotAllowed: the user is no admin of the project.
    """
    if user_id is None:
        raise ValidationError("user_id", "say whose memory or, with project_id, which of its admins rolls it back")
    own = scope_of(parts.tenant_id, user_id, {"project_id": project_id})
    if project_id is None:
        return own, user_id
    await require_role(parts, project_id, user_id, Role.ADMIN)
    return project_scope(parts, project_id), user_id


def target_of(to: object, before: object, job: object) -> Target:
    """What a caller asks for.

    Raises:
        ValidationError: none or several of the three, or one that cannot be used.
    """
    given = [name for name, value in (("to", to), ("before", before), ("job", job)) if value is not None]
    if len(given) != 1:
        raise ValidationError(given[1] if given else "to", "give one of to (an event), before (a time) and job (a run)")
    if before is not None:
        return Target(before=parse_time("before", before))
    if job is not None:
        return Target(job_id=parse_id("job", job))
    return Target(to=_line_or_event(to))


def _line_or_event(to: object) -> int | UUID:
    if isinstance(to, str) and to.isdecimal() and len(to) <= len(str(END)):
        to = int(to)
    if isinstance(to, bool) or not isinstance(to, int):
        return parse_id("to", to)
    if not 0 <= to < END:
        raise ValidationError("to", f"must be a line of the log, 0 (its start) or more, not {to}")
    return to


def _heading(what: str, plan: Plan, target: Target) -> Note:
    told = {
        "what": what,
        "from_seq": plan.from_seq,
        "to_seq": plan.to_seq,
        "job_id": str(target.job_id) if target.job_id else None,
        "memories": len(plan.memories),
        "things": len(plan.things),
        "kept": len(plan.kept),
        "erased": len(plan.erased),
    }
    return Note(type=EventType.ROLLED_BACK, payload={"rolled_back": told, "reason": f"rolled back {what}"})


def _report(what: str, plan: Plan, events: Sequence[Event] = (), *, dry_run: bool = False) -> RollbackReport:
    told: dict[UUID, list[UUID]] = {}
    for event in events:
        told.setdefault(event.subject_id, []).append(event.id)
    changes: list[ItemChange] = [item_change(before, after, told) for before, after in plan.steps]
    return RollbackReport(
        what=what,
        dry_run=dry_run,
        from_seq=plan.from_seq,
        to_seq=plan.to_seq,
        event_id=events[0].id if events else None,
        changes=tuple(changes),
        kept=tuple(plan.kept),
        erased=tuple(plan.erased),
    )
