"""The synchronous face of ``recollect.memory.desks.working``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from recollect.domain.goal import Goal
from recollect.domain.session import Session
from recollect.memory.background import LOOP
from recollect.memory.desks.working import WorkingDesk
from recollect.memory.hot_views import (
    ContextValue,
    Sensed,
    Thought,
    Working,
)


class SyncWorkingDesk:
    """What fades: nothing here is in the log, and what only lives here is gone once it has faded."""

    def __init__(self, inner: WorkingDesk) -> None:
        self._inner = inner

    def items(self, *, user_id: str, limit: int = 50) -> tuple[Working, ...]:
        """Returns what is in working memory now, newest first, each with the seconds it has left.

        What was felt strongly stays longer: 30 minutes to 6 hours. ``said.reason`` tells why something lives only
        here; it is "" for a reminder of a record.

        Args:
            user_id: whose.
            limit: how many, 1 to 1000; there are 50 at most unless settings say otherwise.

        Example:
            >>> [(one.said.text, one.seconds_left > 0) for one in memory.working.items(user_id="ana")]
            [('I moved to Lyon', True)]
        """
        return LOOP.call(partial(self._inner.items, user_id=user_id, limit=limit))

    def think(self, text: str, *, user_id: str, conversation_id: str | None = None) -> Thought:
        """Notes one step of an agent's reasoning; the last 100 are kept, each for an hour.

        Args:
            text: the step, at most 4,000 characters.
            user_id: for whom it is thought.
            conversation_id: where.

        Example:
            >>> memory.working.think("She asked about trains, not planes", user_id="ana").text
            'She asked about trains, not planes'
        """
        return LOOP.call(partial(self._inner.think, text, user_id=user_id, conversation_id=conversation_id))

    def thoughts(self, *, user_id: str, conversation_id: str | None = None, limit: int = 10) -> tuple[Thought, ...]:
        """Returns the last thoughts, newest first.

        Args:
            user_id: whose.
            conversation_id: only those of this conversation.
            limit: how many, 1 to 1000.
        """
        return LOOP.call(partial(self._inner.thoughts, user_id=user_id, conversation_id=conversation_id, limit=limit))

    def set(self, name: str, value: Any, *, user_id: str, ttl_s: float = 3600) -> ContextValue:
        """Puts a value aside for a while, in place of what has its name; 100 are kept at most, the newest.

        Args:
            name: 1 to 255 characters.
            value: any JSON of at most 8,000 bytes.
            user_id: whose.
            ttl_s: for how long, in seconds: 1 to 604,800 (a week).

        Example:
            >>> memory.working.set("page", 3, user_id="ana", ttl_s=600)
            >>> memory.working.get("page", user_id="ana")
            3
        """
        return LOOP.call(partial(self._inner.set, name, value, user_id=user_id, ttl_s=ttl_s))

    def get(self, name: str, *, user_id: str) -> Any:
        """Returns the value that was set under this name, or None when there is none (any more).

        See ``all`` to tell that from a value that is null.
        """
        return LOOP.call(partial(self._inner.get, name, user_id=user_id))

    def all(self, *, user_id: str) -> Mapping[str, ContextValue]:
        """Returns every value that was put aside and is still there, by name, oldest first.

        Example:
            >>> {name: one.value for name, one in memory.working.all(user_id="ana").items()}
            {'page': 3}
        """
        return LOOP.call(partial(self._inner.all, user_id=user_id))

    def delete(self, name: str, *, user_id: str) -> bool:
        """Takes a value away; returns whether it was there."""
        return LOOP.call(partial(self._inner.delete, name, user_id=user_id))

    def sense(self, text: str, *, user_id: str) -> Sensed:
        """Takes in raw input: about 500 tokens and 30 seconds of it are held, the oldest go.

        Args:
            text: what came in; of more than the buffer holds, the end.
            user_id: whose.

        Raises:
            ValidationError: it is no text.

        Example:
            >>> memory.working.sense("the doorbell rings", user_id="ana").tokens
            4
        """
        return LOOP.call(partial(self._inner.sense, text, user_id=user_id))

    def sensed(self, *, user_id: str) -> tuple[Sensed, ...]:
        """Returns what was sensed within the last half minute, oldest first, as one hears it."""
        return LOOP.call(partial(self._inner.sensed, user_id=user_id))

    def recent(self, *, user_id: str, limit: int = 10) -> tuple[UUID, ...]:
        """Returns the ids of the user's newest memories, newest first; at most 50 are at hand.

        What is in quarantine is left out.

        Args:
            user_id: whose.
            limit: how many, 1 to 1000.
        """
        return LOOP.call(partial(self._inner.recent, user_id=user_id, limit=limit))

    def clear(self, *, user_id: str) -> int:
        """Empties working memory: items, context values, thoughts and raw input; records and the session stay.

        Returns:
            How many things were there.
        """
        return LOOP.call(partial(self._inner.clear, user_id=user_id))

    def focus(self, goal_id: UUID | str | None, *, user_id: str, actor: str = "user") -> Session:
        """Notes in the session which goal is worked on; None means none. A session is started when none is open.

        Args:
            goal_id: an open goal of the user's.
            user_id: whose.
            actor: who does this.

        Raises:
            NotFound: the user has no such goal. Conflict: it is closed.

        Example:
            >>> goal = memory.goals.add("Learn Spanish", user_id="ana")
            >>> memory.working.focus(goal.id, user_id="ana").active_goal_id == goal.id
            True
        """
        return LOOP.call(partial(self._inner.focus, goal_id, user_id=user_id, actor=actor))

    def focused(self, *, user_id: str) -> Goal | None:
        """Returns the goal that is worked on; None when there is none, it was closed, or no session is open."""
        return LOOP.call(partial(self._inner.focused, user_id=user_id))
