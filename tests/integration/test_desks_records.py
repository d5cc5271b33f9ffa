"""Conversations, tool calls, profiles and the listing of events."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.desk_checks import assert_log_gives_things, types_of

import recollect
from recollect.errors import NotFound, ValidationError, VersionConflict

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
TALK = [
    {"role": "user", "content": "The olive box stood in the hall", "at": MONDAY},
    {"role": "assistant", "content": "Shall I bring it upstairs?", "name": "Max", "at": MONDAY + timedelta(minutes=1)},
    {"role": "user", "content": "Leave it there for the night", "at": MONDAY + timedelta(minutes=2)},
]


def test_a_conversation_and_its_turns(memory: recollect.Memory):
    receipt = memory.add(TALK, user_id="ana", conversation_id="monday")
    memory.add("Something else about the garden", user_id="ana", conversation_id="tuesday")
    found = memory.conversations.get("monday", user_id="ana")
    assert (found.turn_count, found.started_at, found.last_turn_at) == (3, MONDAY, MONDAY + timedelta(minutes=2))
    first = memory.conversations.turns("monday", user_id="ana", limit=2)
    last = memory.conversations.turns("monday", user_id="ana", limit=2, cursor=first.next_cursor)
    spoken = [*first, *last]
    assert [(s.turn.index, s.turn.role, s.text) for s in spoken] == [
        (0, "user", "The olive box stood in the hall"),
        (1, "assistant", "Shall I bring it upstairs?"),
        (2, "user", "Leave it there for the night"),
    ]
    assert spoken[1].turn.speaker == "Max"
    assert last.next_cursor is None
    page = memory.conversations.list(user_id="ana", limit=1)
    rest = memory.conversations.list(user_id="ana", limit=1, cursor=page.next_cursor)
    assert [c.id for c in [*page, *rest]] == ["monday", "tuesday"]
    memory.delete(receipt.ids[0], user_id="ana")
    assert [s.text is None for s in memory.conversations.turns("monday", user_id="ana")] == [True, False, False]
    assert_log_gives_things(memory, "ana")


def test_the_words_of_quarantined_memories_are_shown_only_when_asked(memory: recollect.Memory):
    memory.add("The safe opens with 4711", user_id="ana", conversation_id="mail", source="a stranger")
    (hidden,) = memory.conversations.turns("mail", user_id="ana")
    (shown,) = memory.conversations.turns("mail", user_id="ana", include_quarantined=True)
    assert (hidden.text, shown.text) == (None, "The safe opens with 4711")


def test_a_conversation_gets_a_title_and_metadata(memory: recollect.Memory):
    memory.add(TALK, user_id="ana", conversation_id="monday")
    titled = memory.conversations.update("monday", user_id="ana", title="The box")
    changed = memory.conversations.update("monday", user_id="ana", metadata={"mood": ["calm"]})
    assert (changed.title, dict(changed.extra), changed.turn_count) == ("The box", {"mood": ["calm"]}, 3)
    assert titled.title == changed.title
    memory.conversations.update("monday", user_id="ana", title="The box")
    memory.add("One more word on the box from Annecy", user_id="ana", conversation_id="monday")
    after = memory.conversations.get("monday", user_id="ana")
    assert (after.title, dict(after.extra), after.turn_count) == ("The box", {"mood": ["calm"]}, 4)
    assert types_of(memory, "ana") == ["conversation_updated"] * 2
    with pytest.raises(NotFound):
        memory.conversations.update("sunday", user_id="ana", title="x")
    with pytest.raises(NotFound):
        memory.conversations.turns("monday", user_id="ben")
    assert_log_gives_things(memory, "ana")


def test_tool_calls_are_recorded_and_listed(memory: recollect.Memory):
    first = memory.tools.record(
        "weather",
        user_id="ana",
        arguments={"city": "Lyon"},
        output=[{"c": 21.5}, None],
        succeeded=True,
        latency_ms=120,
        task="planning",
        conversation_id="monday",
        turn_index=2,
        at="2026-05-04T09:30:00+02:00",
    )
    assert first.invoked_at == datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
    memory.tools.record("mail", user_id="ana", succeeded=False, error="timed out")
    last = memory.tools.record("weather", user_id="ana")
    assert last.invoked_at.tzinfo is not None
    page = memory.tools.list(user_id="ana", tool="weather", limit=1)
    rest = memory.tools.list(user_id="ana", tool="weather", limit=1, cursor=page.next_cursor)
    assert [*page, *rest] == [last, first]
    assert rest.next_cursor is None
    assert [call.error for call in memory.tools.list(user_id="ana")] == [None, "timed out", None]
    assert len(memory.tools.list(user_id="ben")) == 0
    assert_log_gives_things(memory, "ana")


def test_tool_calls_that_make_no_sense_are_refused(memory: recollect.Memory):
    record = memory.tools.record
    with pytest.raises(ValidationError, match="turn_index: needs a conversation_id"):
        record("weather", user_id="ana", turn_index=1)
    with pytest.raises(ValidationError, match="at: is naive"):
        record("weather", user_id="ana", at=datetime(2026, 5, 4))  # noqa: DTZ001 - that is the point
    with pytest.raises(ValidationError, match="output: has 70,0"):
        record("weather", user_id="ana", output="x" * 70_000)
    with pytest.raises(ValidationError, match="latency_ms"):
        record("weather", user_id="ana", latency_ms=float("inf"))
    assert len(memory.tools.list(user_id="ana")) == 0


def test_a_profile_is_merged_key_by_key(memory: recollect.Memory):
    empty = memory.profiles.get(user_id="ana")
    assert (empty.version, empty.preferences) == (0, {})
    first = memory.profiles.update(
        user_id="ana", preferences={"units": "metric", "tone": "dry"}, expertise={"sql": 5}, expected_version=0
    )
    second = memory.profiles.update(
        user_id="ana", preferences={"tone": None, "theme": {"dark": True}}, metadata={"crm": 7}, expected_version=1
    )
    assert second.preferences == {"units": "metric", "theme": {"dark": True}}
    assert (second.expertise, second.extra, second.version) == ({"sql": 5}, {"crm": 7}, 2)
    assert second.created_at == first.created_at
    assert memory.profiles.update(user_id="ana", expertise={"sql": 5}) == second
    assert memory.profiles.get(user_id="ana") == second
    assert types_of(memory, "ana") == ["profile_updated"] * 2
    with pytest.raises(VersionConflict, match="expected version 1, but the record is at version 2"):
        memory.profiles.update(user_id="ana", preferences={"a": 1}, expected_version=1)
    with pytest.raises(VersionConflict):
        memory.profiles.update(user_id="ben", preferences={"a": 1}, expected_version=1)
    assert_log_gives_things(memory, "ana")


def test_a_profile_cannot_grow_without_end(memory: recollect.Memory):
    memory.profiles.update(user_id="ana", preferences={"a": "x" * 40_000})
    with pytest.raises(ValidationError, match=r"preferences: has 80,0\d\d bytes"):
        memory.profiles.update(user_id="ana", preferences={"b": "x" * 40_000})
    assert set(memory.profiles.get(user_id="ana").preferences) == {"a"}


def test_events_are_listed_by_time_type_and_page(memory: recollect.Memory):
    for number in range(5):
        memory.add(f"The box number {number} stood in the hall", user_id="ana")
    memory.profiles.update(user_id="ana", preferences={"units": "metric"})
    memory.add("Ben was here", user_id="ben")
    everything = memory.events.list(user_id="ana")
    assert [event.seq for event in everything] == [1, 2, 3, 4, 5, 6]
    assert everything[0].payload is not None
    assert everything[0].payload["memory"]["text"] == "The box number 0 stood in the hall"
    assert everything.next_after_seq is None
    page = memory.events.list(user_id="ana", limit=4)
    assert page.next_after_seq == 4
    assert [event.seq for event in memory.events.list(user_id="ana", after_seq=4)] == [5, 6]
    (profile,) = memory.events.list(user_id="ana", types=["profile_updated"])
    assert profile.seq == 6
    third = everything[2].recorded_at
    assert [e.seq for e in memory.events.list(user_id="ana", since=third)] == [3, 4, 5, 6]
    assert [e.seq for e in memory.events.list(user_id="ana", until=third)] == [1, 2, 3]
    assert [e.seq for e in memory.events.list(user_id="ana", since=third, until=third.isoformat())] == [3]
    with pytest.raises(ValidationError, match="until: must not be earlier than since"):
        memory.events.list(user_id="ana", since=third, until=third - timedelta(hours=1))
    with pytest.raises(
        ValidationError, match=r"types: must be one of \d\d values, such as memory_added.*; not 'memory_aded'"
    ):
        memory.events.list(user_id="ana", types=["memory_aded"])
    assert len(memory.events.list(user_id="nobody")) == 0
