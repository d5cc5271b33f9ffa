"""Items of a packet: each shows what matters of it on one line, and says where it came from."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from packet_parts import BEFORE, NOW, fact, goal, hot, memory, packet_item, session
from recollect.domain.goal import GoalStatus
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.packet_form import Category
from recollect.domain.packet_items import (
    always_item,
    context_item,
    goal_item,
    identity_item,
    memory_item,
    passing_item,
    profile_items,
    project_item,
    rule_item,
    session_items,
    strategy_item,
    success_rate,
    working_items,
)
from recollect.domain.record import MemoryType, Status
from recollect.domain.user_profile import UserProfile


def test_a_memory_says_where_it_came_from():
    told = memory(5, "I like tea", MemoryType.PREFERENCE, speaker="Ana", told_at=BEFORE, source_id="s1", confidence=0.7)
    item = memory_item(told, score=0.4, best=0.8)
    assert (item.line(), item.category, item.score) == ("Ana: I like tea", Category.PREFERENCES, 0.4)
    assert item.value == pytest.approx(1.5)
    assert item.origin.ids == (str(told.id),)
    assert (item.origin.kind, item.origin.source, item.origin.source_id) == ("memory", "user_explicit", "s1")
    assert (item.origin.told_at, item.origin.confidence) == (BEFORE, 0.7)


def test_what_no_longer_holds_is_marked():
    old = fact(1, "user:location", "Oslo", valid_to=NOW - timedelta(days=3))
    assert memory_item(old, score=1, now=NOW).line() == "[until 2026-05-01] user:location is Oslo"
    assert not memory_item(old, score=1, now=NOW - timedelta(days=9)).past
    assert packet_item(old, score=1).past
    gone = replace(old, valid_to=None, status=Status.SUPERSEDED)
    assert memory_item(gone, score=1, now=NOW).line() == "[past] user:location is Oslo"


def test_what_goes_last_is_worth_most():
    one = memory(1, "text")
    working = working_items([hot(HotKind.WORKING, n, f"number {n}") for n in range(0, 60, 10)], 10)
    values = [
        [identity_item(one).value],
        [rule_item(one).value],
        [goal_item(goal(1, "x"), False).value, *(item.value for item in session_items(session(topic="x")))],
        [project_item(one).value],
        [memory_item(one, score=0.9, best=0.9).value, working[-1].value],
        [memory_item(one, score=0.1, best=0.9).value, working[0].value],
        [passing_item(hot(HotKind.THOUGHT, 1, "x")).value],
        [passing_item(hot(HotKind.SENSED, 1, "x")).value],
    ]
    for better, worse in pairwise(values):
        assert min(better) > max(worse)
    assert [item.value for item in working] == sorted(item.value for item in working)


def test_always_loaded_rules_stand_with_the_rules():
    assert always_item(memory(1, "Never call at night", MemoryType.CONSTRAINT)).category is Category.CONSTRAINTS
    assert always_item(fact(1, "user:name", "Ana")).category is Category.IDENTITY


def test_a_profile_stands_behind_the_identity_and_goes_before_it():
    profile = UserProfile(
        tenant_id="t",
        user_id="mira",
        preferences={"units": "metric", "date_format": "day first", "unset": None},
        expertise={"python": "expert", "areas": ["maps", "rail"]},
        communication_style={"tone": "word " * 100},
        extra={"secret": "not shown"},
        created_at=NOW,
        updated_at=NOW,
    )
    items = sorted(profile_items(profile), key=lambda item: item.place)
    assert [item.line() for item in items[:4]] == [
        "preferences: date format day first",
        "preferences: units metric",
        "expertise: areas maps, rail",
        "expertise: python expert",
    ]
    assert len(items) == 5
    assert len(items[4].line()) <= 304
    one = replace(memory(1, "text"), importance=1.0)
    assert identity_item(replace(one, importance=0.0)).value > items[0].value
    assert items[-1].value > rule_item(one).value
    assert {item.category for item in items} == {Category.IDENTITY}
    assert items[0].place > identity_item(one).place
    assert (items[0].origin.kind, items[0].origin.ids) == ("profile", ("mira",))


def test_a_goal_says_how_it_stands():
    item = goal_item(goal(1, "Write the thesis", priority=5, deadline=NOW, description="on memory"), True)
    assert item.line() == "Write the thesis: on memory (priority 5, until 2026-05-04, blocked)"
    assert goal_item(goal(1, "Rest", status=GoalStatus.PAUSED), False).line() == "Rest (priority 3, paused)"


def test_a_session_shows_its_fields_in_words_and_in_order():
    now = replace(
        session(zebra=[1, 2], active_task={"step": 2, "done": False}, current_topic="moving", gone=None),
        active_goal_id=UUID(int=9),
    )
    lines = [item.line() for item in session_items(now, {UUID(int=9): goal(9, "Move to Lyon")})]
    assert lines == [
        "current topic: moving",
        "active task: done: no; step: 2",
        "zebra: 1, 2",
        "active goal: Move to Lyon",
    ]
    assert session_items(session()) == ()


def test_a_group_of_what_was_said_names_each_of_its_items():
    id_ = UUID(int=3)
    (item,) = working_items(
        [hot(HotKind.WORKING, 1, "one", speaker="Ana"), hot(HotKind.WORKING, 2, "two", memory_id=id_)], 10
    )
    assert (item.line(), item.origin.ids) == ("Ana: one. two.", ("0001", str(id_)))
    assert item.memory is None


def test_strategies_say_how_often_they_worked():
    known: dict[str, Any] = {
        "strategy": {"task": "x", "tools": [], "successes": 3, "failures": 1, "last_used_at": None}
    }
    used = memory(1, "Run the tests first", MemoryType.PROCEDURE, extra=known)
    item = strategy_item(used, success_rate(used))
    assert item.line() == "[worked 3 of 4] Run the tests first"
    assert success_rate(used) == pytest.approx(4 / 6)
    unused = memory(2, "Ask", MemoryType.PROCEDURE)
    assert (success_rate(unused), strategy_item(unused, 0.5).line()) == (0.5, "Ask")


def test_context_values_and_thoughts():
    value = HotItem(kind=HotKind.CONTEXT, name="open_file", value={"value": ["a.py", 3]}, at=NOW)
    assert context_item(value).line() == "open file: a.py, 3"
    assert context_item(value).category is Category.SESSION
    assert passing_item(hot(HotKind.THOUGHT, 1, "maybe\nLyon")).line() == "maybe Lyon"
    assert passing_item(hot(HotKind.SENSED, 1, "x")).category is Category.SENSED
