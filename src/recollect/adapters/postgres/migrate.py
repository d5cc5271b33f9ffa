"""Prepares a database for Recollect: extension, schema, migrations, and the application role with its privileges.

Runs as the database's owner, never as the application role. An advisory lock makes several processes that start at once
take turns.
"""

from dataclasses import dataclass
from importlib import resources
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine, pool
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from recollect.adapters.postgres.faults import translate, translated
from recollect.adapters.postgres.tables import SCHEMA, Base
from recollect.errors import SchemaMismatch, StoreError, ValidationError

MINIMUM_POSTGRES = 15
MINIMUM_PGVECTOR = (0, 8)
MIGRATION_LOCK = 0x5265636F6C6C6563  # "Recollec": any constant that nobody else uses in this database
APPEND_ONLY = frozenset({"event"})


@dataclass(frozen=True, slots=True)
class ApplicationRole:
    """The plain role that the application connects as; created when it is missing, with the password if any."""

    name: str
    password: str | None = None


def prepare(owner_conninfo: str, role: ApplicationRole, *, revision: str = "head") -> None:
    """Brings the database to ``revision`` and gives ``role`` what it needs, and no more. Safe to call again.

    Raises:
        SchemaMismatch: Postgres or pgvector is too old, or the schema is newer than this program.
        StoreError: the server refused.
    """
    with translated(), psycopg.connect(owner_conninfo, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        _check_versions(connection)
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        _run_alembic(owner_conninfo, revision)
        _create_role(connection, role)
        _grant(connection, role)


def create_database(server_conninfo: str, name: str) -> None:
    """Creates the database ``name`` unless it is there."""
    with translated(), psycopg.connect(server_conninfo, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def downgrade(owner_conninfo: str, revision: str) -> None:
    """Takes migrations back to ``revision``; ``base`` drops every table. The caller has asked the user first."""
    with translated(), psycopg.connect(owner_conninfo, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        with _engine(owner_conninfo).connect() as engine_connection:
            command.downgrade(_config(engine_connection), revision)


def table_counts(owner_conninfo: str) -> dict[str, int]:
    """Rows by table, as the owner sees them: what a downgrade would drop."""
    with translated(), psycopg.connect(owner_conninfo) as connection:
        counts: dict[str, int] = {}
        for table in Base.metadata.sorted_tables:
            exists = connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.{table.name}",)).fetchone()
            if exists and exists[0]:
                query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(SCHEMA, table.name))
                row = connection.execute(query).fetchone()
                counts[table.name] = row[0] if row else 0
        return counts


def _check_versions(connection: psycopg.Connection) -> None:
    major = connection.info.server_version // 10000
    if major < MINIMUM_POSTGRES:
        raise SchemaMismatch(f"the server is Postgres {major}; Recollect needs {MINIMUM_POSTGRES} or newer")
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.Error as error:
        raise StoreError(
            f"the extension pgvector could not be created ({error.diag.message_primary}); install pgvector 0.8 or "
            "newer on the server and run CREATE EXTENSION vector as a superuser"
        ) from error
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    version = tuple(int(part) for part in row[0].split(".")[:2]) if row else (0, 0)
    if version < MINIMUM_PGVECTOR:
        raise SchemaMismatch(
            f"pgvector is {row[0] if row else 'missing'}; Recollect needs 0.8 or newer: ALTER EXTENSION vector UPDATE"
        )


def _engine(conninfo: str):
    return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=pool.NullPool)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("recollect.adapters.postgres") / "migrations"))
    config.attributes["connection"] = connection
    return config


def _run_alembic(conninfo: str, revision: str) -> None:
    with _engine(conninfo).connect() as connection:
        try:
            command.upgrade(_config(connection), revision)
        except CommandError as error:
            raise SchemaMismatch(f"the schema cannot be brought to {revision!r}: {error}") from error
        except DBAPIError as error:
            raise _refusal(error) from error
        connection.commit()


def _refusal(error: DBAPIError) -> Exception:
    """What a migration ran into, as Recollect's own error: a migration's own words (RAISE), or the server's."""
    cause = error.orig
    if isinstance(cause, psycopg.errors.RaiseException):
        return SchemaMismatch(cause.diag.message_primary or str(cause))
    return translate(cause) if isinstance(cause, psycopg.Error) else StoreError(str(error))


def _create_role(connection: psycopg.Connection, role: ApplicationRole) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role.name,)).fetchone()
    if found:
        return
    statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
        sql.Identifier(role.name)
    )
    if role.password is not None:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(role.password))
    try:
        connection.execute(statement)
    except psycopg.errors.DuplicateObject:  # another database of the same cluster made it just now
        return


def _grant(connection: psycopg.Connection, role: ApplicationRole) -> None:
    name, schema = sql.Identifier(role.name), sql.Identifier(SCHEMA)
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, name))
    connection.execute(sql.SQL("GRANT SELECT ON {}.alembic_version TO {}").format(schema, name))
    for table in Base.metadata.sorted_tables:  # one table a GRANT, as Citus demands
        rights = sql.SQL("SELECT, INSERT" if table.name in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE")
        connection.execute(sql.SQL("GRANT {} ON {}.{} TO {}").format(rights, schema, sql.Identifier(table.name), name))


def conninfo_parts(conninfo: str) -> dict[str, Any]:
    """The parts of a connection string.

    Raises:
        ValidationError: it is none; the message does not repeat it, for it may hold a password.
    """
    try:
        return conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        raise ValidationError(
            "database_url",
            "is not a connection string such as postgresql://user:password@host/database",
        ) from None


def application_role(conninfo: str) -> ApplicationRole:
    """The role that a connection string of the application names.

    Raises:
        StoreError: it names no user.
    """
    parts = conninfo_parts(conninfo)
    user = parts.get("user")
    if not user:
        raise StoreError(
            "RECOLLECT_DATABASE_URL names no user; write postgresql://recollect_app:password@host/database"
        )
    password = parts.get("password")
    return ApplicationRole(str(user), str(password) if password is not None else None)
