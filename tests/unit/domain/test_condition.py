"""Conditions are read strictly, and mean the same for what is absent as for what is there."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from recollect.domain.condition import both, lower_case, matches, needs_store
from recollect.domain.condition_parser import parse_condition
from recollect.domain.record import Memory, MemoryType
from recollect.errors import ValidationError

START = datetime(2026, 1, 1, tzinfo=UTC)


def memory(**fields: Any) -> Memory:
    values: dict[str, Any] = {
        "type": MemoryType.GOAL,
        "text": "Learn to climb",
        "importance": 0.7,
        "extra": {"tags": ["Alps", "sport"], "level": 3, "done": False, "place": {"country": "FR"}},
    }
    return Memory(
        id=UUID(int=1),
        tenant_id="t",
        user_id="ann",
        written_at=START,
        updated_at=START,
        content_hash="h",
        **{**values, **fields},
    )


HOLDS: list[dict[str, Any]] = [
    {"type": "goal"},
    {"type": MemoryType.GOAL},
    {"type": {"nin": ["turn", "summary"]}},
    {"importance": {"gte": 0.7, "lte": 0.7}},
    {"AND": [{"type": "goal"}, {"NOT": {"speaker": "Bob"}}]},
    {"OR": [{"type": "turn"}, {"importance": {"gt": 0.5}}]},
    {"NOT": [{"type": "turn"}, {"importance": {"lt": 0.5}}]},
    {"type": "goal", "text": {"contains": "climb"}},
    {"text": {"icontains": "LEARN"}},
    {"speaker": {"ne": "Bob"}},
    {"speaker": {"nin": ["Bob"]}},
    {"speaker": None},
    {"text": "*"},
    {"agent_id": None},
    {"agent_id": {"ne": "*"}},
    {"owner": "ann"},
    {"written_at": {"gte": "2025-12-31T23:00:00-01:00"}},
    {"metadata.level": {"gt": 2}},
    {"metadata.level": 3.0},
    {"metadata.done": False},
    {"metadata.done": {"ne": 0}},
    {"metadata.tags": {"contains": "sport"}},
    {"metadata.tags": {"icontains": "alps"}},
    {"metadata.place.country": {"in": ["FR", "CH"]}},
    {"metadata": {"place.country": "FR", "level": {"lte": 3}}},
    {"metadata.missing": {"ne": 1}},
]
FAILS: list[dict[str, Any]] = [
    {"speaker": "Bob"},
    {"speaker": {"lt": "z"}},
    {"NOT": {"speaker": {"ne": "Bob"}}},
    {"speaker": "*"},
    {"occurred_at": {"lt": START}},
    {"NOT": [{"type": "turn"}, {"importance": {"gt": 0.5}}]},
    {"metadata.done": 0},
    {"metadata.level": "3"},
    {"metadata.level": {"gt": "2"}},
    {"metadata.tags": "sport"},
    {"metadata.tags": {"contains": "spo"}},
    {"metadata.tags.0": "Alps"},
    {"type": {"in": []}},
    {"text": {"contains": "CLIMB"}},
]


@pytest.mark.parametrize("data", HOLDS, ids=str)
def test_it_holds(data: dict[str, Any]):
    assert matches(parse_condition(data), memory())
    assert not matches(parse_condition({"NOT": data}), memory())


@pytest.mark.parametrize("data", FAILS, ids=str)
def test_it_does_not_hold(data: dict[str, Any]):
    assert not matches(parse_condition(data), memory())


def deep(levels: int) -> dict[str, Any]:
    return {"NOT": deep(levels - 1)} if levels else {"type": "goal"}


REFUSED: list[tuple[object, str, str]] = [
    ([], "filters", "must be an object"),
    ({}, "filters", "must not be empty"),
    ({"AND": [{"type": "goal"}, {"importance": {"gte": "high"}}]}, "filters.AND[1].importance.gte", "must be a number"),
    ({"AND": []}, "filters.AND", "at least one"),
    ({"OR": {"type": "goal"}}, "filters.OR", "must be a list"),
    ({"tenant_id": "other"}, "filters.tenant_id", "is no field"),
    ({"colour": "red"}, "filters.colour", "is no field"),
    ({1: "red"}, "filters", "strings as keys"),
    ({"type": "gaol"}, "filters.type", "must be one of episodic_event"),
    ({"type": {"gt": "goal"}}, "filters.type.gt", "does not fit"),
    ({"type": {"regex": "g"}}, "filters.type.regex", "does not fit"),
    ({"type": {"gaol": {}}}, "filters.type.gaol", "does not fit"),
    ({"type": {}}, "filters.type", "must name an operator"),
    ({"type": {"in": "goal"}}, "filters.type.in", "must be a list"),
    ({"importance": True}, "filters.importance", "must be a number"),
    ({"importance": float("nan")}, "filters.importance", "must be a number"),
    ({"importance": float("inf")}, "filters.importance", "must lie between"),
    ({"importance": 10**400}, "filters.importance", "must lie between"),
    ({"written_at": {"lt": datetime(2026, 1, 1)}}, "filters.written_at.lt", "naive"),  # noqa: DTZ001
    ({"written_at": {"lt": "2026-01-01"}}, "filters.written_at.lt", "naive"),
    ({"text": {"contains": ""}}, "filters.text.contains", "must not be empty"),
    ({"text": "a\x00b"}, "filters.text", "NUL"),
    ({"text": "\ud800"}, "filters.text", "surrogate"),
    ({"text": "a" * 10_001}, "filters.text", "at most 10000"),
    ({"metadata": {}}, "filters.metadata", "must be an object"),
    ({"metadata": "x"}, "filters.metadata", "must be an object"),
    ({"metadata.": 1}, "filters.metadata.", "metadata.<key>"),
    ({"metadata.a..b": 1}, "filters.metadata.a..b", "metadata.<key>"),
    ({"metadata.a\x00": 1}, "filters.metadata.a\x00", "NUL"),
    ({"metadata.a": {"b": 1}}, "filters.metadata.a.b", "does not fit"),
    ({"metadata.a": [1]}, "filters.metadata.a", "must be a string, a number"),
    ({"metadata.a": {"gt": True}}, "filters.metadata.a.gt", "no order"),
    ({"speaker": {"in": ["a"] * 1001}}, "filters.speaker.in", "at most 1000"),
    ({"AND": [{"type": "goal"}] * 201}, "filters.AND", "at most 200"),
    ({"AND": [{"AND": [{"type": "goal"}] * 150}] * 2}, "filters", "more than 200"),
    (deep(10), "filters" + ".NOT" * 10, "deeper than 10"),
]


@pytest.mark.parametrize(("data", "field", "problem"), REFUSED, ids=[field[:40] for _, field, _ in REFUSED])
def test_what_is_not_understood_is_refused_with_its_path(data: object, field: str, problem: str):
    with pytest.raises(ValidationError) as refused:
        parse_condition(data)
    assert refused.value.field == field
    assert problem in refused.value.problem


def test_only_fields_that_are_not_resident_need_the_store():
    assert not needs_store(None)
    assert not needs_store(parse_condition({"NOT": {"owner": "x", "occurred_at": "*", "confidence": {"lt": 0.5}}}))
    assert all(
        needs_store(parse_condition({"OR": [{"type": "goal"}, {field: "x"}]}))
        for field in ("text", "speaker", "key", "value", "metadata.a")
    )


def test_conditions_are_joined():
    one, other = parse_condition({"type": "goal"}), parse_condition({"tier": "task"})
    assert both() is None
    assert both(None, one, None) is one
    joined = both(one, None, other)
    assert joined is not None
    assert not matches(joined, memory())
    assert matches(joined, memory(tier="task"))


def test_the_author_is_the_owner_of_what_is_shared():
    assert matches(parse_condition({"owner": "bob"}), memory(author_id="bob"))
    assert not matches(parse_condition({"owner": "ann"}), memory(author_id="bob"))


def test_lower_case_goes_letter_by_letter():
    assert lower_case("ΣΑΣ İI") == "σασ ii"
