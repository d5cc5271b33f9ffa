"""The master key: a wrong one is refused clearly, a new one takes over, and two processes agree on the first."""

import base64
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import anyio
import pytest
from tests.row_search import connect

import recollect
from recollect import bootstrap
from recollect.adapters.keys.local import (
    LocalKeyVault,
    new_master_key,
    own_key_file,
    parse_master_key,
    read_key_file,
    write_key_file,
)
from recollect.adapters.postgres import operator as operating
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.errors import KeyUnavailable, ValidationError
from recollect.settings import load_settings


@pytest.fixture
def tenant() -> str:
    return f"tenant-{uuid4()}"


@pytest.fixture
def only_ours(server: EmbeddedPostgres, home: str, tenant: str) -> Iterator[bytes]:
    """The home's master key; while the test runs, no other tenant's keys are in the database."""
    (master,) = read_key_file(Path(home) / "master.key")
    with connect(server) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS public.aside (LIKE recollect.user_key)")
        connection.execute(
            "WITH g AS (DELETE FROM recollect.user_key RETURNING *) INSERT INTO public.aside SELECT * FROM g"
        )
    yield master
    with connect(server) as connection:
        connection.execute("DELETE FROM recollect.user_key WHERE tenant_id = %s", (tenant,))
        connection.execute("INSERT INTO recollect.user_key SELECT * FROM public.aside")
        connection.execute("DROP TABLE public.aside")


def master_ids(server: EmbeddedPostgres, tenant: str) -> set[str]:
    with connect(server) as connection:
        query = "SELECT DISTINCT master_id FROM recollect.user_key WHERE tenant_id = %s"
        return {row[0] for row in connection.execute(query, (tenant,)).fetchall()}


def text(key: bytes) -> str:
    """The key as a setting holds it."""
    return base64.b64encode(key).decode()


def test_a_wrong_master_key_is_refused_with_both_names(home: str, tenant: str):
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        memory.add("I live in Oslo", user_id="ana")
    with pytest.raises(KeyUnavailable, match=r"written with master key \w{16}, this process has \w{16}; set"):
        recollect.Memory(home=home, tenant_id=tenant, master_key=new_master_key())
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        assert [m.text for m in memory.list(user_id="ana")] == ["I live in Oslo"]
        assert memory.audit.verify().ok


@pytest.mark.usefixtures("only_ours")
def test_a_new_master_key_takes_over(server: EmbeddedPostgres, home: str, tenant: str):
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        receipts = [memory.add(f"Note {n} about Oslo", user_id=f"user {n}") for n in range(7)]
    fresh = parse_master_key(new_master_key(), "key")
    vault = LocalKeyVault(fresh)
    with bootstrap.operator(load_settings(home=Path(home))) as operator:
        assert anyio.run(operator.rotate, vault) == 8  # the tenant's own stream is the eighth
        assert anyio.run(operator.rotate, vault) == 0
    assert master_ids(server, tenant) == {vault.master_id}
    with recollect.Memory(home=home, tenant_id=tenant, master_key=text(fresh)) as memory:
        assert receipts[3].id is not None
        assert memory.history(receipts[3].id, user_id="user 3")[0].payload is not None
        memory.add("I live in Rome", user_id="user 3")
    with pytest.raises(KeyUnavailable, match=vault.master_id):
        recollect.Memory(home=home, tenant_id=tenant)


def test_a_rotation_that_was_stopped_goes_on(
    server: EmbeddedPostgres, home: str, tenant: str, only_ours: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(operating, "KEYS_AT_ONCE", 2)
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        for n in range(6):
            memory.add("I live in Oslo", user_id=f"user {n}")
    fresh = parse_master_key(new_master_key(), "key")

    class Dies(LocalKeyVault):
        wrapped = 0

        async def wrap(self, key: bytes, context: bytes) -> bytes:
            self.wrapped += 1
            if self.wrapped == 4:
                raise KeyUnavailable("the key service went away")
            return await super().wrap(key, context)

    with bootstrap.operator(load_settings(home=Path(home))) as operator:
        with pytest.raises(KeyUnavailable):
            anyio.run(operator.rotate, Dies(fresh))
        assert len(master_ids(server, tenant)) == 2
        with recollect.Memory(
            home=home, tenant_id=tenant, master_key_file=_file(Path(home), [only_ours, fresh])
        ) as memory:
            for n in range(6):  # a process that knows both works in the middle of it
                memory.add("I like tea", user_id=f"user {n}")
        assert anyio.run(operator.rotate, LocalKeyVault(fresh)) == 5
    assert master_ids(server, tenant) == {LocalKeyVault(fresh).master_id}


def _file(directory: Path, keys: list[bytes]) -> Path:
    path = directory / f"{uuid4()}.key"
    write_key_file(path, keys)
    return path


def test_a_key_file_is_its_owners_alone(tmp_path: Path):
    keys = [bytes([n]) * 32 for n in range(3)]
    path = _file(tmp_path, keys)
    assert read_key_file(path) == keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    write_key_file(path, keys[::-1])
    assert read_key_file(path) == keys[::-1]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("wrong", ["", "short", "x" * 44, "\x00", "é" * 20])
def test_what_is_no_key_is_refused_without_being_repeated(tmp_path: Path, wrong: str):
    path = tmp_path / "wrong.key"
    path.write_text(f"{new_master_key()}\n{wrong or '!'}\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="line 2: must be 32 random bytes in base64") as caught:
        read_key_file(path)
    assert not wrong or wrong not in str(caught.value)


def test_a_key_that_is_gone_is_not_replaced_where_something_was_written_with_it(tmp_path: Path):
    key, cluster = tmp_path / "master.key", tmp_path / "postgres" / "data" / "PG_VERSION"
    cluster.parent.mkdir(parents=True)
    cluster.write_text("18\n")
    with pytest.raises(KeyUnavailable, match=f"{key} is gone.*{cluster.parent}"):
        bootstrap.make_vault(load_settings(home=tmp_path))
    assert not key.exists()
    cluster.unlink()
    bootstrap.make_vault(load_settings(home=tmp_path))
    assert key.exists()


def test_two_processes_that_make_the_first_key_at_once_agree(tmp_path: Path):
    path = tmp_path / "master.key"
    program = (
        "import sys, pathlib, time\n"
        "from recollect.adapters.keys.local import own_key_file\n"
        "sys.stdin.readline()\n"
        "print(own_key_file(pathlib.Path(sys.argv[1]))[0].hex())\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    answers = [process.communicate("go\n", timeout=60)[0] for process in processes]
    assert len(set(answers)) == 1
    assert own_key_file(path)[0].hex() == answers[0].strip()
    assert list(tmp_path.iterdir()) == [path]
