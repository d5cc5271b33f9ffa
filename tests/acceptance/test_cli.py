"""The command line as a person and a program use it: answers, JSON shapes, error lines, exit codes and 80 columns."""

import json
import os
import re
import shlex
import signal
import subprocess
from base64 import b64encode
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

import pytest
from tests.shell import REFUSED, Shell, failure, narrow

from recollect.bootstrap import location
from recollect.settings import load_settings

COMMANDS = (
    "add",
    "search",
    "context",
    "list",
    "show",
    "history",
    "delete",
    "update",
    "revise",
    "memory",
    "project",
    "source",
    "policy",
    "job",
    "serve",
    "worker",
    "mcp",
    "quarantine",
    "access",
    "status",
    "doctor",
    "bench",
    "model",
    "db",
    "demo",
)
MISSING = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"

TABLES = {"memory", "event", "embedding", "embedding_model", "log_head", "user_key", "project", "source", "access_log"}


def test_help_names_every_command_and_shows_examples(shell: Shell):
    text = narrow(shell("--help", process=True).out)
    for name in COMMANDS:
        assert re.search(rf"\b{name}\b", text), name
    assert "recollect add --file chat.jsonl" in narrow(shell("add", "--help").out)
    assert shell("--version").out.strip() == f"recollect {version('recollect')}"


def test_add_search_show_delete(shell: Shell, user: str):
    added = shell("add", "My sister Anna works at Siemens", "--json", "-u", user).document
    (item, *_) = added["items"]
    assert item["outcome"] == "accepted"
    assert added["ids"] == [item["memory_id"]]
    assert set(added["cost"]) == {"ms", "round_trips", "model_calls", "tokens"}
    found = shell("--user", user, "search", "Where does Anna work?", "--json").document
    assert item["memory_id"] in [hit["memory"]["id"] for hit in found["hits"]]
    assert found["hits"][0]["signals"]
    shown = shell("show", item["memory_id"], "--json", "-u", user).document
    assert shown["text"] == "My sister Anna works at Siemens"
    assert shown["written_at"].endswith("+00:00")
    assert shell("delete", item["memory_id"], "--yes", "--json", "-u", user).document == {"deleted": item["memory_id"]}
    events = shell("history", item["memory_id"], "--json", "-u", user).document["events"]
    assert [event["type"] for event in events] == ["memory_added", "memory_deleted"]
    assert events[0]["payload"]["memory"]["text"] == "My sister Anna works at Siemens"
    assert all(len(event["hash"]) == 64 and "sealed" not in event for event in events)
    assert "has no memory" in failure(shell("show", item["memory_id"], "-u", user, code=3))


def test_tables_fit_80_columns(shell: Shell, user: str):
    long = "We talked for hours about the lighthouse and the keeper of its lamp, " * 6
    receipt = narrow(shell("add", long, "--at", "2026-05-04T09:30:00+02:00", "-u", user).out)
    assert "accepted" in receipt
    narrow(shell("add", "I live in Lyon and I am allergic to hazelnuts", "-u", user).out)
    narrow(shell("search", "What about the lighthouse?", "--explain", "-u", user).out)
    listed = narrow(shell("list", "-u", user).out)
    (identity,) = re.findall(r"2026-05-04  (\S+)$", listed, re.MULTILINE)
    assert "lighthouse" in narrow(shell("show", identity, "-u", user).out)
    assert "memory_added" in narrow(shell("history", identity, "-u", user).out)
    narrow(shell("status").out)


def test_standard_input_and_options(shell: Shell, user: str):
    given = ["--speaker", "Ben", "--type", "preference", "--tier", "project", "--source-type", "document"]
    more = ["--conversation", "c1", "--metadata", '{"from": "letter"}', "--at", "unknown", "--json", "-u", user]
    added = shell("add", "-", *given, *more, stdin="Ben likes the sea more than the mountains\n").document
    record = shell("show", added["ids"][0], "--json", "-u", user).document
    assert record["text"] == "Ben likes the sea more than the mountains"
    assert (record["speaker"], record["type"], record["tier"]) == ("Ben", "preference", "project")
    assert (record["conversation_id"], record["metadata"], record["occurred_at"]) == ("c1", {"from": "letter"}, None)


