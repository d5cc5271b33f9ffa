"""Warnings about conflicting facts, and questions that only the user can answer."""

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from packet_parts import BEFORE, NOW, SINGLE, fact, goal, hot, memory
from recollect.domain.hot import HotKind
from recollect.domain.packet_conflicts import MOST, conflicts, open_questions
from recollect.domain.packet_items import PacketItem, identity_item, memory_item, working_items
from recollect.domain.record import Memory, MemoryType, Provenance, ProvenanceSource, Telling

ENDED = {"valid_to": NOW - timedelta(days=3)}
LIST = Provenance(tellings=(Telling(told_at=NOW, written_at=NOW, single=False),))


def found(*memories: Memory) -> list[PacketItem]:
    return [memory_item(one, score=1 - n / 10, now=NOW) for n, one in enumerate(memories)]


def asked(items: list[PacketItem]) -> tuple[str, ...]:
    return open_questions(items, (), NOW)


def test_a_past_value_beside_the_present_one_is_a_warning_and_no_question():
    items = [identity_item(fact(1, "user:location", "Lyon")), *found(fact(2, "user:location", "Oslo", **ENDED))]
    assert conflicts(items) == ("user:location was 'Oslo' until 2026-05-01, and is 'Lyon' now",)
    assert asked(items) == ()


def test_two_present_values_are_a_warning_and_a_question():
    items = found(fact(1, "user:location", "Lyon"), fact(2, "user:location", "Paris", told_at=BEFORE))
    assert conflicts(items) == ("user:location is told in 2 ways: 'Lyon' and 'Paris'",)
    assert asked(items) == ("The user's location: is it 'Lyon' or 'Paris'?",)


def test_what_may_have_several_values_has_no_conflict():
    items = found(fact(1, "user:likes", "tea", provenance=LIST), fact(2, "user:likes", "jazz", provenance=LIST))
    assert conflicts(items) == asked(items) == ()
    ended = found(fact(1, "user:likes", "tea", provenance=LIST), fact(2, "user:likes", "x", provenance=LIST, **ENDED))
    assert conflicts(ended) == ()


def test_the_same_value_written_otherwise_is_no_conflict():
    assert conflicts(found(fact(1, "user:location", "Lyon"), fact(2, "user:location", " lyon", **ENDED))) == ()
    assert conflicts(found(fact(1, "user:location", "Lyon"), fact(2, "user:employer", "Siemens"))) == ()


def test_a_past_value_alone_is_no_conflict_and_what_was_just_said_is_no_fact():
    working = working_items([hot(HotKind.WORKING, 1, "user:location is Paris")], 10)
    assert conflicts([*found(fact(1, "user:location", "Lyon")), *working]) == ()
    assert conflicts(found(fact(1, "user:location", "Oslo", **ENDED))) == ()


def test_what_is_unsure_supposed_or_gathered_is_asked():
    derived = replace(SINGLE, source=ProvenanceSource.CONSOLIDATION)
    items = [
        identity_item(fact(1, "user:diet", "vegan", provenance=derived)),
        identity_item(fact(2, "user:name", "Ana", provenance=replace(derived, source=ProvenanceSource.USER_CONFIRMED))),
        *found(fact(3, "user:employer", "Siemens", confidence=0.3)),
        *found(memory(4, "She may move", MemoryType.HYPOTHESIS, confidence=0.9)),
        *found(memory(5, "just a turn", confidence=0.1)),
        *found(fact(6, "user:pet", "cat", confidence=0.2, **ENDED)),
    ]
    assert asked(items) == (
        "Gathered from what was said, never confirmed: user:diet is vegan",
        "Not sure of this: user:employer is Siemens",
        "Only supposed so far: She may move",
    )


def test_a_goal_whose_time_has_passed_is_asked():
    late, soon = goal(1, "Book flights", deadline=BEFORE), goal(2, "Pack", deadline=NOW + timedelta(days=1))
    assert open_questions([], [late, soon, goal(3, "Rest")], NOW) == (
        "Book flights: it was due on 2026-03-05; is it done?",
    )


def test_there_are_never_many_and_each_is_short():
    items = found(*(fact(n, f"user:k{n}", "value " * 90, confidence=0.1) for n in range(30)))
    assert len(asked(items)) == MOST
    assert all(len(question) < 200 for question in asked(items))


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_items_does_not_matter(chance: random.Random):
    values = [fact(n, f"user:k{n % 3}", f"v{n}", told_at=NOW - timedelta(days=n % 4)) for n in range(9)]
    items = found(*values, fact(20, "user:k9", "x", confidence=0.1))
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert conflicts(shuffled) == conflicts(items)
    assert asked(shuffled) == asked(items)
