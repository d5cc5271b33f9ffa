"""Watching: a stream's events as they happen, read from the log and only woken by the bell.

The log numbers a stream's lines without gaps, in the order of their commits, so that whoever reads on from the last
number it saw misses nothing and sees nothing twice. Nothing is kept for a slow reader: it reads the next page of the
log when it is ready for it.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from recollect.domain.event import Event, EventType
from recollect.domain.project import Role
from recollect.domain.record import Memory
from recollect.domain.scope import Scope, check_id, project_scope
from recollect.errors import ModelSwitched, StoreUnavailable, UsageError
from recollect.memory import rights
from recollect.memory.arguments import members, scope_of
from recollect.memory.core import Core, require_role
from recollect.memory.desk_arguments import duration, whole
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading
from recollect.memory.recorded import access_noted
from recollect.ports.bell import Ear
from recollect.ports.store import EventQuery

PAGE = 200
POLL_S = 2.0
"""So often the log is looked at when nothing rings."""
AWAY_S = 60.0
"""For so long a database that is away is waited for."""
LOOK_BACK = 1_000
"""Lines before the log's end in which the beginning of a watch is looked for."""
LAST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is watched, checked.

    Attributes:
        user_id: who watches. project_id: whose shared memories, None for the user's own stream.
        after_seq: the position after which to begin, None for what is written from ``since`` on.
        types: only these; all if empty. timeout_s: end when nothing came for so long.
    """

    user_id: str
    project_id: str | None
    after_seq: int | None
    since: datetime
    types: frozenset[EventType]
    timeout_s: float | None

    def scope(self, tenant_id: str) -> Scope:
        """The stream."""
        own = scope_of(tenant_id, self.user_id, {})
        return own if self.project_id is None else project_scope(tenant_id, self.project_id)


def watch(
    core: Core,
    user_id: str,
    *,
    after_seq: int | None,
    types: Collection[EventType | str] | None,
    project_id: str | None,
    timeout_s: float | None,
) -> AsyncGenerator[Event]:
    """See ``AsyncFacade.watch``; the arguments are checked at once, all else with the first step."""
    watched = Watched(
        user_id=scope_of("any", user_id, {}).user_id,
        project_id=None if project_id is None else check_id("project_id", project_id),
        after_seq=None if after_seq is None else whole("after_seq", after_seq, most=LAST_SEQ),
        since=datetime.now(UTC),
        types=members("types", EventType, types or ()),
        timeout_s=None if timeout_s is None else duration("timeout_s", timeout_s),
    )
    return _happening(core, watched)


async def _happening(core: Core, watched: Watched) -> AsyncGenerator[Event]:
    parts = await core.ready()
    scope = watched.scope(parts.tenant_id)
    with parts.bell.listening(scope) as ear:  # before the log is looked at, or what comes between would not wake us
        seq = await _begin(core, watched, scope)
        heard_at = asyncio.get_running_loop().time()
        while not ear.closed:
            events = await _next(core, watched, scope, seq, ear)
            for event in events:
                if not watched.types or event.type in watched.types:
                    yield event
                    heard_at = asyncio.get_running_loop().time()
                seq = event.seq
            if len(events) < PAGE:
                left = _left(watched, heard_at)
                if left <= 0:
                    return
                await ear.wait(min(POLL_S, left))


def _left(watched: Watched, heard_at: float) -> float:
    """Seconds until the watch ends because nothing came."""
    if watched.timeout_s is None:
        return POLL_S
    return heard_at + watched.timeout_s - asyncio.get_running_loop().time()


async def _begin(core: Core, watched: Watched, scope: Scope) -> int:
    """Where the watch begins; notes the access, and that it was refused."""
    parts = await core.ready()
    with access_noted(parts, watched.user_id, "watch"):
        await _allowed(parts, watched)
        return await _first_seq(core, watched, scope)


async def _first_seq(core: Core, watched: Watched, scope: Scope) -> int:
    """The position after which to begin: what was written between the call and its first step belongs to it."""
    if watched.after_seq is not None:
        return watched.after_seq
    head = await _head(core, scope)
    parts = await core.ready()
    query = EventQuery(after_seq=max(0, head - LOOK_BACK), since=watched.since, limit=1)
    fresh = await parts.store.events(scope, query)
    return min(fresh[0].seq - 1, head) if fresh else head


async def _head(core: Core, scope: Scope) -> int:
    """Where the stream's log ends: what changed after the last position that there can be is nothing but that."""
    while True:
        parts = await core.ready()
        try:
            return (await parts.store.changes_since(scope, LAST_SEQ)).seq
        except ModelSwitched:
            await core.follow(parts)


async def _next(core: Core, watched: Watched, scope: Scope, seq: int, ear: Ear) -> Sequence[Event]:
    """The next page of the log as the user may see it; empty when there is none, or the memory was closed.

    Raises:
        StoreUnavailable: the database has been away for a minute.
        NotAllowed: the user is no member of the project any more, or a policy forbids it.
    """
    away_since: float | None = None
    while not ear.closed:
        try:
            parts = await core.ready()
            events = await parts.store.events(scope, EventQuery(after_seq=seq, limit=PAGE))
            return await _shown(parts, watched, scope, events) if events else ()
        except UsageError:
            if not ear.closed:
                raise
        except StoreUnavailable:
            now = asyncio.get_running_loop().time()
            away_since = now if away_since is None else away_since
            if now - away_since > AWAY_S:
                raise
            await ear.wait(POLL_S / 4)
    return ()


async def _shown(parts: Parts, watched: Watched, scope: Scope, events: Sequence[Event]) -> Sequence[Event]:
    may_read = await _allowed(parts, watched)
    reader = None if watched.project_id is None else watched.user_id
    return await readable_events(parts, scope, may_read, events, reader=reader)


async def _allowed(parts: Parts, watched: Watched) -> Reading | None:
    """What the user may read now."""
    if watched.project_id is not None:
        await require_role(parts, watched.project_id, watched.user_id, Role.VIEWER)
    return await rights.reading(parts, watched.user_id, "watch")


async def readable_events(
    parts: Parts, scope: Scope, may_read: Reading | None, events: Sequence[Event], *, reader: str | None = None
) -> tuple[Event, ...]:
    """The events, without the payloads of memories that the user may not read as they are now.

    Args:
        parts: what to ask.
        scope: the stream.
        may_read: what policies let the user read.
        events: a page of the stream's log.
        reader: who reads a stream that several share: what was said to others only is not shown.
    """
    if may_read is None and reader is None:
        return tuple(events)
    about = {event.subject_id for event in events if event.payload is not None and "memory" in event.payload}
    records = [m for m in (await parts.store.fetch(scope, list(about))).values() if _heard_by(m, reader)]
    seen = {memory.id for memory in await rights.readable(may_read, records)}
    return tuple(replace(event, payload=None) if event.subject_id in about - seen else event for event in events)


def _heard_by(memory: Memory, reader: str | None) -> bool:
    return reader is None or not memory.audience or reader in (*memory.audience, memory.author_id)
