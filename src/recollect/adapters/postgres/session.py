"""Connections and transactions: a pool, a tenant for each transaction, and a count of round trips.

Every transaction begins with the tenant's id as a transaction-local setting, which row-level security reads. Statements
that do not depend on each other's answers travel together in a pipeline: that is one round trip.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakSet

import anyio.to_thread
import psycopg
from psycopg import AsyncConnection, AsyncCursor, sql
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from recollect.adapters.postgres.faults import translated
from recollect.adapters.postgres.halfvec import Halfvec, HalfvecDumper
from recollect.adapters.postgres.json_loader import JsonbLoader
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.schema_version import REVISION
from recollect.adapters.postgres.uuids import Uuids, UuidsDumper
from recollect.domain.scope import Scope
from recollect.errors import SchemaMismatch, UnsafeRole
from recollect.ports.giving_way import Slices

Connection = AsyncConnection[tuple[Any, ...]]
ROWS_AT_ONCE = 100
"""Rows of an answer that are read before others have their turn."""

_round_trips: ContextVar[list[int] | None] = ContextVar("recollect_round_trips", default=None)


def count_round_trips() -> list[int]:
    """Starts counting the current task's round trips; the list's one number grows as they happen."""
    counter = [0]
    _round_trips.set(counter)
    return counter


def note_round_trip() -> None:
    """Counts one round trip for the current task."""
    counter = _round_trips.get()
    if counter is not None:
        counter[0] += 1


class Sessions:
    """A pool of connections of the application role.

    Args:
        conninfo: how to connect. size: connections at most. timeout_s: seconds to wait for one.
        revive: starts the server again; called after a connection was lost, so that the next call finds it.
    """

    def __init__(self, conninfo: str, *, size: int, timeout_s: float, revive: Callable[[], None] | None = None) -> None:
        self._conninfo = conninfo
        self._revive = revive
        self._timeout_s = timeout_s
        self.in_cluster = False
        """Whether the tables are spread over a Citus cluster, where the tenant has to be named in another way."""
        self.after_commit: Callable[[Scope, bool], None] = _unheard
        """Told of each stream whose log has grown, after the commit, and whether somebody may be watching the tenant's
        logs; it must neither wait nor fail."""
        self._going: set[asyncio.Future[None]] = set()
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=size,
            timeout=timeout_s,
            open=False,
            configure=self._configure,
            kwargs={"autocommit": True, "connect_timeout": max(2, round(timeout_s))},
        )

    @property
    def conninfo(self) -> str:
        """How to connect."""
        return self._conninfo

    async def open(self) -> None:
        """Connects, and checks that the role and the schema may be used.

        Raises:
            StoreUnavailable: the server does not answer.
            UnsafeRole: the role bypasses row-level security or owns the tables.
            SchemaMismatch: the schema is missing, older or newer.
        """
        with translated():
            async with await AsyncConnection.connect(
                self._conninfo, connect_timeout=max(2, round(self._timeout_s))
            ) as connection:
                await check_role_and_schema(connection)
                self.in_cluster = self.in_cluster or await _has_citus(connection)
            await self._pool.open(wait=True, timeout=self._timeout_s)

    def counts(self) -> tuple[int, int, int]:
        """How many connections are open, how many of them are free, and how many callers wait for one."""
        stats = self._pool.get_stats()
        return stats.get("pool_size", 0), stats.get("pool_available", 0), stats.get("requests_waiting", 0)

    async def close(self) -> None:
        """Closes every connection."""
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """A connection in autocommit mode; whatever transaction an error leaves open is rolled back."""
        with translated():
            async with await self._taken() as connection:
                try:
                    yield connection
                except psycopg.OperationalError:
                    if connection.broken:
                        await self._recover()
                    raise
                except BaseException:
                    if connection.pgconn.pipeline_status != psycopg.pq.PipelineStatus.OFF:
                        connection.pgconn.finish()  # answers to this caller may still be on their way in it
                        raise
                    if connection.info.transaction_status != psycopg.pq.TransactionStatus.UNKNOWN:
                        await connection.rollback()
                    raise

    async def _taken(self) -> AbstractAsyncContextManager[Connection]:
        """A connection of the pool, after one attempt to bring the server back when there is none to be had."""
        try:
            connection = await self._pool.getconn()
        except PoolTimeout:
            if self._revive is None:
                raise
            await self._recover()
            connection = await self._pool.getconn()
        return self._returned(connection)

    @asynccontextmanager
    async def _returned(self, connection: Connection) -> AsyncGenerator[Connection]:
        try:
            yield connection
        finally:
            # In a task of its own: who is given up while it goes back, as streams are whose client has gone, would
            # take it along for ever.
            going = asyncio.ensure_future(self._pool.putconn(connection))
            self._going.add(going)
            going.add_done_callback(self._going.discard)
            await asyncio.shield(going)

    async def _recover(self) -> None:
        """Starts an embedded server again and throws away every connection that died with it."""
        if self._revive is not None:
            await anyio.to_thread.run_sync(self._revive)
            await self._pool.check()

    async def read(self, tenant_id: str, *queries: tuple[str, dict[str, Any]]) -> list[list[tuple[Any, ...]]]:
        """The rows of each named query, in one round trip.

        A pipeline without BEGIN is one implicit transaction, so the tenant's setting holds to its end and no longer.
        """
        async with self.connection() as connection:
            cursors: list[AsyncCursor[tuple[Any, ...]]] = []
            async with self._asking(connection, tenant_id):
                for name, parameters in queries:
                    bound = {**parameters, "tenant_id": tenant_id}
                    cursors.append(await connection.execute(QUERIES[name], bound, binary=True))
            note_round_trip()
            return [await _rows_of(cursor) for cursor in cursors]

    async def rows(self, tenant_id: str, query: sql.Composed, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of one composed statement, in one round trip."""
        return (await self.rows_each(tenant_id, [(query, parameters)]))[0]

    async def rows_each(
        self, tenant_id: str, statements: Sequence[tuple[sql.Composed, dict[str, Any]]]
    ) -> list[list[tuple[Any, ...]]]:
        """The rows of each composed statement, in one round trip."""
        async with self.connection() as connection:
            async with self._asking(connection, tenant_id):
                cursors = [await connection.execute(query, bound, binary=True) for query, bound in statements]
            note_round_trip()
            return [await _rows_of(cursor) for cursor in cursors]

    @asynccontextmanager
    async def _asking(self, connection: Connection, tenant_id: str) -> AsyncGenerator[None]:
        """A pipeline in which the tenant is named; in a cluster, where a local setting needs it, a transaction too."""
        async with connection.pipeline():
            if self.in_cluster:
                await connection.execute("BEGIN")
            await name_tenant(connection, tenant_id)
            yield
            if self.in_cluster:
                await connection.execute("COMMIT")

    async def _configure(self, connection: Connection) -> None:
        await _configure(connection)
        if self.in_cluster:
            _CLUSTERED.add(connection)


