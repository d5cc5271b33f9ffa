"""The command line for who may and who is believed: projects, sources, quarantine, the access log, new versions."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.shell import REFUSED, Shell, failure, narrow

from recollect import Memory

MISSING = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"
JOB = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6f"


@pytest.fixture(autouse=True)
def tenant(monkeypatch: pytest.MonkeyPatch) -> str:
    """A tenant of the test's own: sources, projects and the access log belong to one."""
    tenant = f"tenant {uuid4()}"
    monkeypatch.setenv("RECOLLECT_TENANT_ID", tenant)
    return tenant


def added(shell: Shell, text: str, *options: str) -> str:
    """Adds a text and returns the id of what it was stored as."""
    return shell("add", text, "--json", *options).document["items"][0]["memory_id"]


def found(shell: Shell, question: str, *options: str) -> list[str]:
    """What a search finds, as texts."""
    return [hit["memory"]["text"] for hit in shell("search", question, "--json", *options).document["hits"]]


def test_a_project_from_its_making_to_a_member_who_leaves(shell: Shell):
    made = shell("projects", "create", "atlas", "--settings", '{"plan": "team"}', "--json", "-u", "ben").document
    assert (made["id"], made["name"], made["settings"]) == ("atlas", "atlas", {"plan": "team"})
    assert "already" in failure(shell("projects", "create", "atlas", "-u", "ana", code=5))
    assert "not a member" in failure(shell("projects", "show", "atlas", "-u", "ana", code=4))
    assert (
        "ana is viewer of atlas" in shell("projects", "add-member", "atlas", "ana", "--role", "viewer", "-u", "ben").out
    )
    assert "needs admin" in failure(shell("projects", "update", "atlas", "--name", "Mine", "-u", "ana", code=4))
    assert "needs member" in failure(shell("add", "I say hi", "--project", "atlas", "--share", "-u", "ana", code=4))
    changed = shell("projects", "update", "atlas", "--name", "Atlas II", "--json", "-u", "ben").document
    assert (changed["name"], changed["settings"]) == ("Atlas II", {"plan": "team"})
    assert "Atlas II" in narrow(shell("projects", "list", "-u", "ana").out)
    assert shell("projects", "add-member", "atlas", "ana", "--json", "-u", "ben").document["role"] == "member"
    members = shell("projects", "members", "atlas", "--json", "-u", "ana").document["members"]
    assert {member["user_id"]: member["role"] for member in members} == {"ana": "member", "ben": "owner"}
    assert "ana     member" in narrow(shell("projects", "members", "atlas", "-u", "ben").out)
    assert "add --yes" in failure(shell("projects", "remove-member", "atlas", "ana", "-u", "ben", code=1))
    assert shell("projects", "list", "--json", "-u", "ana").document["projects"]
    shell("projects", "remove-member", "atlas", "ana", "--yes", "-u", "ana")
    assert "is in no project" in shell("projects", "list", "-u", "ana").out
    assert "without an owner" in failure(shell("projects", "remove-member", "atlas", "ben", "-y", "-u", "ben", code=5))


def test_what_a_project_shares(shell: Shell):
    shell("projects", "create", "atlas", "-u", "ben")
    shell("projects", "add-member", "atlas", "ana", "-u", "ben")
    shared = added(shell, "The office moves to Lyon", "--project", "atlas", "--share", "-u", "ben")
    text = "ben: The office moves to Lyon"
    assert text in narrow(shell("list", "--project", "atlas", "-u", "ana").out)
    assert found(shell, "Where does the office move?", "--project", "atlas", "-u", "ana") == [
        "The office moves to Lyon"
    ]
    assert "Lyon" in shell("context", "Where does the office move?", "--project", "atlas", "-u", "ana").out
    assert "not a member" in failure(shell("search", "office", "--project", "atlas", "-u", "eve", code=4))
    assert "has no memory" in failure(shell("show", shared, "-u", "ana", code=3))
    assert "ben" in narrow(shell("show", shared, "--project", "atlas", "-u", "ana").out)
    assert "needs admin" in failure(shell("delete", shared, "--yes", "--project", "atlas", "-u", "ana", code=4))
    own = added(shell, "The coffee machine is on the second floor", "-u", "ana")
    promoted = shell("projects", "promote", "atlas", own, "--json", "-u", "ana").document
    assert (promoted["author_id"], promoted["provenance"]["evidence"]) == ("ana", [own])
    assert "already" in failure(shell("projects", "promote", "atlas", own, "-u", "ana", code=5))
    assert "second floor" in shell("list", "--project", "atlas", "-u", "ben").out
    shell("delete", promoted["id"], "--yes", "--project", "atlas", "-u", "ben")
    history = shell("history", promoted["id"], "--project", "atlas", "--json", "-u", "ben").document["events"]
    assert [event["type"] for event in history] == ["memory_promoted", "memory_deleted"]


