"""The store in Postgres: reads, and the write transaction, for one embedding model's vectors."""

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.adapters.postgres.codec import index_row, memory_from_row, with_vectors
from recollect.adapters.postgres.entries import PostgresEntries
from recollect.adapters.postgres.filters import ids_query, page_query
from recollect.adapters.postgres.halfvec import vectors_from_halves
from recollect.adapters.postgres.sealing import Keyring
from recollect.adapters.postgres.session import ROWS_AT_ONCE, Sessions
from recollect.adapters.postgres.things import SHAPES
from recollect.adapters.postgres.uuids import Uuids
from recollect.adapters.postgres.writing import PostgresWriteTransaction, Rules, opened, write_transaction
from recollect.domain.condition import Condition
from recollect.domain.event import Event
from recollect.domain.hot import HotLimits
from recollect.domain.record import Memory
from recollect.domain.scope import TENANT_STREAM, Scope
from recollect.domain.search import SearchFilter
from recollect.domain.thing import Thing
from recollect.errors import ModelSwitched
from recollect.ports.giving_way import aside, in_turns
from recollect.ports.index import IndexRow
from recollect.ports.store import NOBODY_ELSE, Cause, Delta, EventQuery, Head, StoreStatus, Wanted

T = TypeVar("T", bound=Thing)
Rows = list[tuple[Any, ...]]


