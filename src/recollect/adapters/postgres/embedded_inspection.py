"""What ``recollect doctor`` asks of the embedded server's files before anything is started: locks, a server."""

import time
from dataclasses import dataclass
from pathlib import Path

from recollect.adapters.postgres.embedded_files import FileLock, one_line
from recollect.adapters.postgres.embedded_server import PidFile, answers
from recollect.errors import EmbeddedPostgresError

START_WITHIN_S = 5.0
"""Whoever starts, joins or stops the server holds the lock for less than that, except where it is first made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """How the embedded server stands.

    Attributes:
        made: whether there is a cluster. running: whether a server holds it. pid: its process, as its file says.
        killed: whether one was killed and left its file behind; the next start repairs that.
    """

    made: bool
    running: bool
    pid: int | None
    killed: bool


def inspect_room(home: Path) -> RoomState:
    """Looks at the locks and the server's file under ``home``; starts and changes nothing.

    Raises:
        StoreError: a lock is held by something that does not go on, or a server does not answer.
    """
    room = home / "postgres"
    with one_line(home):
        if not (room / "data").exists():
            return RoomState(made=False, running=False, pid=None, killed=False)
        if (room / "start.lock").exists():
            FileLock.wait(room / "start.lock", START_WITHIN_S).close()
        found = PidFile.read(room / "data")
        pid = None if found is None else found.pid
        lock = FileLock.take(room / "server.lock")
        if lock is not None:
            lock.close()
            return RoomState(made=True, running=False, pid=pid, killed=found is not None)
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            found = PidFile.read(room / "data")
            if found is not None and found.ready and answers(found.socket):
                return RoomState(made=True, running=True, pid=found.pid, killed=False)
            time.sleep(0.05)
    raise EmbeddedPostgresError(
        f"{room / 'server.lock'} is held, but no server answers{f' (process {pid} should)' if pid else ''}"
    )