def test_sources(shell: Shell):
    assert "no sources" in shell("sources", "list").out
    made = shell("sources", "add", "crm", "--trust", "trusted", "--kind", "api", "--json").document
    assert (made["name"], made["trust"], made["kind"], made["active"]) == ("crm", "trusted", "api", True)
    assert "already" in failure(shell("sources", "add", "crm", code=5))
    shell("sources", "add", "forum", "--uri", f"https://forum.example/{'a' * 90}", "--metadata", '{"by": "eve"}')
    listed = narrow(shell("sources", "list").out)
    assert [line.split()[:4] for line in listed.splitlines()[1:3]] == [
        ["crm", "trusted", "api", "yes"],
        ["forum", "known", "manual", "yes"],
    ]
    page = shell("sources", "list", "--limit", "1", "--json").document
    assert [source["name"] for source in page["sources"]] == ["crm"]
    rest = shell("sources", "list", "--cursor", page["next_cursor"], "--json").document["sources"]
    assert [source["name"] for source in rest] == ["forum"]
    shown = narrow(shell("sources", "show", "forum").out)
    assert '{"by": "eve"}' in shown
    assert shell("sources", "update", "forum", "--inactive", "--json").document["active"] is False
    assert shell("sources", "update", "forum", "--trust", "refused", "--active", "--json").document["active"] is True
    refused = shell("add", "Buy now", "--source", "forum", "--json").document
    assert [item["outcome"] for item in refused["items"]] == ["rejected"]
    assert "add --yes" in failure(shell("sources", "remove", "forum", code=1))
    assert shell("sources", "remove", "forum", "--yes", "--json").document == {"removed": "forum"}
    assert "no source 'forum'" in failure(shell("sources", "show", "forum", code=3))


def test_quarantine(shell: Shell, user: str):
    shell("sources", "add", "forum", "--trust", "quarantined")
    first = added(shell, "The lighthouse keeper keeps bees", "--source", "forum", "-u", user)
    second = added(shell, "The lighthouse lamp is electric", "--source", "forum", "-u", user)
    assert found(shell, "What about the lighthouse?", "-u", user) == []
    assert "has no memories" in shell("list", "-u", user).out
    assert len(found(shell, "What about the lighthouse?", "--include-quarantined", "-u", user)) == 2
    assert "(quarantined)" in narrow(shell("list", "--include-quarantined", "-u", user).out)
    assert "bees" in shell("context", "lighthouse keeper", "--include-quarantined", "-u", user).out
    assert "from forum, written" in narrow(shell("quarantine", "list", "-u", user).out)
    page = shell("quarantine", "list", "--limit", "1", "--json", "-u", user).document
    assert [record["id"] for record in page["memories"]] == [second]
    released = shell("quarantine", "release", first, "--json", "-u", user).document
    assert released["trust"] == "known"
    assert found(shell, "What about the lighthouse?", "-u", user) == ["The lighthouse keeper keeps bees"]
    assert "is not quarantined" in failure(shell("quarantine", "release", first, "-u", user, code=5))
    assert "is not quarantined" in failure(shell("quarantine", "drop", first, "--yes", "-u", user, code=5))
    assert "add --yes" in failure(shell("quarantine", "drop", second, "-u", user, code=1))
    assert shell("quarantine", "drop", second, "--yes", "--json", "-u", user).document == {"dropped": second}
    assert "is in quarantine" in shell("quarantine", "list", "-u", user).out


