"""Makes, starts and stops the embedded server's data directory with Postgres's own programs."""

import errno
import os
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from recollect.adapters.postgres.embedded_account import Account
from recollect.errors import EmbeddedPostgresError, StoreError, StoreFull, StoreReadOnly

MAJOR = "18"
START_TIMEOUT_S = 60
LOG_LIMIT = 5_000_000
SUPERUSER = "postgres"
CONFIGURATION = """\
# Written by Recollect at every start.
listen_addresses = ''
unix_socket_directories = '{socket_directory}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '128MB'
max_wal_size = '512MB'
wal_compression = on
log_min_messages = warning
logging_collector = off
"""


@dataclass(frozen=True, slots=True)
class Server:
    """One data directory and how to run it; the caller holds the home's lock.

    Attributes:
        programs: the directory with initdb, pg_ctl, ... data, sockets, log: where things lie. account: who it runs as.
    """

    programs: Path
    data: Path
    sockets: Path
    log: Path
    account: Account

    def ensure_data(self) -> None:
        """Creates the data directory unless it is there; an unfinished one of a killed process is thrown away."""
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text(encoding="ascii").strip()
            if found != MAJOR:
                raise EmbeddedPostgresError(
                    f"{self.data} holds data of Postgres {found}, this package runs {MAJOR}; dump it with the older "
                    "package and load it with this one, or set RECOLLECT_HOME to another directory"
                )
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise EmbeddedPostgresError(f"{self.data} is not empty and holds no Postgres data; move it away")
        unfinished = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        self.account.own(unfinished)
        self._run(
            "initdb", "--pgdata", str(unfinished), "--username", SUPERUSER, "--encoding", "UTF8", "--data-checksums",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            # Whoever gets into the socket directory may be any role: the directory, which only its owner and root can
            # enter, is the wall, and there is no other way in.
            "--auth=trust",
        )  # fmt: skip
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("\ninclude 'recollect.conf'\n")
        if self.data.exists():
            self.data.rmdir()
        unfinished.rename(self.data)

    def start(self) -> None:
        """Starts the server, after a crash too, and returns when it accepts connections."""
        self._clear_stale_pid_file()
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self.account.own(self.sockets)
        for socket in self.sockets.glob(".s.PGSQL.*"):
            socket.unlink(missing_ok=True)
        configuration = self.data / "recollect.conf"
        escaped = str(self.sockets).replace("'", "''")
        configuration.write_text(CONFIGURATION.format(socket_directory=escaped), encoding="utf-8")
        configuration.chmod(0o644)
        self._fresh_log()
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                self._run(
                    "pg_ctl", "start", "-w", "-t", str(START_TIMEOUT_S), "-D", str(self.data), "-l", str(self.log)
                )
            except EmbeddedPostgresError as error:
                # Backends of a killed server need a moment to notice that it is gone.
                if "shared memory block" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """Stops the server; running transactions are rolled back."""
        with suppress(EmbeddedPostgresError):
            self._run("pg_ctl", "stop", "-w", "-t", "60", "-m", "fast", "-D", str(self.data))

    def runs(self) -> bool:
        """Whether a server runs on the data directory, ready or not."""
        return self._postmaster() is not None

    def _postmaster(self) -> psutil.Process | None:
        lines = self._pid_lines()
        try:
            process = psutil.Process(int(lines[0]))
            if "postgres" in process.name() and str(self.data) in process.cmdline():
                return process
        except (psutil.Error, ValueError, IndexError):
            pass
        return None

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def _clear_stale_pid_file(self) -> None:
        """Removes a pid file whose process is not our server: after a container's restart its id is someone else's."""
        if not self.runs():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _fresh_log(self) -> None:
        if not self.log.exists() or self.log.stat().st_size > LOG_LIMIT:
            self.log.write_text("", encoding="utf-8")
        if self.account.drop:
            os.chown(self.log, self.account.uid, self.account.gid)

    def _run(self, program: str, *arguments: str) -> None:
        drop = self.account.drop
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        before = self.log.stat().st_size if self.log.exists() else 0
        with (self.log.parent / "output").open("w+", encoding="utf-8", errors="replace") as output:
            # Into a file, not a pipe: the server inherits it and would keep a pipe open for ever.
            done = subprocess.run(  # noqa: S603 - the programs of our own package
                [self.programs / program, *arguments],
                cwd=self.data if self.data.exists() else self.data.parent,
                env={**kept, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                check=False,
                user=self.account.uid if drop else None,
                group=self.account.gid if drop else None,
                extra_groups=[] if drop else None,
            )
            if done.returncode:
                output.seek(0)
                raise self._failure(program, output.read(), before)

    def _failure(self, program: str, output: str, log_before: int) -> StoreError:
        logged = ""
        with suppress(OSError), self.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(log_before)
            logged = log.read()
        text = output + logged
        telling = [line for line in text.splitlines() if "FATAL" in line or "PANIC" in line or "rror:" in line]
        line = " ".join((telling or text.strip().splitlines() or ["it said nothing"])[-1].split())[:300]
        if "No space left" in text:
            return StoreFull(f"no space is left for the embedded Postgres in {self.data.parent}: {line}")
        if "Read-only file system" in text:
            return StoreReadOnly(f"{self.data.parent} is read-only: {line}")
        return EmbeddedPostgresError(f"{program} failed in {self.data.parent}: {line}")


@contextmanager
def explained(home: Path) -> Generator[None]:
    """Inside this block an OSError leaves as a ``StoreError`` of one sentence about ``home``."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        where = error.filename or home
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(f"no space is left for the embedded Postgres in {home}") from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise StoreReadOnly(
                f"{where} cannot be written ({reason}); set RECOLLECT_HOME to a directory of yours"
            ) from error
        raise EmbeddedPostgresError(f"{where} cannot be used: {reason}; set RECOLLECT_HOME to a directory") from error
