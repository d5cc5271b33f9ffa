"""The schema as the database itself tells it: sums, keys, walls."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine, pool

from recollect.adapters.postgres import migrate
from recollect.adapters.postgres.embedded import EmbeddedPostgres, binaries
from recollect.adapters.postgres.tables import SCHEMA, Base
from recollect.errors import SchemaMismatch

ROLE = migrate.ApplicationRole("recollect_app")
TABLES = [table.name for table in Base.metadata.sorted_tables]
REVISIONS = sorted(
    entry.name[:4]
    for entry in (resources.files("recollect.adapters.postgres") / "migrations/versions").iterdir()
    if entry.name.endswith(".py")
)


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
    migrate.prepare(database, ROLE)
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
    migrate.prepare(database, ROLE)
    by_migration = dumped(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(database), poolclass=pool.NullPool)
    Base.metadata.create_all(engine)
    assert dumped(database) == by_migration


def test_down_and_up_again(migrated: str):
    before = dumped(migrated)
    assert migrate.table_counts(migrated) == dict.fromkeys(TABLES, 0)
    migrate.downgrade(migrated, "base")
    assert migrate.table_counts(migrated) == {}
    migrate.prepare(migrated, ROLE)
    assert dumped(migrated) == before


def test_down_to_each_revision_gives_what_going_up_to_it_gave(database: str):
    dumps: dict[str, list[str]] = {}
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION vector")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
    for revision in REVISIONS:
        migrate._run_alembic(database, revision)  # pyright: ignore[reportPrivateUsage] - prepare() goes to the head
        dumps[revision] = dumped(database)
    assert len(REVISIONS) >= 2
    for revision in reversed(REVISIONS[:-1]):
        migrate.downgrade(database, revision)
        assert dumped(database) == dumps[revision], revision
        assert walls(database).keys() == migrate.table_counts(database).keys()
    migrate.prepare(database, ROLE)
    assert dumped(database) == dumps[REVISIONS[-1]]


def test_down_past_the_sealed_log_takes_its_rows_along_and_an_old_log_is_not_carried_up(migrated: str):
    with psycopg.connect(migrated) as connection:
        connection.execute("INSERT INTO recollect.log_head (tenant_id, user_id, seq, hash) VALUES ('t', 'u', 1, '')")
        connection.execute(
            "INSERT INTO recollect.entity VALUES ('t', 'u', 'Ana', 'person', '[]', NULL, 1, NULL, now(), now())"
        )
    migrate.downgrade(migrated, "0001")
    assert migrate.table_counts(migrated) == dict.fromkeys(
        ("embedding_model", "event", "log_head", "memory", "embedding"), 0
    )
    with psycopg.connect(migrated) as connection:
        connection.execute(
            "INSERT INTO recollect.event (tenant_id, user_id, seq, id, type, memory_id, payload, recorded_at, actor,"
            " previous_hash, hash) VALUES ('t', 'u', 1, gen_random_uuid(), 'memory_added', gen_random_uuid(), '{}',"
            " now(), 'user', '', '')"
        )
    with pytest.raises(SchemaMismatch, match=r"^the log was written before its payloads were sealed .*RECOLLECT_HOME"):
        migrate.prepare(migrated, ROLE)
    assert migrate.table_counts(migrated)["event"] == 1


def rows(conninfo: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(query.encode()).fetchall()


def walls(conninfo: str) -> dict[str, bool]:
    """By table, whether row-level security is forced on it."""
    return dict(
        rows(
            conninfo,
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'recollect'::regnamespace AND relname <> 'alembic_version'",
        )
    )


def test_every_key_starts_with_the_tenant(migrated: str):
    # LEFT JOIN: an index whose first part is an expression has no such column, and must not go unseen.
    indexes = rows(
        migrated,
        "SELECT i.indexrelid::regclass::text, i.indisprimary, i.indpred IS NOT NULL, a.attname FROM pg_index i"
        " JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
        " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"
        " WHERE n.nspname = 'recollect' AND i.indisunique AND t.relname <> 'alembic_version'",
    )
    foreign = rows(
        migrated,
        "SELECT c.conname, own.attname, other.attname, c.confdeltype FROM pg_constraint c"
        " JOIN pg_namespace n ON n.oid = c.connamespace"
        " JOIN pg_attribute own ON own.attrelid = c.conrelid AND own.attnum = c.conkey[1]"
        " JOIN pg_attribute other ON other.attrelid = c.confrelid AND other.attnum = c.confkey[1]"
        " WHERE n.nspname = 'recollect' AND c.contype = 'f'",
    )
    assert sum(primary for _, primary, _, _ in indexes) == len(TABLES)
    assert sum(partial for _, _, partial, _ in indexes) >= 2
    assert [index for index in indexes if index[3] != "tenant_id"] == []
    assert len(foreign) == sum(len(table.foreign_key_constraints) for table in Base.metadata.sorted_tables) >= 9
    assert [key for key in foreign if key[1:3] != ("tenant_id", "tenant_id")] == []
    assert {action for *_, action in foreign} <= {"a", "r", "c"}  # SET NULL would empty the tenant's column too


@pytest.mark.parametrize(
    "query",
    [
        "SELECT tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
        " WHERE c.relnamespace = 'recollect'::regnamespace AND NOT tgisinternal",
        "SELECT relname FROM pg_class WHERE relnamespace = 'recollect'::regnamespace AND relkind = 'S'",
        "SELECT attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
        " WHERE c.relnamespace = 'recollect'::regnamespace AND attidentity <> ''",
        "SELECT proname FROM pg_proc WHERE pronamespace = 'recollect'::regnamespace",
    ],
    ids=["triggers", "sequences", "identity columns", "functions"],
)
def test_there_are_no(migrated: str, query: str):
    assert rows(migrated, query) == []


def test_walls_on_every_table(migrated: str):
    assert walls(migrated) == dict.fromkeys(TABLES, True)
    policies = rows(
        migrated,
        "SELECT tablename, policyname, permissive, cmd, roles, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'recollect'",
    )
    assert sorted((table, name) for table, name, *_ in policies) == sorted(
        (table, name) for table in TABLES for name in ("operator", "tenant")
    )
    (owner,) = {row[0] for row in rows(migrated, "SELECT tableowner FROM pg_tables WHERE schemaname = 'recollect'")}
    own = "(tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text))"
    expected = {
        "tenant": ("PERMISSIVE", "ALL", ["public"], own, own),
        "operator": ("PERMISSIVE", "ALL", [owner], "true", "true"),
    }
    assert [policy for policy in policies if policy[2:] != expected[policy[1]]] == []


def test_the_application_role_has_no_right_that_it_does_not_need(migrated: str):
    granted = rows(
        migrated,
        "SELECT table_name, grantee, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
        " FROM information_schema.role_table_grants WHERE grantee <> (SELECT tableowner FROM pg_tables"
        " WHERE schemaname = 'recollect' LIMIT 1) AND table_schema = 'recollect' GROUP BY 1, 2",
    )
    expected = dict.fromkeys(TABLES, "DELETE INSERT SELECT UPDATE")
    assert {name: rights for name, _, rights in granted} == {
        **expected,
        "event": "INSERT SELECT",
        "alembic_version": "SELECT",
    }
    assert {grantee for _, grantee, _ in granted} == {ROLE.name}
    assert rows(migrated, "SELECT attname FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid > 16384") == []
    with psycopg.connect(make_conninfo(migrated, user=ROLE.name), autocommit=True) as connection:
        for statement in (
            "UPDATE recollect.event SET actor = ''",
            "DELETE FROM recollect.event",
            "TRUNCATE recollect.event",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_two_processes_may_migrate_at_once(database: str):
    program = (
        "import sys; from recollect.adapters.postgres.migrate import ApplicationRole, prepare;"
        "prepare(sys.argv[1], ApplicationRole('recollect_app'))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, database], stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
