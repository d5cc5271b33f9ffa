"""Packing: what was gathered for a turn as one packet, each thing once and only what may be shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from packet_parts import NOW, fact, goal, hit, hot, memory, session
from recollect.domain.goal import Goal
from recollect.domain.hot import HotItem, HotKind, HotLimits, HotState
from recollect.domain.packet import Packet
from recollect.domain.packet_form import Category
from recollect.domain.record import Memory, MemoryType
from recollect.recall.pack import PackParts, pack

NAME = fact(1, "user:name", "Ana")
RULE = memory(2, "Never call at night", MemoryType.CONSTRAINT)
TURN = memory(10, "I moved to Lyon", speaker="Ana")
LIVES = fact(11, "user:location", "Lyon")


def packed(**more: Any) -> Packet:
    fields: dict[str, Any] = {"query": "q", "now": NOW, "retrieved_at": NOW, **more}
    return pack(PackParts(**fields))


def lines(packet: Packet, category: Category) -> list[str]:
    return [item.line() for item in packet.by_category(category)]


def state(**more: Any) -> HotState:
    return HotState(version=1, always=(NAME, RULE), **more)


def test_everything_has_its_place():
    strategy = memory(30, "Ask first", MemoryType.PROCEDURE, extra={"strategy": {"successes": 2, "failures": 0}})
    blocker = goal(41, "Sell the flat", priority=2)
    now = state(
        session=replace(session(current_topic="moving"), active_goal_id=blocker.id),
        goals=(goal(40, "Move to Lyon", blocked_by=(blocker.id,)), blocker),
        items=(
            hot(HotKind.WORKING, 1, "Which flat?", speaker="Ben"),
            hot(HotKind.CONTEXT, 2, "a.py"),
            hot(HotKind.THOUGHT, 3, "the second one"),
            hot(HotKind.SENSED, 4, "a door"),
        ),
    )
    packet = packed(
        hot=now,
        hits=[hit(TURN, 0.8), hit(LIVES, 0.6)],
        strategies=[strategy],
        project=[hit(memory(50, "We deploy on Fridays"), 0.3), memory(51, "Alpha is a website")],
        ms={"hot": 1.0},
        round_trips=2,
    )
    assert {category: len(packet.by_category(category)) for category in Category if packet.by_category(category)} == {
        Category.IDENTITY: 1, Category.CONSTRAINTS: 1, Category.PROCEDURES: 1, Category.GOALS: 2, Category.PROJECT: 2,
        Category.FACTS: 1, Category.EPISODES: 1, Category.SESSION: 3, Category.WORKING: 1, Category.SENSED: 1,
        Category.THOUGHTS: 1,
    }  # fmt: skip
    assert lines(packet, Category.GOALS) == ["Move to Lyon (priority 3, blocked)", "Sell the flat (priority 2)"]
    assert lines(packet, Category.SESSION)[:2] == ["current topic: moving", "active goal: Sell the flat"]
    assert lines(packet, Category.PROCEDURES) == ["[worked 2 of 2] Ask first"]
    assert (packet.session, packet.goals, packet.round_trips, packet.ms) == (now.session, now.goals, 2, {"hot": 1.0})


def test_what_was_found_and_just_said_is_shown_once():
    working = (
        hot(HotKind.WORKING, 50, "I moved to Lyon", memory_id=TURN.id),
        hot(HotKind.WORKING, 90, "user:location is Lyon", memory_id=LIVES.id),
    )
    packet = packed(hot=state(items=working), hits=[hit(TURN, 0.9), hit(LIVES, 0.3), hit(NAME, 0.2)])
    assert lines(packet, Category.WORKING) == ["I moved to Lyon. user:location is Lyon."]
    assert lines(packet, Category.EPISODES) == []
    assert lines(packet, Category.FACTS) == []
    assert len(lines(packet, Category.IDENTITY)) == 1
    assert packet.working[0].value == 2.0


def test_a_group_that_is_worth_little_by_age_keeps_the_worth_of_what_was_found():
    working = [hot(HotKind.WORKING, 5 * n, f"number {n}") for n in range(9)]
    old = replace(working[0], memory_id=TURN.id)
    packet = packed(hot=state(items=(old, *working[1:])), hits=[hit(TURN, 0.9)])
    assert [item.value for item in packet.working][:2] == [2.0, 1.3]


def test_what_is_beyond_the_groups_is_found_as_an_episode():
    working = [hot(HotKind.WORKING, 5 * n, f"number {n}") for n in range(3)]
    old = replace(working[0], memory_id=TURN.id)
    packet = packed(hot=state(items=(old, *working[1:])), hits=[hit(TURN, 0.9)], limits=HotLimits(chunks=2))
    assert lines(packet, Category.WORKING) == ["number 1", "number 2"]
    assert lines(packet, Category.EPISODES) == ["[2026-05-04] Ana: I moved to Lyon"]


def test_what_may_not_be_shown_is_nowhere():
    secret = memory(60, "the secret", speaker="Ben")
    hidden = {secret.id, RULE.id, UUID(int=61), UUID(int=62)}

    def admits(one: Memory) -> bool:
        return one.id not in hidden

    def admits_item(item: HotItem) -> bool:
        return "secret" not in item.value["text"]

    def admits_goal(one: Goal) -> bool:
        return "secret" not in one.title

    packet = packed(
        hot=state(items=(hot(HotKind.WORKING, 1, "the secret"),), goals=(goal(70, "the secret goal"),)),
        hits=[hit(secret, 0.9), hit(TURN, 0.5)],
        strategies=[memory(61, "the secret way", MemoryType.PROCEDURE)],
        project=[memory(62, "the secret project"), hit(secret, 0.2)],
        admits=admits,
        admits_item=admits_item,
        admits_goal=admits_goal,
    )
    assert "secret" not in packet.render(budget_tokens=9_000)
    assert "secret" not in str(packet.to_dict())
    assert {item.memory.id for item in packet.items if item.memory} == {NAME.id, TURN.id}


def test_what_is_hidden_makes_no_warning():
    other = fact(12, "user:location", "Oslo", valid_to=NOW - timedelta(days=1))

    def admits(one: Memory) -> bool:
        return one.id != other.id

    hits = [hit(LIVES, 0.9), hit(other, 0.8)]
    assert len(packed(hits=hits).warnings) == 1
    assert packed(hits=hits, admits=admits).warnings == ()


def test_hits_that_are_far_from_the_best_are_left_out():
    packet = packed(hits=[hit(TURN, 1.0), hit(memory(13, "far off"), 0.05)])
    assert len(packet.items) == 1


def test_the_note_says_why_nothing_was_found_and_only_then():
    assert packed(note="small talk", degraded=("a",), hot=state(degraded=("b", "a"))).note == "small talk"
    packet = packed(note="nothing", hits=[hit(TURN, 1.0)], degraded=("a",), hot=state(degraded=("b", "a")))
    assert (packet.note, packet.degraded) == ("", ("b", "a"))


def test_a_past_moment_is_judged_by_what_held_then():
    old: Memory = fact(12, "user:location", "Oslo", valid_to=NOW)
    then = packed(now=NOW - timedelta(days=9), hits=[hit(old, 1.0)])
    assert lines(then, Category.FACTS) == ["user:location is Oslo"]
    assert lines(packed(hits=[hit(old, 1.0)]), Category.FACTS) == ["[until 2026-05-04] user:location is Oslo"]
