"""Session changes: how a user's one session begins, goes on and ends; each is a line of the log."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import anyio

from recollect.domain.event import EventType
from recollect.domain.goal import OPEN_GOALS, Goal
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.ids import new_id
from recollect.domain.receipt import Outcome, ReceiptItem
from recollect.domain.scope import Scope
from recollect.domain.session import SESSION_TTL, UNUSED, Session
from recollect.errors import Conflict, NotFound
from recollect.memory.desk_arguments import json_object
from recollect.memory.hot_views import hot_of
from recollect.memory.parts import Parts
from recollect.memory.session_keeping import keep_strong
from recollect.ports.hot_tier import HotWrite
from recollect.ports.store import Cause, ThingChange, Wanted, WriteTransaction

ATTEMPTS = 40
"""How often a start ends a session that somebody else has started meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnd:
    """How a session ended.

    Attributes:
        session: as it is now; ``ended_because`` says why.
        kept: what was felt more strongly than 0.6: what has become a record, what was one already, and why.
        faded: how much else of working memory lived nowhere else and is gone.
        degraded: what could not be done just now, and why.
    """

    session: Session
    kept: tuple[ReceiptItem, ...] = ()
    faded: int = 0
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStart:
    """A session that began, and the end of the one before it if that was still open.

    Attributes:
        session: the new one. ended: how the one before it ended, or None.
        degraded: what could not be done just now, and why.
    """

    session: Session
    ended: SessionEnd | None = None
    degraded: tuple[str, ...] = ()


async def start_session(
    parts: Parts, scope: Scope, state: Mapping[str, Any], conversation_id: str | None, cause: Cause
) -> SessionStart:
    """Begins a session; one that is open ends first, by the rules of every end.

    Raises:
        Conflict: others go on starting sessions for the user at the same time.
    """
    ended: SessionEnd | None = None
    for attempt in range(ATTEMPTS):
        await anyio.sleep(random.uniform(0.0, 0.005 * attempt))  # noqa: S311 - who waits how long is no secret
        async with parts.store.writing(scope, Wanted(), cause) as transaction:
            before = await open_sessions(transaction, scope)
            now = parts.clock.now()
            session = Session(
                tenant_id=scope.tenant_id,
                user_id=scope.user_id,
                id=new_id(),
                agent_id=scope.agent_id,
                conversation_id=conversation_id,
                state={name: value for name, value in state.items() if value is not None},
                started_at=now,
                updated_at=now,
            )
            if not before:
                await transaction.commit([ThingChange(type=EventType.SESSION_STARTED, after=session)])
        if not before:
            degraded = await followed(parts, scope, transaction)
            return SessionStart(session=session, ended=ended, degraded=degraded)
        ended = await end_session(parts, scope, "another session was started", cause) or ended
    raise Conflict(f"others start sessions of user {scope.user_id!r} at the same time; try again")


async def end_session(parts: Parts, scope: Scope, reason: str, cause: Cause) -> SessionEnd | None:
    """Ends the open session: keeps what was felt strongly, lets the rest of working memory go.

    One that has expired ends too, at the time it did. None is returned when no session is open.
    """
    now = parts.clock.now()
    state = await hot_of(parts, scope, now)
    found = await parts.store.things(Session, scope.tenant_id, {"user_id": scope.user_id, "ended_at": None})
    if not found:
        return None
    kept, notes = await keep_strong(parts, scope, state.items, cause)
    stored = {name for name, item in kept.items() if item.outcome is not Outcome.REJECTED}
    async with parts.store.writing(scope, Wanted(), cause) as transaction:
        before = [session for session in await open_sessions(transaction, scope) if session.id == found[-1].id]
        if not before:  # somebody else has ended it meanwhile
            return None
        after = _ended(before[0], reason, parts.clock.now(), state.used_at)
        change = ThingChange(type=EventType.SESSION_ENDED, before=before[0], after=after)
        await transaction.commit([change], hot=[removal(item, now) for item in state.items])
    notes += await followed(parts, scope, transaction)
    alone = [item.name for item in state.of(HotKind.WORKING) if item.memory_id is None]
    faded = sum(1 for name in alone if name not in stored)
    return SessionEnd(session=after, kept=tuple(kept.values()), faded=faded, degraded=notes)


async def change_session(parts: Parts, scope: Scope, changed: Mapping[str, Any], cause: Cause) -> Session:
    """The open session with other fields; ``state`` among them is laid over what is there, None removes a name.

    Raises:
        NotFound: no session is open, or the goal does not exist. Conflict: the goal is closed.
        ValidationError: the state would be larger than 64,000 bytes.
    """
    now = parts.clock.now()
    used_at = (await hot_of(parts, scope, now)).used_at
    async with parts.store.writing(scope, Wanted(), cause) as transaction:
        found = [one for one in await open_sessions(transaction, scope) if one.open_at(now, used_at)]
        if not found:
            raise none_open(scope)
        before = found[-1]
        if changed.get("active_goal_id") is not None:
            check_open(
                await transaction.things(Goal, _goal(scope, changed["active_goal_id"])), changed["active_goal_id"]
            )
        after = replace(before, **_merged(before, changed))
        if after != before:
            after = replace(after, updated_at=parts.clock.now())
            await transaction.commit([ThingChange(type=EventType.SESSION_UPDATED, before=before, after=after)])
    if after == before:
        await parts.hot.touch(scope, now)
    await followed(parts, scope, transaction)
    return after


async def open_sessions(transaction: WriteTransaction, scope: Scope) -> list[Session]:
    """The sessions that were not ended, as they are under the lock: one at most, if it is not expired."""
    return await transaction.things(Session, {"user_id": scope.user_id, "ended_at": None})


async def followed(parts: Parts, scope: Scope, transaction: WriteTransaction) -> tuple[str, ...]:
    """Tells the hot tier what was committed; returns what could not be brought up to date."""
    return () if transaction.hot is None else await parts.hot.follow(scope, transaction.hot)


def removal(item: HotItem, now: datetime) -> HotWrite:
    """Takes an item out of the hot state."""
    return HotWrite(kind=item.kind, name=item.name, value=None, at=now)


def none_open(scope: Scope) -> NotFound:
    """The error for a user without a session."""
    hours = f"{SESSION_TTL.total_seconds() / 3600:.0f} hours"
    return NotFound(f"user {scope.user_id!r} has no open session; start one (it ends {hours} after its last use)")


def check_open(found: list[Goal], goal_id: UUID) -> Goal:
    """The goal, if it is one to work on.

    Raises:
        NotFound: the user has no such goal. Conflict: it is closed.
    """
    if not found:
        raise NotFound(f"there is no goal {goal_id}")
    if found[0].status not in OPEN_GOALS:
        raise Conflict(f"goal {goal_id} is {found[0].status.value}; only an open goal can be worked on")
    return found[0]


def _goal(scope: Scope, goal_id: UUID) -> dict[str, Any]:
    return {"user_id": scope.user_id, "id": goal_id}


def _ended(session: Session, reason: str, now: datetime, used_at: datetime | None) -> Session:
    if session.open_at(now, used_at):
        return replace(session, ended_at=now, ended_because=reason)
    return replace(session, ended_at=session.expires_at(used_at), ended_because=UNUSED)


def _merged(before: Session, changed: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(changed)
    if "state" in fields:
        both = {**before.state, **fields["state"]}
        fields["state"] = json_object("state", {name: value for name, value in both.items() if value is not None})
    return fields
