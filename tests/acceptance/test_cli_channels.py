"""The command line for channels: linking them, saying something there or aside, and what is told there."""

from uuid import uuid4

import pytest
from tests.shell import Shell, failure, narrow

BUDGET = "The budget of the party is 400 euros"
TRUMPET = "The surprise for Ana is a trumpet"


@pytest.fixture(autouse=True)
def tenant(monkeypatch: pytest.MonkeyPatch) -> str:
    """A tenant of the test's own: projects and channels belong to one."""
    tenant = f"tenant {uuid4()}"
    monkeypatch.setenv("RECOLLECT_TENANT_ID", tenant)
    return tenant


def test_a_channel_from_its_link_to_its_end(shell: Shell):
    shell("projects", "create", "atlas", "-u", "ben")
    shell("projects", "add-member", "atlas", "ana", "-u", "ben")
    assert "no admin" in failure(shell("channel", "link", "room-7", "atlas", "-u", "ana", code=4))
    linked = shell("channel", "link", "room-7", "atlas", "--name", "#atlas", "--json", "-u", "ben").document
    assert (linked["id"], linked["project_id"], linked["name"]) == ("room-7", "atlas", "#atlas")
    assert "room-7 is linked to project atlas" in narrow(shell("channel", "link", "room-7", "atlas", "-u", "ben").out)
    assert "#atlas" in narrow(shell("channel", "show", "room-7", "-u", "ana").out)
    assert "room-7" in narrow(shell("channel", "list", "atlas", "-u", "ana").out)
    document = shell("channel", "list", "atlas", "--limit", "1", "--json", "-u", "ana").document
    assert [one["id"] for one in document["channels"]] == ["room-7"]
    assert document["next_cursor"] == "room-7"
    assert "linked to no project" in failure(shell("channel", "show", "room-7", "-u", "eve", code=3))
    assert "add --yes" in failure(shell("channel", "unlink", "room-7", "-u", "ben", code=1))
    shell("channel", "unlink", "room-7", "--yes", "-u", "ben")
    assert "no channel is linked" in narrow(shell("channel", "list", "atlas", "-u", "ben").out)


def test_what_is_said_and_told_in_a_channel(shell: Shell):
    shell("projects", "create", "atlas", "-u", "ben")
    shell("projects", "add-member", "atlas", "ana", "-u", "ben")
    shell("channel", "link", "room-7", "atlas", "-u", "ben")
    said = shell("add", BUDGET, "--channel", "room-7", "--subject", "party", "--json", "-u", "ben").document
    assert len(said["ids"]) == 2
    aside = shell("add", TRUMPET, "--channel", "room-7", "--to", "dan", "--to", "eve", "--json", "-u", "ben").document
    assert len(aside["ids"]) == 1
    assert "aside" in aside["items"][0]["reason"]
    question = "What about the budget and the surprise?"
    for command in (("search", question), ("context", question, "--mentioned"), ("list",)):
        for user in ("ana", "ben"):
            told = narrow(shell(*command, "--channel", "room-7", "-u", user).out)
            assert "400 euros" in told
            assert "trumpet" not in told
    told = shell("context", question, "--channel", "room-7", "--mentioned", "--to", "dan", "-u", "ben").out
    assert "trumpet" in told
    assert "overheard" in narrow(shell("context", "Thanks!", "--channel", "room-7", "-u", "ben").out)
    shell("add", "My phone number is 555 0101", "-u", "ben")
    alone = ("context", "phone", "--channel", "room-7", "-u", "ben", "--mentioned")
    assert "555" not in shell(*alone).out
    nothing = narrow(shell("context", "tea", "--channel", "room-7", "--mentioned", "--type", "goal", "-u", "ben").out)
    assert "may be told in this channel" in nothing
    assert "555" in shell(*alone, "--personal").out


@pytest.mark.parametrize("option", [("--to", "dan"), ("--mentioned",), ("--personal",)])
def test_options_that_need_a_channel_say_so(shell: Shell, option: tuple[str, ...]):
    assert "goes with --channel" in narrow(shell("context", "tea", *option, "-u", "ben", code=2).err)
