"""The command line for what is kept beside memories: events, entities, ties, groups, conversations, tools, profiles."""

import json

import pytest
from tests.shell import REFUSED, Shell, failure, narrow

MISSING = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"


def added(shell: Shell, user: str, *texts: str) -> list[str]:
    """Adds texts and returns the ids of what they were stored as."""
    return [shell("add", text, "--json", "-u", user).document["items"][0]["memory_id"] for text in texts]


def test_relationships(shell: Shell, user: str):
    one, two = added(shell, user, "The olive box stood in the hall", "The amber box stood in the hall")
    tie = shell("relationships", "add", one, two, "supports", "--confidence", "0.4", "--json", "-u", user).document
    assert (tie["source_id"], tie["target_id"], tie["type"], tie["confidence"]) == (one, two, "supports", 0.4)
    assert f"{one} supports {two}" in shell("relationships", "add", one, two, "supports", "-u", user).out
    shell("relationships", "add", two, one, "follows", "-u", user)
    lines = narrow(shell("relationships", "list", one, "-u", user).out).splitlines()
    assert sorted(line.split()[:2] for line in lines[1:]) == [["supports", "→"], ["←", "follows"]]
    page = shell("relationships", "list", one, "--limit", "1", "--json", "-u", user).document
    rest = shell("relationships", "list", one, "--cursor", page["next_cursor"], "--json", "-u", user).document
    assert [len(page["relationships"]), len(rest["relationships"]), rest["next_cursor"]] == [1, 1, None]
    incoming = shell("relationships", "list", one, "--direction", "incoming", "--json", "-u", user).document
    assert [tie["type"] for tie in incoming["relationships"]] == ["follows"]
    shell("relationships", "remove", one, two, "supports", "--yes", "-u", user)
    tie = (one, two, "supports")
    assert "no tie supports" in failure(shell("relationships", "remove", *tie, "--yes", "-u", user, code=3))
    assert "no ties like that" in shell("relationships", "list", one, "--type", "supports", "-u", user).out


def test_collections(shell: Shell, user: str):
    one, two = added(shell, user, "The olive box stood in the hall", "The amber box stood in the hall")
    made = shell("collections", "create", "Peru", "--type", "trip", "--json", "-u", user).document
    assert (made["name"], made["collection_type"]) == ("Peru", "trip")
    assert "has a collection 'Peru' already" in failure(shell("collections", "create", "Peru", "-u", user, code=5))
    place = made["id"]
    assert "2 memories" in shell("collections", "add", place, one, two, "-u", user).out
    assert "amber box" in narrow(shell("collections", "memories", place, "-u", user).out)
    page = shell("collections", "memories", place, "--limit", "1", "--json", "-u", user).document
    assert page["memories"][0]["id"] == two
    assert page["next_cursor"]
    shell("collections", "remove", place, two, "-u", user)
    assert len(shell("collections", "memories", place, "--json", "-u", user).document["memories"]) == 1
    changed = shell("collections", "update", place, "--description", "the summer", "-u", user).out
    assert "the summer" in narrow(changed)
    assert place in narrow(shell("collections", "list", "-u", user).out)
    assert "Peru" in shell("collections", "show", place, "-u", user).out
    assert "add --yes" in failure(shell("collections", "delete", place, "-u", user, code=1))
    assert shell("collections", "delete", place, "--yes", "--json", "-u", user).document == {"deleted": place}
    assert "has no collections" in shell("collections", "list", "-u", user).out


def test_conversations(shell: Shell, user: str):
    reply = '{"role": "assistant", "name": "Max", "content": "I see the olive box"}'
    talk = f'{{"content": "The olive box stood in the hall"}}\n{reply}'
    shell("add", "--file", "-", "--conversation", "monday talk", "-u", user, stdin=talk)
    assert "monday talk" in narrow(shell("conversations", "list", "-u", user).out)
    assert "Max: I see the olive box" in narrow(shell("conversations", "turns", "monday talk", "-u", user).out)
    turns = shell("conversations", "turns", "monday talk", "--limit", "1", "--json", "-u", user).document
    assert (turns["turns"][0]["text"], turns["next_cursor"]) == ("The olive box stood in the hall", "0")
    changed = shell(
        "conversations", "update", "monday talk", "--title", "The box", "--metadata", '{"a": 1}', "--json", "-u", user
    ).document
    assert (changed["title"], changed["metadata"], changed["turn_count"]) == ("The box", {"a": 1}, 2)
    assert "The box" in narrow(shell("conversations", "show", "monday talk", "-u", user).out)


