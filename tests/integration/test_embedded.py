"""The embedded Postgres under hardship: killed, shared, moved, crowded, read-only, full, and in the wrong hands."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from recollect.adapters.postgres.embedded import EmbeddedPostgres, default_home
from recollect.errors import EmbeddedPostgresError, StoreFull, StoreReadOnly

ROOT = os.geteuid() == 0
NOBODY = 65534

HOLD = """
import sys, time
from pathlib import Path
from recollect.adapters.postgres.embedded import EmbeddedPostgres
server = EmbeddedPostgres.start(Path(sys.argv[1]))
print(server.admin_conninfo, flush=True)
sys.stdin.readline()
server.release()
"""


@pytest.fixture
def place(short_directory: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A directory that the server's account may pass through; whatever runs in it is killed at the end."""
    place = short_directory / f"e{abs(hash(request.node.nodeid)) % 10**8}"
    place.mkdir(mode=0o755)
    yield place
    for pid_file in place.rglob("postmaster.pid"):
        with suppress(OSError, ValueError, IndexError):
            os.kill(int(pid_file.read_text(encoding="utf-8").splitlines()[0]), signal.SIGKILL)


def postmaster(home: Path) -> psutil.Process:
    return psutil.Process(int((home / "postgres/data/postmaster.pid").read_text(encoding="utf-8").splitlines()[0]))


def query(conninfo: str, statement: str) -> object:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def holder(home: Path) -> tuple[subprocess.Popen[str], str]:
    """Another process that uses the server until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def attempt(home: Path, uid: int) -> str:
    """What a process of another user gets when it starts the server; a fork, since it may not reach our Python."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
        try:
            EmbeddedPostgres.start(home).release()
            answer = "started"
        except Exception as error:  # noqa: BLE001 - reported to the parent
            answer = f"{type(error).__name__} {error}"
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answers:
        answer = answers.read()
    os.waitpid(child, 0)
    return answer


def gone(process: psutil.Process) -> bool:
    with suppress(psutil.TimeoutExpired):
        process.wait(timeout=20)
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_it_starts_answers_and_stops_with_its_last_user(place: Path):
    home = place / "a path with spaces and ümläuts"
    first, second = EmbeddedPostgres.start(home), EmbeddedPostgres.start(home)
    assert query(first.admin_conninfo, "SELECT 1") == 1
    query(first.admin_conninfo, "CREATE EXTENSION vector")
    assert query(first.admin_conninfo, "SHOW data_checksums") == "on"
    assert query(first.admin_conninfo, "SHOW fsync") == "on"
    assert query(first.admin_conninfo, "SHOW listen_addresses") == ""
    server = postmaster(home)
    first.release()
    first.release()
    assert query(second.admin_conninfo, "SELECT 1") == 1
    second.release()
    assert gone(server)
    again = EmbeddedPostgres.start(home)
    assert query(again.admin_conninfo, "SELECT extname FROM pg_extension WHERE extname = 'vector'") == "vector"
    again.release()


def test_a_path_too_long_for_a_socket(place: Path):
    home = place / ("long" * 30) / "home"
    server = EmbeddedPostgres.start(home)
    assert query(server.admin_conninfo, "SELECT 1") == 1
    server.release()


def test_a_killed_user_leaves_the_server_to_the_others(place: Path):
    process, conninfo = holder(place / "home")
    mine = EmbeddedPostgres.start(place / "home")
    server = postmaster(place / "home")
    ended(process)
    assert query(conninfo, "SELECT 1") == 1
    mine.release()
    assert gone(server), "the killed process still counted as a user"


def test_kill_9_of_the_server_loses_nothing_that_was_committed(place: Path):
    server = EmbeddedPostgres.start(place / "home")
    query(server.admin_conninfo, "CREATE TABLE kept (a int)")
    query(server.admin_conninfo, "INSERT INTO kept VALUES (42)")
    postmaster(place / "home").kill()
    again = EmbeddedPostgres.start(place / "home")
    assert query(again.admin_conninfo, "SELECT a FROM kept") == 42
    again.release()
    server.release()


def test_a_pid_file_that_names_someone_else_after_a_containers_restart(place: Path):
    home = place / "home"
    EmbeddedPostgres.start(home).release()
    sleeper = subprocess.Popen(
        ["sleep", "60"],
        user=(home / "postgres/data").stat().st_uid if ROOT else None,
        group=None,
        extra_groups=[] if ROOT else None,
    )
    try:
        lines = [
            str(sleeper.pid),
            str(home / "postgres/data"),
            "0",
            "5432",
            str(home / "postgres/socket"),
            "",
            "1 1",
            "ready",
        ]
        (home / "postgres/data/postmaster.pid").write_text("\n".join(lines) + "\n", encoding="utf-8")
        server = EmbeddedPostgres.start(home)
        assert query(server.admin_conninfo, "SELECT 1") == 1
        assert sleeper.poll() is None
        server.release()
    finally:
        sleeper.kill()
        sleeper.wait()


