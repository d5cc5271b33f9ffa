"""Where a bench runs: a tenant of its own, in an embedded Postgres that is thrown away unless one is named."""

import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import anyio.to_thread

from recollect.adapters.keys.local import own_key_file
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.bootstrap import APPLICATION_ROLE, DATABASE, migrate_embedded
from recollect.client import SettingsArguments
from recollect.settings import load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the caller said about the place: a directory for the embedded Postgres, or a server, or neither."""

    home: Path | None = None
    database_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A database that is ready.

    Attributes:
        conninfo: for the application role. owner: for the database's owner, None when it is not known.
        home: where pulled models live, None for the usual directory.
        data: the directory that holds the data, None for an outside server; the master key lies beside it.
    """

    conninfo: str
    owner: str | None
    home: Path | None
    data: Path | None

    def arguments(self, embedder: str | None) -> SettingsArguments:
        """What ``Memory`` is opened with: the product's defaults, for a tenant that nobody else has."""
        return {
            "database_url": self.conninfo,
            "admin_url": self.owner,
            "master_key_file": None if self.data is None else self.data / "master.key",
            "home": self.home,
            "embedder": embedder,
            "tenant_id": f"bench-{uuid4().hex[:12]}",
        }


@asynccontextmanager
async def place(wish: Wish) -> AsyncGenerator[Place]:
    """Opens the place; a server that was started is let go again, and a directory that was made is removed.

    What is stored on an outside server, or in a directory that was named, stays there under the bench's tenant.

    Raises:
        StoreError: the database cannot be started or prepared.
    """
    if wish.database_url is not None:
        owner = load_settings().admin_url
        yield Place(
            conninfo=wish.database_url,
            owner=owner.get_secret_value() if owner else None,
            home=None,
            data=None,
        )
        return
    data = wish.home or await anyio.to_thread.run_sync(_new_directory)
    try:
        server = await anyio.to_thread.run_sync(EmbeddedPostgres.start, data)
        try:
            await anyio.to_thread.run_sync(migrate_embedded, server.admin_conninfo)
            await anyio.to_thread.run_sync(own_key_file, data / "master.key")
            yield Place(
                conninfo=server.conninfo(user=APPLICATION_ROLE, dbname=DATABASE),
                owner=server.admin_conninfo,
                home=wish.home,
                data=data,
            )
        finally:
            await anyio.to_thread.run_sync(server.release)
    finally:
        if wish.home is None:
            await anyio.to_thread.run_sync(partial(shutil.rmtree, data, ignore_errors=True))


def _new_directory() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="recollect-bench-"))
    directory.chmod(0o755)  # as root the server runs as another user, who must get through to its data
    return directory
