"""The schema as the database itself tells it: sums, keys, walls."""

import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine, pool

from recollect.adapters.postgres import migrate
from recollect.adapters.postgres.embedded import EmbeddedPostgres, binaries
from recollect.adapters.postgres.tables import SCHEMA, Base


@pytest.fixture
def database(server: EmbeddedPostgres) -> Iterator[str]:
    """A fresh database's connection string, as the server's superuser."""
    name = f"schema_{uuid4().hex[:12]}"
    migrate.create_database(server.admin_conninfo, name)
    yield make_conninfo(server.admin_conninfo, dbname=name)
    with psycopg.connect(server.admin_conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def migrated(database: str) -> str:
    migrate.prepare(database, migrate.ApplicationRole("recollect_app"))
    return database


def dumped(conninfo: str) -> list[str]:
    """The tables, constraints and indexes as pg_dump writes them, in a stable order."""
    text = subprocess.run(
        [binaries() / "pg_dump", "--schema-only", "--no-policies", "--no-owner", "--no-privileges",
         "--exclude-table", f"{SCHEMA}.alembic_version", "--schema", SCHEMA, "--dbname", conninfo],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    kept = (line for line in text.splitlines() if not line.startswith(("--", "SET ", "SELECT ", "\\", "CREATE SCHEMA")))
    statements = "\n".join(line for line in kept if line).split(";\n")
    return sorted(s for s in statements if "ROW LEVEL SECURITY" not in s)


def test_a_fresh_schema_equals_the_sum_of_the_migrations(database: str):
    migrate.prepare(database, migrate.ApplicationRole("recollect_app"))
    by_migration = dumped(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(database), poolclass=pool.NullPool)
    Base.metadata.create_all(engine)
    assert dumped(database) == by_migration


def test_down_and_up_again(migrated: str):
    before = dumped(migrated)
    assert migrate.table_counts(migrated) == {
        "embedding_model": 0, "event": 0, "log_head": 0, "memory": 0, "embedding": 0
    }  # fmt: skip
    migrate.downgrade(migrated, "base")
    assert migrate.table_counts(migrated) == {}
    migrate.prepare(migrated, migrate.ApplicationRole("recollect_app"))
    assert dumped(migrated) == before


def test_every_key_starts_with_the_tenant(migrated: str):
    with psycopg.connect(migrated) as connection:
        indexes = connection.execute(
            "SELECT i.indexrelid::regclass::text, a.attname FROM pg_index i"
            " JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"
            " WHERE n.nspname = %s AND (i.indisunique OR i.indisprimary) AND t.relname <> 'alembic_version'",
            (SCHEMA,),
        ).fetchall()
        foreign = connection.execute(
            "SELECT c.conname, a.attname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE n.nspname = %s AND c.contype = 'f'",
            (SCHEMA,),
        ).fetchall()
    assert len(indexes) == 6
    assert len(foreign) == 2
    assert {first for _, first in [*indexes, *foreign]} == {"tenant_id"}


def test_no_triggers_no_sequences_and_walls_on_every_table(migrated: str):
    with psycopg.connect(migrated) as connection:
        triggers = connection.execute(
            "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND NOT t.tgisinternal",
            (SCHEMA,),
        ).fetchone()
        sequences = connection.execute("SELECT count(*) FROM pg_sequences WHERE schemaname = %s", (SCHEMA,)).fetchone()
        walls = connection.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,"
            " (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
            (SCHEMA,),
        ).fetchall()
    assert triggers == (0,)
    assert sequences == (0,)
    tables = {table.name for table in Base.metadata.sorted_tables}
    assert {name for name, forced, policies in walls if forced and policies == 1} == tables


def test_two_processes_may_migrate_at_once(database: str):
    program = (
        "import sys; from recollect.adapters.postgres.migrate import ApplicationRole, prepare;"
        "prepare(sys.argv[1], ApplicationRole('recollect_app'))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, database], stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
