"""The doctor finds what is broken on purpose, names it, and says how to mend it."""

import os
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.shell import Shell, narrow

from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.embedded_files import FileLock
from recollect.doors.cli.checks_here import check_permissions, check_server_files, check_settings, missing_packages
from recollect.doors.cli.examining import Examination, examined
from recollect.doors.cli.options import Call
from recollect.settings import load_settings

CHECKS = {
    "python", "packages", "settings", "home", "permissions", "programs", "server files", "embedder", "chat model",
    "database", "master key", "pgvector", "schema", "model", "role", "row security", "indexes", "clock", "hot tier",
    "upkeep", "log", "port", "round trip",
}  # fmt: skip


@pytest.fixture
def patient(short_directory: Path) -> Iterator[tuple[Shell, str]]:
    """A home of its own with one memory in it, and the owner's connection string; to be broken."""
    home = short_directory / uuid4().hex[:8]
    shell = Shell(home)
    shell("add", "I live in Lyon", "-u", "ana")
    server = EmbeddedPostgres.start(home)
    try:
        yield shell, make_conninfo(server.admin_conninfo, dbname="recollect")
    finally:
        server.release()


def failures(shell: Shell, *, code: int = 1) -> dict[str, Any]:
    found = shell("doctor", "--json", code=code).document
    assert found["ok"] is (code == 0)
    assert {check["check"] for check in found["checks"]} == CHECKS
    failed = {check["check"]: check for check in found["checks"] if check["outcome"] == "failed"}
    assert all(check["remedy"] for check in failed.values())
    return failed


def test_an_index_that_was_dropped_is_named_with_the_statement_that_makes_it(patient: tuple[Shell, str]):
    shell, owner = patient
    assert failures(shell, code=0) == {}
    with psycopg.connect(owner, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = 'recollect' AND tablename = 'memory' "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY 1"
        ).fetchall()
        for (name,) in rows:
            connection.execute(f'DROP INDEX recollect."{name}"'.encode())
    found = failures(shell)
    assert set(found) == {"indexes"}
    detail = found["indexes"]["detail"]
    assert rows
    assert all(name in detail for (name,) in rows)
    with psycopg.connect(owner, autocommit=True) as connection:
        for statement in detail.partition("as the tables' owner: ")[2].split("; "):
            connection.execute(statement.encode())
    assert failures(shell, code=0) == {}


def test_a_hot_statement_that_scans_is_named_with_its_table(patient: tuple[Shell, str]):
    shell, owner = patient
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("ALTER TABLE recollect.log_head DROP CONSTRAINT log_head_pkey CASCADE")
    assert "no index serves: log_head scans log_head" in failures(shell)["indexes"]["detail"]


def test_row_security_that_is_off_is_named(patient: tuple[Shell, str]):
    shell, owner = patient
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("ALTER TABLE recollect.project DISABLE ROW LEVEL SECURITY")
    found = failures(shell)
    assert set(found) == {"database", "row security"}  # nothing is served from such a database
    assert "project" in found["row security"]["detail"]


def test_a_changed_log_is_named(patient: tuple[Shell, str]):
    shell, owner = patient
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("UPDATE recollect.event SET actor = 'eve' WHERE user_id = 'ana' AND seq = 1")
    found = failures(shell)
    assert set(found) == {"log"}
    assert "'ana'" in found["log"]["detail"]
    assert "line 1" in found["log"]["detail"]
    text = narrow(shell("doctor", code=1).out)
    assert "to do: recollect audit verify" in text
    assert "1 of 23 checks failed" in text
    assert set(shell("doctor", "--quiet", code=1).out.splitlines()) == {"log"}


def test_what_is_out_of_reach_is_named(patient: tuple[Shell, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECOLLECT_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("RECOLLECT_CHAT_MODEL", "oracle")
    monkeypatch.setenv("RECOLLECT_CHAT_BASE_URL", "http://127.0.0.1:1/v1")
    found = failures(patient[0])
    assert set(found) == {"hot tier", "chat model"}
    assert "RECOLLECT_REDIS_URL" in found["hot tier"]["remedy"]
    assert "oracle does not answer" in found["chat model"]["detail"]


def test_a_wrong_master_key_is_named(patient: tuple[Shell, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    key = tmp_path / "other.key"
    key.write_text(b64encode(os.urandom(32)).decode())
    key.chmod(0o600)
    monkeypatch.setenv("RECOLLECT_MASTER_KEY_FILE", str(key))
    found = failures(patient[0])
    assert set(found) == {"master key"}
    assert "RECOLLECT_MASTER_KEY_FILE" in found["master key"]["remedy"]
    key.write_text("not a key")
    assert "master key" in failures(patient[0])


def test_a_key_that_others_can_read_is_named(tmp_path: Path):
    home = tmp_path / "open"
    home.mkdir()
    key = home / "master.key"
    key.touch(mode=0o644)
    key.chmod(0o644)
    examination = Examination(Call(home=home), load_settings(home=home))
    found = examined(examination, "permissions", check_permissions, "chmod")
    assert (found.outcome, found.remedy) == ("failed", "chmod")
    assert str(key) in found.detail
    key.chmod(0o600)
    assert examined(examination, "permissions", check_permissions, "chmod").outcome == "ok"
    nothing = Examination(Call(home=tmp_path), load_settings(home=tmp_path / "none"))
    assert examined(nothing, "permissions", check_permissions, "chmod").outcome == "skipped"


def test_a_setting_whose_name_is_mistyped_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in os.environ if name.startswith("RECOLLECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RECOLLECT_USER", "ana")
    monkeypatch.setenv("RECOLLECT_RATE_LIMIT", "10")
    examination = Examination(Call(home=tmp_path), load_settings(home=tmp_path))
    assert examined(examination, "settings", check_settings, "correct").outcome == "ok"
    monkeypatch.setenv("RECOLLECT_EMBEDER", "minilm")
    monkeypatch.setenv("RECOLLECT_XYZ", "1")
    found = examined(examination, "settings", check_settings, "correct")
    assert (found.outcome, found.remedy) == ("note", "correct")
    assert "RECOLLECT_EMBEDER (is RECOLLECT_EMBEDDER meant?), RECOLLECT_XYZ" in found.detail


def test_a_lock_that_nobody_gives_back_is_named(patient: tuple[Shell, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("recollect.adapters.postgres.embedded_inspection.START_WITHIN_S", 0.1)
    home = patient[0].home
    examination = Examination(Call(home=home), load_settings(home=home))
    assert "serves, and answers" in examined(examination, "server files", check_server_files, "kill").detail
    held = FileLock.take(home / "postgres" / "start.lock")
    assert held is not None
    with held:
        found = examined(examination, "server files", check_server_files, "kill")
    assert found.outcome == "failed"
    assert "start.lock" in found.detail


def test_packages_are_told_apart_by_what_brings_them():
    requirements = ["numpy>=1", "not-there>=2", "nor-this>=1; extra == 'redis'", 'nor-that; extra == "server"']
    assert missing_packages(requirements) == {"": ["not-there"], "redis": ["nor-this"], "server": ["nor-that"]}