class PostgresStore(PostgresEntries):
    """See ``recollect.ports.store.Store``.

    Args:
        sessions: connections of the application role, not opened yet.
        keyring: the keys that the log is sealed with.
        location: what to call the database in messages; without a password.
        release: called once at the end, e.g. to let the embedded server go.
        limits: how much may be hot of one user.
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        keyring: Keyring,
        location: str,
        release: Callable[[], None] | None = None,
        limits: HotLimits | None = None,
    ) -> None:
        super().__init__(sessions)
        self._limits = limits or HotLimits()
        self.keyring = keyring
        self._model_id = ""
        self._dimension = 0
        self._location = location
        self._release = release

    def serving(self, model_id: str, dimension: int) -> "PostgresStore":
        """The same store on the same connections, reading and writing this embedding model's vectors.

        Calls in flight keep the view that they began with, and with it the model that their vectors come from.
        """
        view = copy.copy(self)
        view._model_id, view._dimension = model_id, dimension
        return view

    async def open(self) -> None:
        """Connects; raises as ``Sessions.open`` does."""
        await self.sessions.open()

    async def check_master_key(self, tenant_id: str) -> None:
        """Opens the key of the tenant's own stream, which is there from the first opening on.

        Raises:
            KeyUnavailable: the tenant's keys were wrapped by another master key than this process has.
        """
        owner = {"user_id": TENANT_STREAM}
        (keys,) = await self.sessions.read(tenant_id, ("stream_key", owner))
        await self.keyring.sealer_of(tenant_id, TENANT_STREAM, keys)

    async def close(self) -> None:
        """Gives every connection back; an embedded server without users stops."""
        await self.sessions.close()
        if self._release is not None:
            self._release()
            self._release = None

    def writing(
        self, scope: Scope, wanted: Wanted, cause: Cause = NOBODY_ELSE
    ) -> AbstractAsyncContextManager[PostgresWriteTransaction]:
        """Opens a transaction that holds the user's lock."""
        rules = Rules(cause, self._limits)
        return write_transaction(
            self.sessions, scope, wanted, model=(self._model_id, self._dimension), keyring=self.keyring, rules=rules
        )

    async def fetch(self, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Memory]:
        """The user's memories with these ids, deleted ones included; unknown ids are left out."""
        return (await self.fetch_each([(scope, ids)]))[0]

    async def fetch_each(self, wanted: Sequence[tuple[Scope, Sequence[UUID]]]) -> list[dict[UUID, Memory]]:
        """What ``fetch`` answers for each of several users of one tenant, in one round trip."""
        ids = Uuids.of(memory_id for _, several in wanted for memory_id in several)
        if not ids:
            return [{} for _ in wanted]
        (rows,) = await self.sessions.read(_tenant_of([scope for scope, _ in wanted]), ("fetch", {"ids": ids}))
        return _of_each(rows, wanted)

    async def fetch_with_heads(
        self, wanted: Sequence[tuple[Scope, Sequence[UUID]]]
    ) -> tuple[list[dict[UUID, Memory]], list[Head]]:
        """What ``fetch_each`` answers, and where each log stood when it had been read, in one round trip.

        The heads come last: what commits before they are read shows in them, so that records of an older state are
        never taken for those of the newest.
        """
        ids = Uuids.of(memory_id for _, several in wanted for memory_id in several)
        users = [scope.user_id for scope, _ in wanted]
        asked = [("fetch", {"ids": ids})] if ids else []
        tenant_id = _tenant_of([scope for scope, _ in wanted])
        *found, heads = await self.sessions.read(tenant_id, *asked, ("heads", {"users": users}))
        for *_, model_id in heads:
            self._check_model(model_id)
        known = {user_id: Head(seq=seq, vanished_seq=vanished) for user_id, seq, vanished, _ in heads}
        return _of_each(found[0] if found else [], wanted), [known.get(user, Head()) for user in users]

    async def page(self, scope: Scope, chosen: SearchFilter, *, limit: int, after: UUID | None) -> list[Memory]:
        """One page of the user's memories, newest first."""
        query, parameters = page_query(chosen)
        owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id, "limit": limit, "after": after}
        rows = await self.sessions.rows(scope.tenant_id, query, {**parameters, **owner})
        return await in_turns(memory_from_row, rows)

    async def facts(self, scope: Scope, at: datetime | None) -> list[Memory]:
        """The user's keyed facts that hold at ``at`` (None: now), ordered by key."""
        parameters = {"user_id": scope.user_id, "at": at, "now": datetime.now(UTC)}
        (rows,) = await self.sessions.read(scope.tenant_id, ("facts", parameters))
        return await in_turns(memory_from_row, rows)

    async def ids_where(self, scope: Scope, condition: Condition) -> list[UUID]:
        """The ids of the user's memories that meet a condition."""
        query, parameters = ids_query(condition)
        owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
        return [row[0] for row in await self.sessions.rows(scope.tenant_id, query, {**parameters, **owner})]

    async def things(
        self,
        kind: type[T],
        tenant_id: str,
        where: Mapping[str, Any],
        *,
        limit: int | None = None,
        after: Sequence[Any] | None = None,
        newest: bool = False,
    ) -> list[T]:
        """The things of a kind whose fields equal ``where``, in order of their key, or against it."""
        shape = SHAPES[kind.KIND]
        query, parameters = shape.select(tenant_id, where, limit=limit, after=after, newest=newest)
        rows = await self.sessions.rows(tenant_id, query, parameters)
        return cast(list[T], [shape.thing(row) for row in rows])

    async def things_each(
        self, tenant_id: str, wanted: Sequence[tuple[type[Thing], Mapping[str, Any]]]
    ) -> list[list[Thing]]:
        """The things of several kinds, each as ``things`` answers it, in one round trip."""
        shapes = [SHAPES[kind.KIND] for kind, _ in wanted]
        statements = [
            shape.select(tenant_id, where, limit=None, after=None)
            for shape, (_, where) in zip(shapes, wanted, strict=True)
        ]
        found = await self.sessions.rows_each(tenant_id, statements)
        return [[shape.thing(row) for row in rows] for shape, rows in zip(shapes, found, strict=True)]

    async def events(self, scope: Scope, query: EventQuery) -> list[Event]:
        """The stream's events, oldest first, their payloads opened as far as their keys exist."""
        name = "events" if query.memory_id is None else "events_of_memory"
        parameters = {
            "user_id": scope.user_id,
            "memory_id": query.memory_id,
            "after_seq": query.after_seq,
            "until_seq": query.until_seq,
            "types": [kind.value for kind in query.types] or None,
            "since": query.since,
            "until": query.until,
            "limit": query.limit,
        }
        keys, rows = await self.sessions.read(scope.tenant_id, ("stream_key", parameters), (name, parameters))
        return opened(rows, await self.keyring.sealer_of(scope.tenant_id, scope.user_id, keys))

    async def changes_since(self, scope: Scope, seq: int) -> Delta:
        """What changed in the user's memories after log position ``seq``."""
        return (await self.changes_each([(scope, seq)]))[0]

    async def changes_each(self, since: Sequence[tuple[Scope, int]]) -> list[Delta]:
        """What ``changes_since`` answers for each of several users of one tenant, in one round trip.

        A log's head is read before its rows: rows that commit in between are newer than the head and simply come
        again next time. The active model is read after all of them: it was the active one when they were read, so its
        vectors cannot have been dropped before.
        """
        queries = [query for scope, seq in since for query in self._change_queries(scope, seq)]
        *found, models = await self.sessions.read(
            _tenant_of([scope for scope, _ in since]), *queries, ("active_model", {})
        )
        for (model_id,) in models:
            self._check_model(model_id)
        answers = iter(found)
        return [await self._delta(next(answers), next(answers), None if seq else next(answers)) for _, seq in since]

    def _check_model(self, model_id: str | None) -> None:
        if model_id is not None and model_id != self._model_id:
            raise ModelSwitched(f"the tenant's embedding model is {model_id} now, no longer {self._model_id}")

    def _change_queries(self, scope: Scope, seq: int) -> list[tuple[str, dict[str, Any]]]:
        owner = {"user_id": scope.user_id, "model_id": self._model_id, "seq": seq}
        # A memory that commits in between has its vectors among those that are read after it.
        names = ("memories_changed_since",) if seq else ("all_memories_for_ranking", "all_vectors")
        return [(name, owner) for name in ("log_head", *names)]

    async def _delta(self, head: Rows, rows: Rows, vectors: Rows | None) -> Delta:
        read = await aside(len(rows) > ROWS_AT_ONCE, self._index_rows, rows, vectors)
        return Delta(seq=head[0][0] if head else 0, vanished_seq=head[0][2] if head else 0, rows=read)

    def _index_rows(self, rows: Rows, vectors: Rows | None) -> list[IndexRow]:
        found = rows if vectors is None else with_vectors(rows, vectors)
        return [index_row(row, self._dimension) for row in found]

    async def vectors(self, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, npt.NDArray[np.float32]]:
        """The stored vectors of memories under the model in use."""
        parameters = {"user_id": scope.user_id, "model_id": self._model_id, "ids": list(ids)}
        (rows,) = await self.sessions.read(scope.tenant_id, ("vectors_of", parameters))
        halves: dict[UUID, list[tuple[int, bytes]]] = {}
        for memory_id, chunk, half in rows:
            halves.setdefault(memory_id, []).append((chunk, half))
        return {
            memory_id: vectors_from_halves([half for _, half in sorted(chunks)], self._dimension)
            for memory_id, chunks in halves.items()
        }

    async def known_names(self, scope: Scope, limit: int) -> list[str]:
        """Entity names the user's memories mention, the most frequent first."""
        (rows,) = await self.sessions.read(scope.tenant_id, ("known_names", {"user_id": scope.user_id, "limit": limit}))
        return [row[0] for row in rows]

    async def status(self, tenant_id: str) -> StoreStatus:
        """Asks the database how it is."""
        server, counts = await self.sessions.read(tenant_id, ("server", {}), ("counts", {}))
        version, extension, revision, size = server[0]
        started = time.perf_counter()
        await self.sessions.read(tenant_id, ("vector_works", {}))
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


def _of_each(rows: Rows, wanted: Sequence[tuple[Scope, Sequence[UUID]]]) -> list[dict[UUID, Memory]]:
    """The memories of each user; what is another user's is dropped."""
    found = {row[0]: memory_from_row(row) for row in rows}
    return [
        {memory_id: found[memory_id] for memory_id in several if _belongs(found.get(memory_id), scope)}
        for scope, several in wanted
    ]


def _belongs(memory: Memory | None, scope: Scope) -> bool:
    return memory is not None and memory.user_id == scope.user_id


def _tenant_of(scopes: Sequence[Scope]) -> str:
    """The one tenant of all of these: a round trip names one, and row-level security shows no other's rows."""
    (tenant_id,) = {scope.tenant_id for scope in scopes}
    return tenant_id
