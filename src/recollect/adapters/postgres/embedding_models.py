"""The tenant's embedding models: which one answers, the first one of a new tenant, and filling another beside it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from recollect.adapters.postgres.halfvec import Halfvec
from recollect.adapters.postgres.hnsw import index_name
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Connection, name_tenant, note_round_trip
from recollect.adapters.postgres.store import PostgresStore
from recollect.adapters.postgres.writing import PostgresWriteTransaction, Rules
from recollect.domain.embedding_model import EmbeddingModel
from recollect.domain.event import EventType
from recollect.domain.hot import HotLimits
from recollect.domain.scope import tenant_scope
from recollect.errors import ModelSwitched, NotFound
from recollect.ports.embedder import Embedder
from recollect.ports.model_registry import Embedded, ModelState, Place, Words
from recollect.ports.store import Cause, ThingChange, Wanted

SYSTEM = Cause(actor="system")
Named = Callable[[str], Awaitable[Embedder]]


async def active_or_first(store: PostgresStore, tenant_id: str, preferred: str, named: Named) -> Embedder:
    """The embedder of the tenant's active model; a new tenant gets the preferred one.

    Raises:
        ModelMissing: this process cannot make the active model.
        DimensionMismatch: it makes vectors of another length than the tenant has.
    """
    active = await active_model(store, tenant_id)
    embedder = await named(active.embedder if active is not None else preferred)
    if active is None:
        active = await _first_model(store, tenant_id, preferred, embedder)
        if active.model_id != embedder.model_id:  # another process was first
            return await active_or_first(store, tenant_id, preferred, named)
    active.check_made_by(embedder.model_id, embedder.dimension)
    return embedder


async def active_model(store: PostgresStore, tenant_id: str) -> EmbeddingModel | None:
    """The tenant's active model, or None while it has none."""
    found = await store.things(EmbeddingModel, tenant_id, {"active": True})
    return found[0] if found else None


async def _first_model(store: PostgresStore, tenant_id: str, name: str, embedder: Embedder) -> EmbeddingModel:
    async with store.writing(tenant_scope(tenant_id), Wanted(), SYSTEM) as transaction:
        known = await transaction.things(EmbeddingModel, {"active": True})
        if known:
            return known[0]
        model = EmbeddingModel(
            tenant_id=tenant_id,
            model_id=embedder.model_id,
            dimension=embedder.dimension,
            created_at=datetime.now(UTC),
            embedder=name,
            active=True,
        )
        await transaction.commit(
            [ThingChange(type=EventType.MODEL_ADDED, after=model, reason="the tenant's first model")]
        )
        return model