def test_tools(shell: Shell, user: str):
    options = ["--arguments", '{"city": "Lyon"}', "--output", "[1, null]", "--ok", "--latency-ms", "120"]
    call = shell("tools", "record", "weather", *options, "--json", "-u", user).document
    assert (call["arguments"], call["output"], call["succeeded"]) == ({"city": "Lyon"}, [1, None], True)
    failed = shell("tools", "record", "mail", "--failed", "--error", "timed out", "-u", user).out
    assert "timed out" in narrow(failed)
    listed = narrow(shell("tools", "list", "-u", user).out).splitlines()
    assert [line.split()[2:4] for line in listed[1:]] == [["mail", "wrong"], ["weather", "well"]]
    one = shell("tools", "list", "--tool", "weather", "--json", "-u", user).document["invocations"]
    assert [entry["id"] for entry in one] == [call["id"]]


def test_profiles(shell: Shell, user: str):
    assert shell("profiles", "show", "--json", "-u", user).document["version"] == 0
    shell("profiles", "update", "--preferences", '{"units": "metric", "tone": "dry"}', "-u", user)
    changed = shell(
        "profiles", "update", "--preferences", '{"tone": null}', "--expected-version", "1", "--json", "-u", user
    ).document
    assert (changed["version"], changed["preferences"]) == (2, {"units": "metric"})
    assert '{"units": "metric"}' in narrow(shell("profiles", "show", "-u", user).out)
    stale = shell("profiles", "update", "--expertise", "{}", "--expected-version", "1", "-u", user, code=5)
    assert "expected version 1" in failure(stale)


def test_entities(shell: Shell, user: str):
    added(shell, user, "Anna Schmidt works at Siemens", "Annie met Ben at the Louvre in Paris.")
    listed = narrow(shell("entities", "list", "-u", user).out)
    assert {"Anna Schmidt", "Annie", "Ben"} <= {line.split("  ")[0] for line in listed.splitlines()}
    assert "Anna Schmidt" in narrow(shell("entities", "describe", "anna schmidt", "--alias", "Nan", "-u", user).out)
    assert shell("entities", "show", "nan", "--json", "-u", user).document["name"] == "Anna Schmidt"
    assert "Siemens" in narrow(shell("entities", "relations", "Nan", "-u", user).out)
    merged = shell("entities", "merge", "Annie", "Nan", "--json", "-u", user).document
    assert (merged["name"], merged["merged"], merged["type"]) == ("Anna Schmidt", ["Annie"], "person")
    near = shell("entities", "neighbours", "Ben", "--depth", "2", "--json", "-u", user).document["neighbours"]
    assert "Siemens" in {one["name"] for one in near}
    assert "employer" in narrow(shell("entities", "neighbours", "Ben", "--depth", "2", "-u", user).out)
    related = shell("entities", "related", "Ben", "Nan", "--json", "-u", user).document["related"]
    assert {"Ben", "Anna Schmidt", "Siemens"} <= {one["name"] for one in related}
    assert "Anna Schmidt" in narrow(shell("entities", "related", "Ben", "-u", user).out)
    assert shell("entities", "duplicates", "--json", "-u", user).document["duplicates"] == []
    shell("entities", "unmerge", "Annie", "-u", user)
    (pair,) = shell("entities", "duplicates", "--json", "-u", user).document["duplicates"]
    assert ({pair["name"], pair["into"]}, pair["why"]) == ({"Annie", "Anna Schmidt"}, "a short form")
    assert "a short form" in narrow(shell("entities", "duplicates", "-u", user).out)
    assert shell("entities", "show", "Annie", "--json", "-u", user).document["name"] == "Annie"
    assert "no merged entity" in failure(shell("entities", "unmerge", "Annie", "-u", user, code=3))
    page = shell("entities", "list", "--limit", "2", "-u", user).out
    assert "more follow: --cursor" in narrow(page)


