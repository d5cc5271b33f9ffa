"""``recollect session``, ``identity`` and ``working`` as a person types them."""

import json

import pytest
from tests.shell import Shell, failure, narrow

JOY = "I got the job, I am so unbelievably happy, I cried with joy!!"


def test_session(shell: Shell, user: str):
    assert "has no open session" in narrow(shell("session", "show", "-u", user).out)
    assert "no open session; start one" in failure(shell("session", "end", "-u", user, code=3))
    state = ["--state", '{"current_topic": "Peru", "mood": "calm"}']
    began = shell("session", "start", *state, "--agent", "clara", "--json", "-u", user).document
    assert (began["session"]["state"]["mood"], began["session"]["agent_id"], began["ended"]) == ("calm", "clara", None)
    changed = narrow(
        shell("session", "update", "--state", '{"mood": null}', "--conversation", "monday", "-u", user).out
    )
    assert "monday" in changed
    assert "calm" not in changed
    shown = shell("session", "show", "--json", "-u", user).document["session"]
    assert (shown["id"], shown["state"]) == (began["session"]["id"], {"current_topic": "Peru"})
    again = narrow(shell("session", "start", "-u", user).out)
    assert f"ended {shown['id']}: another session was started" in again
    shell("add", JOY, "-u", user)
    ended = narrow(shell("session", "end", "--reason", "she went home", "-u", user).out)
    assert "she went home" in ended
    listed = narrow(shell("session", "list", "-u", user).out).splitlines()
    assert [line.split("  ")[-1] for line in listed[1:]] == ["she went home", "another session was started"]
    page = shell("session", "list", "--limit", "1", "--json", "-u", user).document
    rest = shell("session", "list", "--cursor", page["next_cursor"], "--json", "-u", user).document
    assert [one["id"] for one in rest["sessions"]] == [shown["id"]]


def test_identity(shell: Shell, user: str):
    assert "nothing is known of user" in shell("identity", "show", "-u", user).out.replace("\n", " ")
    family = {"children": ["Madeline", "Anne", "Thomas"]}
    said = narrow(shell("identity", "set", "family", json.dumps(family), "--typed", "-u", user).out)
    assert "family: children Madeline, Anne, Thomas" in said
    shell("identity", "set", "location", "Paris", "-u", user)
    shell("add", "I moved to Lyon", "-u", user)
    found = shell("identity", "show", "--json", "-u", user).document["identity"]
    assert (found["family"]["value"], found["location"]["value"]) == (family, "Lyon")
    table = narrow(shell("identity", "show", "-u", user).out)
    assert "Lyon" in table
    assert "Paris" not in table
    past = shell("identity", "history", "location", "--json", "-u", user).document["values"]
    assert [(one["value"], one["holds"], one["told_by"]) for one in past] == [
        ("Lyon", True, "user"),
        ("Paris", False, "user"),
    ]
    assert "now" in narrow(shell("identity", "history", "location", "-u", user).out)
    assert "no longer Lyon" in narrow(shell("identity", "remove", "location", "-u", user).out)
    assert "location" not in shell("identity", "show", "--json", "-u", user).document["identity"]
    assert "nothing is known of 'location'" in failure(shell("identity", "remove", "location", "-u", user, code=3))
    assert "field: must be" in failure(shell("identity", "set", "Home Town", "x", "-u", user, code=1))
    assert "is not JSON" in shell("identity", "set", "family", "{", "--typed", "-u", user, code=2).err


def test_working(shell: Shell, user: str):
    assert "nothing is in working memory" in shell("working", "show", "-u", user).out
    stored = shell("add", "I moved to Lyon in May", "--json", "-u", user).document["items"][0]["memory_id"]
    item = next(
        one for one in shell("working", "show", "--json", "-u", user).document["items"] if one["memory_id"] == stored
    )
    assert item["seconds_left"] > 1_000
    assert "working" in narrow(shell("add", "hmm wow!!", "-u", user).out)
    shown = narrow(shell("working", "show", "-u", user).out)
    assert "I moved to Lyon in May" in shown
    assert "salience" in shown
    shell("working", "think", "She likes trains", "-u", user)
    shell("working", "think", "Ask about " + "the very long way " * 20, "-u", user)
    thoughts = narrow(shell("working", "thoughts", "-u", user).out)
    assert thoughts.index("Ask about") < thoughts.index("She likes trains")
    kept = shell("working", "set", "page", "3", "--typed", "--ttl", "600", "--json", "-u", user).document
    assert kept["value"] == 3
    shell("working", "set", "word", "olive", "-u", user)
    assert [one["name"] for one in shell("working", "get", "--json", "-u", user).document["values"]] == ["page", "word"]
    assert "olive" in narrow(shell("working", "get", "word", "-u", user).out)
    assert "word is gone" in shell("working", "delete", "word", "-u", user).out
    assert shell("working", "get", "word", "--json", "-u", user, code=1).document == {"values": []}
    assert "tokens held until" in shell("working", "sense", "the doorbell rings", "-u", user).out
    assert "the doorbell rings" in narrow(shell("working", "show", "-u", user).out)
    assert shell("working", "clear", "--yes", "--json", "-u", user).document["cleared"] >= 5
    assert shell("working", "show", "--json", "-u", user).document["items"] == []
    assert "ttl_s: must be" in failure(shell("working", "set", "page", "3", "--ttl", "0", "-u", user, code=1))


@pytest.mark.parametrize("area", ["session", "identity", "working"])
def test_help_fits(shell: Shell, area: str):
    narrow(shell(area, "--help").out)
