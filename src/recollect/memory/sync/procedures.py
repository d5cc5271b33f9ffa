"""The synchronous face of ``recollect.memory.desks.procedures``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from recollect.domain.reflection import Reflection, ReflectionStatus
from recollect.domain.strategy import Strategy, StrategyMatch
from recollect.memory.background import LOOP
from recollect.memory.desks.procedures import ProceduresDesk
from recollect.memory.listing import Listing


class SyncProceduresDesk:
    """Strategies are memories of type ``procedure`` that count how often they worked; see ``domain/strategy.py``."""

    def __init__(self, inner: ProceduresDesk) -> None:
        self._inner = inner

    def learn(
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
            >>> way = memory.procedures.learn("ask the API, then cache", user_id="ana", task="weather report")
            >>> (way.successes, way.failures)
            (1, 0)
        """
        return LOOP.call(
            partial(
                self._inner.learn,
                description,
                user_id=user_id,
                task=task,
                tools=tools,
                succeeded=succeeded,
                conversation_id=conversation_id,
            )
        )

    def what_worked_for(
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
            >>> _ = memory.procedures.learn("ask the API", user_id="ana", task="weather report")
            >>> (memory.procedures.what_worked_for("weather report", user_id="ana"))[0].trials
            1
        """
        return LOOP.call(partial(self._inner.what_worked_for, task, user_id=user_id, limit=limit, now=now))

    def reinforce(self, strategy_id: UUID | str, *, user_id: str, succeeded: bool) -> Strategy:
        """Counts one more trial of a strategy.

        Args:
            strategy_id: its id, which is its memory's: ``match.memory_id``.
            user_id: whose.
            succeeded: whether it worked.

        Raises:
            NotFound: the user has no such memory. Conflict: it is no procedure. NotAllowed: a policy forbids it.
        """
        return LOOP.call(partial(self._inner.reinforce, strategy_id, user_id=user_id, succeeded=succeeded))

    def reflect(
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
            >>> queued = memory.procedures.reflect("weather report", user_id="ana", succeeded=True)
            >>> _ = memory.upkeep.run(job="reflect")
            >>> (memory.procedures.reflections(user_id="ana"))[0].status.value
            'done'
        """
        return LOOP.call(
            partial(
                self._inner.reflect,
                task,
                user_id=user_id,
                succeeded=succeeded,
                outcome=outcome,
                conversation_id=conversation_id,
                goal_id=goal_id,
            )
        )

    def reflections(
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
        return LOOP.call(partial(self._inner.reflections, user_id=user_id, status=status, limit=limit, cursor=cursor))

    def retry(self, reflection_id: UUID | str, *, user_id: str) -> Reflection:
        """Queues an outcome again that could not be processed, with all its attempts before it.

        Raises:
            NotFound: the user has no such outcome. Conflict: it is done.
        """
        return LOOP.call(partial(self._inner.retry, reflection_id, user_id=user_id))
