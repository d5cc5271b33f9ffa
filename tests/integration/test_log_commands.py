"""``recollect audit | replay | erase | keys`` on the command line: what they print, and their exit codes."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.row_search import connect
from typer.testing import CliRunner, Result

import recollect
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.doors.cli.main import app


class Shell:
    """Runs commands on the tests' home, for a tenant of their own."""

    def __init__(self, home: str, tenant: str) -> None:
        self.home = home
        self.tenant = tenant

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["--home", self.home, *words], env={"RECOLLECT_TENANT_ID": self.tenant})

    def json(self, *words: str) -> Any:
        done = self.run(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture
def shell(home: str) -> Shell:
    tenant = f"tenant-{uuid4()}"
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        memory.add("My sister Anna works at Siemens", user_id="ana")
        memory.add("I live in Oslo", user_id="ben")
    return Shell(home, tenant)


def test_audit_and_replay_of_a_whole_log(shell: Shell):
    assert "every chain is whole" in shell.run("audit", "verify").stdout
    assert shell.json("audit", "verify")["report"]["streams"] == 3
    one = shell.json("audit", "verify", "--user", "ana")["report"]["reports"][0]
    assert (one["user_id"], len(one["hash"])) == ("ana", 64)
    assert "the tables are what the log says" in " ".join(shell.run("replay", "--verify").stdout.split())
    answer = shell.json("replay", "--verify", "--user", "ana", "--vectors")
    assert (answer["ok"], answer["report"]["streams"]) == (True, 1)
    assert answer["events_per_second"] > 0


def test_damage_ends_with_exit_code_1_and_its_name(shell: Shell, server: EmbeddedPostgres):
    with connect(server) as connection:
        where = (shell.tenant, "ana")
        connection.execute(
            "UPDATE recollect.memory SET importance = 0.123 WHERE tenant_id = %s AND user_id = %s", where
        )
    done = shell.run("replay", "--verify")
    assert done.exit_code == 1
    assert "memory" in done.stdout
    assert "different importance" in done.stdout
    assert shell.run("replay", "--rebuild", "--user", "ana").exit_code == 1  # nobody was there to ask
    assert "mended" in shell.run("replay", "--rebuild", "--user", "ana", "--yes").stdout
    assert shell.run("replay", "--verify").exit_code == 0
    with connect(server) as connection:
        connection.execute(
            "UPDATE recollect.event SET actor = 'x' WHERE tenant_id = %s AND user_id = %s AND seq = 1", where
        )
    done = shell.run("audit", "verify")
    assert done.exit_code == 1
    assert "/ana: altered at line 1" in done.stdout
    done = shell.run("replay", "--rebuild", "--user", "ana", "--yes")
    assert done.exit_code == 1
    assert "nothing was rebuilt" in done.stderr


def test_erasing_on_the_command_line(shell: Shell, tmp_path: Path):
    file = tmp_path / "certificate.json"
    assert shell.run("erase", "user", "ben").exit_code == 1  # nobody was there to ask
    done = shell.run("erase", "user", "ben", "--yes", "--out", str(file))
    assert done.exit_code == 0, done.output
    key = shell.json("keys", "public")["public_key"]
    assert shell.json("erase", "verify", str(file), "--public-key", key)["genuine"] is True
    file.write_text(file.read_text(encoding="utf-8").replace('"ben"', '"bob"'), encoding="utf-8")
    assert shell.run("erase", "verify", str(file), "--public-key", key).exit_code == 1
    assert shell.run("erase", "verify", str(file), "--public-key", "00").exit_code == 1
    assert shell.run("erase", "user", "nobody", "--yes", "--out", str(file)).exit_code == 1  # it is there already
    known = shell.json("list", "--user", "ana")["memories"][0]["id"]
    certificate = shell.json("erase", "memory", known, "--user", "ana", "--yes")
    assert known in certificate["memory_ids"]
    assert shell.run("audit", "verify").exit_code == 0
    assert shell.run("replay", "--verify").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("replay",),
        ("replay", "--verify", "--rebuild"),
        ("replay", "--rebuild", "--yes"),
        ("replay", "--verify", "--all", "--user", "ana"),
        ("audit", "verify", "--all", "--tenant", "t"),
        ("audit", "verify", "--tenant", "no such tenant"),
        ("replay", "--verify", "--tenant", "no such tenant"),
    ],
)
def test_what_cannot_be_meant_is_said(shell: Shell, words: tuple[str, ...]):
    done = shell.run(*words)
    assert done.exit_code == (3 if "no such tenant" in words else 1)
    assert done.stderr.startswith("error: ")


def test_a_new_key_of_ones_own_home(tmp_path: Path, short_directory: Path):
    home = str(short_directory / "rotated")
    shell = Shell(home, "default")
    assert shell.run("add", "I live in Oslo").exit_code == 0
    key = shell.run("keys", "new").stdout.strip()
    file = tmp_path / "new.key"
    file.write_text(key + "\n", encoding="utf-8")
    answer = shell.json("keys", "rotate", "--new-key-file", str(file), "--yes")
    assert answer["rewrapped"] == 2
    assert (Path(home) / "master.key").read_text(encoding="utf-8").splitlines()[0] == key
    assert shell.json("keys", "public")["master_id"] == answer["master_id"]
    assert shell.run("add", "I live in Rome").exit_code == 0
    assert shell.run("replay", "--verify").exit_code == 0