def _unheard(scope: Scope, watched: bool) -> None:
    """Nobody is told."""
    del scope, watched


_CLUSTERED: WeakSet[Connection] = WeakSet()
"""Connections to a Citus cluster."""


async def name_tenant(connection: Connection, tenant_id: str) -> None:
    """Says whose rows the transaction may see.

    In a cluster the setting reaches the other nodes only as SET LOCAL, which takes no parameters; the tenant's id is
    quoted by psycopg.
    """
    if connection in _CLUSTERED:
        await connection.execute("SET LOCAL citus.propagate_set_commands = 'local'")
        await connection.execute(sql.SQL("SET LOCAL app.tenant_id = {}").format(sql.Literal(tenant_id)))
    else:
        await connection.execute(QUERIES["set_tenant"], {"tenant_id": tenant_id})


async def name_tenant_in_cluster(connection: Connection, tenant_id: str) -> None:
    """The same where the next statement names the tenant by itself, which does not reach the nodes of a cluster."""
    if connection in _CLUSTERED:
        await name_tenant(connection, tenant_id)


async def _has_citus(connection: Connection) -> bool:
    cursor = await connection.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")
    row = await cursor.fetchone()
    return bool(row and row[0])


async def _configure(connection: Connection) -> None:
    connection.prepare_threshold = 2  # a statement is prepared on its third use
    connection.adapters.register_dumper(Halfvec, HalfvecDumper)
    connection.adapters.register_dumper(Uuids, UuidsDumper)
    connection.adapters.register_loader("jsonb", JsonbLoader)
    # Whoever holds a user's lock and hangs must not park everybody else for ever.
    await connection.execute("SET lock_timeout = '30s'")
    await connection.execute("SET idle_in_transaction_session_timeout = '60s'")


