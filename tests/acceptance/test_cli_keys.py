"""API keys through the command line: made and shown once, listed, shown, revoked; and the master key beside them."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.shell import Shell, failure, narrow

TOKEN = re.compile(r"^rk_[A-Za-z0-9_-]+\.[0-9a-f]{32}\.[A-Za-z0-9_-]{43}$", re.MULTILINE)


@pytest.fixture(autouse=True)
def tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenant of the test's own, whose keys are no other test's."""
    monkeypatch.setenv("RECOLLECT_TENANT_ID", f"t{uuid4().hex[:6]}")


def test_a_key_from_its_making_to_its_end(shell: Shell):
    assert "there are no API keys" in shell("key", "list").out
    made = shell("key", "create", "the website", "--rate", "120", "--for-user", "ana", "--project", "atlas")
    (token,) = TOKEN.findall(made.out)
    assert "not shown again" in made.out
    assert "120 requests a minute" in made.out
    (listed,) = shell("key", "list", "--json").document["keys"]
    assert (listed["name"], listed["user_id"], listed["project_id"]) == ("the website", "ana", "atlas")
    assert (listed["access"], listed["state"], listed["last_used_at"]) == ("write", "active", None)
    key = listed["id"]
    shown = shell("key", "show", key).out
    assert "the website" in shown
    assert "ana" in shown
    assert shell("key", "revoke", key, "--yes").out == "the website is revoked\n"
    assert shell("key", "show", key, "--json").document["state"] == "revoked"
    for answer in (shell("key", "list"), shell("key", "list", "--json"), shell("key", "show", key, "--json")):
        assert token.rpartition(".")[2] not in narrow(answer.out)
        assert "digest" not in answer.out
    assert "revoked" in shell("key", "list").out


def test_a_script_gets_the_token_alone(shell: Shell):
    quiet = shell("key", "create", "ci", "--quiet")
    assert TOKEN.fullmatch(quiet.out.rstrip("\n"))
    assert quiet.err == ""
    document = shell("key", "create", "ci", "--access", "admin", "--json").document
    assert TOKEN.fullmatch(document["token"])
    assert "not shown again" in document["note"]
    assert "digest" not in document


@pytest.mark.parametrize(
    ("given", "meant"),
    [("90d", timedelta(days=90)), ("12h", timedelta(hours=12)), ("30m", timedelta(minutes=30)), ("2w", timedelta(14))],
)
def test_it_expires_after_as_long_as_was_said(shell: Shell, given: str, meant: timedelta):
    made = shell("key", "create", "k", "--expires", given, "--json").document
    until = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert meant - timedelta(minutes=1) < until <= meant


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--expires", "soon"], "such as 90d, 12h"),
        (["--expires", "0d"], "must lie ahead"),
        (["--expires", "2020-01-01T00:00:00+00:00"], "must lie ahead"),
        (["--expires", "2090-01-01T00:00:00"], "is naive"),
        (["--expires", "999999w"], "year 9999"),
        (["--access", "root"], "one of read, write, admin"),
        (["--access", "admin", "--for-user", "ana"], "whole tenant"),
        (["--rate", "0"], "requests_per_minute"),
    ],
)
def test_what_cannot_be_a_key_is_said_in_one_line(shell: Shell, arguments: list[str], said: str):
    assert said in failure(shell("key", "create", "k", *arguments, code=1))
    assert shell("key", "list", "--json").document["keys"] == []


def test_revoking_is_asked_about_and_an_unknown_key_is_not_found(shell: Shell):
    key = shell("key", "create", "k", "--json").document["id"]
    shell("key", "revoke", key, stdin="n\n", code=1)
    assert shell("key", "show", key, "--json").document["state"] == "active"
    assert "no API key" in failure(shell("key", "show", str(uuid4()), code=3))
    assert "no API key" in failure(shell("key", "revoke", str(uuid4()), "--yes", code=3))


def test_the_access_log_is_asked_by_key(shell: Shell):
    key = shell("key", "create", "k", "--json").document["id"]
    assert "no entries like that" in shell("access", "list", "--key", key).out
    assert {entry["key_id"] for entry in shell("access", "list", "--json").document["entries"]} == {None}
    assert "key_id: must be a UUID" in failure(shell("access", "list", "--key", "x", code=1))


def test_pages(shell: Shell):
    for name in ("one", "two", "three"):
        shell("key", "create", name, "-q")
    first = shell("key", "list", "-k", "2", "--json").document
    assert [key["name"] for key in first["keys"]] == ["three", "two"]
    rest = shell("key", "list", "--cursor", first["next_cursor"], "--json").document
    assert ([key["name"] for key in rest["keys"]], rest["next_cursor"]) == (["one"], None)


def test_the_helps_tell_api_keys_from_the_master_key(shell: Shell):
    whole = narrow(shell("--help").out)
    assert re.search(r"\bkey +API keys", whole)
    assert re.search(r"\bmaster-key +Under it every user", whole)
    assert "recollect master-key" in narrow(shell("key", "--help").out)
    assert "recollect key" in narrow(shell("master-key", "--help").out).replace("\n", " ")
    assert len(shell("keys", "new").out.strip()) == 44  # the name it had before
