"""What the application role cannot do: see other tenants, change the log, start as someone who could."""

from collections.abc import Iterator
from contextlib import suppress
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

import recollect
from recollect.adapters.keys.local import new_master_key
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.tables import Base
from recollect.errors import NotFound, SchemaMismatch, StoreError, StoreUnavailable, UnsafeRole

KEY = new_master_key()


@pytest.fixture
def application(server: EmbeddedPostgres, memory: recollect.Memory) -> Iterator[psycopg.Connection]:
    """A bare connection as the application role, with one memory of some tenant in the database."""
    memory.add("the secret of tenant one", user_id="ana")
    with psycopg.connect(server.conninfo(user="recollect_app", dbname="recollect")) as connection:
        yield connection


@pytest.mark.parametrize("table", ["memory", "event", "embedding", "log_head", "embedding_model"])
def test_without_a_tenant_every_table_is_empty(application: psycopg.Connection, table: str):
    query = sql.SQL("SELECT count(*) FROM recollect.{}").format(sql.Identifier(table))
    assert application.execute(query).fetchone() == (0,)
    application.execute("SELECT set_config('app.tenant_id', 'another tenant', true)")
    assert application.execute(query).fetchone() == (0,)


@pytest.mark.parametrize("tenant", ["", "another tenant", "%"])
def test_another_tenants_rows_are_neither_seen_nor_changed(application: psycopg.Connection, tenant: str):
    named = application.execute(
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = 'recollect' AND column_name = 'tenant_id'"
    ).fetchall()
    assert len(named) == sum("tenant_id" in table.columns for table in Base.metadata.tables.values()) >= 36
    for (name,) in named:
        table = sql.Identifier("recollect", name)
        for statement in ("SELECT FROM {}", "UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}"):
            with suppress(psycopg.errors.InsufficientPrivilege), application.transaction():
                application.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant,))
                assert application.execute(sql.SQL(statement).format(table)).rowcount == 0, (name, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE recollect.event SET actor = 'x'",
        "DELETE FROM recollect.event",
        "TRUNCATE recollect.event",
        "ALTER TABLE recollect.memory DISABLE ROW LEVEL SECURITY",
        "DROP TABLE recollect.memory",
        "CREATE TABLE recollect.mine (a int)",
    ],
)
def test_the_log_is_append_only_and_the_schema_out_of_reach(application: psycopg.Connection, statement: str):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.WrongObjectType)):
        application.execute(statement.encode())


