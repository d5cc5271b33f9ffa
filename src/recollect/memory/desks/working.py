"""Working memory: what was just said, values put aside for a while, thoughts, raw input, and the goal in hand."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from recollect.domain.goal import OPEN_GOALS, Goal
from recollect.domain.hot import HotKind
from recollect.domain.ids import new_id, parse_id
from recollect.domain.record import Trust
from recollect.domain.scope import check_id
from recollect.domain.session import Session
from recollect.domain.tokens import estimate_tokens
from recollect.errors import NotFound, ValidationError
from recollect.memory import rights
from recollect.memory.arguments import cause_of, check_limit, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import short_text, small_json
from recollect.memory.hot_views import (
    ContextValue,
    Sensed,
    Thought,
    Working,
    context_view,
    hot_of,
    newest_within,
    readable_items,
    thought_view,
    within_tokens,
    working_view,
)
from recollect.memory.recorded import recorded
from recollect.memory.session_changes import change_session, start_session
from recollect.ports.hot_tier import HotWrite
from recollect.writing.steps.admit import check_text

LONGEST_TTL = timedelta(days=7)
MAX_VALUE = 8_000
"""Bytes of a context value as JSON; all of them are loaded on every turn."""
MAX_THOUGHT = 4_000
FADES = (HotKind.WORKING, HotKind.CONTEXT, HotKind.THOUGHT, HotKind.SENSED)


class WorkingDesk:
    """What fades: nothing here is in the log, and what only lives here is gone once it has faded."""

    AREA: str = "working."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def items(self, *, user_id: str, limit: int = 50) -> tuple[Working, ...]:
        """Returns what is in working memory now, newest first, each with the seconds it has left.

        What was felt strongly stays longer: 30 minutes to 6 hours. ``said.reason`` tells why something lives only
        here; it is "" for a reminder of a record.

        Args:
            user_id: whose.
            limit: how many, 1 to 1000; there are 50 at most unless settings say otherwise.

        Example:
            >>> [(one.said.text, one.seconds_left > 0) for one in await memory.working.items(user_id="ana")]
            [('I moved to Lyon', True)]
        """
        check_limit("limit", limit)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        may_read = await rights.reading(parts, user_id, "working.items")
        now = parts.clock.now()
        found = (await hot_of(parts, scope, now)).of(HotKind.WORKING)
        shown = await readable_items(parts, scope, found, may_read)
        return tuple(working_view(item, now) for item in shown[::-1][:limit])

    @recorded
    async def think(self, text: str, *, user_id: str, conversation_id: str | None = None) -> Thought:
        """Notes one step of an agent's reasoning; the last 100 are kept, each for an hour.

        Args:
            text: the step, at most 4,000 characters.
            user_id: for whom it is thought.
            conversation_id: where.

        Example:
            >>> (await memory.working.think("She asked about trains, not planes", user_id="ana")).text
            'She asked about trains, not planes'
        """
        step = short_text("text", text, most=MAX_THOUGHT)
        where = None if conversation_id is None else check_id("conversation_id", conversation_id)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        now = parts.clock.now()
        thought = Thought(
            id=str(new_id()), text=step, conversation_id=where, at=now, expires_at=now + parts.limits.thought_ttl
        )
        value = {"text": step, "conversation_id": where}
        write = HotWrite(
            kind=HotKind.THOUGHT, name=thought.id, value=value, at=now, expires_at=now + parts.limits.thought_ttl
        )
        await parts.hot.write(scope, [write], now)
        return thought

    @recorded
    async def thoughts(
        self, *, user_id: str, conversation_id: str | None = None, limit: int = 10
    ) -> tuple[Thought, ...]:
        """Returns the last thoughts, newest first.

        Args:
            user_id: whose.
            conversation_id: only those of this conversation.
            limit: how many, 1 to 1000.
        """
        check_limit("limit", limit)
        where = None if conversation_id is None else check_id("conversation_id", conversation_id)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        state = await hot_of(parts, scope, parts.clock.now())
        found = [thought_view(item) for item in reversed(state.of(HotKind.THOUGHT))]
        return tuple(one for one in found if where is None or one.conversation_id == where)[:limit]

    @recorded
    async def set(self, name: str, value: Any, *, user_id: str, ttl_s: float = 3600) -> ContextValue:
        """Puts a value aside for a while, in place of what has its name; 100 are kept at most, the newest.

        Args:
            name: 1 to 255 characters.
            value: any JSON of at most 8,000 bytes.
            user_id: whose.
            ttl_s: for how long, in seconds: 1 to 604,800 (a week).

        Example:
            >>> await memory.working.set("page", 3, user_id="ana", ttl_s=600)
            >>> await memory.working.get("page", user_id="ana")
            3
        """
        plain = small_json("value", value, most=MAX_VALUE)
        lasts = _ttl(ttl_s)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        now = parts.clock.now()
        write = HotWrite(
            kind=HotKind.CONTEXT,
            name=check_id("name", name),
            value={"value": plain},
            at=now,
            expires_at=now + lasts,
        )
        await parts.hot.write(scope, [write], now)
        return ContextValue(name=name, value=plain, at=now, expires_at=now + lasts)

    @recorded
    async def get(self, name: str, *, user_id: str) -> Any:
        """Returns the value that was set under this name, or None when there is none (any more).

        See ``all`` to tell that from a value that is null.
        """
        wanted = check_id("name", name)
        found = await self._context(user_id)
        return found[wanted].value if wanted in found else None

    @recorded
    async def all(self, *, user_id: str) -> Mapping[str, ContextValue]:
        """Returns every value that was put aside and is still there, by name, oldest first.

        Example:
            >>> {name: one.value for name, one in (await memory.working.all(user_id="ana")).items()}
            {'page': 3}
        """
        return await self._context(user_id)

    @recorded
    async def delete(self, name: str, *, user_id: str) -> bool:
        """Takes a value away; returns whether it was there."""
        wanted = check_id("name", name)
        there = wanted in await self._context(user_id)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        now = parts.clock.now()
        if there:
            await parts.hot.write(scope, [HotWrite(kind=HotKind.CONTEXT, name=wanted, value=None, at=now)], now)
        return there

    @recorded
    async def sense(self, text: str, *, user_id: str) -> Sensed:
        """Takes in raw input: about 500 tokens and 30 seconds of it are held, the oldest go.

        Args:
            text: what came in; of more than the buffer holds, the end.
            user_id: whose.

        Raises:
            ValidationError: it is no text.

        Example:
            >>> (await memory.working.sense("the doorbell rings", user_id="ana")).tokens
            4
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        piece = newest_within(check_text("text", text), parts.limits.sensed_tokens)
        if not piece:
            raise ValidationError("text", "ends in one word that is longer than the whole buffer")
        tokens = estimate_tokens(piece)
        now = parts.clock.now()
        sensed = Sensed(id=str(new_id()), text=piece, tokens=tokens, at=now, expires_at=now + parts.limits.sensed_for)
        value = {"text": piece, "tokens": tokens}
        write = HotWrite(
            kind=HotKind.SENSED, name=sensed.id, value=value, at=now, expires_at=now + parts.limits.sensed_for
        )
        await parts.hot.write(scope, [write], now)
        return sensed

    @recorded
    async def sensed(self, *, user_id: str) -> tuple[Sensed, ...]:
        """Returns what was sensed within the last half minute, oldest first, as one hears it."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        state = await hot_of(parts, scope, parts.clock.now())
        return tuple(within_tokens(state, parts.limits))

    @recorded
    async def recent(self, *, user_id: str, limit: int = 10) -> tuple[UUID, ...]:
        """Returns the ids of the user's newest memories, newest first; at most 50 are at hand.

        What is in quarantine is left out.

        Args:
            user_id: whose.
            limit: how many, 1 to 1000.
        """
        check_limit("limit", limit)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        may_read = await rights.reading(parts, user_id, "working.recent")
        ids = (await hot_of(parts, scope, parts.clock.now())).recent
        records = (await parts.store.fetch(scope, ids)).values() if ids else ()
        believed = [one for one in records if one.trust is not Trust.QUARANTINED]
        allowed = {one.id for one in await rights.readable(may_read, believed)}
        return tuple(one for one in ids if one in allowed)[:limit]

    @recorded
    async def clear(self, *, user_id: str) -> int:
        """Empties working memory: items, context values, thoughts and raw input; records and the session stay.

        Returns:
            How many things were there.
        """
        parts = await self.core.ready()
        return await parts.hot.clear(scope_of(parts.tenant_id, user_id, {}), FADES)

    @recorded
    async def focus(self, goal_id: UUID | str | None, *, user_id: str, actor: str = "user") -> Session:
        """Notes in the session which goal is worked on; None means none. A session is started when none is open.

        Args:
            goal_id: an open goal of the user's.
            user_id: whose.
            actor: who does this.

        Raises:
            NotFound: the user has no such goal. Conflict: it is closed.

        Example:
            >>> goal = await memory.goals.add("Learn Spanish", user_id="ana")
            >>> (await memory.working.focus(goal.id, user_id="ana")).active_goal_id == goal.id
            True
        """
        wanted = None if goal_id is None else parse_id("goal_id", goal_id)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        cause = cause_of({"actor": actor})
        if (await hot_of(parts, scope, parts.clock.now())).session is None:
            if wanted is not None and not await self._goal(user_id, wanted):
                raise NotFound(f"there is no goal {wanted}")
            began = await start_session(parts, scope, {}, None, cause)
            if wanted is None:
                return began.session
        return await change_session(parts, scope, {"active_goal_id": wanted}, cause)

    @recorded
    async def focused(self, *, user_id: str) -> Goal | None:
        """Returns the goal that is worked on; None when there is none, it was closed, or no session is open."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        session = (await hot_of(parts, scope, parts.clock.now())).session
        if session is None or session.active_goal_id is None:
            return None
        found = await self._goal(user_id, session.active_goal_id)
        return found[0] if found and found[0].status in OPEN_GOALS else None

    async def _context(self, user_id: str) -> dict[str, ContextValue]:
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        state = await hot_of(parts, scope, parts.clock.now())
        return {item.name: context_view(item) for item in state.of(HotKind.CONTEXT)}

    async def _goal(self, user_id: str, goal_id: UUID) -> Any:
        parts = await self.core.ready()
        return await parts.store.things(Goal, parts.tenant_id, {"user_id": user_id, "id": goal_id})


def _ttl(ttl_s: object) -> timedelta:
    most = LONGEST_TTL.total_seconds()
    if isinstance(ttl_s, bool) or not isinstance(ttl_s, int | float) or not 1 <= ttl_s <= most:
        raise ValidationError("ttl_s", f"must be a number of seconds from 1 to {most:,.0f}, not {repr(ttl_s)[:40]}")
    return timedelta(seconds=ttl_s)
