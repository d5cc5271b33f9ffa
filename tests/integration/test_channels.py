"""Channels: who may link them, where what is said there goes, and what becomes of it at the edges."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from channel_of_atlas import BUDGET, HERE
from recollect import AsyncMemory, Memory
from recollect.domain.event import EventType
from recollect.domain.scope import PROJECT_STREAM, tenant_scope
from recollect.errors import IdempotencyConflict, NotAllowed, NotFound, StoreError, StoreUnavailable, ValidationError
from recollect.ports.store import EventQuery
from recollect.writing.draft import Draft
from recollect.writing.pipeline import Writer


def texts(memory: Memory, user_id: str, **given: Any) -> list[str]:
    """The texts of a user's memories, sorted."""
    return sorted(found.text for found in memory.list(user_id=user_id, **given))


# The link


def test_a_link_is_an_event_of_the_tenant_and_is_found_by_its_project(chat: Memory):
    assert chat.channels.get(HERE, user_id="vera").name == "#atlas"
    chat.channels.link("another", "atlas", user_id="ana")
    assert [one.id for one in chat.channels.list("atlas", user_id="ben")] == ["another", HERE]
    assert [one.id for one in chat.channels.list("atlas", user_id="ben", limit=1, cursor="another")] == [HERE]
    again = chat.channels.link(HERE, "atlas", user_id="ana")
    assert again == chat.channels.get(HERE, user_id="ana")  # nothing changed, and nothing was written
    renamed = chat.channels.link(HERE, "atlas", user_id="ana", name="#plans")
    assert (renamed.name, renamed.created_at) == ("#plans", again.created_at)
    chat.channels.unlink(HERE, user_id="ana")
    with pytest.raises(NotFound, match="linked to no project"):
        chat.channels.get(HERE, user_id="ana")
    with pytest.raises(NotFound):
        chat.channels.unlink(HERE, user_id="ana")


@pytest.mark.anyio
async def test_the_log_tells_links_and_their_ends(async_memory: AsyncMemory):
    memory = async_memory
    for project in ("atlas", "other"):
        await memory.projects.create(project, user_id="ana")
    await memory.channels.link(HERE, "atlas", user_id="ana")
    await memory.channels.link(HERE, "other", user_id="ana")
    await memory.channels.unlink(HERE, user_id="ana")
    parts = await memory.core.ready()
    events = await parts.store.events(tenant_scope(parts.tenant_id), EventQuery())
    linked = [event for event in events if event.type.value.startswith("channel_")]
    assert [event.type for event in linked] == [
        EventType.CHANNEL_LINKED,
        EventType.CHANNEL_UPDATED,
        EventType.CHANNEL_UNLINKED,
    ]
    assert {event.actor for event in linked} == {"ana"}


def test_who_may_link(chat: Memory):
    with pytest.raises(NotAllowed, match="admin"):
        chat.channels.link("new", "atlas", user_id="ben")
    with pytest.raises(NotAllowed, match="no admin"):
        chat.channels.link("new", "no such project", user_id="ana")
    chat.projects.create("bens", user_id="ben")
    with pytest.raises(NotAllowed, match="another project"):
        chat.channels.link(HERE, "bens", user_id="ben")  # an admin of his own, but not of atlas
    assert chat.channels.get(HERE, user_id="ana").project_id == "atlas"
    chat.projects.set_member("atlas", "ben", user_id="ana", role="admin")
    assert chat.channels.link(HERE, "bens", user_id="ben").project_id == "bens"
    with pytest.raises(NotFound):
        chat.channels.get(HERE, user_id="ana")  # no longer hers to know
    with pytest.raises(NotAllowed):
        chat.channels.list("bens", user_id="ana")


def test_a_viewer_and_a_stranger_cannot_unlink(chat: Memory):
    with pytest.raises(NotAllowed, match="viewer"):
        chat.channels.unlink(HERE, user_id="vera")
    with pytest.raises(NotFound):
        chat.channels.unlink(HERE, user_id="gus")
    assert chat.channels.get(HERE, user_id="ben").id == HERE


# Where it goes


def test_speaker_subject_owner_and_audience_are_apart(chat: Memory):
    receipt = chat.add(BUDGET, user_id="ben", channel_id=HERE, subject="party", at="2026-05-04T09:30:00+00:00")
    own, shared = (
        chat.get(found, user_id="ben", project_id="atlas" if place else None) for place, found in enumerate(receipt.ids)
    )
    assert (own.user_id, own.author_id, own.speaker) == ("ben", None, None)
    assert (shared.user_id, shared.author_id, shared.speaker) == (f"{PROJECT_STREAM}atlas", "ben", "ben")
    for found in (own, shared):
        assert (found.channel_id, found.subject, found.audience) == (HERE, "party", ())
        assert found.project_id == "atlas"
        assert found.told_at == datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    assert "shared in project 'atlas'" in receipt.items[-1].reason
    named = chat.add(BUDGET, user_id="ben", channel_id=HERE, speaker="Benjamin")
    assert chat.get(named.ids[-1], user_id="ana", project_id="atlas").speaker == "Benjamin"


