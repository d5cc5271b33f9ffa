"""The access log in Postgres: entries and marks gather in the process, and one task of its own writes them.

A search must not pay a commit for its entry. So ``record`` only appends to a bounded buffer, and the task writes what
gathered every second, sooner when it is much, and at the end; without waiting for the disk. While the database is
away the buffer grows to its bound, and then the oldest entries go, counted.
"""

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Unpack
from uuid import UUID

from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Sessions, name_tenant
from recollect.domain.scope import MAX_ID_LENGTH, Scope
from recollect.errors import StoreError
from recollect.ports.access_log import AccessCounts, AccessEntry, AccessFilter
from recollect.ports.redaction import Redacted

EVERY_S = 1.0
MANY = 500
"""So many entries are written without waiting for the second to pass."""
CAPACITY = 20_000
"""Entries, and marks, that may wait."""
BATCH = 5_000
LONGEST_PAUSE_S = 30.0
EXPIRE_EVERY = timedelta(hours=1)
MARKS_KEPT = timedelta(days=1)
CLOSE_WITHIN_S = 5.0

_log = logging.getLogger(__name__)

Mark = tuple[str, str, UUID]
"""Tenant, user, memory."""


@dataclass(slots=True)
class _Batch:
    """What is being written, so that it can be put back, and be seen meanwhile."""

    entries: Sequence[AccessEntry] = ()
    marks: Mapping[Mark, datetime] = field(default_factory=dict[Mark, datetime])

    def __len__(self) -> int:
        return len(self.entries) + len(self.marks)


