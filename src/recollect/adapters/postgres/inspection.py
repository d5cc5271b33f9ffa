"""What ``recollect doctor`` asks a database: may the role see too much, and does an index serve every hot statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from recollect.adapters.postgres.faults import translated
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.tables import SCHEMA, Base
from recollect.domain.ids import new_id

HOT = (
    "log_head",
    "wanted",
    "citing",
    "leaned_on",
    "hanging_ids",
    "stale_because_of",
    "ties_of_derivation",
    "active_model",
    "stream_key",
    "conversation_now",
    "turns_told",
    "idempotency_key",
    "vectors_of",
    "fetch",
    "owner_of",
    "facts",
    "memories_changed_since",
    "all_memories_for_ranking",
    "all_vectors",
    "known_names",
    "events",
    "events_of_memory",
    "hot_state",
    "hot_always",
    "search_head",
    "search_rows_behind",
    "search_rows_for_ranking",
    "search_turns_around",
    "graph_together",
    "graph_stated",
    "keys_last_used",
)
"""The statements that a turn, a write, a search, a history or a list of keys runs; each reads few rows."""

_INDEXES = """
SELECT class.relname FROM pg_index AS index JOIN pg_class AS class ON class.oid = index.indexrelid
JOIN pg_namespace AS space ON space.oid = class.relnamespace WHERE space.nspname = %s AND index.indisvalid
"""
_PROTECTED = """
SELECT class.relname FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
WHERE space.nspname = %s AND class.relrowsecurity AND class.relforcerowsecurity
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found.

    Attributes:
        role: the application's role. sees_all: why it could see other tenants, or "".
        visible_rows: rows it sees without having named a tenant; must be 0.
        scanned: by hot statement, the tables that no index could serve.
        missing: indexes that the database lacks or that are not valid, with the statement that makes each.
        unprotected: tables on which row-level security is not on, or not for their owner.
        clock_ahead_s: seconds by which the database's clock is ahead of this process'; below 0: behind.
    """

    role: str
    sees_all: str
    visible_rows: int
    scanned: dict[str, tuple[str, ...]]
    missing: dict[str, str]
    unprotected: tuple[str, ...]
    clock_ahead_s: float


def inspect(conninfo: str) -> Inspection:
    """Looks at the database as the application's role does.

    Raises:
        StoreError: it cannot be asked.
    """
    with translated(), psycopg.connect(conninfo, cursor_factory=psycopg.ClientCursor) as connection:
        row = connection.execute(
            "SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        name, superuser, bypasses = row if row else ("?", True, True)
        return Inspection(
            role=name,
            sees_all="is a superuser" if superuser else "has BYPASSRLS" if bypasses else "",
            visible_rows=sum(_rows(connection, table.name) for table in Base.metadata.sorted_tables),
            scanned=_scanned(connection),
            missing=_missing_indexes(connection),
            unprotected=_unprotected(connection),
            clock_ahead_s=_clock_ahead(connection),
        )


def forget_tenant(owner_conninfo: str, tenant_id: str) -> None:
    """Deletes every row of a throw-away tenant, its log included, as the tables' owner.

    Raises:
        StoreError: the server refused.
    """
    with translated(), psycopg.connect(owner_conninfo) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant_id,))
        for table in reversed(Base.metadata.sorted_tables):
            statement = sql.SQL("DELETE FROM {} WHERE tenant_id = %s").format(sql.Identifier(SCHEMA, table.name))
            connection.execute(statement, (tenant_id,))


def tenants(owner_conninfo: str) -> tuple[str, ...]:
    """Every tenant that has an embedding model, which the first call of a tenant gives it; only the owner sees them.

    Raises:
        StoreError: the server refused.
    """
    with translated(), psycopg.connect(owner_conninfo) as connection:
        rows = connection.execute("SELECT DISTINCT tenant_id FROM recollect.embedding_model ORDER BY tenant_id")
        return tuple(str(name) for (name,) in rows.fetchall())


def _missing_indexes(connection: psycopg.Connection) -> dict[str, str]:
    there = {str(name) for (name,) in connection.execute(_INDEXES, (SCHEMA,)).fetchall()}
    lacking = [index for table in Base.metadata.sorted_tables for index in table.indexes if index.name not in there]
    return {
        str(index.name): " ".join(str(CreateIndex(index).compile(dialect=postgresql.dialect())).split())
        for index in lacking
    }


def _unprotected(connection: psycopg.Connection) -> tuple[str, ...]:
    rows = connection.execute(_PROTECTED, (SCHEMA,)).fetchall()
    tables = {table.name for table in Base.metadata.sorted_tables}
    return tuple(sorted(tables - {str(name) for (name,) in rows}))


def _clock_ahead(connection: psycopg.Connection) -> float:
    before = datetime.now(UTC)
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    after = datetime.now(UTC)
    assert row is not None  # noqa: S101 - it always answers
    return float((row[0] - (before + (after - before) / 2)).total_seconds())


def _rows(connection: psycopg.Connection, table: str) -> int:
    query = sql.SQL("SELECT count(*) FROM (SELECT FROM {} LIMIT 1000) AS rows").format(sql.Identifier(SCHEMA, table))
    row = connection.execute(query).fetchone()
    return row[0] if row else 0


def _scanned(connection: psycopg.Connection) -> dict[str, tuple[str, ...]]:
    # On a small table a sequential scan is the cheapest plan; with those discouraged, one that is left means that no
    # index fits the statement.
    connection.execute("SET LOCAL enable_seqscan = off")
    connection.execute("SELECT set_config('app.tenant_id', 'nobody', true)")
    parameters = {
        "tenant_id": "nobody",
        "user_id": "nobody",
        "agent_id": "",
        "ids": [new_id()],
        "key_ids": [new_id()],
        "hashes": ["none"],
        "keys": ["none"],
        "names": ["none"],
        "known": ["none"],
        "citing": ["none"],
        "deleted_too": False,
        "conversation_id": "none",
        "said_at": [datetime.now(UTC)],
        "key": "none",
        "kept_since": datetime.now(UTC),
        "until_seq": None,
        "types": None,
        "since": None,
        "until": None,
        "memory_id": new_id(),
        "model_id": "none",
        "seq": 0,
        "after_seq": 0,
        "limit": 10,
        "at": None,
        "now": datetime.now(UTC),
        "unless": None,
        "most_always": 200,
        "most_goals": 50,
        "most_recent": 50,
        "turns": 2,
    }
    found: dict[str, tuple[str, ...]] = {}
    for name in HOT:
        row = connection.execute(sql.SQL("EXPLAIN (FORMAT JSON) ") + QUERIES[name], parameters).fetchone()
        assert row is not None  # noqa: S101 - EXPLAIN answers with one row
        plan = cast(dict[str, Any], row[0][0]["Plan"])
        tables = {str(node["Relation Name"]) for node in _nodes(plan) if node["Node Type"] == "Seq Scan"}
        if tables:
            found[name] = tuple(sorted(tables))
    return found


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in cast(list[dict[str, Any]], plan.get("Plans", [])):
        yield from _nodes(child)
