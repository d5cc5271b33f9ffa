"""Policies through the command line: saved, tested, asked why, switched off and taken away."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from tests.shell import REFUSED, Shell, failure, narrow

NO_SECRETS = """package recollect.no_secrets

applies if input.action == "write"

allow if not contains(lower(input.memory.text), "password")

deny contains "passwords are not kept" if contains(lower(input.memory.text), "password")

test_a_password_is_denied if count(deny) == 1 with input as {"action": "write", "memory": {"text": "my password is x"}}

test_tea_is_fine if allow with input as {"action": "write", "memory": {"text": "I like tea"}}
"""
NOT_RESTRICTED = """package recollect.not_restricted

applies if input.action == "read"

filter := {"sensitivity": {"in": ["normal", "sensitive"]}}
"""


@pytest.fixture(autouse=True)
def tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenant of the test's own: policies hold for all of a tenant's users."""
    monkeypatch.setenv("RECOLLECT_TENANT_ID", f"tenant {uuid4()}")


@pytest.fixture
def no_secrets(tmp_path: Path) -> str:
    """A file with a policy on writes."""
    file = tmp_path / "no_secrets.rego"
    file.write_text(NO_SECRETS)
    return str(file)


def test_the_documented_policy_lets_everybody_write_but_card_numbers(shell: Shell, user: str, tmp_path: Path):
    text = (Path(__file__).resolve().parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    (module,) = re.findall(r"```rego\n(package recollect\.no_secrets\n.*?)```", text, re.DOTALL)
    file = tmp_path / "documented.rego"
    file.write_text(module)
    shell("policies", "add", "no_secrets", str(file))
    shell("add", "I like tea", "-u", user)
    shell("projects", "create", f"of-{user}", "-u", user)
    shell("add", "We ship in May", "--project", f"of-{user}", "--share", "-u", user)
    assert "card number" in failure(shell("add", "My card is 4111 1111 1111 1111", "-u", user, code=4))


def test_a_policy_from_its_saving_to_its_end(shell: Shell, user: str, no_secrets: str):
    assert "there are no policies" in shell("policies", "list").out
    saved = shell("policies", "add", "no_secrets", no_secrets, "--json").document
    assert (saved["name"], saved["version"], saved["active"], saved["module"]) == ("no_secrets", 1, True, NO_SECRETS)
    assert "already" in failure(shell("policies", "add", "no_secrets", no_secrets, code=5))
    assert "passwords are not kept" in failure(shell("add", "My password is swordfish", "-u", user, code=4))
    shell("add", "I like tea", "-u", user)
    assert NO_SECRETS.strip() in shell("policies", "show", "no_secrets").out
    changed = shell("policies", "update", "no_secrets", "--inactive", "--json").document
    assert (changed["version"], changed["active"]) == (2, False)
    (line,) = narrow(shell("policies", "list").out).splitlines()[1:]
    assert line.split()[:3] == ["no_secrets", "2", "no"]
    shell("add", "My password is swordfish", "-u", user)
    shell("policies", "update", "no_secrets", "--active", "--file", "-", stdin=NO_SECRETS.replace("password", "secret"))
    assert "secret" in shell("policies", "show", "no_secrets", "--json").document["module"]
    assert "add --yes" in failure(shell("policies", "remove", "no_secrets", code=1))
    assert shell("policies", "remove", "no_secrets", "--yes", "--json").document == {"removed": "no_secrets"}
    assert "no policy 'no_secrets'" in failure(shell("policies", "show", "no_secrets", code=3))


def test_a_policy_tests_itself(shell: Shell, no_secrets: str, tmp_path: Path):
    shell("policies", "add", "no_secrets", no_secrets)
    assert "2 of 2 tests passed" in narrow(shell("policy", "test", "no_secrets").out)
    wrong = tmp_path / "wrong.rego"
    wrong.write_text(NO_SECRETS.replace("== 1", "== 2"))
    text = narrow(shell("policies", "test", "no_secrets", "--file", str(wrong), code=1).out)
    assert "failed  test_a_password_is_denied" in text
    assert "1 of 2 tests passed" in text
    answer = shell("policies", "test", "no_secrets", "--file", str(wrong), "--json", code=1).document
    assert answer["ok"] is False
    assert {test["name"]: test["passed"] for test in answer["tests"]} == {
        "test_a_password_is_denied": False,
        "test_tea_is_fine": True,
    }
    more = tmp_path / "more.rego"
    more.write_text(
        "package recollect.no_secrets_test\n\n"
        "test_capitals if data.recollect.no_secrets.deny with input as "
        '{"action": "write", "memory": {"text": "PASSWORD"}}\n'
    )
    assert "3 of 3 tests passed" in shell("policies", "test", "no_secrets", "--tests", str(more)).out


def test_why_a_policy_decided_so(shell: Shell, user: str):
    secret = ["add", "The door code is 4711", "--sensitivity", "restricted", "--json", "-u", user]
    identity = shell(*secret).document["items"][0]["memory_id"]
    assert "no policy has a say" in shell("policies", "explain", identity, "-u", user).out
    shell("policies", "add", "not_restricted", "-", stdin=NOT_RESTRICTED)
    assert "has no memory" in failure(shell("show", identity, "-u", user, code=3))
    text = narrow(shell("policies", "explain", identity, "-u", user).out)
    assert text.startswith("denied")
    assert "policy 'not_restricted' (version 1): filter" in text
    document = shell("policies", "explain", identity, "--json", "-u", user).document
    assert document["allowed"] is False
    assert document["verdicts"][0]["condition"]["field"] == "sensitivity"
    assert "allowed" in shell("policies", "explain", identity, "--action", "write", "-u", user).out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "no_secrets", "/nowhere/at all.rego"], "cannot be read"),
        (["add", "Large", "-"], "name"),
        (["show", "nowhere"], "no policy 'nowhere'"),
        (["update", "nowhere", "--inactive"], "no policy 'nowhere'"),
        (["remove", "nowhere", "--yes"], "no policy 'nowhere'"),
        (["test", "nowhere"], "no policy 'nowhere'"),
        (["explain", "x"], "memory_id: must be a UUID"),
    ],
)
def test_errors_are_one_line(shell: Shell, arguments: list[str], message: str):
    assert message in failure(shell("policies", *arguments, stdin=NO_SECRETS, code=REFUSED))


def test_a_mistake_in_the_module_is_one_line(shell: Shell):
    line = failure(
        shell("policies", "add", "no_secrets", "-", stdin=NO_SECRETS.replace("allow if", "allow iff"), code=1)
    )
    assert "module: " in line


@pytest.mark.parametrize("name", ["add", "show", "list", "update", "remove", "test", "explain"])
def test_help_shows_examples(shell: Shell, name: str):
    assert f"recollect policy {name}" in narrow(shell("policy", name, "--help").out).partition("Examples:")[2]


def test_nothing_to_change_is_wrong_usage(shell: Shell):
    assert shell("policies", "update", "no_secrets", code=2).out == ""