class PostgresAccessLog:
    """See ``recollect.ports.access_log.AccessLog``. ``start`` it on the event loop that uses it, ``aclose`` it there.

    Args:
        sessions: open connections of the application role; they stay open until ``aclose`` has returned.
        retention_days: how long entries are kept.
        capacity: entries, and marks, that may wait for the database; beyond it the oldest are dropped.
    """

    def __init__(self, sessions: Sessions, *, retention_days: float = 90.0, capacity: int = CAPACITY) -> None:
        self._sessions = sessions
        self._retention = timedelta(days=retention_days)
        self._capacity = capacity
        self._entries: deque[AccessEntry] = deque(maxlen=capacity)
        self._marks: dict[Mark, datetime] = {}
        self._flying = _Batch()
        self._written = self._dropped = self._failures = 0
        self._some, self._many, self._closing = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._writing = asyncio.Lock()
        self._expired: dict[str, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def counts(self) -> AccessCounts:
        """What became of what was recorded so far."""
        waiting = len(self._entries) + len(self._marks) + len(self._flying)
        return AccessCounts(written=self._written, waiting=waiting, dropped=self._dropped, failures=self._failures)

    def start(self) -> None:
        """Starts the task that writes; ``aclose`` ends it."""
        # A context of its own: the caller's counts round trips, and would count this task's for ever.
        self._task = asyncio.get_running_loop().create_task(
            self._run(), name="recollect access log", context=contextvars.Context()
        )

    async def aclose(self) -> None:
        """Writes what waits, if the database takes it within five seconds, and ends the task."""
        for event in (self._closing, self._many, self._some):
            event.set()
        if self._task is None:
            return
        await asyncio.wait([self._task], timeout=CLOSE_WITHIN_S)
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(self._task)
        if lost := self.counts.waiting:
            _log.warning("the access log was closed with %d entries and marks that could not be written", lost)

    def record(self, entry: AccessEntry) -> None:
        """Takes an entry; never waits and never fails."""
        waiting = len(self._entries)
        if waiting >= self._capacity:
            self._dropped += 1  # the deque lets its oldest go
        self._entries.append(entry)
        if not waiting:
            self._some.set()
        elif waiting >= MANY:
            self._many.set()

    def mark_recalled(self, scope: Scope, memory_ids: Iterable[UUID], at: datetime) -> None:
        """Notes that these memories of the scope's user were recalled; never waits and never fails."""
        marks = self._marks
        for memory_id in memory_ids:
            mark = (scope.tenant_id, scope.user_id, memory_id)
            marks.pop(mark, None)  # to the end: it is the newest now
            marks[mark] = at
        self._trim_marks()
        self._some.set()

    async def recalled_at(self, scope: Scope, memory_id: UUID) -> datetime | None:
        """When the user's memory was last recalled, by this process or another; None if not within the last day."""
        mark = (scope.tenant_id, scope.user_id, memory_id)
        at = self._marks.get(mark) or self._flying.marks.get(mark)
        if at is None:
            parameters = {"user_id": scope.user_id, "memory_id": memory_id}
            (rows,) = await self._sessions.read(scope.tenant_id, ("recalled_at", parameters))
            at = rows[0][0] if rows else None
        return at if at is not None and at > datetime.now(UTC) - MARKS_KEPT else None

    async def entries(
        self, tenant_id: str, *, limit: int = 100, after: UUID | None = None, **chosen: Unpack[AccessFilter]
    ) -> list[AccessEntry]:
        """The tenant's entries, newest first; see the port."""
        name = _entries_by(chosen)
        parameters = {field: chosen.get(field) for field in AccessFilter.__annotations__}
        (rows,) = await self._sessions.read(tenant_id, (name, {**parameters, "limit": limit, "after": after}))
        names = ("id", "user_id", "actor", "method", "outcome", "at", "ms", "key_id")
        return [AccessEntry(tenant_id=tenant_id, **dict(zip(names, row, strict=True))) for row in rows]

    async def last_used(self, tenant_id: str, key_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
        """When each of these API keys was last used; those of which no entry is kept are left out."""
        if not key_ids:
            return {}
        (rows,) = await self._sessions.read(tenant_id, ("keys_last_used", {"key_ids": list(key_ids)}))
        return dict(rows)

    async def expire(self, tenant_id: str, before: datetime) -> int:
        """Deletes the tenant's entries from before a time, and marks older than a day; says how many entries."""
        return (await self._write(tenant_id, _expiry(before)))[0]

    async def forget(self, scope: Scope, memory_id: UUID | None = None) -> None:
        """Deletes a memory's mark, or all of the user's entries and marks; also those that still wait."""
        owner = (scope.tenant_id, scope.user_id)
        async with self._writing:  # what is on its way has arrived, or is back in the buffer
            for mark in [m for m in self._marks if m[:2] == owner and memory_id in (None, m[2])]:
                del self._marks[mark]
            statements = [("forget_recalled", {"user_id": scope.user_id, "memory_id": memory_id})]
            if memory_id is None:
                kept = [entry for entry in self._entries if (entry.tenant_id, entry.user_id) != owner]
                self._entries = deque(kept, maxlen=self._capacity)
                statements.append(("forget_access", {"user_id": scope.user_id}))
            await self._write(scope.tenant_id, statements)

    async def flush(self) -> None:
        """Writes what waits now.

        Raises:
            StoreError: it could not be written; the task will try again.
        """
        async with self._writing:
            while self._entries or self._marks:
                await self._write_batch()
            self._some.clear()
            self._many.clear()

    async def _run(self) -> None:
        pause = EVERY_S
        while True:
            await self._some.wait()
            # After a failure only the end is worth waking up for, however much gathers.
            await _passed(self._many if pause == EVERY_S else self._closing, pause)
            try:
                await self.flush()
                pause = EVERY_S
            except Exception as error:  # noqa: BLE001 - the task must go on: logged and counted
                self._failures += 1
                pause = min(pause * 2, LONGEST_PAUSE_S)
                counts = self.counts
                _log.warning(
                    "the access log was not written (%d wait, %d dropped): %s",
                    counts.waiting,
                    counts.dropped,
                    Redacted(error),
                )
            if self._closing.is_set():
                return

    async def _write_batch(self) -> None:
        """Writes one batch, or puts it back; the caller holds the lock."""
        count = min(len(self._entries), BATCH)
        batch = self._flying = _Batch([self._entries.popleft() for _ in range(count)], self._marks)
        self._marks = {}
        try:
            for tenant_id in sorted({e.tenant_id for e in batch.entries} | {mark[0] for mark in batch.marks}):
                expiry = self._due(tenant_id)
                await self._write(tenant_id, [*_statements(tenant_id, batch), *expiry])
                if expiry:
                    self._expired[tenant_id] = datetime.now(UTC)
            self._written += len(batch)
        except (StoreError, asyncio.CancelledError):
            self._put_back(batch)
            raise
        except Exception:  # it would be refused for ever, and all that comes after it would wait
            self._dropped += len(batch)
            raise
        finally:
            self._flying = _Batch()

    def _put_back(self, batch: _Batch) -> None:
        room = self._capacity - len(self._entries)
        kept = batch.entries[max(len(batch.entries) - room, 0) :]
        self._dropped += len(batch.entries) - len(kept)
        self._entries.extendleft(reversed(kept))
        self._marks = {**batch.marks, **self._marks}
        self._trim_marks()

    def _trim_marks(self) -> None:
        while len(self._marks) > self._capacity:
            del self._marks[next(iter(self._marks))]
            self._dropped += 1

    def _due(self, tenant_id: str) -> list[tuple[str, dict[str, Any]]]:
        """What expires with this batch: with a process's first, and then every hour."""
        now = datetime.now(UTC)
        last = self._expired.get(tenant_id)
        return _expiry(now - self._retention) if last is None or now - last >= EXPIRE_EVERY else []

    async def _write(self, tenant_id: str, statements: Sequence[tuple[str, dict[str, Any]]]) -> list[int]:
        """Runs named statements in one transaction and one round trip; says how many rows each touched."""
        async with self._sessions.connection() as connection:
            async with connection.pipeline():
                await connection.execute("BEGIN")
                await connection.execute(QUERIES["commit_lazily"])
                await name_tenant(connection, tenant_id)
                done = [
                    await connection.execute(QUERIES[name], {**parameters, "tenant_id": tenant_id})
                    for name, parameters in statements
                ]
                await connection.execute("COMMIT")
            return [cursor.rowcount for cursor in done]


async def _passed(event: asyncio.Event, seconds: float) -> None:
    """Waits until the event happens or the time is over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def _entries_by(chosen: AccessFilter) -> str:
    """The statement whose index serves the filter best."""
    if chosen.get("user_id") is not None:
        return "access_entries_of_user"
    return "access_entries" if chosen.get("key_id") is None else "access_entries_of_key"


def _expiry(before: datetime) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("expire_access", {"before": before}),
        ("expire_recalled", {"before": datetime.now(UTC) - MARKS_KEPT}),
    ]


def _statements(tenant_id: str, batch: _Batch) -> Iterator[tuple[str, dict[str, Any]]]:
    entries = [entry for entry in batch.entries if entry.tenant_id == tenant_id]
    if entries:
        yield (
            "insert_access",
            {
                "ids": [entry.id for entry in entries],
                "times": [entry.at for entry in entries],
                "users": [_storable(entry.user_id) for entry in entries],
                "actors": [_storable(entry.actor) for entry in entries],
                "methods": [entry.method for entry in entries],
                "outcomes": [entry.outcome for entry in entries],
                "ms": [entry.ms for entry in entries],
                "key_ids": [entry.key_id for entry in entries],
            },
        )
    # In one order everywhere, so that two processes cannot wait for each other.
    marks = sorted(
        (user, memory_id, at) for (tenant, user, memory_id), at in batch.marks.items() if tenant == tenant_id
    )
    if marks:
        users, memories, times = zip(*marks, strict=True)
        yield "mark_recalled", {"users": list(users), "memories": list(memories), "times": list(times)}


def _storable(name: object) -> str:
    """What a caller gave as an id, as text that Postgres takes: a call that was refused for its id is logged too."""
    text = str(name)[:MAX_ID_LENGTH]
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()
