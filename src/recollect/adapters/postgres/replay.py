"""Replay: rebuilds streams from the log into a scratch schema and compares them with the tables, row by row.

Runs as the owner. Each stream is read in one snapshot, so writers may go on; its rows are rolled back before the next
one, so that neither the scratch tables nor this process ever hold more than one stream. Vectors are no part of the log:
what is compared is which chunks there are, and on demand the vectors themselves with ones that are made anew.
"""

import secrets
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from psycopg import sql

from recollect.adapters.postgres.halfvec import vectors_from_halves
from recollect.adapters.postgres.projections import (
    OF_USER,
    PROJECTIONS,
    Projection,
    Rebuilt,
    Row,
    key_values,
    projections_of,
    rebuilt,
)
from recollect.adapters.postgres.said_before import said_before_on
from recollect.adapters.postgres.sealing import Keyring
from recollect.adapters.postgres.session import Connection
from recollect.adapters.postgres.tables import SCHEMA
from recollect.domain.chunking import views
from recollect.domain.record import Status
from recollect.domain.replayed import Deviation, RowDeviation, StreamReplay
from recollect.domain.scope import Scope
from recollect.ports.embedder import ContextEmbedder, Embedder, embedded

PREFIX = "recollect_replay_"
LEFT_OVER_AFTER_S = 24 * 3600
NAMED = 1_000
"""Deviating rows that are named, a table and direction."""
TEXTS_AT_ONCE = 64
SAME_DIRECTION = 0.999
"""Cosine from which two vectors of one text are the same: half precision and other kernels cost less than that."""

_LEFT_OVERS = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)"
_CHUNKS = """
SELECT m.id, m.speaker, m.text, m.status = %(deleted)s,
       array_agg(e.chunk ORDER BY e.chunk) FILTER (WHERE e.model_id = a.model_id),
       bool_and(e.user_id = m.user_id AND (e.model_id <> a.model_id OR vector_dims(e.vector) = a.dimension)),
       count(e.chunk)
FROM recollect.memory m
LEFT JOIN recollect.embedding_model a ON a.tenant_id = m.tenant_id AND a.active
LEFT JOIN recollect.embedding e ON e.tenant_id = m.tenant_id AND e.memory_id = m.id
WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s
GROUP BY m.tenant_id, m.id
"""
_VECTORS = """
SELECT memory_id, chunk, halfvec_send(vector) FROM recollect.embedding
WHERE tenant_id = %(tenant_id)s AND memory_id = ANY(%(ids)s) AND model_id = %(model_id)s ORDER BY memory_id, chunk
"""
_WITHOUT_LOG = """
SELECT DISTINCT user_id FROM {} t WHERE tenant_id = %(tenant_id)s AND NOT EXISTS (
    SELECT FROM recollect.log_head h WHERE h.tenant_id = t.tenant_id AND h.user_id = t.user_id)
"""


@asynccontextmanager
async def scratch_schema(connection: Connection) -> AsyncGenerator[str]:
    """An empty copy of every projection, dropped at the end; what killed runs have left for a day goes too."""
    name = f"{PREFIX}{int(time.time())}_{secrets.token_hex(4)}"
    await _drop_left_overs(connection)
    await connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    try:
        for table in PROJECTIONS:
            await connection.execute(
                sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                    sql.Identifier(name, table), sql.Identifier(SCHEMA, table)
                )
            )
        yield name
    finally:
        if not connection.broken:
            await connection.rollback()
            await _drop(connection, name)


async def _drop_left_overs(connection: Connection) -> None:
    for (name,) in await (await connection.execute(_LEFT_OVERS, (PREFIX,))).fetchall():
        made_at = str(name).removeprefix(PREFIX).partition("_")[0]
        if made_at.isdigit() and time.time() - int(made_at) > LEFT_OVER_AFTER_S:
            await _drop(connection, name)


async def _drop(connection: Connection, name: str) -> None:
    await connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))


async def without_log(connection: Connection, tenant_id: str) -> set[str]:
    """Users who have rows but no log: whatever put those there, it was not Recollect."""
    found: set[str] = set()
    for table in OF_USER:
        query = sql.SQL(_WITHOUT_LOG).format(sql.Identifier(SCHEMA, table))
        found |= {str(name) for (name,) in await (await connection.execute(query, {"tenant_id": tenant_id})).fetchall()}
    return found


async def compared(
    connection: Connection,
    keyring: Keyring,
    scope: Scope,
    scratch: str,
    *,
    progress: Callable[[int], None] | None = None,
    embedder: Embedder | None = None,
) -> StreamReplay:
    """Replays one stream and compares it with the tables; leaves nothing behind.

    Args:
        connection: the owner's, in autocommit mode.
        keyring: opens the payloads.
        scope: the stream.
        scratch: the schema to rebuild it in.
        progress: told the number of lines of each batch.
        embedder: if given, every vector is made anew and compared.
    """
    await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    try:
        built = await rebuilt(connection, keyring, scope, progress)
        rows = await fill(connection, scratch, built)
        deviations = [d for p in projections_of(scope) for d in await deviating(connection, scratch, p, scope, NAMED)]
        deviations += await chunk_deviations(connection, scope)
        if embedder is not None:
            deviations += await vector_deviations(connection, scope, embedder)
    finally:
        await connection.rollback()
    return StreamReplay(
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        events=built.events,
        erased=built.erased,
        rows=rows,
        deviations=tuple(deviations),
        problem=built.problem,
    )