def test_update_and_revise(shell: Shell, user: str):
    identity = added(shell, "My sister Anna works at Siemens", "-u", user)
    options = ["--metadata", '{"from": "mail"}', "--expected-version", "1", "--json", "-u", user]
    changed = shell("update", identity, "--text", "My sister Anna works at Bosch", *options).document
    assert (changed["text"], changed["version"]) == ("My sister Anna works at Bosch", 2)
    assert changed["metadata"] == {"from": "mail"}
    line = failure(
        shell("update", identity, "--sensitivity", "restricted", "--expected-version", "1", "-u", user, code=5)
    )
    assert "is at version 2" in line
    assert "version 3" in narrow(shell("update", identity, "--sensitivity", "restricted", "-u", user).out)
    assert "restricted" in shell("show", identity, "-u", user).out
    evidence = "Anna told me that she works at Volkswagen now"
    assert "was not recalled" in failure(shell("revise", identity, evidence, "-u", user, code=5))
    shell("search", "Where does Anna work?", "-u", user)
    revised = shell("revise", identity, evidence, "--text", "Anna works at Volkswagen", "--json", "-u", user).document
    assert (revised["text"], revised["version"]) == ("Anna works at Volkswagen", 4)
    told = narrow(shell("history", identity, "-u", user).out)
    assert [word in told for word in ("memory_revised", "Bosch", "sensitivity", "Volkswagen")] == [True] * 4


def test_the_history_of_what_was_erased(shell: Shell, user: str, tenant: str, home: str):
    identity = added(shell, "The safe opens with 4711", "-u", user)
    with Memory(home=home, tenant_id=tenant) as memory:
        memory.erasure.memory(identity, user_id=user)
    told = narrow(shell("history", identity, "-u", user).out)
    assert "(erased)" in told
    assert "4711" not in told
    events = shell("history", identity, "--json", "-u", user).document["events"]
    assert (events[0]["type"], events[0]["payload"]) == ("memory_added", None)


def test_add_once_and_in_a_job(shell: Shell, user: str, tmp_path: Path):
    options = ["--idempotency-key", "k1", "--job", JOB, "--sensitivity", "sensitive", "--json", "-u", user]
    first = shell("add", "I take aspirin every day", *options).document
    again = shell("add", "I take aspirin every day", *options).document
    assert again["ids"] == first["ids"]
    assert [item["outcome"] for item in again["items"]] == [item["outcome"] for item in first["items"]]
    line = failure(shell("add", "I take nothing", "--idempotency-key", "k1", "-u", user, code=5))
    assert "was used for another request" in line
    record = shell("show", first["ids"][0], "--json", "-u", user).document
    assert record["sensitivity"] == "sensitive"
    events = shell("history", first["ids"][0], "--json", "-u", user).document["events"]
    assert [event["job_id"] for event in events] == [JOB]
    file = tmp_path / "chat.jsonl"
    file.write_text("\n".join(json.dumps({"content": f"I saw heron number {n}"}) for n in range(260)))
    many = ["add", "--file", str(file), "--idempotency-key", "k2", "--json", "-u", user]
    assert shell(*many).document["ids"] == shell(*many).document["ids"]


def test_filters_and_collections(shell: Shell, user: str, tenant: str, home: str):
    peru = added(shell, "The train to Cusco leaves at six", "--metadata", '{"trip": "peru"}', "-u", user)
    added(shell, "The train to Lyon leaves at nine", "--metadata", '{"trip": "france"}', "-u", user)
    with Memory(home=home, tenant_id=tenant) as memory:
        memory.collections.add(memory.collections.create("Peru", user_id=user).id, [peru], user_id=user)
    cusco = ["The train to Cusco leaves at six"]
    for choice in (["--filter", '{"metadata.trip": "peru"}'], ["--collection", "Peru"]):
        assert found(shell, "When does the train leave?", *choice, "-u", user) == cusco
        listed = shell("list", *choice, "--json", "-u", user).document["memories"]
        assert [record["text"] for record in listed] == cusco
        context: dict[str, Any] = shell("context", "the train", *choice, "--json", "-u", user).document
        assert [item["text"].rstrip(".") for item in context["items"]] == cusco
    assert "no collection 'Chile'" in failure(shell("list", "--collection", "Chile", "-u", user, code=3))
    assert "filters.colour" in failure(shell("list", "--filter", '{"colour": "red"}', "-u", user, code=1))