def test_an_aside_is_its_authors_alone(chat: Memory):
    receipt = chat.add(BUDGET, user_id="ben", channel_id=HERE, audience=["vera", "ana", "ana", "ben"])
    assert len(receipt.ids) == 1
    assert "aside" in receipt.items[0].reason
    found = chat.get(receipt.ids[0], user_id="ben")
    assert found.audience == ("ana", "vera")
    assert not list(chat.list(user_id="ana", project_id="atlas"))
    with pytest.raises(NotAllowed, match="aside"):
        chat.projects.promote(found.id, "atlas", user_id="ben")


@pytest.mark.parametrize(("user", "role"), [("vera", "only a viewer"), ("gus", "no member")])
def test_who_is_no_member_keeps_what_they_say(chat: Memory, user: str, role: str):
    receipt = chat.add(BUDGET, user_id=user, channel_id=HERE)
    assert len(receipt.ids) == 1
    assert role in receipt.items[0].reason
    assert not chat.search("budget", user_id="ana", channel_id=HERE).hits
    assert texts(chat, user, channel_id=HERE) == [BUDGET]


def test_an_unlinked_channel_is_its_speakers_own(chat: Memory):
    assert len(chat.add(BUDGET, user_id="ben", channel_id="unlinked").ids) == 1
    assert texts(chat, "ben", channel_id="unlinked") == [BUDGET]
    assert texts(chat, "ana", channel_id="unlinked") == []


def test_relinking_leaves_what_was_shared_where_it_was(chat: Memory):
    chat.add(BUDGET, user_id="ben", channel_id=HERE)
    chat.projects.create("other", user_id="ana")
    chat.channels.link(HERE, "other", user_id="ana")
    assert not chat.search("budget", user_id="ana", channel_id=HERE).hits
    assert chat.search("budget", user_id="ana", project_id="atlas").hits
    assert texts(chat, "ben", channel_id=HERE) == [BUDGET]  # he said it in that channel, aloud


def test_leaving_the_project_ends_what_the_channel_tells(chat: Memory):
    chat.add(BUDGET, user_id="ana", channel_id=HERE)
    assert chat.search("budget", user_id="ben", channel_id=HERE).hits
    chat.projects.remove_member("atlas", "ben", user_id="ben")
    assert not chat.search("budget", user_id="ben", channel_id=HERE).hits


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"audience": ["ben"]}, "audience"),
        ({"channel_id": HERE, "audience": 7}, "audience"),
        ({"channel_id": HERE, "audience": ["nul\x00"]}, "audience"),
        ({"channel_id": HERE, "audience": [f"u{n}" for n in range(1001)]}, "audience"),
        ({"channel_id": "  "}, "channel_id"),
        ({"channel_id": HERE, "share": True, "project_id": "atlas"}, "share"),
        ({"channel_id": HERE, "subject": ""}, "subject"),
    ],
)
def test_what_cannot_be_meant_is_refused(chat: Memory, given: dict[str, Any], field: str):
    with pytest.raises(ValidationError, match=f"^{field}"):
        chat.add(BUDGET, user_id="ana", **given)
    assert texts(chat, "ana") == []


# Two writes


@contextmanager
def project_down(patch: pytest.MonkeyPatch, error: Exception) -> Generator[None]:
    """While it lasts, nothing can be written to a project's stream."""
    write = Writer.write

    async def failing(self: Writer, drafts: list[Draft], *given: Any, **more: Any) -> Any:
        if drafts[0].scope.user_id.startswith(PROJECT_STREAM):
            raise error
        return await write(self, drafts, *given, **more)

    with patch.context() as patched:
        patched.setattr(Writer, "write", failing)
        yield


@pytest.mark.parametrize("key", [None, "once"])
def test_a_call_that_was_half_stored_is_completed_by_repeating_it(
    chat: Memory, monkeypatch: pytest.MonkeyPatch, key: str | None
):
    given: dict[str, Any] = {"channel_id": HERE, "idempotency_key": key}
    with (
        project_down(monkeypatch, StoreUnavailable("the server went away")),
        pytest.raises(StoreError, match=r"stored for its author .*, but not in project 'atlas': the server went away"),
    ):
        chat.add(BUDGET, user_id="ben", **given)
    assert texts(chat, "ben") == [BUDGET]
    assert texts(chat, "ana", project_id="atlas") == []
    for _ in range(2):
        assert len(chat.add(BUDGET, user_id="ben", **given).ids) == 2
        assert texts(chat, "ben") == [BUDGET]
        assert texts(chat, "ana", project_id="atlas") == [BUDGET]
    found = next(iter(chat.list(user_id="ben")))
    assert found.reinforcements == (0 if key else 2)


def test_a_policy_that_forbids_the_project_is_told_as_such(chat: Memory, monkeypatch: pytest.MonkeyPatch):
    with (
        project_down(monkeypatch, NotAllowed("policy 'p' forbids it")),
        pytest.raises(NotAllowed, match="but not in project 'atlas': policy 'p' forbids it"),
    ):
        chat.add(BUDGET, user_id="ben", channel_id=HERE)


def test_members_keys_are_apart(chat: Memory):
    for user in ("ana", "ben"):
        assert len(chat.add(f"I am {user} and bring cake", user_id=user, channel_id=HERE, idempotency_key="k").ids) == 2
    with pytest.raises(IdempotencyConflict):
        chat.add("Something else", user_id="ana", channel_id=HERE, idempotency_key="k")
