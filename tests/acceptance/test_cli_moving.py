"""The command line for users, exports and imports."""

import json
from pathlib import Path

import pytest
from tests.shell import Shell, failure, narrow

TEXTS = ("My sister works at Bosch", "I like green tea")


@pytest.fixture
def filled(shell: Shell, user: str) -> str:
    """A user with two texts."""
    for text in TEXTS:
        shell("add", text, "--at", "2024-05-04T09:30:00+00:00", "-u", user)
    return user


def kinds(text: str) -> list[str]:
    """What the lines of an export hold."""
    return [json.loads(line)["kind"] for line in text.splitlines()]


def test_users_are_listed_shown_and_deleted(shell: Shell, filled: str):
    found = shell("user", "list", "-k", "1000", "--json").document["users"]
    (own,) = [one for one in found if one["id"] == filled]
    assert (own["kind"], own["memories"]) == ("user", 2)
    assert filled in narrow(shell("user", "list", "-k", "1000").out)
    first = shell("user", "list", "-k", "1", "--json").document
    assert len(first["users"]) == 1
    shown = narrow(shell("user", "show", filled).out)
    assert "2 active" in shown
    assert "lines of the log" in shown
    assert shell("user", "show", filled, "--json").document["by_status"] == {"active": 2}
    assert "nothing of user 'nobody at all'" in failure(shell("user", "show", "nobody at all", code=3))
    assert "nothing was changed" in shell("user", "delete", filled, "--dry-run").out
    assert "add --yes" in failure(shell("user", "delete", filled, code=1))
    assert "of the log unreadable" in " ".join(shell("user", "delete", filled, "--yes").out.split())
    assert "erased" in shell("user", "show", filled).out
    assert filled not in [one["id"] for one in shell("user", "list", "-k", "1000", "--json").document["users"]]


def test_agents_and_conversations_are_listed(shell: Shell, filled: str):
    talk = '{"role": "user", "content": "My brother Karl works at Bosch"}'
    shell("add", "--file", "-", "--conversation", "a talk", "-u", filled, stdin=talk)
    talks = shell("user", "list", "--kind", "conversation", "-k", "1000")
    assert [line for line in narrow(talks.out).splitlines() if line.startswith("a talk ")]
    document = shell("user", "list", "--kind", "conversation", "-k", "1000", "--json").document
    assert (filled, "a talk", 1) in [(one["user_id"], one["id"], one["memories"]) for one in document["users"]]
    assert shell("user", "list", "--kind", "agent").code == 0


def test_an_export_goes_to_a_file_and_back(shell: Shell, filled: str, tmp_path: Path):
    file = tmp_path / "all of it.jsonl"
    assert "1 user, 2 memories" in shell("export", str(file), "-u", filled).out
    assert kinds(file.read_text("utf-8"))[:3] == ["header", "memory", "memory"]
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert "add --force" in failure(shell("export", str(file), "-u", filled, code=1))
    told = shell("export", str(file), "-u", filled, "--force", "--json").document
    assert (told["users"], told["memories"]) == (1, 2)
    other = f"{filled} too"
    dry = narrow(shell("import", str(file), "-u", other, "--dry-run").out)
    assert "would be imported" in dry
    assert "nothing was written" in dry
    shell("user", "show", other, code=3)
    done = shell("import", str(file), "-u", other)
    assert "to take it back: recollect rollback --job" in done.out
    assert shell("user", "show", other, "--json").document["memories"] == 2
    again = shell("import", str(file), "--json", "-u", other).document
    assert (again["imported"], again["failed"]) == (0, 0)
    job = done.out.split("--job ")[1].split()[0]
    shell("rollback", "--job", job, "--yes", "-u", other)
    assert shell("user", "show", other, "--json").document["memories"] == 0


def test_standard_output_and_input(shell: Shell, filled: str):
    lines = shell("export", "-u", filled, process=True).out
    assert kinds(lines)[0] == "header"
    report = shell("import", "-", "--json", stdin=lines).document
    assert report["users"] == [filled]
    assert report["skipped"] == len(lines.splitlines()) - 1
    assert filled in [json.loads(line).get("user_id") for line in shell("export", "--all-users").out.splitlines()]
    assert "--all-users" in shell("export", "--all-users", "-u", filled, code=2).err


def test_lines_of_ones_own(shell: Shell, user: str, tmp_path: Path):
    texts = tmp_path / "mine.jsonl"
    texts.write_text('{"text": "I like rye bread", "at": "2020-01-01T00:00:00Z"}\n\n{"text": "My dog is called Rex"}\n')
    assert "imported  2 (2 text)" in shell("import", str(texts), "-u", user).out
    found = {one["text"]: one["told_at"] for one in shell("list", "--json", "-u", user).document["memories"]}
    assert found["I like rye bread"].startswith("2020-01-01")
    assert found["My dog is called Rex"] is None
    array = '[\n{"role": "user", "content": "I was born in Graz", "at": "2020-01-02T00:00:00+00:00"}\n]'
    assert shell("import", "-", "--json", "-u", user, stdin=array).document["imported"] == 1
    assert shell("import", str(texts), "--json", "-u", user).document["skipped"] == 2


def test_what_could_not_be_read_is_said_line_by_line(shell: Shell, user: str, tmp_path: Path):
    file = tmp_path / "broken.jsonl"
    file.write_bytes(b'{"text": "I like rye bread"}\n{"text": \n\xff\n{"kind": "dog"}\n{"text": "I own a red kayak"}\n')
    answer = shell("import", str(file), "-u", user, code=1)
    assert "imported  2" in answer.out
    assert [line.split(":")[0] for line in answer.err.splitlines()] == ["line 2", "line 3", "line 4"]
    report = shell("import", str(file), "--json", "-u", user, code=1).document
    assert [one["line"] for one in report["problems"]] == [2, 3, 4]
    assert "cannot be read" in failure(shell("import", str(tmp_path / "none"), "-u", user, code=1))
    assert "on_conflict" in failure(shell("import", str(file), "--on-conflict", "maybe", "-u", user, code=1))
    assert "cannot be written" in failure(shell("export", str(tmp_path / "no" / "x"), "-u", user, code=1))
