"""Reconsolidation: new evidence merged into a memory that was recalled just now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recollect.domain.event import EventType
from recollect.domain.record import Memory, ProvenanceSource, Status, Trust
from recollect.domain.scope import Scope
from recollect.writing.draft import Draft
from recollect.writing.revise import noisy_or, reconsolidated, revised
from recollect.writing.steps.reconcile import reconcile

SCOPE = Scope(tenant_id="t", user_id="u")
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def fact(value: str, days: int, **more: Any) -> Draft:
    fields: dict[str, Any] = {"text": f"User lives in {value}", "key": "user:location", "single": True}
    fields |= {"value": value, "told_at": ago(days), "confidence": 0.6}
    fields |= more
    return Draft(scope=SCOPE, **fields)


def stored(draft: Draft) -> Memory:
    (record,) = reconcile([draft], (), ago(1)).records.values()
    return replace(record, labile=True)


def test_evidence_that_states_the_same_supports():
    paris, evidence = stored(fact("Paris", 20)), fact("paris", 2, confidence=0.5)
    change = revised(paris, evidence, NOW)
    after = change.after
    assert (change.type, change.before, change.vectors) == (EventType.MEMORY_REVISED, paris, None)
    assert (after.version, after.text, after.value, after.labile) == (2, paris.text, "Paris", False)
    assert after.confidence == pytest.approx(0.8)
    assert after.provenance.source is ProvenanceSource.RECONSOLIDATION
    assert after.provenance.evidence == (str(evidence.id),)
    assert [told.told_at for told in after.provenance.tellings] == [ago(20), ago(2)]


def test_the_same_evidence_counts_once():
    paris, evidence = stored(fact("Paris", 20)), fact("Paris", 2)
    once = revised(paris, evidence, NOW).after
    twice = revised(once, evidence, NOW).after
    assert (twice.confidence, twice.provenance.evidence) == (once.confidence, once.provenance.evidence)
    assert twice.version == 3


def test_another_value_told_later_takes_the_place_and_the_old_one_stays_in_history():
    paris, evidence = stored(fact("Paris", 20)), fact("Lyon", 2)
    own, former = reconsolidated([paris], paris, evidence, NOW)
    assert (own.after.id, own.after.value, own.after.text, own.after.version) == (paris.id, "Lyon", evidence.text, 2)
    assert (own.after.status, own.after.valid_from, own.after.supersedes) == (Status.ACTIVE, ago(2), former.after.id)
    assert (own.after.confidence, own.after.told_at) == (0.6, ago(2))
    assert (former.type, former.after.value, former.after.status) == (
        EventType.MEMORY_ADDED,
        "Paris",
        Status.SUPERSEDED,
    )
    assert (former.after.valid_from, former.after.valid_to) == (ago(20), ago(2))
    assert evidence.text not in own.reason + former.reason


def test_a_negation_ends_the_value():
    paris, evidence = stored(fact("Paris", 20)), fact("Paris", 2, negated=True, text="User left Paris")
    own, former = reconsolidated([paris], paris, evidence, NOW)
    assert (own.after.value, own.after.text, own.after.supersedes) == (None, "User left Paris", former.after.id)
    assert former.after.valid_to == ago(2)


@pytest.mark.parametrize(
    "evidence",
    [
        fact("Lyon", 30),
        fact("Lyon", 2, negated=True),
        fact("Bosch", 2, key="user:employer"),
        fact("Lyon", 2, trust=Trust.QUARANTINED),
        fact("Paris", 2, trust=Trust.QUARANTINED),
        fact("Lyon", 2, single=False),
    ],
    ids=["told earlier", "another value denied", "another key", "not believed", "same, not believed", "one of many"],
)
def test_evidence_about_something_else_changes_no_more_than_what_is_cited(evidence: Draft):
    paris = stored(fact("Paris", 20, single=evidence.single))
    (change,) = reconsolidated([paris], paris, evidence, NOW)
    after = change.after
    assert (after.text, after.value, after.confidence) == (paris.text, paris.value, paris.confidence)
    assert (after.valid_from, after.valid_to, after.status) == (paris.valid_from, None, Status.ACTIVE)
    assert after.provenance.evidence == (str(evidence.id),)


def test_new_words_replace_the_old_ones_on_the_same_telling():
    paris = stored(fact("Paris", 20))
    new = fact("Paris, Texas", 20, text="User lives in Paris, Texas")
    (change,) = reconsolidated([paris], paris, fact("Paris, Texas", 2), NOW, new)
    after = change.after
    assert (after.text, after.value, after.valid_from) == (new.text, "Paris, Texas", ago(20))
    assert after.confidence == pytest.approx(0.84)
    assert len(after.provenance.tellings) == 2


def test_plain_words_are_supported_by_what_is_given_as_evidence():
    plain = stored(Draft(scope=SCOPE, text="The garden is dry", told_at=ago(9), confidence=0.5))
    after = revised(plain, Draft(scope=SCOPE, text="No rain since May", confidence=0.5), NOW).after
    assert (after.confidence, after.text, after.provenance.tellings) == (0.75, plain.text, ())


@given(st.floats(0, 1), st.floats(0, 1))
def test_noisy_or_is_a_probability_no_smaller_than_either(one: float, other: float):
    both = noisy_or(one, other)
    assert max(one, other) - 1e-12 <= both <= 1
    assert both == pytest.approx(noisy_or(other, one))
