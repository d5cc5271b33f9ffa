"""An outside Postgres over TCP, with passwords: set up by its owner, used by the application role."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypedDict
from uuid import uuid4

import psycopg
import pytest

import recollect
from recollect.adapters.keys.local import new_master_key
from recollect.adapters.postgres import migrate
from recollect.adapters.postgres.embedded import binaries
from recollect.errors import SchemaMismatch, StoreError, StoreUnavailable, ValidationError

OWNER_PASSWORD = "owner's pass/word"  # noqa: S105 - of a server that lives as long as this test
ENCODED = "owner%27s%20pass%2Fword"


PROGRAMS = {18: binaries(), 16: binaries().parents[1] / "pginstall" / "bin"}
"""The wheel ships two versions; the newer runs the embedded server, the older stands for other people's servers."""


def run_as_server(program: Path, *arguments: str, cwd: Path) -> None:
    """Runs one of Postgres's programs as a user it accepts: anyone but root."""
    root = os.geteuid() == 0
    subprocess.run(
        [program, *arguments],
        cwd=cwd,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user="nobody" if root else None,
        group="nogroup" if root else None,
        extra_groups=[] if root else None,
    )


@pytest.fixture(autouse=True)
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outside database needs a master key."""
    monkeypatch.setenv("RECOLLECT_MASTER_KEY", new_master_key())


@pytest.fixture(scope="module", params=sorted(PROGRAMS))
def address(short_directory: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """``127.0.0.1:port`` of a server that asks for passwords."""
    root = short_directory / f"tcp-{uuid4().hex[:6]}"
    root.mkdir()
    if os.geteuid() == 0:
        os.chown(root, 65534, 65534)
    (root / "password").write_text(OWNER_PASSWORD, encoding="utf-8")
    (root / "password").chmod(0o644)
    data = root / "data"
    programs = PROGRAMS[request.param]
    if not (programs / "postgres").exists():
        pytest.skip(f"the installed wheel has no Postgres {request.param}")
    run_as_server(
        programs / "initdb", "-D", str(data), "-U", "postgres", "-A", "scram-sha-256",
        "--pwfile", str(root / "password"), "-E", "UTF8", "--locale=C", cwd=root,
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
    run_as_server(programs / "pg_ctl", "-D", str(data), "-o", options, "-l", str(root / "log"), "-w", "start", cwd=root)
    yield f"127.0.0.1:{port}"
    run_as_server(programs / "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop", cwd=root)


@pytest.fixture
def server_version(request: pytest.FixtureRequest) -> int:
    """The major version of the server behind ``address``."""
    return request.node.callspec.params["address"]


class Urls(TypedDict):
    """A database as its owner and as the application role."""

    admin_url: str
    database_url: str


@pytest.fixture
def urls(address: str) -> Urls:
    """A fresh database: its owner's URL and the application role's."""
    name = f"outside_{uuid4().hex[:8]}"
    migrate.create_database(f"postgresql://postgres:{ENCODED}@{address}/postgres", name)
    return {
        "admin_url": f"postgresql://postgres:{ENCODED}@{address}/{name}",
        "database_url": f"postgresql://memory_{name}:s3cret@{address}/{name}",
    }


def test_the_owner_sets_it_up_and_the_plain_role_uses_it(urls: Urls, server_version: int):
    with pytest.raises((SchemaMismatch, StoreUnavailable)):
        recollect.Memory(database_url=urls["database_url"], timeout_s=3)
    with pytest.raises(StoreError):
        recollect.Memory(database_url=urls["admin_url"], timeout_s=3)
    with recollect.Memory(**urls) as memory:
        assert memory.add("The boat is called Calypso", user_id="ana").items[0].outcome is recollect.Outcome.ACCEPTED
        status = memory.status()
    assert f"PostgreSQL {server_version}" in status.store.server
    assert not status.store.embedded
    assert "s3cret" not in repr(status)
    with recollect.Memory(database_url=urls["database_url"]) as memory:
        assert memory.search("what is the boat called?", user_id="ana")[0].memory.text == "The boat is called Calypso"


def test_a_wrong_password_is_one_clear_line(urls: Urls):
    recollect.Memory(**urls).close()
    wrong = urls["database_url"].replace("s3cret", "wrong")
    with pytest.raises(StoreUnavailable, match="password authentication failed") as caught:
        recollect.Memory(database_url=wrong, timeout_s=3)
    assert "\n" not in str(caught.value)
    assert "wrong@" not in str(caught.value)


def test_connections_that_die_are_replaced(urls: Urls):
    with recollect.Memory(**urls) as memory:
        memory.add("The boat is called Calypso", user_id="ana")
        with psycopg.connect(urls["admin_url"], autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        answers = 0
        for _ in range(20):
            with suppress(StoreUnavailable):
                answers += len(memory.search("what is the boat called?", user_id="ana"))
        assert answers >= 10
        assert memory.add("She is moored in Brest", user_id="ana").items[0].outcome is recollect.Outcome.ACCEPTED


@pytest.mark.parametrize("url", ["postgresql://u:s3cret@[::1/db", "postgresql://u:sec%ret@h/d", "nonsense s3cret"])
def test_a_bad_url_is_refused_without_repeating_its_password(url: str):
    with pytest.raises(ValidationError, match="database_url: is not a connection string") as caught:
        recollect.Memory(database_url=url)
    assert "s3cret" not in str(caught.value)
    assert "sec%ret" not in str(caught.value)