@pytest.mark.parametrize("form", ["lines", "array", "object"])
def test_files_of_messages(shell: Shell, user: str, tmp_path: Path, form: str):
    messages = [
        {"role": "user", "content": f"On walk number {n} I saw a heron", "at": "2026-05-04T09:30:00+02:00"}
        for n in range(260 if form == "lines" else 3)
    ]
    file = tmp_path / "chat.json"
    whole = {"lines": "\n".join(map(json.dumps, messages)), "array": json.dumps(messages, indent=1)}
    file.write_text(whole.get(form) or json.dumps({"messages": messages}))
    answer = shell("add", "--file", str(file), "--json", "-u", user).document
    assert len(answer["ids"]) == len(messages)
    assert {item["outcome"] for item in answer["items"]} == {"accepted"}


def test_a_bad_line_is_named(shell: Shell, user: str, tmp_path: Path):
    file = tmp_path / "chat.jsonl"
    file.write_text('{"role": "user", "content": "fine"}\n{"role": "user", "content"\n')
    assert "chat.jsonl, line 2: is not JSON" in failure(shell("add", "--file", str(file), "-u", user, code=1))
    good = [json.dumps({"role": "user", "content": f"I saw heron {n}"}) for n in range(251)]
    file.write_text("\n".join([*good, '{"role": "pirate", "content": "arr"}']))
    line = failure(shell("add", "--file", str(file), "-u", user, code=1))
    assert "messages[251].role" in line
    assert "the first 250 messages are stored" in line
    file.write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8" in failure(shell("add", "--file", str(file), "-u", user, code=1))
    assert "cannot be read" in failure(shell("add", "--file", str(tmp_path / "none"), "-u", user, code=1))


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["add", ""], "", "content: is empty"),
        (["add", "-"], "a\x00b", "NUL"),
        (["add", "-"], b"\xff\xfe", "is not UTF-8"),
        (["add", "ok then", "--at", "2026-05-04T09:30:00"], "", "at: is naive"),
        (["add", "ok then", "--at", "yesterday"], "", "at: must be ISO 8601"),
        (["search", " "], "", "query: is empty"),
        (["search", "where?", "--limit", "0"], "", "limit: must be a whole number"),
        (["search", "where?", "--profile", "magic"], "", "profile"),
        (["list", "--cursor", "x"], "", "cursor"),
        (["show", "x"], "", "memory_id"),
        (["show", MISSING], "", "has no memory"),
        (["history", MISSING], "", "has no memory"),
        (["delete", MISSING, "--yes"], "", "has no memory"),
        (["list", "--user", "x" * 256], "", "user_id"),
        (["db", "stop", "--database-url", "postgresql://a@localhost:1/b"], "", "outside"),
        (["status", "--database-url", "postgresql://a:secret@localhost:1/b"], "", "needs a master key"),
    ],
)
def test_errors_are_one_line(shell: Shell, arguments: list[str], stdin: str | bytes, message: str):
    line = failure(shell(*arguments, stdin=stdin, code=REFUSED))
    assert message in line
    assert "secret" not in line


def test_an_outside_database_that_is_not_there(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECOLLECT_MASTER_KEY", b64encode(bytes(range(32))).decode())
    line = failure(shell("status", "--database-url", "postgresql://a:secret@localhost:1/b", code=6))
    assert "cannot be reached" in line
    assert "secret" not in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["add"],
        ["add", "text", "--file", "x"],
        ["add", "text", "--metadata", "{"],
        ["add", "text", "--metadata", "[1]"],
        ["add", "text", "--type", "thought"],
        ["search"],
        ["search", "q", "--limit", "many"],
        ["context", "q", "--style", "sonnet"],
        ["nonsense"],
        ["list", "--nonsense"],
        ["list", "--embedder", "magic"],
        ["db", "downgrade"],
    ],
)
def test_wrong_usage_is_2(shell: Shell, arguments: list[str]):
    answer = shell(*arguments, code=2)
    assert answer.out == ""
    assert answer.err


