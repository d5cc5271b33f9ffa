"""The facade's methods that stand on the log: ``history``, ``watch``, ``diff`` and ``rollback``."""

from collections.abc import AsyncGenerator, Collection
from datetime import datetime
from uuid import UUID

from recollect.domain.difference import Difference
from recollect.domain.event import Event, EventType
from recollect.domain.history import HistoryEvent, told_in_order
from recollect.domain.ids import parse_id
from recollect.domain.rollback import RollbackReport
from recollect.domain.times import parse_time
from recollect.memory import finding, mem0_words, rights, watching
from recollect.memory.arguments import check_flag, scope_of
from recollect.memory.core import Core
from recollect.memory.difference import difference_between
from recollect.memory.past_state import PastStates
from recollect.memory.recorded import recorded
from recollect.memory.rolling_back import Rollback, place_to_roll_back, target_of
from recollect.ports.store import Cause, EventQuery


class LogMethods:
    """What the facade has for what happened: to one memory, to a user's, between two times, and back again."""

    AREA: str = ""
    core: Core
    _pasts: PastStates

    @recorded
    async def history(
        self, memory_id: UUID | str, *, user_id: str | None = None, project_id: str | None = None
    ) -> tuple[HistoryEvent, ...]:
        """Returns everything that happened to a memory, oldest first; also to one that was superseded or deleted.

        Raises:
            NotFound: there never was such a memory. NotAllowed: the user is no member of the project.

        Example:
            >>> [event.type.value for event in await memory.history(receipt.id, user_id="ben")]
            ['memory_added', 'memory_used', 'memory_updated', 'memory_deleted']
        """
        parts = await self.core.ready()
        wanted = parse_id("memory_id", memory_id)
        owner = await mem0_words.owner_of(parts, wanted, user_id)
        may_read = await rights.reading(parts, owner, "history")
        for scope in await finding.scopes_of(parts, owner, {"project_id": project_id}):
            events = await parts.store.events(scope, EventQuery(memory_id=wanted))
            now = list((await parts.store.fetch(scope, [wanted])).values())
            if events and len(await rights.readable(may_read, now)) == len(now):
                return told_in_order(events)
        raise finding.not_found(wanted, owner)

    def watch(
        self,
        *,
        user_id: str,
        after_seq: int | None = None,
        types: Collection[EventType | str] | None = None,
        project_id: str | None = None,
        timeout_s: float | None = None,
    ) -> AsyncGenerator[Event]:
        """Yields what happens to a user's memories as it happens: in order, nothing lost, nothing twice.

        Break it off whenever you like; ``after_seq=event.seq`` of the last event goes on where it stopped. It ends by
        itself when the memory is closed. While the database is away it waits, for a minute at most.

        Args:
            user_id: whose log; with ``project_id``, the member who watches.
            after_seq: begin after this position of the log, 0 for its beginning; by default, with what is written from
                the call on.
            types: only these events.
            project_id: watch what the project's members share instead of the user's own.
            timeout_s: end when nothing came for so many seconds; by default it goes on for ever.

        Returns:
            Events, as ``events.list`` gives them: None is the payload of what was erased, or may not be read.

        Raises:
            ValidationError: an argument cannot be used. NotAllowed: the user is no member of the project (any more).
            StoreError: the database cannot be asked.

        Example:
            >>> _ = await memory.add("I like tea", user_id="dora")
            >>> async for event in memory.watch(user_id="dora", after_seq=0, timeout_s=0.1):
            ...     print(event.seq, event.type.value)
            1 memory_added
        """
        return watching.watch(
            self.core, user_id, after_seq=after_seq, types=types, project_id=project_id, timeout_s=timeout_s
        )

    @recorded
    async def diff(self, t1: datetime | str, t2: datetime | str, *, user_id: str) -> Difference:
        """Tells what the store learned from ``t1`` to ``t2``: what was added, changed, superseded, deleted.

        Raises:
            ValidationError: a time is naive, or ``t2`` is before ``t1``.

        Example:
            >>> difference = await memory.diff("2026-05-04T00:00:00+00:00", "2026-05-05T00:00:00+00:00", user_id="ben")
        """
        parts = await self.core.ready()
        since, until = parse_time("t1", t1), parse_time("t2", t2)
        return await difference_between(parts, self._pasts, scope_of(parts.tenant_id, user_id, {}), since, until)

    @recorded
    async def rollback(
        self,
        *,
        user_id: str | None = None,
        project_id: str | None = None,
        to: UUID | str | int | None = None,
        before: datetime | str | None = None,
        job: UUID | str | None = None,
        dry_run: bool = False,
    ) -> RollbackReport:
        """Leads back to an earlier state by new events; ``to=report.from_seq`` takes a rollback back.

        Args:
            user_id: whose memory; with ``project_id``, who does it: an admin.
            project_id: roll back what the project's members share, instead of the user's own.
            to: an event's id, or a line of the log, after which everything is to be as it was; what was written with it
                in one transaction belongs to it.
            before: a time, just before which everything is to be as it was.
            job: a run; only what it changed is undone, and what others changed since is kept.
            dry_run: only tell what would change.

        Raises:
            ValidationError: not exactly one of ``to``, ``before`` and ``job``. NotFound: no such line, event or run.
            NotAllowed: the user is no admin of the project, or a policy forbids it.

        Example:
            >>> report = await memory.rollback(user_id="ben", to=0, dry_run=True)
        """
        target = target_of(to, before, job)
        parts = await self.core.ready()
        scope, who = await place_to_roll_back(parts, user_id, project_id)
        cause = Cause(actor="user" if project_id is None else who)
        return await Rollback(parts, self._pasts, scope, who, target).run(cause, dry_run=check_flag("dry_run", dry_run))
