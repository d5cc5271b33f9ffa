"""What is said of one record is what the filter does to all of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condition_cases import START, conditions, index_row_of, resident_comparisons
from index_rows import DIMENSION, PIECES
from recollect.domain.condition_parser import parse_condition
from recollect.domain.explanation import Explanation, SignalScore
from recollect.domain.record import Memory, MemoryType, Status, Tier, Trust
from recollect.domain.search import SearchFilter
from recollect.domain.why_not import Absence, Obstacle, WhyNot, differences
from recollect.recall.filter import allowed
from recollect.recall.resident.builder import Builder
from recollect.recall.why_not import obstacles
from unit.recall.test_condition import many, patiently

NOW = START + timedelta(days=3)
AT = datetime(2026, 1, 10, tzinfo=UTC)
days = st.integers(0, 6).map(lambda count: START + timedelta(days=count))
names = st.none() | st.sampled_from(["ann", "Bob", "p-1"])


@st.composite
def filters(draw: st.DrawFn) -> SearchFilter:
    """Any filter that a caller can give."""
    start, end = draw(st.none() | days), draw(st.none() | days)
    return SearchFilter(
        types=draw(st.frozensets(st.sampled_from(MemoryType), max_size=6)),
        tiers=draw(st.frozensets(st.sampled_from(Tier), max_size=2)),
        statuses=draw(st.frozensets(st.sampled_from([Status.ACTIVE, Status.SILENT, Status.SUPERSEDED]), max_size=2)),
        agent_id=draw(st.none() | st.sampled_from(["", "ann"])),
        project_id=draw(names),
        conversation_id=draw(names),
        occurred_from=start,
        occurred_to=end,
        min_confidence=draw(st.sampled_from([0.0, 0.3, 0.5, 0.7])),
        as_of=draw(st.none() | days),
        include_quarantined=draw(st.booleans()),
        with_former=draw(st.booleans()),
        condition=draw(st.none() | conditions(resident_comparisons).map(parse_condition)),
        only=draw(st.none() | st.frozensets(st.sampled_from([1, 2]).map(identity), max_size=2)),
    )


def identity(number: int) -> UUID:
    """The id that ``condition_cases.memories`` gives."""
    return UUID(int=0x0190 << 112 | 7 << 76 | 2 << 62 | number)


@given(many, filters())
@patiently
def test_a_memory_has_an_obstacle_exactly_when_the_filter_leaves_it_out(
    records: tuple[Memory, ...], chosen: SearchFilter
):
    builder = Builder(PIECES, DIMENSION, records[0].user_id)
    builder.apply([index_row_of(memory) for memory in records], 1)
    mask = allowed(builder.snapshot(), chosen, NOW).tolist()
    assert mask == [not obstacles(memory, chosen, NOW) for memory in records]


PLAIN = Memory(
    id=UUID(int=1),
    tenant_id="t",
    user_id="u",
    type=MemoryType.TURN,
    text="tea",
    written_at=AT,
    updated_at=AT,
    content_hash="h",
    conversation_id="c-1",
    occurred_at=AT,
)
LATER = AT + timedelta(days=30)
CASES: list[tuple[dict[str, Any], SearchFilter, Absence, str]] = [
    ({"status": Status.DELETED}, SearchFilter(), Absence.DELETED, ""),
    ({"status": Status.SUPERSEDED, "valid_to": AT}, SearchFilter(), Absence.SUPERSEDED, ""),
    ({"status": Status.ARCHIVED}, SearchFilter(), Absence.STATUS, ""),
    ({"status": Status.SILENT}, SearchFilter(), Absence.STATUS, ""),
    ({"valid_to": AT}, SearchFilter(), Absence.EXPIRED, ""),
    ({"valid_from": LATER}, SearchFilter(), Absence.NOT_YET_VALID, ""),
    ({"valid_from": AT}, SearchFilter(as_of=AT - timedelta(days=1)), Absence.NOT_YET_VALID, ""),
    ({"trust": Trust.QUARANTINED}, SearchFilter(), Absence.QUARANTINED, ""),
    ({}, SearchFilter(statuses=frozenset({Status.SUPERSEDED})), Absence.FILTER, "statuses"),
    ({}, SearchFilter(types=frozenset({MemoryType.GOAL})), Absence.FILTER, "types"),
    ({}, SearchFilter(tiers=frozenset({Tier.TASK})), Absence.FILTER, "tiers"),
    ({}, SearchFilter(agent_id="other"), Absence.FILTER, "agent_id"),
    ({}, SearchFilter(project_id="other"), Absence.FILTER, "project_id"),
    ({}, SearchFilter(conversation_id="other"), Absence.FILTER, "conversation_id"),
    ({}, SearchFilter(occurred_from=LATER), Absence.FILTER, "occurred_from"),
    ({}, SearchFilter(occurred_to=AT), Absence.FILTER, "occurred_to"),
    ({"occurred_at": None}, SearchFilter(occurred_to=LATER), Absence.FILTER, "occurred_to"),
    ({}, SearchFilter(min_confidence=0.9), Absence.FILTER, "min_confidence"),
    ({}, SearchFilter(condition=parse_condition({"importance": {"gt": 0.9}})), Absence.FILTER, "filters"),
    ({}, SearchFilter(only=frozenset()), Absence.FILTER, "collection"),
]


@pytest.mark.parametrize(("fields", "chosen", "rule", "field"), CASES)
def test_each_rule_is_named(fields: dict[str, Any], chosen: SearchFilter, rule: Absence, field: str):
    (obstacle,) = obstacles(replace(PLAIN, **fields), chosen, AT + timedelta(days=2))
    assert (obstacle.rule, obstacle.field) == (rule, field)
    assert field in obstacle.text


def test_every_rule_that_keeps_it_out_is_named_what_decides_first():
    chosen = SearchFilter(types=frozenset({MemoryType.GOAL}), tiers=frozenset({Tier.TASK}))
    found = obstacles(replace(PLAIN, trust=Trust.QUARANTINED), chosen, LATER)
    assert [one.rule for one in found] == [Absence.QUARANTINED, Absence.FILTER, Absence.FILTER]


def test_a_condition_says_which_of_its_fields_does_not_hold():
    chosen = SearchFilter(condition=parse_condition({"AND": [{"type": "turn"}, {"importance": {"gt": 0.9}}]}))
    (obstacle,) = obstacles(PLAIN, chosen, LATER)
    assert "importance" in obstacle.text
    assert "type" not in obstacle.text


def test_the_paragraph_compares_with_the_last_one_in():
    def explanation(score: float, meaning: float) -> Explanation:
        signal = SignalScore(raw=meaning, normalised=meaning, weight=1.0, contribution=meaning)
        return Explanation(profile="relevance", rank=None, of=30, score=score, signals={"meaning": signal})

    cut = Obstacle(rule=Absence.CUT, field="limit", text="It is 12th of 30.")
    answer = WhyNot(
        memory_id=UUID(int=1),
        query="tea?",
        found=False,
        obstacles=(cut,),
        rank=12,
        of=30,
        score=0.2,
        last_score=0.5,
        explanation=explanation(0.2, 0.2),
        last=explanation(0.5, 0.5),
    )
    assert answer.short_by == pytest.approx(0.3)
    assert answer.reason is Absence.CUT
    assert answer.text == "It is 12th of 30. The last one in gets more for how near its meaning is (+0.30)."
    machine = answer.as_json()
    assert machine["short_by"] == pytest.approx(0.3)
    assert machine["obstacles"] == [
        {"rule": "cut", "field": "limit", "text": "It is 12th of 30.", "at": None, "by": None}
    ]
    assert answer.explanation is not None
    assert answer.last is not None
    assert differences(answer.explanation.signals, answer.last.signals) == [("meaning", pytest.approx(0.3))]