def test_context(shell: Shell, user: str):
    assert "nothing is known" in shell("context", "-u", user).out
    shell("add", "I live in Lyon", "-u", user)
    assert "Lyon" in shell("context", "Where do I live?", "-u", user).out
    answer = shell("context", "Where do I live?", "--json", "--style", "xml", "-u", user).document
    assert answer["text"].startswith("<")
    assert {"query", "items", "warnings", "tokens", "retrieved_at"} <= set(answer)


def test_pages(shell: Shell, user: str):
    shell("add", "--file", "-", "-u", user, stdin="\n".join(f'{{"content": "I saw heron {n}"}}' for n in range(5)))
    first = shell("list", "--limit", "3", "--json", "-u", user).document
    second = shell("list", "--limit", "3", "--json", "--cursor", first["next_cursor"], "-u", user).document
    assert [len(first["memories"]), len(second["memories"]), second["next_cursor"]] == [3, 2, None]
    assert "--cursor" in shell("list", "--limit", "3", "-u", user).out


def test_nothing_is_deleted_unasked(shell: Shell, user: str):
    identity = shell("add", "I live in Lyon", "--json", "-u", user).document["ids"][0]
    assert "add --yes" in failure(shell("delete", identity, "-u", user, code=1))
    assert shell("show", identity, "--json", "-u", user).document["status"] == "active"


def test_what_was_said_cannot_write_to_the_terminal(shell: Shell, user: str):
    shell("add", "I like [red]red[/red] \x1b[31mand green\x1b[0m", "-u", user)
    text = shell("list", "-u", user).out
    assert "[red]red[/red]" in text


def test_user_from_the_environment(shell: Shell, user: str, monkeypatch: pytest.MonkeyPatch):
    shell("add", "I live in Lyon", "-u", user)
    monkeypatch.setenv("RECOLLECT_USER", user)
    assert shell("list", "--json").document["memories"]
    assert not shell("--user", "somebody else", "list", "--json").document["memories"]


def test_doctor_finds_all_well_and_leaves_nothing(shell: Shell):
    before = shell("status", "--json").document["store"]["counts"]
    answer = shell("doctor", "--json").document
    assert answer["ok"], answer
    outcomes = {check["check"]: check["outcome"] for check in answer["checks"]}
    assert {name for name, outcome in outcomes.items() if outcome != "ok"} <= {"chat model", "port"}
    assert shell("status", "--json").document["store"]["counts"] == before
    assert "all is well" in narrow(shell("doctor").out)