class PostgresModelRegistry:
    """See ``recollect.ports.model_registry.ModelRegistry``.

    Args:
        store: for no embedding model in particular.
        tenant_id: whose models.
        named: gives the embedder of a name.
    """

    def __init__(self, store: PostgresStore, tenant_id: str, named: Named) -> None:
        self._store = store
        self._sessions = store.sessions
        self._tenant_id = tenant_id
        self._named = named

    async def embedder(self, name: str) -> Embedder:
        """The embedder of that name, kept open for the process."""
        return await self._named(name)

    async def states(self) -> list[ModelState]:
        """The registered models by id."""
        rows, indexes = await self._sessions.read(self._tenant_id, ("model_states", {}), ("hnsw_indexes", {}))
        present = {name for (name,) in indexes}
        return [self._state(row, present) for row in rows]

    def _state(self, row: Sequence[Any], indexes: set[str]) -> ModelState:
        model_id, dimension, created_at, embedder, active, memories, filled, vectors, nbytes = row
        model = EmbeddingModel(
            tenant_id=self._tenant_id,
            model_id=model_id,
            dimension=dimension,
            created_at=created_at,
            embedder=embedder,
            active=active,
        )
        return ModelState(
            model=model,
            memories=memories,
            filled=filled,
            vectors=vectors,
            nbytes=nbytes,
            indexed=index_name(model_id, dimension) in indexes,
        )

    async def page(self, model_id: str, *, after: Place | None, limit: int, every: bool) -> list[Words]:
        """Memories without vectors under the model, or with ``every`` all of them, in order, after a place."""
        asked = words_page(model_id, after, limit, every=every)
        (rows,) = await self._sessions.read(self._tenant_id, ("words_page", asked))
        return [words_of(row) for row in rows]

    async def fill(self, model_id: str, embedded: Sequence[Embedded]) -> Collection[UUID]:
        """Stores vectors under a model that is not active, in one short transaction; returns whose."""
        asked = {
            "tenant_id": self._tenant_id,
            "model_id": model_id,
            "ids": [one.words.id for one in embedded],
            "versions": [one.words.version for one in embedded],
            "hashes": [one.words.content_hash for one in embedded],
        }
        async with self._sessions.connection() as connection:
            async with connection.pipeline():
                await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                await name_tenant(connection, self._tenant_id)
                model = await connection.execute(QUERIES["model_held"], asked)
                same = await connection.execute(QUERIES["words_held"], asked, binary=True)
            note_round_trip()
            held = await model.fetchone()
            if held is None:
                raise NotFound(f"the embedding model {model_id!r} was dropped")
            if held[0]:
                raise ModelSwitched(f"{model_id} is the tenant's active embedding model by now")
            unchanged = {memory_id for (memory_id,) in await same.fetchall()}
            filled = [one for one in embedded if one.words.id in unchanged]
            await insert_vectors(connection, self._tenant_id, model_id, filled)
            await connection.execute("COMMIT")
            note_round_trip()
        return unchanged

    @asynccontextmanager
    async def switching(self, cause: Cause) -> AsyncGenerator["PostgresSwitching"]:
        """Waits for the writers in flight, and keeps others waiting; leaving it without a commit rolls back."""
        scope = tenant_scope(self._tenant_id)
        async with self._sessions.connection() as connection:
            transaction = PostgresWriteTransaction(
                connection, scope, ("", 0), self._store.keyring, Rules(cause, HotLimits())
            )
            await transaction.begin(Wanted(), alone=True)
            yield PostgresSwitching(connection, self._tenant_id, transaction)
            await connection.rollback()  # nothing, if it was committed


class PostgresSwitching:
    """See ``recollect.ports.model_registry.Switching``."""

    def __init__(self, connection: Connection, tenant_id: str, transaction: PostgresWriteTransaction) -> None:
        self._connection = connection
        self._tenant_id = tenant_id
        self.transaction = transaction

    async def lacking(self, model_id: str, limit: int) -> list[Words]:
        """Memories that have no vectors under the model."""
        asked = {**words_page(model_id, None, limit, every=False), "tenant_id": self._tenant_id}
        cursor = await self._connection.execute(QUERIES["words_page"], asked, binary=True)
        note_round_trip()
        return [words_of(row) for row in await cursor.fetchall()]

    async def fill(self, model_id: str, embedded: Sequence[Embedded]) -> None:
        """Stores vectors; nobody can have changed the words."""
        await insert_vectors(self._connection, self._tenant_id, model_id, embedded)


def words_page(model_id: str, after: Place | None, limit: int, *, every: bool) -> dict[str, Any]:
    """The parameters of the statement of that name."""
    user, memory_id = after if after is not None else (None, None)
    return {"model_id": model_id, "after_user": user, "after_id": memory_id, "limit": limit, "every": every}


def words_of(row: Sequence[Any]) -> Words:
    """A memory's words from a row of ``words_page``."""
    user_id, memory_id, version, content_hash, speaker, text = row
    return Words(user_id=user_id, id=memory_id, version=version, content_hash=content_hash, speaker=speaker, text=text)


async def insert_vectors(connection: Connection, tenant_id: str, model_id: str, embedded: Iterable[Embedded]) -> None:
    """Stores vectors within the connection's transaction, in place of any that stand there."""
    rows = [
        {
            "tenant_id": tenant_id,
            "memory_id": one.words.id,
            "model_id": model_id,
            "chunk": number,
            "user_id": one.words.user_id,
            "vector": Halfvec.of(vector),
        }
        for one in embedded
        for number, vector in enumerate(one.vectors)
    ]
    if rows:
        async with connection.pipeline(), connection.cursor() as cursor:
            await cursor.executemany(QUERIES["fill_vector"], rows)
        note_round_trip()
