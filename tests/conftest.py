"""What every test can ask for: one embedded Postgres a worker, and a memory of its own in it.

Tests never share a tenant, so they run beside each other in one database; each xdist worker has a server of its own.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from recollect import AsyncMemory, Memory
from recollect.adapters.postgres.embedded import EmbeddedPostgres


@pytest.fixture(scope="session", autouse=True)
def bare_environment() -> Iterator[None]:
    """No setting of the person who runs the tests reaches them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("RECOLLECT_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of ``pytest.mark.anyio``."""
    return "asyncio"


@pytest.fixture(scope="session")
def short_directory() -> Iterator[Path]:
    """A directory whose path leaves room for a unix socket's name (103 characters at most), removed at the end."""
    root = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108 - mkdtemp makes it ours
    directory = Path(tempfile.mkdtemp(prefix="rc-", dir=root))
    directory.chmod(0o755)  # as root the server runs as another user, who must get through to its data
    yield directory
    for pid_file in directory.rglob("postmaster.pid"):
        _stop(pid_file)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def home(short_directory: Path) -> Iterator[str]:
    """The home of this worker's embedded Postgres, which runs, with its schema, until the last test is done."""
    path = str(short_directory / "home")
    with Memory(home=path):  # held open, so that the server does not stop between two tests
        yield path


@pytest.fixture(scope="session")
def server(home: str) -> Iterator[EmbeddedPostgres]:
    """The server under ``home``, for tests that look below the store."""
    server = EmbeddedPostgres.start(Path(home))
    yield server
    server.release()


@pytest.fixture
def memory(home: str) -> Iterator[Memory]:
    """A memory whose tenant is nobody else's."""
    with Memory(home=home, tenant_id=f"tenant-{uuid4()}") as memory:
        yield memory


@pytest.fixture
async def async_memory(home: str) -> AsyncIterator[AsyncMemory]:
    """The asynchronous face of a memory whose tenant is nobody else's; it opens with its first call."""
    memory = AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}")
    yield memory
    await memory.close()


def _stop(pid_file: Path) -> None:
    """Ends a server that outlived its tests, by the process id that it wrote down itself."""
    with suppress(OSError, ValueError, IndexError):
        os.kill(int(pid_file.read_text(encoding="utf-8").splitlines()[0]), signal.SIGQUIT)