def test_events(shell: Shell, user: str):
    (one, *_) = added(shell, user, "The olive box stood in the hall", "The amber box stood in the hall")
    shell("delete", one, "--yes", "-u", user)
    shell("profiles", "update", "--preferences", '{"units": "metric"}', "-u", user)
    document = shell("events", "--json", "-u", user).document
    kinds = [event["type"] for event in document["events"]]
    assert kinds == ["memory_added", "memory_added", "memory_deleted", "profile_updated"]
    assert document["events"][0]["payload"]["memory"]["text"] == "The olive box stood in the hall"
    assert document["next_after_seq"] is None
    first = shell("events", "--limit", "2", "-u", user).out
    assert "more follow: --after 2" in narrow(first)
    assert "olive box" in first
    rest = shell("events", "--after", "2", "--type", "memory_deleted", "--json", "-u", user).document["events"]
    assert [event["seq"] for event in rest] == [3]
    assert "no events like that" in shell("events", "--since", "2999-01-01T00:00:00+00:00", "-u", user).out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["relationships", "add", MISSING, MISSING, "related"], "is the source itself"),
        (["relationships", "list", "' OR 1=1"], "memory_id: must be a UUID"),
        (["relationships", "list", MISSING], "has no memory"),
        (["collections", "show", MISSING], "has no collection"),
        (["collections", "add", MISSING, "../"], "memory_ids: must be a UUID"),
        (["conversations", "show", "../../etc/passwd"], "has no conversation"),
        (["conversations", "update", "x"], "title: give at least one new value"),
        (["tools", "record", "t", "--turn", "1"], "turn_index: needs a conversation_id"),
        (["tools", "record", "t", "--at", "2026-05-04"], "at: is naive"),
        (["profiles", "update"], "preferences: give at least one"),
        (["entities", "show", "x" * 10_000], "name: has 10000 characters"),
        (["entities", "describe", "Anna", "--type", "date"], "type: must be one of person"),
        (["entities", "neighbours", "Anna", "--depth", "9"], "depth: must be a whole number from 1 to 3"),
        (["events", "--limit", "0"], "limit: must be a whole number"),
        (["events", "--since", "yesterday"], "since: must be ISO 8601"),
    ],
)
def test_errors_are_one_line(shell: Shell, user: str, arguments: list[str], message: str):
    assert message in failure(shell(*arguments, "-u", user, code=REFUSED))


@pytest.mark.parametrize(
    "arguments",
    [
        ["relationships", "add", MISSING, MISSING, "hates"],
        ["relationships", "list", MISSING, "--direction", "up"],
        ["collections"],
        ["tools", "record", "t", "--arguments", "[1]"],
        ["tools", "record", "t", "--output", "{"],
        ["profiles", "update", "--expertise", "7"],
        ["events", "--type", "nonsense"],
    ],
)
def test_wrong_usage_is_2(shell: Shell, user: str, arguments: list[str]):
    assert shell(*arguments, "-u", user, code=2).err


@pytest.mark.parametrize(
    "area", ["relationships", "collections", "conversations", "tools", "profiles", "entities", "events"]
)
def test_help_fits_the_terminal(shell: Shell, area: str):
    assert "Usage" in narrow(shell(area, "--help").out)


def test_what_users_said_cannot_write_to_the_terminal(shell: Shell, user: str):
    nasty = "\x1b[31mred\x07"
    shell("collections", "create", nasty, "-u", user)
    shell("tools", "record", nasty, "--arguments", json.dumps({nasty: nasty}), "-u", user)
    shell("entities", "describe", nasty, "--description", nasty, "-u", user)
    for arguments in (["collections", "list"], ["tools", "list"], ["entities", "list"], ["entities", "show", nasty]):
        assert "\x07" not in narrow(shell(*arguments, "-u", user).out)
    assert "\x07" not in shell("events", "-u", user).out
