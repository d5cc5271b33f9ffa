"""Candidates from the database: the same ranking as by the resident index, and nothing forbidden among them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.two_ways import FIRST_AT, QUESTIONS, TwoWays, tell, two_ways

MEMORIES = 300
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"limit": 50},
    {"conversation_id": "talk 3"},
    {"types": ["turn"], "limit": 25},
    {"types": ["semantic_fact", "identity", "preference"]},
    {"occurred_from": FIRST_AT + timedelta(days=30), "occurred_to": FIRST_AT + timedelta(days=160)},
    {"min_confidence": 0.6},
    {"as_of": FIRST_AT + timedelta(days=100)},
    {"statuses": ["superseded"]},
    {"filters": {"OR": [{"conversation_id": "talk 1"}, {"importance": {"gte": 0.6}}]}},
    {"filters": {"speaker": "Anna"}},
    {"profile": "cortex"},
    {"profile": {"words": 1.0}},
)
HIDING = """package recollect.hiding
import rego.v1
applies if input.action == "read"
filter := {"sensitivity": {"ne": "restricted"}}
"""
LOOKING = """package recollect.hiding
import rego.v1
applies if input.action == "read"
allow if input.memory.sensitivity != "restricted"
"""


@pytest.fixture(scope="module")
def told(home: str) -> Iterator[TwoWays]:
    with two_ways(home) as ways:
        tell(ways.held, MEMORIES)
        yield ways


@pytest.mark.parametrize("given", FILTERS, ids=str)
def test_both_ways_rank_alike(told: TwoWays, given: dict[str, Any]):
    found = 0
    for question in QUESTIONS:
        held, sought = told.both(question, **given)
        assert [hit.memory.id for hit in sought] == [hit.memory.id for hit in held], question
        assert [hit.score for hit in sought] == pytest.approx([hit.score for hit in held], abs=1e-3)
        assert sought.note == held.note
        found += len(held)
    assert found


def test_signals_say_the_same(told: TwoWays):
    held, sought = told.both("What did Anna say about pottery?", limit=5)
    for one, other in zip(held, sought, strict=True):
        assert one.signals.keys() == other.signals.keys()
        for name, signal in one.signals.items():
            assert other.signals[name].raw == pytest.approx(signal.raw, abs=1e-3), name
            assert other.signals[name].reason == signal.reason
    assert any(signal.reason for hit in sought for signal in hit.signals.values())
