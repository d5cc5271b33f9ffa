"""What the embedded Postgres keeps in its home: the directory itself, who may own it, and the locks between processes.

Everything lies in ``home/postgres``, called the room here, which belongs to the calling process' operating-system user:

    data/            the cluster; made as ``data.new`` and renamed, so it is whole or not there
    socket/          the server's unix socket, if the path is short and plain enough (otherwise under /tmp)
    postgresql.conf, pg_hba.conf   written anew for every start
    server.log       cut to its tail when it grows
    start.lock       held while a process starts, joins or stops the server: one at a time
    users.lock       held shared by every process that uses the server, as long as it lives
    server.lock      held by the server itself: postmaster and backends inherit it

All three are ``flock`` locks: the kernel gives them back when the last holder dies, however it dies. So nothing here
goes by process ids, which are recycled, differ between containers and outlive their process as zombies.
"""

import os
import stat
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from recollect.errors import EmbeddedPostgresError, StoreError, StoreFull, StoreReadOnly

if sys.platform != "win32":
    import fcntl
    import pwd

LOG_LIMIT = 4 * 1024 * 1024
LOG_KEPT = 64 * 1024

_FULL = ("no space left on device", "disk quota exceeded")
_READ_ONLY = ("read-only file system", "permission denied", "operation not permitted")


def open_room(home: Path) -> Path:
    """Makes ``home/postgres`` if it is missing and checks that it is ours.

    Raises:
        EmbeddedPostgresError: home is not a directory, or belongs to another operating-system user.
    """
    try:
        home = home.resolve()
    except RuntimeError as error:  # a loop of symbolic links
        raise EmbeddedPostgresError(f"{home} is not a directory: {error}") from error
    _make_directories(home)
    found = home.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise EmbeddedPostgresError(f"{home} is not a directory; set RECOLLECT_HOME to one")
    me = os.geteuid()
    if me != 0 and found.st_uid not in (me, 0):
        raise _belongs_to_another(home, found.st_uid)
    room = home / "postgres"
    with suppress(FileExistsError):
        _make_directory(room)
    # lstat: whoever owns home could put a link here that leads root elsewhere
    found = room.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise EmbeddedPostgresError(
            f"{room} is not a directory; move it away or set RECOLLECT_HOME to another directory"
        )
    if found.st_uid != me:
        raise _belongs_to_another(room, found.st_uid)
    return room


def user_name(uid: int) -> str:
    """The operating-system user's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"with id {uid}"


@contextmanager
def one_line(home: Path) -> Generator[None]:
    """Inside this block the operating system's errors leave as a ``StoreError`` whose message is one sentence."""
    try:
        yield
    except StoreError:
        raise
    except ValueError as error:  # a null byte in the path
        raise EmbeddedPostgresError(f"{str(home)!r} cannot be a directory: {error}") from error
    except OSError as error:
        where = error.filename or home
        raise failure(f"the embedded Postgres cannot use {where}", error.strerror or str(error)) from error


def failure(what: str, reason: str) -> StoreError:
    """The error for something that failed, chosen by the reason that the system or the server gave."""
    lowered = reason.lower()
    if any(words in lowered for words in _FULL):
        return StoreFull(f"{what}: {reason}; make room on that disk")
    if any(words in lowered for words in _READ_ONLY):
        hint = f"the operating-system user {user_name(os.geteuid())} must be able to write there"
        return StoreReadOnly(f"{what}: {reason}; {hint}, or set RECOLLECT_HOME to another directory")
    return EmbeddedPostgresError(f"{what}: {reason}")


class FileLock:
    """An flock, given back by ``close`` or by the death of its process, and not kept by a forked child."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        _held.add(self)

    @classmethod
    def take(cls, path: Path, *, shared: bool = False) -> Self | None:
        """Takes the lock, or answers None if somebody else has it."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        except BaseException:
            os.close(fd)
            raise
        return cls(fd)

    @classmethod
    def wait(cls, path: Path, seconds: float) -> Self:
        """Takes the lock as soon as it is free.

        Raises:
            EmbeddedPostgresError: it was not free in time.
        """
        deadline = time.monotonic() + seconds
        while (lock := cls.take(path)) is None:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"another process has held {path} for {seconds:.0f} s; see what it waits for"
                )
            time.sleep(0.005)
        return lock

    def close(self) -> None:
        """Gives the lock back, unless a child process has inherited it on purpose. A second call does nothing."""
        # No LOCK_UN: that would take it from the server too, which shares this open file.
        _held.discard(self)
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_held: set[FileLock] = set()


def _forget_in_child() -> None:
    """A forked child closes its copies, so that its life does not count as its parent's."""
    for lock in list(_held):
        lock.close()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget_in_child)


def trim_log(path: Path) -> None:
    """Cuts a log that has grown too long down to its tail, also while the server writes it (it appends)."""
    with suppress(FileNotFoundError):
        if path.stat().st_size <= LOG_LIMIT:
            return
        with path.open("r+b") as log:
            log.seek(-LOG_KEPT, os.SEEK_END)
            tail = log.read().partition(b"\n")[2]
            log.truncate(0)
        with path.open("ab") as log:
            log.write(tail)


def write_config(path: Path, text: str) -> None:
    """Writes a file that the server must be able to read, whole or not at all, and only if it changes."""
    with suppress(FileNotFoundError):
        if path.read_text(encoding="utf-8") == text:
            return
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(0o644)  # no secrets; as root the server's user is another one
    fresh.replace(path)


def _make_directories(path: Path) -> None:
    missing: list[Path] = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for directory in reversed(missing):
        with suppress(FileExistsError):
            _make_directory(directory)


def _make_directory(path: Path) -> None:
    """Makes a directory of our own: private, except that as root the server's other user must get through it."""
    mode = 0o755 if os.geteuid() == 0 else 0o700
    path.mkdir(mode)
    path.chmod(mode)  # whatever the umask


def _belongs_to_another(path: Path, uid: int) -> EmbeddedPostgresError:
    return EmbeddedPostgresError(
        f"{path} belongs to the operating-system user {user_name(uid)}, but this process runs as "
        f"{user_name(os.geteuid())}: run it as that user, or set RECOLLECT_HOME to another directory"
    )