async def check_role_and_schema(connection: Connection) -> None:
    """Refuses a role that could see other tenants, and a schema that this program does not know."""
    cursor = await connection.execute(
        "SELECT current_user, bool_or(rolsuper), bool_or(rolbypassrls) FROM pg_roles"
        " WHERE (rolsuper OR rolbypassrls) AND pg_has_role(current_user, oid, 'MEMBER')"
    )
    row = await cursor.fetchone()
    name, superuser, bypasses = row or ("?", True, True)
    if superuser or bypasses:
        could = "is or may act as a superuser" if superuser else "has BYPASSRLS"
        raise UnsafeRole(
            f"role {name!r} {could} and would see every tenant; set RECOLLECT_ADMIN_URL to it and "
            "RECOLLECT_DATABASE_URL to a new plain role, then run `recollect db migrate`"
        )
    cursor = await connection.execute(
        "SELECT to_regclass('recollect.alembic_version') IS NOT NULL,"
        " coalesce((SELECT bool_or(pg_has_role(current_user, c.relowner, 'MEMBER')) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'recollect'), false)"
    )
    row = await cursor.fetchone()
    present, owner = row if row else (False, False)
    if owner:
        raise UnsafeRole(
            f"role {name!r} owns Recollect's tables and could switch off their row-level security; connect as another"
        )
    if not present:
        raise SchemaMismatch(
            "the database has no Recollect schema; set RECOLLECT_ADMIN_URL and run `recollect db migrate`"
        )
    cursor = await connection.execute("SELECT version_num FROM recollect.alembic_version")
    row = await cursor.fetchone()
    if row is None or row[0] != REVISION:
        raise SchemaMismatch(
            f"the schema is at revision {row[0] if row else 'none'}, this program needs {REVISION}; "
            "run `recollect db migrate`"
        )
    await _check_tables(connection, name)


async def _check_tables(connection: Connection, name: str) -> None:
    """Refuses a role that could change the log or empty a table, and tables whose row-level security is off."""
    cursor = await connection.execute(
        "SELECT bool_or(has_table_privilege(c.oid, 'TRUNCATE') OR (c.relname = 'event' AND"
        " (has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')))),"
        " string_agg(c.relname::text, ', ' ORDER BY c.relname)"
        " FILTER (WHERE NOT c.relrowsecurity AND c.relname <> 'alembic_version')"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'recollect' AND c.relkind IN ('r', 'p')"
    )
    changes_log, open_tables = await cursor.fetchone() or (True, None)
    if changes_log:
        raise UnsafeRole(
            f"role {name!r} may change or empty Recollect's log; revoke UPDATE and DELETE on recollect.event, TRUNCATE "
            "on all of its tables and membership in pg_write_all_data, or connect as a new plain role"
        )
    if open_tables:
        raise UnsafeRole(
            f"row-level security is off on {open_tables}, so that role {name!r} would see every tenant; as the owner, "
            "ALTER TABLE ... ENABLE and FORCE ROW LEVEL SECURITY"
        )


async def _rows_of(cursor: AsyncCursor[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """All rows of an answer; reading many of them gives way to others."""
    if cursor.rowcount <= ROWS_AT_ONCE:
        return await cursor.fetchall()
    rows, slices = list[tuple[Any, ...]](), Slices()
    while piece := await cursor.fetchmany(ROWS_AT_ONCE):
        rows += piece
        await slices.pause()
    return rows
