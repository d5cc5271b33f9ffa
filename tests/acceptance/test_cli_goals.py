"""The command line for goals, procedures, tools in numbers and upkeep."""

from time import tzset

import pytest
from tests.shell import Shell, failure, narrow

MISSING = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"


def test_goals(shell: Shell, user: str):
    trip = shell(
        "goal", "add", "Go to Peru", "--priority", "4", "--deadline", "2031-07-01T00:00:00+02:00", "--metadata",
        '{"with": "Max"}', "--json", "-u", user,
    ).document  # fmt: skip
    assert (trip["title"], trip["priority"], trip["blocked"], trip["metadata"]) == (
        ("Go to Peru", 4, False, {"with": "Max"})
    )
    book = shell("goal", "add", "Book the flight", "--parent", trip["id"], "--json", "-u", user).document
    pack = shell("goal", "add", "Pack", "--blocked-by", book["id"], "--priority", "5", "--json", "-u", user).document
    listed = narrow(shell("goal", "list", "-u", user).out).splitlines()
    assert [line.split()[2] for line in listed[1:]] == ["blocked", "active", "active"]
    assert pack["id"] in listed[1]
    shell("goal", "update", pack["id"], "--title", "Pack what the whole family needs for the mountains", "-u", user)
    assert pack["id"] in narrow(shell("goal", "list", "-u", user).out), "a long title costs no part of an id"
    shell("goal", "update", pack["id"], "--title", "Pack", "-u", user)
    page = shell("goal", "list", "--limit", "1", "--json", "-u", user).document
    rest = shell("goal", "list", "--cursor", page["next_cursor"], "--json", "-u", user).document
    assert [goal["title"] for goal in page["goals"] + rest["goals"]] == ["Pack", "Go to Peru", "Book the flight"]
    assert f"{book['id']}    Book the flight  (active)" in narrow(shell("goal", "tree", "-u", user).out)
    assert "would wait for itself" in failure(
        shell("goal", "update", trip["id"], "--parent", book["id"], "-u", user, code=5)
    )
    assert "open parts" in failure(shell("goal", "complete", trip["id"], "-u", user, code=5))
    shell("goal", "complete", book["id"], "--outcome", "512 euros", "-u", user)
    shown = narrow(shell("goal", "show", book["id"], "-u", user).out)
    assert "512 euros" in shown
    assert "completed" in shown
    assert shell("goal", "show", pack["id"], "--json", "-u", user).document["blocked"] is False
    assert shell("goal", "pause", pack["id"], "--json", "-u", user).document["status"] == "paused"
    assert shell("goal", "resume", pack["id"], "--json", "-u", user).document["status"] == "active"
    changed = shell("goal", "update", trip["id"], "--clear", "deadline", "--title", "Peru", "--json", "-u", user)
    assert (changed.document["deadline"], changed.document["title"]) == (None, "Peru")
    assert shell("goal", "abandon", trip["id"], "--json", "-u", user).document["status"] == "abandoned"
    assert "add --yes" in failure(shell("goal", "remove", trip["id"], "-u", user, code=1))
    assert shell("goal", "remove", trip["id"], "--yes", "--json", "-u", user).document == {"removed": trip["id"]}
    assert "has no goal" in failure(shell("goal", "show", MISSING, "-u", user, code=3))
    assert "has no goals" in shell("goal", "list", "--status", "paused", "-u", user).out


def test_a_deadline_that_is_a_day_alone_is_the_end_of_that_day_here(
    shell: Shell, user: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TZ", "America/New_York")
    tzset()
    try:
        made = shell("goal", "add", "Wrap presents", "--deadline", "2031-12-24", "--json", "-u", user).document
        assert made["deadline"] == "2031-12-25T04:59:59+00:00"
        assert "2031-12-24" in narrow(shell("goal", "list", "-u", user).out)
        moved = shell("goal", "update", made["id"], "--deadline", "2031-07-01", "--json", "-u", user).document
        assert moved["deadline"] == "2031-07-02T03:59:59+00:00"
        assert "deadline" in failure(shell("goal", "add", "Sleep", "--deadline", "2031-02-30", "-u", user, code=1))
    finally:
        monkeypatch.undo()
        tzset()


def test_procedures_and_what_upkeep_makes_of_outcomes(shell: Shell, user: str):
    learned = shell(
        "procedure", "learn", "compare first", "--task", "book a flight", "--tool", "search", "--tool", "book",
        "--json", "-u", user,
    ).document  # fmt: skip
    assert (learned["tools"], learned["successes"]) == (["search", "book"], 1)
    assert "worked" in narrow(shell("procedure", "reinforce", learned["id"], "--failed", "-u", user).out)
    told = narrow(shell("procedure", "worked", "book a flight to Lima", "-u", user).out)
    assert "for book a flight: compare first" in told
    assert "worked 1 of 2 times" in told
    (match,) = shell("procedure", "worked", "book a flight", "--json", "-u", user).document["strategies"]
    assert (match["trials"], match["memory_id"]) == (2, learned["id"])
    shell("tools", "record", "search", "--ok", "--latency-ms", "10", "--task", "book a flight", "-u", user)
    queued = shell(
        "procedure", "reflect", "book a flight", "--ok", "--outcome", '{"price": 512}', "--json", "-u", user
    ).document
    assert queued["status"] == "queued"
    assert "queued" in narrow(shell("procedure", "reflections", "-u", user).out)
    long = shell("procedure", "reflect", "book a flight for the whole family", "--json", "-u", user).document
    assert long["id"] in narrow(shell("procedure", "reflections", "-u", user).out), "a long task costs no part of an id"
    assert "queued" in narrow(shell("upkeep", "status", "-u", user).out)
    assert narrow(shell("upkeep", "run", "-u", user).out).splitlines()[1].split()[0] == "sweep"
    _, done = shell("procedure", "reflections", "--status", "done", "--json", "-u", user).document["reflections"]
    assert (done["id"], len(done["memory_ids"])) == (queued["id"], 2)
    assert "is done" in failure(shell("procedure", "retry", queued["id"], "-u", user, code=5))
    assert "must be one of sweep, reflect" in failure(shell("upkeep", "run", "dust", "-u", user, code=1))
    (report,) = shell("upkeep", "run", "reflect", "--json", "-u", user).document["reports"]
    assert (report["processed"], report["errors"]) == (0, 0)
    assert shell("upkeep", "status", "--json", "-u", user).document["reflections"]["failed"] == 0
    assert "no strategies" in shell("procedure", "worked", "anything", "-u", f"{user}2").out


@pytest.mark.parametrize("name", ["tool", "tools"])
def test_tools_in_numbers(shell: Shell, user: str, name: str):
    for latency, went in (("100", "--ok"), ("300", "--failed")):
        shell("tools", "record", "weather", went, "--latency-ms", latency, "--task", "plan a trip", "-u", user)
    (line,) = narrow(shell(name, "stats", "-u", user).out).splitlines()[1:]
    assert line.split() == ["weather", "plan", "a", "trip", "2", "1", "1", "0.50", "200", "290"]
    (found,) = shell(name, "stats", "--tool", "weather", "--json", "-u", user).document["stats"]
    assert (found["calls"], found["success_rate"], found["p95_ms"]) == (2, 0.5, 290.0)
    assert "no tool calls" in shell(name, "stats", "--task", "cook", "-u", user).out
