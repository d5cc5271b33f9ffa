"""Makes, starts and stops the embedded server in its room; the caller holds ``start.lock``."""

import hashlib
import os
import re
import shutil
import signal
import socket
import stat
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from recollect.adapters.postgres.embedded_files import FileLock, failure, trim_log, user_name, write_config
from recollect.adapters.postgres.embedded_programs import MAJOR, Ground, ServerUser, ground
from recollect.errors import EmbeddedPostgresError, StoreError

SUPERUSER = "postgres"
PORT = 5432  # only a part of the socket's name: there is no TCP

READY_WITHIN_S = 120
STOPPED_WITHIN_S = 30
ORPHANS_END_WITHIN_S = 3

# A safe store on a laptop: durable, small, and with no user's words in the log (no statements, no details, no errors).
_CONFIG = """\
# Written by Recollect at every start of the server. Your own settings: ALTER SYSTEM.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
dynamic_shared_memory_type = {shared_memory}
work_mem = 8MB
maintenance_work_mem = 128MB
max_wal_size = 512MB
min_wal_size = 64MB
wal_compression = on
fsync = on
synchronous_commit = on
full_page_writes = on
io_method = sync
max_logical_replication_workers = 0
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
cluster_name = 'recollect'
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
log_connections = ''
log_autovacuum_min_duration = -1
# Statistics soon after a bulk load: without them the planner takes any index that begins with the user.
autovacuum_naptime = 5s
"""

# The protocol's smallest question; a server answers N or S.
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)

# `trust`: the wall is the socket's directory, mode 0700, and there is no TCP. Whoever can enter it is root or the user
# who owns the cluster's files, and either could read and change them without a password. `peer` would add nothing to
# that, and would fail where a user has no name, as in many containers. So whoever gets in may be any role.
_HBA = "local all all trust\n"


@dataclass(frozen=True, slots=True)
class PidFile:
    """What a server says of itself in ``postmaster.pid``."""

    pid: int
    socket: str
    ready: bool

    @classmethod
    def read(cls, data: Path) -> "PidFile | None":
        """The file's content, or None while there is none or only a beginning."""
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
            return cls(
                abs(int(lines[0])), lines[4] if len(lines) > 4 else "", len(lines) > 7 and lines[7].startswith("ready")
            )
        except (FileNotFoundError, IndexError, ValueError):
            return None


def ensure_running(room: Path) -> str:
    """Makes sure that a server runs on the room's cluster, which is made if needed; answers its socket's directory.

    Raises:
        StoreError: it cannot be made or started; the message has the server's own last word.
    """
    trim_log(room / "server.log")
    log_start = -1
    orphaned_at = 0.0
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if (lock := FileLock.take(room / "server.lock")) is not None:
            with lock:  # nobody runs it: neither a server nor what a killed one left behind
                if log_start >= 0:
                    raise _not_started(room, log_start)
                log_start = _launch(room, lock)
        elif (found := PidFile.read(room / "data")) is None:
            pass  # starting, or about to be gone
        elif found.ready and _listener(found.socket) is not None:
            return found.socket
        elif not _runs_here(found.pid, room / "data"):
            orphaned_at = orphaned_at or time.monotonic()
            if time.monotonic() - orphaned_at > ORPHANS_END_WITHIN_S:
                _end_orphans(room / "data")
        time.sleep(0.005)
    said = _last_word(room, max(log_start, 0))
    raise EmbeddedPostgresError(f"the server in {room} was not ready within {READY_WITHIN_S} s; its log says: {said}")


def stop(room: Path) -> None:
    """Stops the server, after what it is doing is rolled back or safely on disk.

    Raises:
        EmbeddedPostgresError: it would not stop.
    """
    for number, seconds in ((signal.SIGINT, STOPPED_WITHIN_S), (signal.SIGQUIT, 10)):
        if not _signal(room, number):
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if (lock := FileLock.take(room / "server.lock")) is not None:
                lock.close()
                for directory in _socket_directories(room):
                    with suppress(OSError):
                        directory.rmdir()
                return
            time.sleep(0.005)
    raise EmbeddedPostgresError(f"the server in {room} does not stop; its log says: {_last_word(room, 0)}")


