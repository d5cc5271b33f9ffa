"""Procedures: ways of doing tasks, learned from what worked, and outcomes that are thought over afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.goal import Goal
from recollect.domain.ids import new_id, parse_id
from recollect.domain.record import MemoryType
from recollect.domain.reflection import Reflection, ReflectionStatus
from recollect.domain.scope import check_id
from recollect.domain.search import Hit
from recollect.domain.strategy import Lesson, Strategy, StrategyMatch, ranked, strategy_of
from recollect.errors import Conflict, NotFound, ValidationError
from recollect.memory import finding, teaching
from recollect.memory.arguments import check_flag, check_limit, check_query, member, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import json_object, short_text
from recollect.memory.listing import Listing, listing
from recollect.memory.recorded import recorded
from recollect.ports.store import ThingChange, Wanted

TASK: Final = 1_000
"""Characters that say what a task is."""
WAY: Final = 4_000
"""Characters that say how it is done."""
MOST_TOOLS: Final = 50
COMPARED: Final = 200
"""Strategies that are compared for one task: those that recall finds best."""


class ProceduresDesk:
    """Strategies are memories of type ``procedure`` that count how often they worked; see ``domain/strategy.py``."""

    AREA: str = "procedures."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def learn(
        self,
        description: str,
        *,
        user_id: str,
        task: str,
        tools: Sequence[str] = (),
        succeeded: bool = True,
        conversation_id: str | None = None,
    ) -> Strategy:
        """Learns that a way of doing a task worked, or did not; the same way for the same task is counted once more.

        Args:
            description: what is done, in at most 4,000 characters.
            user_id: whose experience it is.
            task: what it is done for, in at most 1,000 characters.
            tools: the tools that are called, in order, at most 50.
            succeeded: whether it worked this time.
            conversation_id: where that was.

        Raises:
            Conflict: a memory that is no procedure has these very words. NotAllowed: a policy forbids it.

        Example:
            >>> way = await memory.procedures.learn("ask the API, then cache", user_id="ana", task="weather report")
            >>> (way.successes, way.failures)
            (1, 0)
        """
        parts = await self.core.ready()
        lesson = Lesson(
            task=_task(task),
            description=short_text("description", description, most=WAY).strip(),
            tools=_tools(tools),
            succeeded=check_flag("succeeded", succeeded),
        )
        scope = scope_of(parts.tenant_id, user_id, {"conversation_id": conversation_id})
        return await teaching.learn(parts, scope, lesson)

    @recorded
    async def what_worked_for(
        self, task: str, *, user_id: str, limit: int = 5, now: datetime | str | None = None
    ) -> tuple[StrategyMatch, ...]:
        """Finds ways of doing a task, ranked by how well they worked times how similar their task is.

        A success rate is counted with a prior of four trials, see ``domain/strategy.py``, so that one lucky success
        does not stand above eighteen of twenty.

        Args:
            task: the task at hand, in words.
            user_id: whose strategies.
            limit: how many at most, 1 to 100.
            now: the moment of asking; the present by default.

        Example:
            >>> _ = await memory.procedures.learn("ask the API", user_id="ana", task="weather report")
            >>> (await memory.procedures.what_worked_for("weather report", user_id="ana"))[0].trials
            1
        """
        check_query(task)
        most = check_limit("limit", limit, most=100)
        parts = await self.core.ready()
        given = {"types": [MemoryType.PROCEDURE], "limit": COMPARED, "now": now}
        found = await finding.search(parts, await finding.asks_of(parts, task, user_id, given))
        return ranked([(strategy_of(hit.memory), _similarity(hit)) for hit in found], most)

    @recorded
    async def reinforce(self, strategy_id: UUID | str, *, user_id: str, succeeded: bool) -> Strategy:
        """Counts one more trial of a strategy.

        Args:
            strategy_id: its id, which is its memory's: ``match.memory_id``.
            user_id: whose.
            succeeded: whether it worked.

        Raises:
            NotFound: the user has no such memory. Conflict: it is no procedure. NotAllowed: a policy forbids it.
        """
        parts = await self.core.ready()
        wanted = parse_id("strategy_id", strategy_id)
        return await teaching.reinforce(parts, wanted, user_id, succeeded=check_flag("succeeded", succeeded))

    @recorded
    async def reflect(
        self,
        task: str,
        *,
        user_id: str,
        succeeded: bool | None = None,
        outcome: Mapping[str, Any] | None = None,
        conversation_id: str | None = None,
        goal_id: UUID | str | None = None,
    ) -> Reflection:
        """Queues an outcome, durably, and returns at once; the job ``reflect`` turns it into memories.

        Those are a memory of what happened and, when tools were called, the strategy of calling them in that order:
        learned when it worked, weakened when it did not. The tool calls are those that were recorded for the
        conversation, or without one for the task, since its last outcome.

        Args:
            task: what was tried.
            user_id: for whom.
            succeeded: whether it worked, None when that is unknown.
            outcome: what came of it, a JSON object of at most 64,000 bytes.
            conversation_id: where.
            goal_id: for which of the user's goals.

        Raises:
            NotFound: the user has no such goal.

        Example:
            >>> queued = await memory.procedures.reflect("weather report", user_id="ana", succeeded=True)
            >>> _ = await memory.upkeep.run(job="reflect")
            >>> (await memory.procedures.reflections(user_id="ana"))[0].status.value
            'done'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"conversation_id": conversation_id})
        goal = None if goal_id is None else parse_id("goal_id", goal_id)
        if goal is not None:
            found = await parts.store.things(Goal, scope.tenant_id, {"user_id": user_id, "id": goal})
            if not found:
                raise NotFound(f"user {user_id!r} has no goal {goal}")
        queued = Reflection(
            tenant_id=scope.tenant_id,
            user_id=user_id,
            id=new_id(),
            conversation_id=conversation_id,
            goal_id=goal,
            task=_task(task),
            succeeded=None if succeeded is None else check_flag("succeeded", succeeded),
            outcome=json_object("outcome", {} if outcome is None else outcome),
            queued_at=parts.clock.now(),
        )
        async with parts.store.writing(scope, Wanted()) as transaction:
            await transaction.commit([ThingChange(type=EventType.REFLECTION_QUEUED, after=queued)])
        parts.upkeep.wake("reflect")
        return queued

    @recorded
    async def reflections(
        self,
        *,
        user_id: str,
        status: ReflectionStatus | str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Listing[Reflection]:
        """Lists outcomes and what became of them, the latest first.

        Args:
            user_id: whose.
            status: only those that are ``queued``, ``done`` or ``failed``.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        where: dict[str, Any] = {"user_id": user_id}
        if status is not None:
            where["status"] = member("status", ReflectionStatus, status)
        after = None if cursor is None else [parse_id("cursor", cursor)]
        most = check_limit("limit", limit) + 1
        found = await parts.store.things(Reflection, scope.tenant_id, where, limit=most, after=after, newest=True)
        return listing(found, limit, lambda shown: str(shown.id))

    @recorded
    async def retry(self, reflection_id: UUID | str, *, user_id: str) -> Reflection:
        """Queues an outcome again that could not be processed, with all its attempts before it.

        Raises:
            NotFound: the user has no such outcome. Conflict: it is done.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        wanted = parse_id("reflection_id", reflection_id)
        async with parts.store.writing(scope, Wanted()) as transaction:
            found = await transaction.things(Reflection, {"user_id": user_id, "id": wanted})
            if not found:
                raise NotFound(f"user {user_id!r} has no reflection {wanted}")
            (before,) = found
            if before.status is ReflectionStatus.DONE:
                raise Conflict(f"reflection {wanted} is done; it became {len(before.memory_ids)} memories")
            after = replace(before, status=ReflectionStatus.QUEUED, attempts=0, error=None, processed_at=None)
            changes = [] if after == before else [_queued_again(before, after)]
            await transaction.commit(changes)
        parts.upkeep.wake("reflect")
        return after


def _queued_again(before: Reflection, after: Reflection) -> ThingChange:
    return ThingChange(type=EventType.REFLECTION_QUEUED, before=before, after=after, reason="tried again by the caller")


def _task(value: object) -> str:
    """The task on one line: the same task is written in the same way."""
    return " ".join(short_text("task", value, most=TASK).split())


def _tools(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValidationError("tools", f"must be a list of names, not {type(value).__name__}")
    given = cast(Sequence[object], value)
    if len(given) > MOST_TOOLS:
        raise ValidationError("tools", f"names {len(given)} tools; at most {MOST_TOOLS} are allowed")
    return tuple(check_id("tools", one) for one in given)


def _similarity(hit: Hit) -> float:
    """The cosine of meaning; while the embedder is down, how well the words match, 0..1."""
    if "meaning" in hit.signals:
        return hit.signals["meaning"].raw
    return hit.signals["words"].normalised if "words" in hit.signals else 0.0