def test_the_access_log(shell: Shell):
    shell("projects", "create", "atlas", "-u", "ben")
    shell("search", "office", "--project", "atlas", "-u", "eve", code=4)
    shell("list", "-u", "eve")
    entries = shell("access", "list", "--json").document["entries"]
    assert [(entry["user_id"], entry["method"], entry["outcome"]) for entry in entries] == [
        ("eve", "list", "ok"),
        ("eve", "search", "NotAllowed"),
        ("ben", "projects.create", "ok"),
    ]
    table = narrow(shell("access", "list").out)
    assert "NotAllowed" in table
    assert table.count("access.list") == 1, "asking is one call more"
    assert [entry["method"] for entry in shell("access", "list", "--json", "-u", "ben").document["entries"]] == [
        "projects.create"
    ]
    refused = shell("access", "list", "--method", "search", "--outcome", "NotAllowed", "--json").document["entries"]
    assert [entry["user_id"] for entry in refused] == ["eve"]
    page = shell("access", "list", "-n", "1", "-u", "eve", "--json").document
    rest = shell("access", "list", "--cursor", page["next_cursor"], "-u", "eve", "--json").document["entries"]
    assert "search" in [entry["method"] for entry in rest]
    at = entries[1]["at"]
    before = shell("access", "list", "--until", at, "--json").document["entries"]
    assert [entry["method"] for entry in before] == ["projects.create"]
    assert "no entries" in shell("access", "list", "--since", "2100-01-01T00:00:00+00:00").out


def test_everyone_in_the_access_log(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    shell("list", "-u", "eve")
    monkeypatch.setenv("RECOLLECT_USER", "ben")
    assert "eve" not in shell("access", "list").out
    assert "eve" in shell("access", "list", "--everyone").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["projects", "create", " "], "project_id: must not be blank"),
        (["projects", "list", "--limit", "0"], "limit: must be a whole number"),
        (["projects", "promote", "atlas", MISSING], "not a member"),
        (["sources", "show", "nowhere"], "no source 'nowhere'"),
        (["sources", "update", "nowhere", "--trust", "known"], "no source 'nowhere'"),
        (["sources", "remove", "nowhere", "--yes"], "no source 'nowhere'"),
        (["quarantine", "release", "x"], "memory_id: must be a UUID"),
        (["quarantine", "drop", MISSING, "--yes"], "has no memory"),
        (["update", MISSING, "--text", "a b c"], "has no memory"),
        (["update", MISSING, "--text", " "], "text: "),
        (["revise", MISSING, "a b c"], "has no memory"),
        (["add", "a b c", "--share"], "share: needs a project_id"),
        (["add", "a b c", "--share", "--project", "nowhere"], "'nowhere' is no project"),
        (["add", "a b c", "--job", "x"], "job_id: must be a UUID"),
        (["search", "q", "--filter", '{"importance": {"gt_": 1}}'], "filters.importance.gt_"),
        (["access", "list", "--since", "yesterday"], "since: must be ISO 8601"),
        (["access", "list", "--cursor", "x"], "cursor: must be a UUID"),
        (
            ["access", "list", "--since", "2026-05-04T00:00:00+00:00", "--until", "2026-05-04T00:00:00+00:00"],
            "until: must be later",
        ),
    ],
)
def test_errors_are_one_line(shell: Shell, arguments: list[str], message: str):
    assert message in failure(shell(*arguments, code=REFUSED))


@pytest.mark.parametrize(
    "arguments",
    [
        ["projects", "create"],
        ["projects", "update", "atlas"],
        ["projects", "create", "atlas", "--settings", "[1]"],
        ["projects", "add-member", "atlas", "ana", "--role", "king"],
        ["sources", "add", "crm", "--trust", "blind"],
        ["sources", "update", "crm"],
        ["quarantine", "release", MISSING, "--trust", "refused"],
        ["update", MISSING],
        ["update", MISSING, "--metadata", "{"],
        ["revise", MISSING],
        ["search", "q", "--filter", "importance"],
        ["access", "nonsense"],
    ],
)
def test_wrong_usage_is_2(shell: Shell, arguments: list[str]):
    answer = shell(*arguments, code=2)
    assert answer.out == ""
    assert answer.err


@pytest.mark.parametrize(
    "command",
    [
        *(["project", name] for name in ("create", "show", "list", "update", "members", "add-member", "promote")),
        *(["source", name] for name in ("add", "show", "list", "update", "remove")),
        *(["quarantine", name] for name in ("list", "release", "drop")),
        ["access", "list"],
        ["update"],
        ["revise"],
    ],
)
def test_help_shows_examples(shell: Shell, command: list[str]):
    text = narrow(shell(*command, "--help").out)
    assert f"recollect {' '.join(command)}" in text.partition("Examples:")[2]
