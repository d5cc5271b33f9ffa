"""The write transaction: the user's lock, the log's next lines and the state they lead to, in two round trips."""

import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from recollect.adapters.postgres.codec import changed_fields, memory_from_row, memory_values
from recollect.adapters.postgres.halfvec import Halfvec
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Connection, Sessions, note_round_trip
from recollect.domain.event import GENESIS, Event
from recollect.domain.ids import new_id
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.ports.store import Change, Wanted

Rows = list[dict[str, Any]]


class PostgresWriteTransaction:
    """A transaction that holds the user's lock. See ``recollect.ports.store.WriteTransaction``."""

    def __init__(self, connection: Connection, scope: Scope, model_id: str) -> None:
        self._connection = connection
        self._scope = scope
        self._model_id = model_id
        self._seq = 0
        self._hash: bytes = GENESIS
        self.existing: Sequence[Memory] = ()

    async def begin(self, wanted: Wanted) -> None:
        """Takes the lock and reads what is wanted: one round trip."""
        owner = {"tenant_id": self._scope.tenant_id, "user_id": self._scope.user_id}
        connection = self._connection
        async with connection.pipeline():
            await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            await connection.execute(
                QUERIES["lock_user"], {"tenant_id": self._scope.tenant_id, "lock": lock_number(self._scope)}
            )
            head = await connection.execute(QUERIES["log_head"], owner, binary=True)
            found = await connection.execute(
                QUERIES["wanted"],
                {
                    **owner,
                    "agent_id": self._scope.agent_id,
                    "hashes": list(wanted.hashes),
                    "keys": list(wanted.keys),
                    "ids": list(wanted.ids),
                },
                binary=True,
            )
            citing = None
            if wanted.citing:
                cited = {**owner, "citing": [str(memory_id) for memory_id in wanted.citing]}
                citing = await connection.execute(QUERIES["citing"], cited, binary=True)
        note_round_trip()
        row = await head.fetchone()
        if row is not None:
            self._seq, self._hash = row[0], bytes(row[1])
        rows = await found.fetchall() + (await citing.fetchall() if citing is not None else [])
        self.existing = list({memory.id: memory for memory in map(memory_from_row, rows)}.values())

    async def commit(self, changes: Sequence[Change]) -> Sequence[Event]:
        """Writes events, records, vectors and the log's new head, and commits: one round trip."""
        if not changes:
            return ()
        events = self._chain(changes)
        inserted, updated, vectors = self._rows(changes, events)
        replaced = [
            {"tenant_id": self._scope.tenant_id, "memory_id": change.after.id}
            for change in changes
            if change.before is not None and change.vectors is not None
        ]
        async with self._connection.pipeline(), self._connection.cursor() as cursor:
            await cursor.executemany(QUERIES["insert_event"], [_event_values(event) for event in events])
            # Updates first: a superseded record leaves the unique index before its successor enters it.
            for name, rows in (
                ("update_memory", updated),
                ("insert_memory", inserted),
                ("delete_vectors", replaced),
                ("insert_vector", vectors),
            ):
                if rows:
                    await cursor.executemany(QUERIES[name], rows)
            await cursor.execute(
                QUERIES["set_log_head"],
                {
                    "tenant_id": self._scope.tenant_id,
                    "user_id": self._scope.user_id,
                    "seq": self._seq,
                    "hash": self._hash,
                },
            )
            await cursor.execute("COMMIT")
        note_round_trip()
        return events

    def _chain(self, changes: Sequence[Change]) -> list[Event]:
        now = datetime.now(UTC)
        events: list[Event] = []
        for change in changes:
            event = Event(
                id=new_id(),
                tenant_id=self._scope.tenant_id,
                user_id=self._scope.user_id,
                type=change.type,
                memory_id=change.after.id,
                payload={"set": changed_fields(change.before, change.after), "reason": change.reason},
                recorded_at=now,
            ).chained(self._seq + 1, self._hash)
            self._seq, self._hash = event.seq, event.hash
            events.append(event)
        return events

    def _rows(self, changes: Sequence[Change], events: Sequence[Event]) -> tuple[Rows, Rows, Rows]:
        """Each record's last state, to insert or to update, and its last vectors: a batch may change one twice."""
        inserted: dict[UUID, dict[str, Any]] = {}
        updated: dict[UUID, dict[str, Any]] = {}
        vectors: dict[UUID, Rows] = {}
        for change, event in zip(changes, events, strict=True):
            memory_id = change.after.id
            target = inserted if change.before is None or memory_id in inserted else updated
            target[memory_id] = memory_values(change.after, event.seq)
            if change.vectors is not None:
                vectors[memory_id] = self._vector_rows(change)
        return list(inserted.values()), list(updated.values()), [row for rows in vectors.values() for row in rows]

    def _vector_rows(self, change: Change) -> Rows:
        assert change.vectors is not None  # noqa: S101 - the caller has checked
        return [
            {
                "tenant_id": change.after.tenant_id,
                "memory_id": change.after.id,
                "model_id": self._model_id,
                "chunk": number,
                "user_id": change.after.user_id,
                "vector": Halfvec.of(vector),
            }
            for number, vector in enumerate(change.vectors)
        ]


@asynccontextmanager
async def write_transaction(
    sessions: Sessions, scope: Scope, wanted: Wanted, model_id: str
) -> AsyncGenerator[PostgresWriteTransaction]:
    """Opens a write transaction; leaving it without ``commit`` rolls back."""
    async with sessions.connection() as connection:
        transaction = PostgresWriteTransaction(connection, scope, model_id)
        await transaction.begin(wanted)
        yield transaction
        await connection.rollback()  # nothing, if it was committed


def lock_number(scope: Scope) -> int:
    """The user's advisory lock: 64 bits of SHA-256 over tenant and user."""
    digest = hashlib.sha256(f"{len(scope.tenant_id)}:{scope.tenant_id}{scope.user_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _event_values(event: Event) -> dict[str, Any]:
    return {
        "tenant_id": event.tenant_id,
        "user_id": event.user_id,
        "seq": event.seq,
        "id": event.id,
        "type": event.type.value,
        "memory_id": event.memory_id,
        "payload": Jsonb(event.payload),
        "recorded_at": event.recorded_at,
        "actor": event.actor,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }
