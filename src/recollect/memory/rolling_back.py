"""Rolling back: compensating events that lead a user's or a project's memory back, written in one transaction.

Nothing is taken out of the log. It is read and replayed, and the texts that come back are embedded, before the lock
is taken. What others wrote in the meantime is read under the lock, and the plan is made anew.
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
from recollect.domain.record import Status
from recollect.domain.rollback import RollbackReport, Target
from recollect.domain.scope import Scope, project_scope
from recollect.domain.state import State
from recollect.domain.times import parse_time
from recollect.errors import Conflict, NotAllowed, NotFound, ValidationError
from recollect.memory import rights
from recollect.memory.arguments import scope_of
from recollect.memory.core import require_role
from recollect.memory.difference import readable_changes
from recollect.memory.job_undo import Trail, plan_undo
from recollect.memory.parts import Parts
from recollect.memory.past_state import END, PastStates, Place, copied, log_pages, vectors_of
from recollect.memory.policy_gate import Reading
from recollect.memory.rollback_plan import Plan, changes_of, plan_to
from recollect.ports.store import Cause, Change, EventQuery, Note, Wanted

NEAR = timedelta(minutes=10)
"""How far an event's id, which tells when it was made, and the time of its transaction can lie apart."""


@dataclass(slots=True)
class Basis:
    """What a plan is made from: the present state, and an earlier one or the trail of a run."""

    now: State
    then: State | None = None
    trail: Trail | None = None

    @property
    def seq(self) -> int:
        """The line of the log that it reflects."""
        return self.now.seq

    def take(self, events: Sequence[Event]) -> None:
        """Takes in what others wrote meanwhile.

        Raises:
            Conflict: the user was erased.
        """
        if any(event.type is EventType.USER_ERASED for event in events):
            raise Conflict("the user was erased while the rollback was prepared")
        if self.trail is not None:
            self.trail.take(events)
        else:
            for event in events:
                self.now.apply(event)

    def plan(self, moment: datetime) -> Plan:
        """The way back from the present state."""
        if self.trail is not None:
            return plan_undo(self.trail, moment)
        return plan_to(self.now, self.then or State(), moment)


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
            Conflict: the user was erased meanwhile. NotAllowed: a policy forbids one of the changes.
            ModelError: a text that comes back cannot be embedded; nothing was written.
        """
        what = await self._what()
        basis = await self._basis()
        plan = await anyio.to_thread.run_sync(basis.plan, self.parts.clock.now())
        check = await rights.guard(self.parts, self.user_id, "rollback")
        may_read = await rights.reading(self.parts, self.user_id, "rollback")
        await check(_memories_of(plan))
        if not dry_run:
            await self._check_hidden(plan, may_read)
        if dry_run or not plan.steps:
            return await _shown(may_read, _report(what, plan, dry_run=dry_run))
        vectors = await vectors_of(self.parts, plan.returning)
        async with self.parts.store.writing(self.scope, Wanted(), cause) as transaction:
            if transaction.seq != basis.seq:
                basis.take(await transaction.events(basis.seq))
                plan = basis.plan(self.parts.clock.now())
                await check(_memories_of(plan))
                await self._check_hidden(plan, may_read)
                vectors = await vectors_of(self.parts, plan.returning)
            await transaction.want(Wanted(ids=[after.id for _, after in plan.memories], deleted_too=True))
            changes = changes_of(plan, vectors, f"rolled back {what}")
            report = _report(what, plan, await transaction.commit([_heading(what, plan, self.target), *changes]))
        return await _shown(may_read, report)

    async def _check_hidden(self, plan: Plan, may_read: Reading | None) -> None:
        """Refuses to make readable what policies hide from the user, such as what was classified since.

        Raises:
            NotAllowed: the plan would.
        """
        pairs = [(before, after) for before, after in plan.memories if before is not None]
        seen = {memory.id for memory in await rights.readable(may_read, [before for before, _ in pairs])}
        coming = [after for before, after in pairs if before.id not in seen and after.status is not Status.DELETED]
        if await rights.readable(may_read, coming):
            raise NotAllowed(f"a policy hides from user {self.user_id!r} what this rollback would show again")

    async def _basis(self) -> "Basis":
        """What the plan is made from, as the log has it now."""
        if self.target.job_id is not None:
            trail = Trail(self.target.job_id)
            async for page in log_pages(self.parts.store, self.scope, EventQuery()):
                await anyio.to_thread.run_sync(trail.take, page)
            if not trail.touches:
                raise NotFound(f"the log has no events of job {self.target.job_id}")
            return Basis(trail.state, trail=trail)
        then = await self.states.at(self.parts.store, self.scope, await self._place())
        now = await self.states.at(self.parts.store, self.scope, Place())
        if isinstance(self.target.to, int) and self.target.to > now.seq:
            raise NotFound(f"the log ends at line {now.seq}; there is no line {self.target.to}")
        return Basis(copied(now.state), then=then.state)

    async def _place(self) -> Place:
        if self.target.before is not None:
            earliest = self.target.before <= datetime.min.replace(tzinfo=UTC)  # nothing can be recorded before
            return Place(seq=0) if earliest else Place(at=self.target.before - timedelta(microseconds=1))
        return Place(seq=END if self.target.to is None else await self._whole(await self._line(self.target.to)))

    async def _whole(self, line: int) -> int:
        """The last line of the transaction that a line is part of: half of it would leave two values of one key."""
        recorded_at: datetime | None = None
        if line == 0:
            return line
        async for page in log_pages(self.parts.store, self.scope, EventQuery(after_seq=line - 1)):
            for event in page:
                if recorded_at not in (None, event.recorded_at):
                    return line
                recorded_at, line = event.recorded_at, event.seq
        return line

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
    return project_scope(parts.tenant_id, project_id), user_id


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


async def _shown(may_read: Reading | None, report: RollbackReport) -> RollbackReport:
    """The report without the texts that policies hide from the user."""
    return replace(report, changes=await readable_changes(may_read, report.changes))


def _memories_of(plan: Plan) -> list[Change]:
    """What becomes of memories, as policies are asked about it."""
    return [change for change in changes_of(plan, {}, "") if isinstance(change, Change)]
