"""New, same, newer, older: what a draft does to what is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from recollect.domain.event import EventType
from recollect.domain.ids import new_id
from recollect.domain.receipt import Outcome
from recollect.domain.record import Memory, Status, Trust
from recollect.domain.scope import Scope
from recollect.ports.store import Change
from recollect.writing.draft import Draft
from recollect.writing.placing import settled
from recollect.writing.steps.reconcile import Reconciliation, reconcile

SCOPE = Scope(tenant_id="t", user_id="u")
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def fact(value: str | None, *, told: datetime | None = NOW, key: str = "user:location", **more: Any) -> Draft:
    text = more.pop("text", f"I live in {value}")
    return Draft(scope=SCOPE, text=text, told_at=told, key=key, value=value, single=more.pop("single", True), **more)


def after(*drafts: Draft, existing: tuple[Memory, ...] = ()) -> Reconciliation:
    return reconcile(drafts, existing, NOW)


def living(state: Reconciliation) -> dict[str | None, Memory]:
    return {record.value: record for record in state.records.values() if record.status is Status.ACTIVE}


def test_a_new_value_supersedes_and_closes_the_old_one():
    state = after(fact("Paris", told=NOW - timedelta(days=10)), fact("Lyon"))
    assert [item.outcome for item in state.items] == [Outcome.ACCEPTED, Outcome.SUPERSEDED]
    current = living(state)
    assert set(current) == {"Lyon"}
    old = next(record for record in state.records.values() if record.value == "Paris")
    assert (old.status, old.valid_to, old.version) == (Status.SUPERSEDED, NOW, 2)
    assert current["Lyon"].supersedes == old.id
    assert state.items[1].superseded_id == old.id


def test_an_older_value_that_arrives_late_becomes_history():
    state = after(fact("Lyon"), fact("Paris", told=NOW - timedelta(days=10)))
    assert set(living(state)) == {"Lyon"}
    old = next(record for record in state.records.values() if record.value == "Paris")
    assert (old.status, old.valid_from, old.valid_to) == (Status.SUPERSEDED, NOW - timedelta(days=10), NOW)


def test_the_same_value_in_other_words_reinforces():
    state = after(fact("Lyon"), fact("lyon", text="My home is Lyon"))
    assert state.items[1].outcome is Outcome.MERGED
    (record,) = state.records.values()
    assert (record.reinforcements, record.version) == (1, 1)


def test_the_same_content_is_one_record_whatever_its_case_and_spacing():
    state = after(Draft(scope=SCOPE, text="I like  tea"), Draft(scope=SCOPE, text="i LIKE tea", speaker="user"))
    assert [item.outcome for item in state.items] == [Outcome.ACCEPTED, Outcome.MERGED]
    assert [change.type for change in state.changes] == [EventType.MEMORY_ADDED, EventType.MEMORY_REINFORCED]
    other = after(
        Draft(scope=SCOPE, text="I like tea", speaker="Ana"), Draft(scope=SCOPE, text="I like tea", speaker="Ben")
    )
    assert len(other.records) == 2


def test_the_same_content_of_another_agent_is_another_record():
    agent = Scope(tenant_id="t", user_id="u", agent_id="a")
    assert len(after(Draft(scope=SCOPE, text="x"), Draft(scope=agent, text="x")).records) == 2


def test_values_that_accumulate_do_not_supersede():
    state = after(
        fact("tea", key="user:likes", single=False, text="I like tea"),
        fact("jazz", key="user:likes", single=False, text="I like jazz"),
    )
    assert set(living(state)) == {"tea", "jazz"}


def test_a_negation_ends_the_value_it_names_only():
    state = after(
        fact("tea", key="user:likes", single=False, text="I like tea"),
        fact("jazz", key="user:likes", single=False, text="I like jazz"),
        fact("tea", key="user:likes", single=False, negated=True, text="I no longer like tea"),
    )
    assert set(living(state)) == {"jazz", None}
    assert state.items[2].outcome is Outcome.SUPERSEDED


def test_returning_to_an_old_value_is_a_new_record():
    state = after(
        fact("Paris", told=NOW - timedelta(days=3)), fact("Lyon", told=NOW - timedelta(days=2)), fact("Paris")
    )
    assert set(living(state)) == {"Paris"}
    assert len(state.records) == 3


def test_a_derived_fact_cites_the_record_its_text_was_merged_into():
    turn = Draft(scope=SCOPE, text="We talked. I live in Lyon now.")
    again = Draft(scope=SCOPE, text="We talked. I live in Lyon now.")
    state = after(turn, again, fact("Lyon", derived_from=again.id))
    record = living(state)["Lyon"]
    assert record.provenance.evidence == (str(turn.id),)


def test_unknown_times_supersede_in_order_of_arrival():
    state = after(fact("Paris", told=None), fact("Lyon", told=None))
    assert set(living(state)) == {"Lyon"}
    old = next(record for record in state.records.values() if record.value == "Paris")
    assert (old.valid_from, old.valid_to) == (None, NOW)


def test_a_conversation_told_again_changes_nothing():
    week = timedelta(days=7)
    told = [
        fact("Acme", key="user:employer", told=NOW - 3 * week, text="I work at Acme"),
        fact("Acme", key="user:employer", told=NOW - 2 * week, negated=True, text="I no longer work at Acme"),
        fact("Bosch", key="user:employer", told=NOW - week, text="I work at Bosch"),
    ]
    once = after(*told)
    again = after(*[replace(draft, id=new_id()) for draft in told], existing=tuple(once.records.values()))
    assert [item.outcome for item in again.items] == [Outcome.MERGED] * 3
    assert set(again.records) == set(once.records)
    assert set(living(again)) == {"Bosch"}


def test_a_negation_that_arrives_late_ends_nothing():
    state = after(
        fact("Bosch", key="user:employer", text="I work at Bosch"),
        fact("Acme", key="user:employer", told=NOW - timedelta(days=9), negated=True, text="I no longer work at Acme"),
    )
    assert set(living(state)) == {"Bosch"}
    assert state.items[1].reason == "told earlier; user:employer has been 'Bosch' since then"


def test_words_of_old_told_anew_hold_again():
    state = after(
        fact("Paris", told=NOW - timedelta(days=3)),
        fact("Lyon", told=NOW - timedelta(days=2)),
        fact("Paris", told=NOW),
    )
    assert set(living(state)) == {"Paris"}


def test_what_happened_earlier_but_was_told_later_replaces():
    moved = replace(fact("Lyon", told=NOW), occurred_at=NOW - timedelta(days=200))
    state = after(fact("Paris", told=NOW - timedelta(days=1)), moved)
    assert set(living(state)) == {"Lyon"}


def test_a_negation_told_again_ends_the_value_again():
    day = timedelta(days=1)
    likes: dict[str, Any] = {"key": "user:likes", "single": False}
    state = after(
        fact("tea", text="I like tea", told=NOW - 4 * day, **likes),
        fact("tea", text="I no longer like tea", told=NOW - 3 * day, negated=True, **likes),
        fact("tea", text="I like tea", told=NOW - 2 * day, **likes),
        fact("tea", text="I no longer like tea", told=NOW - day, negated=True, **likes),
    )
    assert set(living(state)) == {None}


def test_a_quarantined_record_with_a_key_has_no_line_to_be_taken_from():
    state = after(fact("Oslo", trust=Trust.QUARANTINED))
    (held,) = state.records.values()
    gone = replace(held, status=Status.DELETED, version=2)
    (change,) = settled([held], [Change(type=EventType.MEMORY_DELETED, before=held, after=gone)], NOW)
    assert change.after == gone
