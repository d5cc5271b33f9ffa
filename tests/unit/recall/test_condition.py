"""The mask over the resident arrays says what the condition says of each memory."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from condition_cases import START, USER, conditions, index_row_of, memories, resident_comparisons
from index_rows import DIMENSION, PIECES, ask, index_of, memory_id, numbers, row
from recollect.domain.condition import matches, needs_store
from recollect.domain.condition_parser import parse_condition
from recollect.domain.decision import VISIBLE, Readable, seen_of
from recollect.domain.record import Memory, Trust
from recollect.domain.search import SearchFilter
from recollect.recall.condition import condition_mask, looks, readable_mask
from recollect.recall.resident.builder import Builder
from recollect.recall.resident.snapshot import Snapshot

many = st.integers(1, 4).flatmap(lambda count: st.tuples(*(memories(number) for number in range(1, count + 1))))
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def snapshot_of(given: tuple[Memory, ...]) -> Snapshot:
    builder = Builder(PIECES, DIMENSION, USER)
    builder.apply([index_row_of(memory) for memory in given], 1)
    return builder.snapshot()


@given(many, conditions(resident_comparisons))
@settings(patiently, max_examples=400)
def test_the_mask_agrees_with_the_records(records: tuple[Memory, ...], data: dict[str, Any]):
    condition = parse_condition(data)
    assert not needs_store(condition)
    mask = condition_mask(snapshot_of(records), condition)
    assert mask.tolist() == [matches(condition, memory) for memory in records]


@given(many, st.lists(st.sampled_from(VISIBLE), unique=True), st.data())
@patiently
def test_what_policies_see_is_told_apart(records: tuple[Memory, ...], fields: list[str], data: st.DataObject):
    snapshot = snapshot_of(records)
    seen = {seen_of(memory, fields) for memory in records}
    assert sorted(map(str, looks(snapshot, fields))) == sorted(map(str, seen))
    allowed = frozenset(data.draw(st.sets(st.sampled_from(sorted(seen, key=str)))))
    readable = Readable(tuple(fields), allowed)
    mask = readable_mask(snapshot, readable)
    assert mask.tolist() == [seen_of(memory, fields) in allowed for memory in records]
    chosen = SearchFilter(readable=readable, include_quarantined=True)
    assert mask.tolist() == [chosen.admits(memory) for memory in records]


def test_a_mask_is_worked_out_once_for_each_snapshot():
    builder = Builder(PIECES, DIMENSION, USER)
    builder.apply([row(1, "tea", project_id="p"), row(2, "tea")], 2)
    snapshot, condition = builder.snapshot(), parse_condition({"project_id": "p"})
    assert condition_mask(snapshot, condition) is condition_mask(snapshot, parse_condition({"project_id": "p"}))
    builder.apply([row(3, "tea", project_id="p")], 3)
    assert condition_mask(builder.snapshot(), condition).tolist() == [True, False, True]
    assert condition_mask(snapshot, condition).tolist() == [True, False]


def test_texts_that_come_later_do_not_disturb_an_older_snapshot():
    builder = Builder(PIECES, DIMENSION, USER)
    builder.apply([row(1, "tea", project_id="p")], 1)
    old = builder.snapshot()
    builder.apply([row(2, "tea", project_id="new", agent_id="")], 2)
    assert condition_mask(old, parse_condition({"project_id": "new"})).tolist() == [False]
    assert condition_mask(old, parse_condition({"project_id": {"contains": "e"}})).tolist() == [False]


def test_ids_confine_the_result_before_ranking():
    index = index_of([row(n, "tea") for n in range(10)])
    found = ask(index, "tea", SearchFilter(only=frozenset({memory_id(3), memory_id(7), memory_id(99)})))
    assert sorted(numbers(found)) == [3, 7]
    assert found.searched == 2
    assert ask(index, "tea", SearchFilter(only=frozenset())).searched == 0


def test_ids_with_the_same_lower_half_are_told_apart():
    rows = [row(n, "tea") for n in range(3)]
    twin = replace(rows[1], id=type(rows[1].id)(int=rows[1].id.int ^ (1 << 100)))
    snapshot = index_snapshot([*rows, twin])
    assert snapshot.holding({twin.id}).tolist() == [False, False, False, True]
    assert snapshot.holding({twin.id, rows[1].id}).tolist() == [False, True, False, True]


def index_snapshot(rows: list[Any]) -> Snapshot:
    builder = Builder(PIECES, DIMENSION, USER)
    builder.apply(rows, 1)
    return builder.snapshot()


def test_quarantined_memories_are_found_only_when_asked_for():
    index = index_of([row(1, "tea"), row(2, "tea", trust=Trust.QUARANTINED), row(3, "tea", trust=Trust.KNOWN)])
    assert sorted(numbers(ask(index, "tea"))) == [1, 3]
    assert sorted(numbers(ask(index, "tea", SearchFilter(include_quarantined=True)))) == [1, 2, 3]


def test_a_change_of_trust_moves_a_memory_without_its_words():
    index = index_of([row(1, "tea", trust=Trust.QUARANTINED)])
    assert numbers(ask(index, "tea")) == []
    index.apply([row(1, "tea", trust=Trust.KNOWN)], 2)
    assert numbers(ask(index, "tea")) == [1]


def test_a_condition_is_combined_with_the_other_filters():
    given = [row(n, "tea", project_id="p" if n % 2 else None, importance=n / 10) for n in range(10)]
    chosen = SearchFilter(condition=parse_condition({"project_id": "p"}), min_confidence=0.5)
    narrowed = chosen.and_also(
        parse_condition({"importance": {"gte": 0.5}}), only=frozenset(memory_id(n) for n in range(8))
    )
    assert sorted(numbers(ask(index_of(given), "tea", narrowed))) == [5, 7]
    assert chosen.and_also() == chosen


def test_months_are_those_of_utc():
    late = START - timedelta(microseconds=1)
    snapshot = index_snapshot([row(1, "tea", occurred_at=START), row(2, "tea", occurred_at=late), row(3, "tea")])
    assert set(looks(snapshot, ("occurred_month",))) == {("2026-01",), ("2025-12",), (None,)}
    only = np.array([False, False, True])
    assert looks(snapshot, ("occurred_month",), only) == [(None,)]