def _signal(room: Path, number: signal.Signals) -> bool:
    """Signals the server; False if there is none that we can see."""
    data = room / "data"
    found = PidFile.read(data)
    if found is None:
        return False
    # The kernel names the process that listens on the socket; the file may be stale.
    pid, uid = _listener(found.socket) or ((found.pid, -1) if _runs_here(found.pid, data) else (0, -1))
    if pid <= 1 or uid not in (-1, data.stat().st_uid):  # 0: it runs in another container, on the same files
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    return True


def _launch(room: Path, lock: FileLock) -> int:
    """Starts the server, which inherits the lock, and answers how long its log was before."""
    data = room / "data"
    if data.exists():
        _check_version(data)
    user = ServerUser.choose(data)
    with ground(room, user) as at:
        if not data.exists():
            _make_cluster(room, at, lock)
        _refuse_foreign_server(data)
        directory = _make_socket_directory(room, at)
        for stale in (data / "postmaster.pid", directory / f".s.PGSQL.{PORT}", directory / f".s.PGSQL.{PORT}.lock"):
            stale.unlink(missing_ok=True)  # Postgres would believe in a recycled process id
        write_config(room / "postgresql.conf", _CONFIG.format(shared_memory=_shared_memory()))
        write_config(room / "pg_hba.conf", _HBA)
        log = os.open(room / "server.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            before = os.fstat(log).st_size
            # The shell leaves at once, so the server is nobody's child: it outlives us and leaves us no zombie.
            command = [
                str(at.programs / "postgres"), "-D", f"{at.room}/data", "-k", str(directory), "-p", str(PORT),
                "-c", f"config_file={at.room}/postgresql.conf", "-c", f"hba_file={at.room}/pg_hba.conf",
            ]  # fmt: skip
            user.run(["/bin/sh", "-c", '"$@" &', "sh", *command], fds=(lock.fd, *at.fds), output=log)
        finally:
            os.close(log)
    return before


def _make_cluster(room: Path, at: Ground, lock: FileLock) -> None:
    if not at.user.other and at.user.name.startswith("with id "):
        raise EmbeddedPostgresError(
            f"the operating-system user {at.user.name} has no name in /etc/passwd, which initdb needs: give it one "
            f"(useradd -u {at.user.uid} recollect), or run as a user who has one"
        )
    fresh = room / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)  # a start that was killed in the middle
    fresh.mkdir(0o700)
    if at.user.other:
        os.chown(fresh, at.user.uid, at.user.gid)
    done = at.user.run(
        [
            str(at.programs / "initdb"), "-D", f"{at.room}/data.new", "-U", SUPERUSER, "--auth=trust",
            "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
            "--no-instructions",
        ],
        fds=(lock.fd, *at.fds),  # if we are killed, whoever comes next waits until this initdb has ended
    )  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise failure(f"the embedded Postgres cannot be made in {room}", _relevant(done.stdout))
    fresh.rename(room / "data")


def _check_version(data: Path) -> None:
    try:
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise EmbeddedPostgresError(
            f"{data} is not a Postgres cluster (no PG_VERSION): restore it, or move it away"
        ) from None
    if found != str(MAJOR):
        raise EmbeddedPostgresError(
            f"{data} was made by Postgres {found}, but this program runs Postgres {MAJOR}: dump it with the program "
            "that made it and load it into a new home"
        )


def _refuse_foreign_server(data: Path) -> None:
    """Refuses a cluster on which somebody runs a server by hand; ours would hold ``server.lock``."""
    found = PidFile.read(data)
    if found is not None and (_listener(found.socket) is not None or _runs_here(found.pid, data, sure=True)):
        raise EmbeddedPostgresError(
            f"a server that Recollect did not start (process {found.pid}) runs on {data}: stop it first"
        )


