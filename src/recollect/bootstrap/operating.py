"""Operating: what the command line needs beside the facade, to look after the database and the models."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from recollect.bootstrap.choosing import home_of, make_embedder_named, make_vault
from recollect.bootstrap.opening import APPLICATION_ROLE, DATABASE, migrate, migrate_embedded, without_password
from recollect.errors import StoreError
from recollect.settings import Settings

if TYPE_CHECKING:
    from recollect.adapters.postgres.cluster import Plan
    from recollect.adapters.postgres.embedded_inspection import RoomState
    from recollect.adapters.postgres.inspection import Inspection
    from recollect.adapters.postgres.operator import Operator


def location(settings: Settings) -> str:
    """Where the database is, without a password; nothing is started."""
    if settings.database_url is not None:
        return without_password(settings.database_url.get_secret_value())
    return str(home_of(settings))


def new_home(settings: Settings) -> Path | None:
    """Where the embedded database is about to be set up; None if there is one, or if it is outside."""
    if settings.database_url is not None:
        return None
    home = home_of(settings)
    return None if (home / "postgres" / "data").exists() else home


def knows_owner(settings: Settings) -> bool:
    """Whether the database's owner is known: always for the embedded one."""
    return settings.database_url is None or settings.admin_url is not None


@contextmanager
def _conninfos(settings: Settings) -> Generator[tuple[str, str | None]]:
    """Connection strings of the application role and of the owner; starts the embedded server for the block."""
    if settings.database_url is not None:
        owner = settings.admin_url.get_secret_value() if settings.admin_url else None
        yield settings.database_url.get_secret_value(), owner
        return
    from psycopg.conninfo import make_conninfo

    from recollect.adapters.postgres.embedded import EmbeddedPostgres

    server = EmbeddedPostgres.start(home_of(settings))
    try:
        application = server.conninfo(user=APPLICATION_ROLE, dbname=DATABASE)
        yield application, make_conninfo(server.admin_conninfo, dbname=DATABASE)
    finally:
        server.release()


@contextmanager
def _owner(settings: Settings) -> Generator[str]:
    with _conninfos(settings) as (_, owner):
        if owner is None:
            raise StoreError("this needs the database's owner; set RECOLLECT_ADMIN_URL")
        yield owner


@contextmanager
def operator(settings: Settings) -> Generator["Operator"]:
    """What the owner does for all tenants: audit, replay, mending, a new master key.

    Raises:
        StoreError: the owner is unknown, the server cannot be started, or there is no master key.
    """
    from recollect.adapters.postgres.operator import Operator
    from recollect.adapters.postgres.sealing import Keyring

    with _owner(settings) as owner:
        yield Operator(owner, Keyring(make_vault(settings)), lambda name: make_embedder_named(settings, name))


def own_key_file_of(settings: Settings) -> Path | None:
    """The key file that Recollect made by itself, or None if the settings name a key."""
    named = settings.master_key or settings.master_key_file or settings.database_url
    return None if named else home_of(settings) / "master.key"


def migrate_database(settings: Settings) -> None:
    """Brings the database, embedded or outside, to this program's schema.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    if settings.database_url is not None:
        migrate(settings)
        return
    from recollect.adapters.postgres.embedded import EmbeddedPostgres

    server = EmbeddedPostgres.start(home_of(settings))
    try:
        migrate_embedded(server.admin_conninfo)
    finally:
        server.release()


def table_counts(settings: Settings) -> dict[str, int]:
    """Rows by table, over all tenants.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    from recollect.adapters.postgres.migrate import table_counts as counted

    with _owner(settings) as owner:
        return counted(owner)


def downgrade_database(settings: Settings, revision: str) -> None:
    """Takes migrations back to ``revision``; the caller has asked the user first.

    Raises:
        StoreError: the owner is unknown, there is no such revision, or the server refused.
    """
    from alembic.util import CommandError

    from recollect.adapters.postgres.migrate import downgrade

    with _owner(settings) as owner:
        try:
            downgrade(owner, revision)
        except CommandError as error:
            raise StoreError(f"the schema cannot go back to {revision!r}: {error}") from error


def inspect_database(settings: Settings) -> "Inspection":
    """What the application's role may see, and whether an index serves every hot statement.

    Raises:
        StoreError: the database cannot be asked.
    """
    from recollect.adapters.postgres.inspection import inspect

    with _conninfos(settings) as (application, _):
        return inspect(application)


def inspect_server(settings: Settings) -> "RoomState":
    """How the embedded server stands, by its files; nothing is started.

    Raises:
        StoreError: a lock is held by something that does not go on, or a server does not answer.
    """
    from recollect.adapters.postgres.embedded_inspection import inspect_room

    return inspect_room(home_of(settings))


def forget_tenant(settings: Settings, tenant_id: str) -> None:
    """Deletes every row of a throw-away tenant, its log included.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    from recollect.adapters.postgres.inspection import forget_tenant as forget

    with _owner(settings) as owner:
        forget(owner, tenant_id)


def tenants_of(settings: Settings) -> tuple[str, ...]:
    """Every tenant of the database.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    from recollect.adapters.postgres.inspection import tenants

    with _owner(settings) as owner:
        return tenants(owner)


def index_model(settings: Settings, model_id: str, dimension: int, *, drop: bool = False) -> bool:
    """Builds the HNSW index of an embedding model, or drops it; returns whether there was anything to do.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    from recollect.adapters.postgres.hnsw import build_index, drop_index

    with _owner(settings) as owner:
        return (drop_index if drop else build_index)(owner, model_id, dimension)


def distribute_tables(settings: Settings, *, dry_run: bool) -> "Plan":
    """Spreads the tables over a Citus cluster, or only says what that takes.

    Raises:
        StoreError: the owner is unknown, the extension is missing, or the server refused.
    """
    from recollect.adapters.postgres.cluster import distribute

    with _owner(settings) as owner:
        return distribute(owner, dry_run=dry_run)


def embedded_binaries() -> Path:
    """The directory with the embedded server's programs.

    Raises:
        StoreError: they are not installed.
    """
    from recollect.adapters.postgres.embedded import binaries

    return binaries()


def stop_database(settings: Settings) -> None:
    """Stops the embedded server unless another process uses it; also one that a killed process left behind.

    Raises:
        StoreError: it could not be stopped.
    """
    from recollect.adapters.postgres.embedded import EmbeddedPostgres

    if home_of(settings).exists():
        EmbeddedPostgres.start(home_of(settings)).release()
