"""What profiles promise: signals between 0 and 1, weights that are checked, probabilities that keep the order."""

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_rows import NOW, ask, index_of, numbers, row, vectors_for
from recollect.errors import ValidationError
from recollect.recall.profile import CORTEX, PROFILES, RECENT, RELEVANCE, profile_of
from recollect.recall.relevance import Calibration
from unit.recall.test_condition import patiently

CORTEX_SIGNALS = ("meaning", "recency", "emotion", "reinforcement")
anywhen = st.integers(-2_000_000, 2_000_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
any_count = st.integers(0, 2**31 - 1)
anything = st.fixed_dictionaries(
    {
        "occurred_at": st.none() | anywhen,
        "written_at": anywhen,
        "emotion": st.floats(0, 1),
        "access_count": any_count,
        "reinforcements": any_count,
    }
)


@given(st.lists(anything, min_size=1, max_size=5))
@patiently
def test_all_four_signals_of_cortex_lie_between_0_and_1(given: list[dict[str, Any]]):
    index = index_of([row(n, f"tea {n}", **fields) for n, fields in enumerate(given)])
    found = ask(index, "tea", profile=CORTEX, vector=vectors_for("tea")[0])
    assert len(found.ranked) == len(given)
    for one in found.ranked:
        assert set(one.signals) == set(CORTEX_SIGNALS)
        for signal in one.signals.values():
            assert 0.0 <= signal.normalised <= 1.0
        assert 0.0 <= one.score <= 1.0 + 1e-6


def test_the_formulas_of_cortex():
    assert CORTEX.weights == {"meaning": 0.40, "recency": 0.25, "emotion": 0.20, "reinforcement": 0.15}
    hours, times = 30.0, 6
    rows = [
        row(1, "tea", occurred_at=NOW - timedelta(hours=hours), emotion=0.7, access_count=4, reinforcements=times - 4),
        row(2, "tea", occurred_at=NOW, reinforcements=30_000),
    ]
    signals = {one.memory_id.int & 0xF: one.signals for one in ask(index_of(rows), "tea", profile=CORTEX).ranked}
    assert signals[1]["recency"].raw == pytest.approx(1 / (1 + math.log(1 + hours)), abs=1e-5)
    assert signals[1]["emotion"].raw == pytest.approx(0.7, abs=1e-5)
    assert signals[1]["reinforcement"].raw == pytest.approx(math.log(1 + times) / 10, abs=1e-5)
    assert signals[2]["recency"].raw == 1.0
    assert signals[2]["reinforcement"].raw == 1.0


def test_recent_prefers_the_later_of_two_that_say_the_same():
    rows = [row(n, "the dog in the park", occurred_at=NOW - timedelta(days=age)) for n, age in ((1, 400), (2, 1))]
    assert numbers(ask(index_of(rows), "dog", profile=RELEVANCE)) == [1, 2]
    assert numbers(ask(index_of(rows), "dog", profile=RECENT)) == [2, 1]
    about_it = {name: weight for name, weight in RECENT.weights.items() if name != "recency"}
    assert about_it == RELEVANCE.weights


def test_profiles_that_are_after_variety_give_other_conversations_a_turn():
    rows = [row(n, "dog park", conversation_id="a" if n < 8 else f"b{n}") for n in range(12)]
    assert numbers(ask(index_of(rows), "dog", profile=CORTEX, limit=5)) == [0, 1, 2, 8, 9]
    assert all(n < 8 for n in numbers(ask(index_of(rows), "dog", profile=RELEVANCE, limit=5)))
    assert PROFILES["recent"].most_per_conversation == 3


@given(st.floats(0, 5), st.floats(0, 5), st.floats(0, 5))
def test_a_higher_score_is_a_higher_probability(one: float, other: float, more: float):
    measured, best = RELEVANCE.calibration, max(one, other) + more
    assert measured is not None
    low, high = (measured.relevance(score, best) for score in sorted((one, other)))
    assert 0.0 <= low <= high <= 1.0


def test_the_curve_is_the_one_it_says():
    assert Calibration(0.0, 1.0, -2.0).relevance(1.0, 1.5) == pytest.approx(0.5)
    assert Calibration(-1.0, 0.0, 0.0).relevance(9.0, 9.0) == pytest.approx(1 / (1 + math.e))
    assert [name for name, profile in PROFILES.items() if profile.calibration is not None] == ["relevance"]


def test_weights_may_be_given_again():
    assert profile_of(RELEVANCE.all_weights).all_weights == RELEVANCE.all_weights
    with pytest.raises(ValidationError, match="must be one of relevance, cortex, recent"):
        profile_of("newest")