def test_a_row_for_another_tenant_cannot_be_written(application: psycopg.Connection):
    application.execute("SELECT set_config('app.tenant_id', 'mine', true)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        application.execute("INSERT INTO recollect.log_head VALUES ('theirs', 'u', 1, '')")


def test_two_tenants_share_nothing(home: str):
    one, two = (recollect.Memory(home=home, tenant_id=f"tenant {uuid4()}") for _ in range(2))
    with one, two:
        receipt = one.add("Ana's bank is the Crédit Lyonnais", user_id="ana")
        assert receipt.id is not None
        assert len(two.search("which bank?", user_id="ana")) == 0
        assert len(two.list(user_id="ana")) == 0
        assert two.context("which bank?", user_id="ana").render() == ""
        for call in (two.get, two.history, two.delete):
            with pytest.raises(NotFound):
                call(receipt.id, user_id="ana")
        with pytest.raises(NotFound):
            two.update(receipt.id, user_id="ana", text="changed")
        assert one.get(receipt.id, user_id="ana").text == "Ana's bank is the Crédit Lyonnais"


def test_users_of_one_tenant_share_nothing(memory: recollect.Memory):
    receipt = memory.add("Ana's bank is the Crédit Lyonnais", user_id="ana")
    assert receipt.id is not None
    assert len(memory.search("which bank?", user_id="ben")) == 0
    for call in (memory.get, memory.history, memory.delete):
        with pytest.raises(NotFound):
            call(receipt.id, user_id="ben")


def test_start_up_refuses_a_role_that_could_see_through(server: EmbeddedPostgres, home: str):
    superuser = make_conninfo(server.admin_conninfo, dbname="recollect")
    with pytest.raises(
        UnsafeRole, match=r"is or may act as a superuser and would see every tenant.*recollect db migrate"
    ):
        recollect.Memory(home=home, master_key=KEY, database_url=superuser)
    role = f"r{uuid4().hex[:8]}"
    name = sql.Identifier(role)
    with psycopg.connect(superuser, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS").format(name))
        try:
            with pytest.raises(UnsafeRole, match="has BYPASSRLS"):
                recollect.Memory(home=home, master_key=KEY, database_url=server.conninfo(user=role, dbname="recollect"))
            owner.execute(sql.SQL("ALTER ROLE {} NOBYPASSRLS").format(name))
            owner.execute(sql.SQL("GRANT postgres TO {}").format(name))
            with pytest.raises(UnsafeRole, match="may act as a superuser"):
                recollect.Memory(home=home, master_key=KEY, database_url=server.conninfo(user=role, dbname="recollect"))
            owner.execute(sql.SQL("REVOKE postgres FROM {}").format(name))
            with pytest.raises(StoreError, match="permission denied"):
                recollect.Memory(home=home, master_key=KEY, database_url=server.conninfo(user=role, dbname="recollect"))
            owner.execute(sql.SQL("GRANT USAGE ON SCHEMA recollect TO {}").format(name))
            owner.execute(sql.SQL("ALTER TABLE recollect.log_head OWNER TO {}").format(name))
            with pytest.raises(UnsafeRole, match="owns Recollect's tables"):
                recollect.Memory(home=home, master_key=KEY, database_url=server.conninfo(user=role, dbname="recollect"))
        finally:
            owner.execute("ALTER TABLE recollect.log_head OWNER TO postgres")
            owner.execute(sql.SQL("DROP OWNED BY {}").format(name))
            owner.execute(sql.SQL("DROP ROLE {}").format(name))


@pytest.mark.parametrize(
    ("do", "undo", "message"),
    [
        ("GRANT pg_write_all_data TO {}", "REVOKE pg_write_all_data FROM {}", "may change or empty Recollect's log"),
        ("GRANT TRUNCATE ON recollect.memory TO {}", "SELECT", "may change or empty Recollect's log"),
        (
            "ALTER TABLE recollect.memory DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE recollect.memory ENABLE ROW LEVEL SECURITY",
            "row-level security is off on memory",
        ),
    ],
)
def test_start_up_refuses_what_takes_the_walls_down(
    server: EmbeddedPostgres, home: str, do: LiteralString, undo: LiteralString, message: str
):
    name = sql.Identifier(role := f"r{uuid4().hex[:8]}")
    with psycopg.connect(make_conninfo(server.admin_conninfo, dbname="recollect"), autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE recollect_app").format(name))
        try:
            url = server.conninfo(user=role, dbname="recollect")
            tenant = f"walls {uuid4()}"
            recollect.Memory(home=home, master_key=KEY, database_url=url, tenant_id=tenant).close()
            owner.execute(sql.SQL(do).format(name))
            with pytest.raises(UnsafeRole, match=message):
                recollect.Memory(home=home, master_key=KEY, database_url=url, tenant_id=tenant)
        finally:
            owner.execute(sql.SQL(undo).format(name))
            owner.execute(sql.SQL("DROP OWNED BY {}").format(name))
            owner.execute(sql.SQL("DROP ROLE {}").format(name))


def test_a_database_without_our_schema_and_no_database_at_all(server: EmbeddedPostgres, home: str):
    with pytest.raises(SchemaMismatch, match="has no Recollect schema"):
        recollect.Memory(
            home=home, master_key=KEY, database_url=server.conninfo(user="recollect_app", dbname="postgres")
        )
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        recollect.Memory(home=home, master_key=KEY, database_url="postgresql://u:p@127.0.0.1:1/none", timeout_s=2)
