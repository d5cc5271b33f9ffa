"""The operator: what the tables' owner does for all tenants: audit, replay, mending, and a new master key."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection

from recollect.adapters.postgres.audit import STREAMS_AT_ONCE, all_tenants, audit_stream, streams_after
from recollect.adapters.postgres.faults import translated
from recollect.adapters.postgres.halfvec import Halfvec, HalfvecDumper
from recollect.adapters.postgres.mending import mend
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.replay import compared, scratch_schema, without_log
from recollect.adapters.postgres.sealing import Keyring, context_of
from recollect.adapters.postgres.session import Connection
from recollect.domain.audit import LogAudit, StreamAudit
from recollect.domain.replayed import ReplayReport, StreamReplay
from recollect.domain.scope import Scope
from recollect.errors import ModelMissing, NotFound
from recollect.ports.embedder import Embedder
from recollect.ports.key_vault import KeyVault

KEYS_AT_ONCE = 500

_ACTIVE = "SELECT embedder FROM recollect.embedding_model WHERE tenant_id = %s AND active"
_OTHER_KEYS = """
SELECT tenant_id, user_id, wrapped, master_id FROM recollect.user_key WHERE master_id <> %(master_id)s
ORDER BY tenant_id, user_id LIMIT %(limit)s FOR UPDATE
"""
_REWRAP = """
UPDATE recollect.user_key SET wrapped = %(wrapped)s, master_id = %(master_id)s
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
"""

Progress = Callable[[int], None]


class Operator:
    """Works over the owner's connection.

    Args:
        conninfo: the owner's. keyring: the keys that the log is sealed with.
        make_embedder: the embedder of a name, for vectors that are to be made anew.
    """

    def __init__(self, conninfo: str, keyring: Keyring, make_embedder: Callable[[str], Embedder]) -> None:
        self._conninfo = conninfo
        self._keyring = keyring
        self._make_embedder = make_embedder

    async def audit(self, tenant_id: str | None, user_id: str | None, progress: Progress) -> LogAudit:
        """Walks the hash chains of a user, of a tenant (``user_id`` None), or of all tenants (both None)."""
        started = time.perf_counter()
        reports: list[StreamAudit] = []
        streams = events = 0
        async with self._connected() as connection:
            async for scope in self._scopes(connection, tenant_id, user_id, also_without_log=False):
                report = await audit_stream(connection, scope)
                streams, events = streams + 1, events + report.events
                progress(report.events)
                if report.first_break is not None or user_id is not None:
                    reports.append(report)
        seconds = time.perf_counter() - started
        return LogAudit(streams=streams, events=events, seconds=seconds, reports=tuple(reports))

    async def verify(
        self, tenant_id: str | None, user_id: str | None, progress: Progress, *, vectors: bool = False
    ) -> ReplayReport:
        """Rebuilds the tables from the log in a scratch schema and compares them, a stream at a time.

        Args:
            tenant_id: whose; None for all tenants.
            user_id: a single stream; None for all of them.
            progress: told how many lines were read, again and again.
            vectors: whether every vector is made anew and compared, too.
        """
        started = time.perf_counter()
        report = ReplayReport()
        embedders: dict[str, Embedder | None] = {}
        async with self._connected() as connection, scratch_schema(connection) as scratch:
            async for scope in self._scopes(connection, tenant_id, user_id, also_without_log=True):
                if vectors and scope.tenant_id not in embedders:
                    embedders[scope.tenant_id] = await self._embedder(connection, scope.tenant_id)
                embedder = embedders.get(scope.tenant_id)
                found = await compared(connection, self._keyring, scope, scratch, progress=progress, embedder=embedder)
                report.add(found)
        for embedder in embedders.values():
            if embedder is not None:
                await embedder.close()
        report.seconds = time.perf_counter() - started
        return report

    async def rebuild(self, tenant_id: str, user_id: str, *, vectors: bool = False) -> StreamReplay:
        """Leads one stream's tables back to what its log says; returns what deviated.

        Raises:
            NotFound: there is no such log. StoreError: the log is damaged; nothing was changed.
        """
        scope = Scope(tenant_id=tenant_id, user_id=user_id)
        async with self._connected() as connection, scratch_schema(connection) as scratch:
            owner = {"tenant_id": tenant_id, "user_id": user_id}
            if await (await connection.execute(QUERIES["log_head"], owner)).fetchone() is None:
                raise NotFound(f"tenant {tenant_id!r} has no log of {user_id!r}")
            embedder = await self._embedder(connection, tenant_id)
            if embedder is None:
                raise ModelMissing(
                    f"tenant {tenant_id!r} has no active embedding model; rebuild 'recollect:tenant' first"
                )
            try:
                return await mend(connection, self._keyring, scope, scratch, embedder=embedder, all_vectors=vectors)
            finally:
                await embedder.close()

    async def rotate(self, new: KeyVault) -> int:
        """Wraps every stream's key with a new master key; returns how many. Killed, it goes on where it was.

        Raises:
            KeyUnavailable: a key is wrapped with a master key that this process does not have.
        """
        done = 0
        async with self._connected() as connection:
            while True:
                async with connection.transaction():
                    parameters = {"master_id": new.master_id, "limit": KEYS_AT_ONCE}
                    rows = await (await connection.execute(_OTHER_KEYS, parameters)).fetchall()
                    if not rows:
                        return done
                    changed = [await self._rewrapped(new, *row) for row in rows]
                    async with connection.cursor() as cursor:
                        await cursor.executemany(_REWRAP, changed)
                done += len(rows)

    async def _rewrapped(
        self, new: KeyVault, tenant_id: str, user_id: str, wrapped: bytes, master_id: str
    ) -> dict[str, Any]:
        context = context_of(tenant_id, user_id)
        key = await self._keyring.vault.unwrap(bytes(wrapped), master_id, context)
        return {
            "tenant_id": tenant_id,
            "user_id": user_id,
            "wrapped": await new.wrap(key, context),
            "master_id": new.master_id,
        }

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[Connection]:
        with translated():
            async with await AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                connection.adapters.register_dumper(Halfvec, HalfvecDumper)
                yield connection

    async def _scopes(
        self, connection: Connection, tenant_id: str | None, user_id: str | None, *, also_without_log: bool
    ) -> AsyncIterator[Scope]:
        if tenant_id is not None and user_id is not None:
            yield Scope(tenant_id=tenant_id, user_id=user_id)
            return
        for tenant in [tenant_id] if tenant_id is not None else await all_tenants(connection):
            strangers = await without_log(connection, tenant) if also_without_log else set[str]()
            async for name in _streams(connection, tenant):
                strangers.discard(name)
                yield Scope(tenant_id=tenant, user_id=name)
            for name in sorted(strangers):
                yield Scope(tenant_id=tenant, user_id=name)

    async def _embedder(self, connection: Connection, tenant_id: str) -> Embedder | None:
        row = await (await connection.execute(_ACTIVE, (tenant_id,))).fetchone()
        return self._make_embedder(row[0]) if row is not None else None


async def _streams(connection: Connection, tenant_id: str) -> AsyncIterator[str]:
    after = ""
    while True:
        names: Sequence[str] = await streams_after(connection, tenant_id, after)
        for name in names:
            yield name
        if len(names) < STREAMS_AT_ONCE:
            return
        after = names[-1]