def test_doctor_says_what_to_do(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    away = ("doctor", "--json", "--database-url", "postgresql://a@localhost:1/b")
    checks = shell(*away, code=1).document["checks"]
    assert [check["check"] for check in checks if check["outcome"] == "failed"] == ["master key"]
    monkeypatch.setenv("RECOLLECT_MASTER_KEY", b64encode(bytes(range(32))).decode())
    checks = shell(*away, code=1).document["checks"]
    outcomes = {check["check"]: check["outcome"] for check in checks}
    assert (outcomes["database"], outcomes["round trip"], outcomes["python"]) == ("failed", "skipped", "ok")
    assert all(check["remedy"] for check in checks if check["outcome"] == "failed")


def test_models(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    models = {model["name"]: model for model in shell("model", "list", "--json").document["models"]}
    assert set(models) == {"static", "minilm", "openai"}
    assert models["static"]["ready"] is True
    assert models["minilm"]["ready"] is False
    narrow(shell("model", "list").out)
    monkeypatch.setenv("RECOLLECT_TENANT_ID", f"tenant {uuid4()}")  # later on it is the tenant's model that counts
    assert "recollect model pull minilm" in failure(shell("status", "--embedder", "minilm", code=1))


def test_database_commands(shell: Shell):
    assert shell("db", "location").out.strip() == location(load_settings(home=shell.home))
    assert shell("db", "migrate", "--json").document["tables"].keys() >= TABLES
    refused = shell("db", "downgrade", "--to", "base", code=1)
    assert re.search(r"^memory +\d", refused.out, re.MULTILINE)
    assert "nothing was changed" in refused.err
    assert "cannot go back to" in shell("db", "downgrade", "--to", "nowhere", "--yes", code=1).err


def test_downgrade_drops_everything_and_the_next_command_starts_anew(short_directory: Path):
    shell = Shell(short_directory / "other home")
    shell("add", "I live in Lyon")
    answer = shell("db", "downgrade", "--to", "base", "--yes", "--json").document
    assert answer["dropped"]["memory"] >= 1
    assert shell("list", "--json").document == {"memories": [], "next_cursor": None}
    shell("add", "I live in Lyon")
    told = shell("db", "downgrade", "--to", "0001", "--json", "--yes").document
    assert told["before"]["memory"] >= 1
    assert "memory" not in told["dropped"]
    assert told["after"]["memory"] == 0  # a table that stays, emptied
    shell("db", "stop")


def test_demo_twice(shell: Shell):
    first = narrow(shell("demo", "--user", "twice").out)
    assert "What to type next" in first
    assert first.count("ms\n") >= 5
    assert "every turn was known already" in narrow(shell("demo", "--user", "twice").out)
    document = shell("demo", "--json", "--user", "once").document
    assert document["turns"] > 55
    assert document["outcomes"]["superseded"] >= 3
    assert len(document["answers"]) == 5
    assert all(answer["hits"] for answer in document["answers"])
    assert "Passerelle" in document["context"]["text"]


def test_ctrl_c_is_130(shell: Shell, tmp_path: Path):
    pipe = tmp_path / "chat.jsonl"
    os.mkfifo(pipe)
    command = shell.command("add", "--file", str(pipe))
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, env=shell.whole_environment) as process,
        pipe.open("wb"),  # it opens when the command reads from the other end
    ):
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == b""


def test_a_closed_pipe_is_no_accident(shell: Shell):
    command = " ".join([*map(json.dumps, shell.command("list", "--help")), "| true"])
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, env=shell.whole_environment, timeout=60, check=False
    )
    assert b"Traceback" not in done.stderr


def test_what_was_known_before(shell: Shell, user: str):
    first = shell("add", "I live in Paris", "-u", user, "--json").document["items"][0]["memory_id"]
    between = datetime.now(UTC).isoformat()
    shell("add", "I moved to Lyon", "-u", user)
    then = ("--known-at", between, "-u", user, "--json")
    assert [m["text"] for m in shell("list", *then).document["memories"]] == ["I live in Paris"]
    assert shell("show", first, *then).document["status"] == "active"
    assert shell("show", first, "-u", user, "--json").document["status"] == "superseded"
    assert "Lyon" not in shell("context", "Where do I live?", *then).document["text"]
    assert [h["memory"]["text"] for h in shell("search", "Where do I live?", *then).document["hits"]] == [
        "I live in Paris"
    ]


def test_a_rollback_prints_the_command_that_undoes_it(shell: Shell, user: str):
    shell("add", "I live in Lyon", "-u", user)
    shell("add", "I live in Oslo", "-u", user)
    before = shell("list", "-u", user).out
    refused = shell("rollback", "--to", "1", "--json", "-u", user, code=1)
    assert refused.out == ""  # a plan in words is no JSON document
    assert "add --yes" in refused.err
    done = shell("rollback", "--to", "1", "--yes", "-u", user).out.splitlines()[-1]
    assert shell("list", "-u", user).out != before
    _, *command = shlex.split(done)
    shell(*command, "--yes")
    assert shell("list", "-u", user).out == before


def test_a_certificate_that_is_not_there(shell: Shell):
    assert shell("erase", "verify", "/nowhere.json", code=1).err == (
        "error: /nowhere.json: cannot be read: No such file or directory\n"
    )


def test_a_naive_time_is_shown_as_it_would_be_typed(shell: Shell, user: str):
    assert "e.g. 2026-05-04T00:00:00+00:00" in failure(shell("add", "Tea", "--at", "2026-05-04", "-u", user, code=1))