def test_an_initdb_that_was_killed_is_done_again(place: Path):
    home = place / "home"
    (home / "postgres/data.new").mkdir(parents=True)
    (home / "postgres/data.new/rubbish").touch()
    server = EmbeddedPostgres.start(home)
    assert query(server.admin_conninfo, "SELECT 1") == 1
    server.release()


def test_five_processes_start_at_once(place: Path):
    running = [holder(place / "home") for _ in range(1)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(place / "home")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    try:
        addresses = {conninfo for _, conninfo in running}
        for process in processes:
            assert process.stdout is not None
            addresses.add(process.stdout.readline().strip())
        assert len(addresses) == 1
        assert query(addresses.pop(), "SELECT 1") == 1
    finally:
        for process in [*processes, *(process for process, _ in running)]:
            process.communicate("\n")


def test_a_forked_child_does_not_release_its_parents_server(place: Path):
    program = f"""
import os, sys
from pathlib import Path
import psycopg
from recollect.adapters.postgres.embedded import EmbeddedPostgres
server = EmbeddedPostgres.start(Path({str(place / "home")!r}))
child = os.fork()
if child == 0:
    server.release()
    sys.exit(0)
os.waitpid(child, 0)
with psycopg.connect(server.admin_conninfo) as connection:
    print(connection.execute("SELECT 1").fetchone()[0])
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "1"
    deadline = time.monotonic() + 20
    while (place / "home/postgres/data/postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not (place / "home/postgres/data/postmaster.pid").exists(), "the program's end did not release the server"


def test_a_home_that_is_a_file(place: Path):
    (place / "home").touch()
    with pytest.raises(EmbeddedPostgresError, match="is not a directory; set RECOLLECT_HOME") as caught:
        EmbeddedPostgres.start(place / "home")
    assert "\n" not in str(caught.value)


def test_data_of_another_major_version(place: Path):
    (place / "home/postgres/data").mkdir(parents=True)
    (place / "home/postgres/data/PG_VERSION").write_text("14\n", encoding="ascii")
    with pytest.raises(EmbeddedPostgresError, match="was made by Postgres 14, but this program runs Postgres 18"):
        EmbeddedPostgres.start(place / "home")


def test_a_data_directory_that_is_not_ours_is_left_alone(place: Path):
    (place / "home/postgres/data").mkdir(parents=True)
    (place / "home/postgres/data/thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(EmbeddedPostgresError, match="is not a Postgres cluster"):
        EmbeddedPostgres.start(place / "home")
    assert (place / "home/postgres/data/thesis.txt").read_text(encoding="utf-8") == "years of work"


@pytest.mark.skipif(not ROOT, reason="only root can act as a second operating-system user")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_another_user_is_told_so_in_one_line(place: Path):
    home = place / "home"
    server = EmbeddedPostgres.start(home)
    printed = attempt(home, NOBODY)
    assert printed.startswith("EmbeddedPostgresError ")
    assert "belongs to the operating-system user root, but this process runs as nobody" in printed
    assert "\n" not in printed
    assert query(server.admin_conninfo, "SELECT 1") == 1
    server.release()


@pytest.mark.skipif(not ROOT, reason="only root can act as a second operating-system user")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_as_an_ordinary_user(place: Path):
    mine = place / "mine"
    mine.mkdir()
    os.chown(mine, NOBODY, NOBODY)
    assert attempt(mine / "home", NOBODY) == "started"
    assert (mine / "home").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not ROOT, reason="permissions bind everyone but root: the test acts as root and as another user")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_directory_that_may_not_be_written(place: Path):
    printed = attempt(place / "home", NOBODY)
    assert printed.startswith("StoreReadOnly ")
    assert "set RECOLLECT_HOME to another directory" in printed
    assert "\n" not in printed


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    disk = place / "disk"
    disk.mkdir()
    if not ROOT:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "tmpfs", disk], check=False, capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=False)


def test_a_full_disk_at_the_start_is_one_clear_line(small_disk: Path):
    with pytest.raises(StoreFull, match="No space left") as caught:
        EmbeddedPostgres.start(small_disk / "home")
    assert "\n" not in str(caught.value)


def test_a_read_only_disk_is_one_clear_line(small_disk: Path):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StoreReadOnly, match="Read-only") as caught:
        EmbeddedPostgres.start(small_disk / "home")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not ROOT, reason="only root's server runs as another user")
def test_root_in_a_home_that_the_server_cannot_reach(place: Path):
    (place / "closed").mkdir(mode=0o700)
    server = EmbeddedPostgres.start(place / "closed/home")
    assert query(server.admin_conninfo, "SELECT 1") == 1
    server.release()
    assert (place / "closed").stat().st_mode & 0o777 == 0o700


def test_the_default_home_is_per_user():
    assert default_home() == Path("/var/lib/recollect") if ROOT else default_home().is_relative_to(Path.home())
