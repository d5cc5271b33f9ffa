"""The synchronous face of ``recollect.memory.desks.sessions``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from recollect.domain.session import Session
from recollect.memory.background import LOOP
from recollect.memory.desks.sessions import SessionsDesk
from recollect.memory.listing import Listing
from recollect.memory.session_changes import (
    SessionEnd,
    SessionStart,
)


class SyncSessionsDesk:
    """One open session a user; it ends by itself 24 hours after its last use."""

    def __init__(self, inner: SessionsDesk) -> None:
        self._inner = inner

    def start(
        self,
        *,
        user_id: str,
        state: Mapping[str, Any] | None = None,
        agent_id: str = "",
        conversation_id: str | None = None,
        actor: str = "user",
    ) -> SessionStart:
        """Begins a session; one that is still open ends first, as ``end`` would end it.

        Args:
            user_id: whose.
            state: by name, a JSON object of at most 64,000 bytes: ``current_topic``, ``active_task``, ...; what is
                None is left out.
            agent_id: the agent that talks.
            conversation_id: the conversation it is about.
            actor: who starts it.

        Returns:
            The session, how the one before it ended, if one was open, and what was kept of it.

        Raises:
            ValidationError: an argument cannot be used; nothing was written.
            Conflict: others go on starting sessions for the user at the same time.

        Example:
            >>> began = memory.sessions.start(user_id="ana", state={"current_topic": "Peru"})
            >>> began.session.state["current_topic"]
            'Peru'
        """
        return LOOP.call(
            partial(
                self._inner.start,
                user_id=user_id,
                state=state,
                agent_id=agent_id,
                conversation_id=conversation_id,
                actor=actor,
            )
        )

    def get(self, *, user_id: str) -> Session | None:
        """Returns the open session and notes that it was used; None when there is none, or it has expired.

        Example:
            >>> memory.sessions.get(user_id="ana").state["current_topic"]
            'Peru'
        """
        return LOOP.call(partial(self._inner.get, user_id=user_id))

    def update(
        self,
        *,
        user_id: str,
        state: Mapping[str, Any] | None = None,
        conversation_id: str | None = None,
        active_goal_id: UUID | str | None = None,
        actor: str = "user",
    ) -> Session:
        """Changes the open session: names that are given are set, those that are given as None are removed.

        Args:
            user_id: whose.
            state: what changes in it; with what stays, at most 64,000 bytes of JSON.
            conversation_id: the conversation it is about; None leaves it, "" takes it away.
            active_goal_id: the open goal that is worked on; None leaves it, "" takes it away.
            actor: who changes it.

        Raises:
            NotFound: no session is open, or the user has no such goal. Conflict: the goal is closed.
            ValidationError: an argument cannot be used; nothing was written.

        Example:
            >>> dict(memory.sessions.update(user_id="ana", state={"emotional_state": "calm"}).state)
            {'current_topic': 'Peru', 'emotional_state': 'calm'}
        """
        return LOOP.call(
            partial(
                self._inner.update,
                user_id=user_id,
                state=state,
                conversation_id=conversation_id,
                active_goal_id=active_goal_id,
                actor=actor,
            )
        )

    def end(self, *, user_id: str, reason: str | None = None, actor: str = "user") -> SessionEnd:
        """Ends the open session and empties working memory.

        What was felt more strongly than 0.6 and lived in working memory alone becomes an ``episodic_event``; the rest
        of working memory, context values, thoughts and the sensory buffer are gone. Ending again after a crash in the
        middle doubles nothing. A session that has expired ends at the time it did.

        Args:
            user_id: whose.
            reason: why, in at most 200 characters.
            actor: who ends it.

        Returns:
            The session, what was kept and why, and how much faded.

        Raises:
            NotFound: no session is open.

        Example:
            >>> ended = memory.sessions.end(user_id="ana")
            >>> [(item.text, item.reason) for item in ended.kept]
            [('I got the job!!', 'felt at 0.82, over 0.6, when the session ended')]
        """
        return LOOP.call(partial(self._inner.end, user_id=user_id, reason=reason, actor=actor))

    def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[Session]:
        """Lists a user's sessions, newest first; ``ended_at`` is None while one was not ended.

        Args:
            user_id: whose.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.

        Example:
            >>> [session.ended_because for session in memory.sessions.list(user_id="ana")]
            ['ended by the caller']
        """
        return LOOP.call(partial(self._inner.list, user_id=user_id, limit=limit, cursor=cursor))
