"""Opening: the store on the embedded server or on an outside one, brought to this program's schema."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio.to_thread

from recollect.bootstrap.choosing import home_of, hot_limits
from recollect.errors import (
    SchemaMismatch,
    StoreError,
    StoreUnavailable,
)
from recollect.ports.key_vault import KeyVault
from recollect.settings import Settings

if TYPE_CHECKING:
    from recollect.adapters.postgres.store import PostgresStore

DATABASE = "recollect"
APPLICATION_ROLE = "recollect_app"


async def open_store(settings: Settings, vault: KeyVault) -> "PostgresStore":
    """A connected store: on the outside server if one is set, otherwise on the embedded one.

    Raises:
        StoreError: it cannot be started or reached, its schema does not fit, or the role is unsafe.
    """
    from recollect.adapters.postgres.sealing import Keyring
    from recollect.adapters.postgres.session import Sessions
    from recollect.adapters.postgres.store import PostgresStore

    def store_on(
        conninfo: str, location: str, release: Callable[[], None] | None, revive: Callable[[], None] | None = None
    ) -> PostgresStore:
        sessions = Sessions(conninfo, size=settings.pool_size, timeout_s=settings.timeout_s, revive=revive)
        return PostgresStore(
            sessions, keyring=Keyring(vault), location=location, release=release, limits=hot_limits(settings)
        )

    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        store = store_on(url, without_password(url), None)
        try:
            await store.open()
        except (SchemaMismatch, StoreUnavailable):  # a role that does not exist yet looks like a wrong password
            if settings.admin_url is None:
                raise
            await anyio.to_thread.run_sync(migrate, settings)
            store = store_on(url, without_password(url), None)
            await store.open()
        return store
    from recollect.adapters.postgres.embedded import EmbeddedPostgres

    home = home_of(settings)
    server = await anyio.to_thread.run_sync(EmbeddedPostgres.start, home)
    conninfo = server.conninfo(user=APPLICATION_ROLE, dbname=DATABASE)
    try:
        store = store_on(conninfo, str(home), server.release, server.revive)
        try:
            await store.open()
        except StoreError:  # a new cluster has neither database nor role nor schema
            await anyio.to_thread.run_sync(migrate_embedded, server.admin_conninfo)
            store = store_on(conninfo, str(home), server.release, server.revive)
            await store.open()
    except BaseException:
        server.release()
        raise
    return store


def migrate_embedded(server_conninfo: str) -> None:
    """Creates the embedded server's database and brings it to this program's schema."""
    from psycopg.conninfo import make_conninfo

    from recollect.adapters.postgres.migrate import ApplicationRole, create_database, prepare

    create_database(server_conninfo, DATABASE)
    prepare(make_conninfo(server_conninfo, dbname=DATABASE), ApplicationRole(APPLICATION_ROLE))


def migrate(settings: Settings) -> None:
    """Brings an outside database to this program's schema and gives the application role its privileges.

    Raises:
        StoreError: RECOLLECT_DATABASE_URL or RECOLLECT_ADMIN_URL is missing, or the server refused.
    """
    from recollect.adapters.postgres.migrate import application_role, prepare

    if settings.database_url is None or settings.admin_url is None:
        raise StoreError(
            "set RECOLLECT_ADMIN_URL to the database's owner and RECOLLECT_DATABASE_URL to the application role"
        )
    prepare(settings.admin_url.get_secret_value(), application_role(settings.database_url.get_secret_value()))


def without_password(conninfo: str) -> str:
    """Where a connection string leads, fit to be shown."""
    from recollect.adapters.postgres.migrate import conninfo_parts

    parts = conninfo_parts(conninfo)
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