async def fill(connection: Connection, scratch: str, built: Rebuilt) -> int:
    """Writes the rows that a log adds up to into the scratch tables; returns how many."""
    by_table: dict[str, list[Row]] = {}
    for table, row in built.rows():
        by_table.setdefault(table, []).append(row)
    for table, rows in by_table.items():
        columns = PROJECTIONS[table].columns
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(scratch, table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        async with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                await copy.write_row([row[column] for column in columns])
    return sum(map(len, by_table.values()))


async def deviating(
    connection: Connection, scratch: str, projection: Projection, scope: Scope, most: int | None
) -> list[RowDeviation]:
    """The rows of one table that are not as in the scratch tables, at most ``most`` each way."""
    columns = sql.SQL(", ").join(map(sql.Identifier, projection.columns))
    log = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(scratch, projection.table))
    table = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        columns, sql.Identifier(SCHEMA, projection.table), projection.owned(scope)
    )
    limit = sql.SQL("") if most is None else sql.SQL(" LIMIT {}").format(sql.Literal(most))
    sides: list[list[tuple[Any, ...]]] = []
    for one, other in ((log, table), (table, log)):
        query = one + sql.SQL(" EXCEPT ALL ") + other + limit
        sides.append(await (await connection.execute(query)).fetchall())
    return _paired(projection, *sides)


def _paired(
    projection: Projection, in_log: Sequence[tuple[Any, ...]], in_table: Sequence[tuple[Any, ...]]
) -> list[RowDeviation]:
    """Both sides' rows by key: one that is on both differs in some columns."""
    keys = [[tuple(key_values(projection, row).items()) for row in rows] for rows in (in_log, in_table)]
    wanted, present = (dict(zip(k, rows, strict=True)) for k, rows in zip(keys, (in_log, in_table), strict=True))
    found: list[RowDeviation] = []
    for key in {**wanted, **present}:
        if key not in present:
            what, columns = Deviation.MISSING, ()
        elif key not in wanted:
            what, columns = Deviation.EXTRA, ()
        else:
            pairs = zip(projection.columns, wanted[key], present[key], strict=True)
            what, columns = Deviation.DIFFERENT, tuple(name for name, one, other in pairs if one != other)
        found.append(RowDeviation(table=projection.table, key=dict(key), what=what, columns=columns))
    return found


async def chunk_deviations(connection: Connection, scope: Scope) -> list[RowDeviation]:
    """Memories that do not have exactly the vectors that their text has chunks, under the tenant's active model."""
    parameters = {"tenant_id": scope.tenant_id, "user_id": scope.user_id, "deleted": Status.DELETED.value}
    found: list[RowDeviation] = []
    async with connection.cursor() as cursor:
        async for memory_id, speaker, text, deleted, chunks, fitting, stored in cursor.stream(_CHUNKS, parameters):
            wanted = [] if deleted else list(range(len(views(speaker, text))))
            present = list(chunks or ())
            if present == wanted and fitting is not False and not (deleted and stored):
                continue
            what = Deviation.MISSING if len(present) < len(wanted) else Deviation.EXTRA
            what = Deviation.DIFFERENT if present == wanted and not deleted else what
            found.append(_of_embedding(scope, memory_id, what))
    return found


async def vector_deviations(connection: Connection, scope: Scope, embedder: Embedder) -> list[RowDeviation]:
    """Memories whose stored vectors are not those that the embedder gives for their text."""
    query = "SELECT id, speaker, text FROM recollect.memory WHERE tenant_id = %s AND user_id = %s AND status <> %s"
    parameters = (scope.tenant_id, scope.user_id, Status.DELETED.value)
    memories = await (await connection.execute(query, parameters)).fetchall()
    found: list[RowDeviation] = []
    for start in range(0, len(memories), TEXTS_AT_ONCE):
        batch = memories[start : start + TEXTS_AT_ONCE]
        made = await vectors_made(connection, embedder, scope.tenant_id, {row[0]: (row[1], row[2]) for row in batch})
        asked = {"tenant_id": scope.tenant_id, "ids": list(made), "model_id": embedder.model_id}
        halves: dict[UUID, list[bytes]] = {}
        for memory_id, _, half in await (await connection.execute(_VECTORS, asked, binary=True)).fetchall():
            halves.setdefault(memory_id, []).append(half)
        for memory_id, vectors in made.items():
            stored = vectors_from_halves(halves.get(memory_id), embedder.dimension)
            if len(stored) == len(vectors) and not _same(stored, vectors):  # a wrong number is reported as chunks
                found.append(_of_embedding(scope, memory_id, Deviation.DIFFERENT, ("vector",)))
    return found


async def vectors_made(
    connection: Connection, embedder: Embedder, tenant_id: str, texts: Mapping[UUID, tuple[str | None, str]]
) -> dict[UUID, npt.NDArray[np.float32]]:
    """The vectors of memories, by id, from their speakers and texts, as they are made when they are added."""
    light: Mapping[UUID, tuple[str, ...]] = {}
    if isinstance(embedder, ContextEmbedder):
        light = await said_before_on(connection, tenant_id, list(texts))
    groups = [views(*words, light.get(memory_id, ())) for memory_id, words in texts.items()]
    return dict(zip(texts, await embedded(embedder, groups), strict=True))


def _same(stored: npt.NDArray[np.float32], made: npt.NDArray[np.float32]) -> bool:
    lengths = np.linalg.norm(stored, axis=1) * np.linalg.norm(made, axis=1)
    cosines = (stored * made).sum(axis=1)
    return bool(np.all((cosines >= SAME_DIRECTION * lengths) & np.isfinite(cosines)))


def _of_embedding(scope: Scope, memory_id: UUID, what: Deviation, columns: Iterable[str] = ()) -> RowDeviation:
    key = {"tenant_id": scope.tenant_id, "memory_id": memory_id}
    return RowDeviation(table="embedding", key=key, what=what, columns=tuple(columns))