def _make_socket_directory(room: Path, at: Ground) -> Path:
    inside, outside = _socket_directories(room)
    # The kernel allows a socket's path 104 bytes; libpq and the server give commas and quotes a meaning of their own.
    plain = len(os.fsencode(inside)) <= 85 and re.fullmatch(r"/[\w./ -]+", str(inside), re.ASCII)
    directory = inside if plain and not at.fds else outside
    with suppress(FileExistsError):
        directory.mkdir(0o700)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), at.user.uid):
        raise EmbeddedPostgresError(
            f"{directory}, meant for the server's socket, is held by the user {user_name(found.st_uid)}: "
            "remove it, or set RECOLLECT_HOME to a directory with a shorter path"
        )
    if found.st_uid != at.user.uid:
        os.chown(directory, at.user.uid, at.user.gid, follow_symlinks=False)
    directory.chmod(0o700)
    return directory


def _socket_directories(room: Path) -> tuple[Path, Path]:
    """The two places for the socket; the second, for long or odd paths, is the same for every process of this user."""
    key = hashlib.sha256(os.fsencode(room)).hexdigest()[:16]
    return room / "socket", Path("/tmp") / f"recollect-{os.geteuid()}-{key}"  # noqa: S108 - its owner is checked


def _shared_memory() -> str:
    """Postgres' usual kind, unless /dev/shm is as small as Docker makes it (64 MB), where parallel work would fail."""
    if sys.platform != "linux":
        return "posix"
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108 - only measured
    except OSError:
        return "mmap"
    return "posix" if found.f_blocks * found.f_frsize >= 256 * 1024 * 1024 else "mmap"


def answers(directory: str) -> bool:
    """Whether a server answers on the socket there."""
    return _listener(directory) is not None


def _listener(directory: str) -> tuple[int, int] | None:
    """The process (0: in another container) and user (-1: unknown) that answers on the server's socket, if any."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(f"{directory}/.s.PGSQL.{PORT}")
            # A server that was just killed may still listen for a moment; it never answers again.
            client.sendall(_SSL_REQUEST)
            if not client.recv(1):
                return None
            if sys.platform == "linux":
                pid, uid, _ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
                return pid, uid
            return struct.unpack("i", client.getsockopt(0, 2, 4))[0], -1  # macOS: SOL_LOCAL, LOCAL_PEERPID
        except OSError:
            return None


def _runs_here(pid: int, data: Path, *, sure: bool = False) -> bool:
    """Whether a process is a server on this cluster; where that is hidden: whether it lives, or False if ``sure``."""
    if sys.platform == "linux":
        return _directory_of(str(pid)) == str(data)
    if sure:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _directory_of(pid: str) -> str:
    with suppress(OSError):
        return str(Path(f"/proc/{pid}/cwd").readlink())
    return ""


def _end_orphans(data: Path) -> None:
    """Ends backends that are still busy although their server was killed; nobody could start while they live."""
    for entry in _processes():
        if _directory_of(entry) == str(data):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(int(entry), signal.SIGKILL)


def _processes() -> Iterator[str]:
    with suppress(OSError):
        yield from (entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _not_started(room: Path, log_start: int) -> StoreError:
    return failure(f"the embedded Postgres in {room} does not start", _last_word(room, log_start))


def _last_word(room: Path, start: int) -> str:
    try:
        with (room / "server.log").open("rb") as log:
            log.seek(max(start, (room / "server.log").stat().st_size - 65536))
            return _relevant(log.read().decode("utf-8", "replace"))
    except OSError as error:
        return str(error)


def _relevant(text: str) -> str:
    """The last line that says why, without its time and process."""
    lines = [line for line in text.splitlines() if line.strip()]
    graver = [line for line in lines if re.search(r"PANIC:|FATAL:|ERROR:|error:|could not", line)]
    line = (graver or lines or ["nothing"])[-1]
    return re.sub(r"^.*?(?=PANIC:|FATAL:|ERROR:|LOG:|error:)", "", line).strip()[:400]
