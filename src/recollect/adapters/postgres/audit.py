"""Walks hash chains in the database: a stream at a time, a batch of lines at a time, in one snapshot, without locks.

The functions take a connection in autocommit mode: the application role's for its own tenant, the owner's for any.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import anyio.to_thread

from recollect.adapters.postgres.codec import event_from_row
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Connection, name_tenant
from recollect.domain.audit import ChainBreak, ChainWalk, Fault, StreamAudit
from recollect.domain.event import Event, EventType
from recollect.domain.scope import Scope

LINES_AT_ONCE = 1_000
STREAMS_AT_ONCE = 1_000
TENANTS = "SELECT tenant_id FROM recollect.log_head UNION SELECT tenant_id FROM recollect.user_key ORDER BY 1"
KNOWN_TYPES = frozenset(kind.value for kind in EventType)

Row = tuple[Any, ...]


async def audit_stream(connection: Connection, scope: Scope) -> StreamAudit:
    """Walks a stream's chain from its first line to where ``log_head`` says it ends."""
    async with _snapshot(connection, scope.tenant_id):
        walk, found = await _walked(connection, scope)
    return StreamAudit(
        tenant_id=scope.tenant_id, user_id=scope.user_id, events=walk.seq, hash=walk.hash, first_break=found
    )


async def first_break(connection: Connection, scope: Scope) -> ChainBreak | None:
    """The same within the connection's own transaction."""
    return (await _walked(connection, scope))[1]


async def _walked(connection: Connection, scope: Scope) -> tuple[ChainWalk, ChainBreak | None]:
    walk = ChainWalk()
    head = await _head(connection, scope)
    while rows := await _lines(connection, scope, walk.seq):
        found = await _checked(connection, scope, walk, rows)
        if found is not None:
            return walk, found
    return walk, walk.end(head)


async def streams_after(connection: Connection, tenant_id: str, after: str) -> list[str]:
    """The names of a tenant's streams that come after ``after``, in order, at most ``STREAMS_AT_ONCE``."""
    parameters = {"tenant_id": tenant_id, "after": after, "limit": STREAMS_AT_ONCE}
    async with _snapshot(connection, tenant_id):
        cursor = await connection.execute(QUERIES["streams_after"], parameters)
        return [str(name) for (name,) in await cursor.fetchall()]


async def all_tenants(connection: Connection) -> list[str]:
    """Every tenant with a log; only the owner sees more than one."""
    cursor = await connection.execute(TENANTS)
    return [str(name) for (name,) in await cursor.fetchall()]


@asynccontextmanager
async def _snapshot(connection: Connection, tenant_id: str) -> AsyncGenerator[None]:
    await connection.execute(QUERIES["begin_snapshot"])
    try:
        await name_tenant(connection, tenant_id)
        yield
    finally:
        await connection.rollback()


async def _head(connection: Connection, scope: Scope) -> tuple[int, bytes] | None:
    owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
    row = await (await connection.execute(QUERIES["log_head"], owner)).fetchone()
    return None if row is None else (row[0], bytes(row[1]))


async def _lines(connection: Connection, scope: Scope, after_seq: int) -> list[Row]:
    parameters = {
        "tenant_id": scope.tenant_id,
        "user_id": scope.user_id,
        "after_seq": after_seq,
        "limit": LINES_AT_ONCE,
    }
    return await (await connection.execute(QUERIES["audit_lines"], parameters, binary=True)).fetchall()


async def _checked(connection: Connection, scope: Scope, walk: ChainWalk, rows: Sequence[Row]) -> ChainBreak | None:
    """Takes the next lines on a worker thread; names the first one that does not fit."""
    strange = next((row for row in rows if row[4] not in KNOWN_TYPES), None)
    known = rows if strange is None else [row for row in rows if row[0] < strange[0]]
    misfit = await anyio.to_thread.run_sync(walk.first_misfit, [event_from_row(row, None) for row in known])
    if misfit is not None:
        return walk.explain(misfit, await _belonging(connection, scope, walk, misfit))
    if strange is None:
        return None
    if strange[0] > walk.seq + 1:
        return ChainBreak(seq=walk.seq + 1, event_id=None, what=Fault.MISSING, detail="the line is missing")
    event_id: UUID = strange[1]
    detail = f"its type is {strange[4]!r}, which no event has"
    return ChainBreak(seq=strange[0], event_id=event_id, what=Fault.ALTERED, detail=detail)


async def _belonging(connection: Connection, scope: Scope, walk: ChainWalk, misfit: Event) -> Event | None:
    """The line that belongs where a misfit stands, looked for in the rest of the log."""
    after = misfit.seq
    while misfit.seq == walk.seq + 1:
        rows = await _lines(connection, scope, after)
        events = [event_from_row(row, None) for row in rows if row[4] in KNOWN_TYPES]
        other = await anyio.to_thread.run_sync(walk.belongs, misfit, events)
        if other is not None or len(rows) < LINES_AT_ONCE:
            return other
        after = rows[-1][0]
    return None
