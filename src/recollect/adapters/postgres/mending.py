"""Mending: leads a stream's tables back to what its log says, in place, in one transaction under the stream's lock."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import sql

from recollect.adapters.postgres.audit import first_break
from recollect.adapters.postgres.halfvec import Halfvec
from recollect.adapters.postgres.projections import PROJECTIONS, Row, projections_of, rebuilt
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.replay import (
    TEXTS_AT_ONCE,
    chunk_deviations,
    deviating,
    fill,
    vector_deviations,
    vectors_made,
)
from recollect.adapters.postgres.sealing import Keyring
from recollect.adapters.postgres.session import Connection
from recollect.adapters.postgres.writing import lock_number, model_lock_number
from recollect.domain.replayed import Deviation, RowDeviation, StreamReplay
from recollect.domain.scope import Scope
from recollect.errors import StoreError
from recollect.ports.embedder import Embedder

_TEXTS = """
SELECT id, speaker, text FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s) AND status <> 'deleted'
"""
_FORGET_VECTORS = """
DELETE FROM recollect.embedding WHERE tenant_id = %(tenant_id)s AND memory_id = ANY(%(ids)s)
  AND (model_id = %(model_id)s OR memory_id <> ALL (%(living)s))
"""
_RENAME_HASH = """
UPDATE recollect.memory SET content_hash = id::text WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s)
"""
_NEW_HOT_VERSION = """
UPDATE recollect.hot_head SET version = version + 1 WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
"""
"""What processes and Redis hold of what every turn loads was read from the tables as they were."""
_VANISHED = """
UPDATE recollect.log_head SET rows_vanished_seq = seq + 1 WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
"""
"""One more than the log has: indexes that other processes hold of the rows as they were begin anew."""


async def mend(
    connection: Connection, keyring: Keyring, scope: Scope, scratch: str, *, embedder: Embedder, all_vectors: bool
) -> StreamReplay:
    """Rebuilds what deviates; returns what that was.

    Args:
        connection: the owner's, in autocommit mode.
        keyring: opens the payloads.
        scope: the stream.
        scratch: the schema to rebuild it in.
        embedder: the tenant's, for vectors that are missing.
        all_vectors: whether the stored vectors are compared with new ones too.

    Raises:
        StoreError: the log itself is damaged, or the tables still deviate; nothing was changed.
    """
    await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
    try:
        locks = {"tenant_id": scope.tenant_id, "lock": lock_number(scope)}
        await connection.execute(QUERIES["lock_user"], {**locks, "models": model_lock_number(scope.tenant_id)})
        broken = await first_break(connection, scope)
        if broken is not None:
            raise StoreError(f"the log of {scope.user_id!r} is {broken.what} at line {broken.seq}; nothing was rebuilt")
        built = await rebuilt(connection, keyring, scope)
        if built.problem:
            raise StoreError(f"{built.problem}; nothing was rebuilt")
        count = await fill(connection, scratch, built)
        found = await _deviations(connection, scope, scratch)
        await _write(connection, found, dict(_by_key(built.rows())))
        vectors = await chunk_deviations(connection, scope)
        if all_vectors:
            vectors += await vector_deviations(connection, scope, embedder)
        await _embed(connection, scope, embedder, [deviation.key["memory_id"] for deviation in vectors])
        left = [*await _deviations(connection, scope, scratch), *await chunk_deviations(connection, scope)]
        if left:
            raise StoreError(f"{left[0].table} {dict(left[0].key)} cannot be led back; nothing was changed")
        if found or vectors:
            owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
            for statement in (_VANISHED, _NEW_HOT_VERSION):
                await connection.execute(statement, owner)
        await connection.execute(sql.SQL("TRUNCATE {}").format(_tables(scratch)))
        await connection.execute("COMMIT")
    finally:
        await connection.rollback()
    return StreamReplay(
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        events=built.events,
        erased=built.erased,
        rows=count,
        deviations=(*found, *vectors),
    )


async def _deviations(connection: Connection, scope: Scope, scratch: str) -> list[RowDeviation]:
    return [d for p in projections_of(scope) for d in await deviating(connection, scratch, p, scope, None)]


def _tables(scratch: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(scratch, table) for table in PROJECTIONS)


Place = tuple[str, tuple[Any, ...]]


def _by_key(rows: Any) -> list[tuple[Place, Row]]:
    return [((table, tuple(row[column] for column in PROJECTIONS[table].key)), row) for table, row in rows]


async def _write(connection: Connection, found: Sequence[RowDeviation], rows: dict[Place, Row]) -> None:
    """Takes away what the log does not know, children first, then writes what it knows, parents first."""
    for deviation in reversed(found):
        if deviation.what is Deviation.EXTRA:
            await connection.execute(PROJECTIONS[deviation.table].remove, dict(deviation.key))
    damaged = [d.key for d in found if d.table == "memory" and d.what is Deviation.DIFFERENT]
    if damaged:  # so that no damaged row holds a place in the unique index that a mended one needs
        parameters = {"tenant_id": damaged[0]["tenant_id"], "ids": [key["id"] for key in damaged]}
        await connection.execute(_RENAME_HASH, parameters)
    for deviation in found:
        if deviation.what is not Deviation.EXTRA:
            row = rows[deviation.table, tuple(deviation.key.values())]
            parameters = {**row, "extra": row["metadata"]} if "metadata" in row else row
            await connection.execute(PROJECTIONS[deviation.table].write, parameters)


async def _embed(connection: Connection, scope: Scope, embedder: Embedder, ids: Sequence[UUID]) -> None:
    """Replaces the vectors of these memories under the embedder's model; deleted ones keep none at all."""
    for start in range(0, len(ids), TEXTS_AT_ONCE):
        parameters: dict[str, Any] = {"tenant_id": scope.tenant_id, "ids": list(ids[start : start + TEXTS_AT_ONCE])}
        texts = await (await connection.execute(_TEXTS, parameters)).fetchall()
        gone = {**parameters, "model_id": embedder.model_id, "living": [row[0] for row in texts]}
        await connection.execute(_FORGET_VECTORS, gone)
        made = await vectors_made(connection, embedder, scope.tenant_id, {row[0]: (row[1], row[2]) for row in texts})
        for memory_id, vectors in made.items():
            for chunk, vector in enumerate(vectors):
                row = {
                    "tenant_id": scope.tenant_id,
                    "memory_id": memory_id,
                    "model_id": embedder.model_id,
                    "chunk": chunk,
                    "user_id": scope.user_id,
                    "vector": Halfvec.of(vector),
                }
                await connection.execute(QUERIES["insert_vector"], row)
