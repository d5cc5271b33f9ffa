"""Sessions: what is going on with a user right now, one at a time, and what is kept of it when it ends."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from recollect.domain.ids import parse_id
from recollect.domain.scope import check_id
from recollect.domain.session import Session
from recollect.memory.arguments import cause_of, check_limit, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import json_object, needs_one, short_text
from recollect.memory.hot_views import hot_of
from recollect.memory.listing import Listing, listing
from recollect.memory.recorded import recorded
from recollect.memory.session_changes import (
    SessionEnd,
    SessionStart,
    change_session,
    end_session,
    none_open,
    start_session,
)

REASON = 200
"""Characters that say why a session ended."""


class SessionsDesk:
    """One open session a user; it ends by itself 24 hours after its last use."""

    AREA: str = "sessions."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def start(
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
            >>> began = await memory.sessions.start(user_id="ana", state={"current_topic": "Peru"})
            >>> began.session.state["current_topic"]
            'Peru'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        given = json_object("state", {} if state is None else state)
        conversation = None if conversation_id is None else check_id("conversation_id", conversation_id)
        return await start_session(parts, scope, given, conversation, cause_of({"actor": actor}))

    @recorded
    async def get(self, *, user_id: str) -> Session | None:
        """Returns the open session and notes that it was used; None when there is none, or it has expired.

        Example:
            >>> (await memory.sessions.get(user_id="ana")).state["current_topic"]
            'Peru'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        now = parts.clock.now()
        session = (await hot_of(parts, scope, now)).session
        if session is not None:
            await parts.hot.touch(scope, now)
        return session

    @recorded
    async def update(
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
            >>> dict((await memory.sessions.update(user_id="ana", state={"emotional_state": "calm"})).state)
            {'current_topic': 'Peru', 'emotional_state': 'calm'}
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        needs_one("state", state, conversation_id, active_goal_id)
        changed: dict[str, Any] = {}
        if state is not None:
            changed["state"] = json_object("state", state)
        if conversation_id is not None:
            changed["conversation_id"] = check_id("conversation_id", conversation_id) if conversation_id else None
        if active_goal_id is not None:
            changed["active_goal_id"] = parse_id("active_goal_id", active_goal_id) if active_goal_id else None
        return await change_session(parts, scope, changed, cause_of({"actor": actor}))

    @recorded
    async def end(self, *, user_id: str, reason: str | None = None, actor: str = "user") -> SessionEnd:
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
            >>> ended = await memory.sessions.end(user_id="ana")
            >>> [(item.text, item.reason) for item in ended.kept]
            [('I got the job!!', 'felt at 0.82, over 0.6, when the session ended')]
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        why = "ended by the caller" if reason is None else short_text("reason", reason, most=REASON)
        ended = await end_session(parts, scope, why, cause_of({"actor": actor}))
        if ended is None:
            raise none_open(scope)
        return ended

    @recorded
    async def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[Session]:
        """Lists a user's sessions, newest first; ``ended_at`` is None while one was not ended.

        Args:
            user_id: whose.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.

        Example:
            >>> [session.ended_because for session in await memory.sessions.list(user_id="ana")]
            ['ended by the caller']
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        most = check_limit("limit", limit) + 1
        after = None if cursor is None else [parse_id("cursor", cursor)]
        where = {"user_id": user_id}
        found = await parts.store.things(Session, scope.tenant_id, where, limit=most, after=after, newest=True)
        return listing(found, limit, lambda shown: str(shown.id))
