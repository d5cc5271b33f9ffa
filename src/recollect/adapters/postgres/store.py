"""The store in Postgres: reads, and the write transaction, for one embedder's vectors."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from uuid import UUID

from recollect.adapters.postgres.codec import event_from_row, index_row, memory_from_row, with_vectors
from recollect.adapters.postgres.filters import page_query
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Sessions, note_round_trip
from recollect.adapters.postgres.writing import PostgresWriteTransaction, write_transaction
from recollect.domain.event import Event
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.errors import DimensionMismatch
from recollect.ports.store import Delta, StoreStatus, Wanted


class PostgresStore:
    """See ``recollect.ports.store.Store``.

    Args:
        sessions: connections of the application role, not opened yet.
        model_id, dimension: the embedder whose vectors are read and written.
        location: what to call the database in messages; without a password.
        release: called once at the end, e.g. to let the embedded server go.
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        model_id: str,
        dimension: int,
        location: str,
        release: Callable[[], None] | None = None,
    ) -> None:
        self._sessions = sessions
        self._model_id = model_id
        self._dimension = dimension
        self._location = location
        self._release = release

    async def open(self) -> None:
        """Connects; raises as ``Sessions.open`` does."""
        await self._sessions.open()

    async def close(self) -> None:
        """Gives every connection back; an embedded server without users stops."""
        await self._sessions.close()
        if self._release is not None:
            self._release()
            self._release = None

    def writing(self, scope: Scope, wanted: Wanted) -> AbstractAsyncContextManager[PostgresWriteTransaction]:
        """Opens a transaction that holds the user's lock."""
        return write_transaction(self._sessions, scope, wanted, self._model_id)

    async def register_model(self, tenant_id: str, model_id: str, dimension: int) -> None:
        """Makes sure the model is registered with this dimension; raises DimensionMismatch otherwise."""
        parameters = {"model_id": model_id, "dimension": dimension, "now": datetime.now(UTC)}
        ((row,),) = await self._sessions.read(tenant_id, ("register_model", parameters))
        if row[0] != dimension:
            raise DimensionMismatch(
                "embedder", f"{model_id} is registered with {row[0]} dimensions, but this one gives {dimension}"
            )

    async def fetch(self, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Memory]:
        """The user's memories with these ids, deleted ones included; unknown ids are left out."""
        if not ids:
            return {}
        (rows,) = await self._sessions.read(scope.tenant_id, ("fetch", {"ids": list(ids)}))
        found = map(memory_from_row, rows)
        return {memory.id: memory for memory in found if memory.user_id == scope.user_id}

    async def page(self, scope: Scope, chosen: SearchFilter, *, limit: int, after: UUID | None) -> list[Memory]:
        """One page of the user's memories, newest first."""
        query, parameters = page_query(chosen)
        owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id, "limit": limit, "after": after}
        async with self._sessions.connection() as connection:
            async with connection.pipeline():
                await connection.execute(QUERIES["set_tenant"], {"tenant_id": scope.tenant_id})
                cursor = await connection.execute(query, {**parameters, **owner}, binary=True)
            note_round_trip()
            return [memory_from_row(row) for row in await cursor.fetchall()]

    async def facts(self, scope: Scope, at: datetime | None) -> list[Memory]:
        """The user's keyed facts that hold at ``at`` (None: now), ordered by key."""
        parameters = {"user_id": scope.user_id, "at": at, "now": datetime.now(UTC)}
        (rows,) = await self._sessions.read(scope.tenant_id, ("facts", parameters))
        return [memory_from_row(row) for row in rows]

    async def events(self, scope: Scope, *, memory_id: UUID | None, after_seq: int, limit: int) -> list[Event]:
        """The user's events, oldest first, of one memory or of all."""
        name = "events" if memory_id is None else "events_of_memory"
        parameters = {"user_id": scope.user_id, "memory_id": memory_id, "after_seq": after_seq, "limit": limit}
        (rows,) = await self._sessions.read(scope.tenant_id, (name, parameters))
        return [event_from_row(row) for row in rows]

    async def changes_since(self, scope: Scope, seq: int) -> Delta:
        """What changed in the user's memories after log position ``seq``.

        The log's head is read before the rows: rows that commit in between are newer than the head and simply come
        again next time.
        """
        owner = {"user_id": scope.user_id, "model_id": self._model_id, "seq": seq}
        if seq:
            head, rows = await self._sessions.read(
                scope.tenant_id, ("log_head", owner), ("memories_changed_since", owner)
            )
        else:
            head, vectors, bare = await self._sessions.read(
                scope.tenant_id, ("log_head", owner), ("all_vectors", owner), ("all_memories_for_ranking", owner)
            )
            rows = with_vectors(bare, vectors)
        return Delta(seq=head[0][0] if head else 0, rows=[index_row(row, self._dimension) for row in rows])

    async def known_names(self, scope: Scope, limit: int) -> list[str]:
        """Entity names the user's memories mention, the most frequent first."""
        (rows,) = await self._sessions.read(
            scope.tenant_id, ("known_names", {"user_id": scope.user_id, "limit": limit})
        )
        return [row[0] for row in rows]

    async def status(self, tenant_id: str) -> StoreStatus:
        """Asks the database how it is."""
        server, counts = await self._sessions.read(tenant_id, ("server", {}), ("counts", {}))
        version, extension, revision, size = server[0]
        started = time.perf_counter()
        await self._sessions.read(tenant_id, ("vector_works", {}))
        return StoreStatus(
            server=str(version).split(" on ")[0],
            vector_extension=extension,
            revision=revision,
            embedded=self._release is not None,
            location=self._location,
            counts=dict(zip(("memories", "events", "vectors", "users"), counts[0], strict=True)),
            database_bytes=size,
            query_ms=(time.perf_counter() - started) * 1000,
        )
