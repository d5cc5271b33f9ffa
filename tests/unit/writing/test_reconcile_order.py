"""What arrives late, twice, without a time or from a source that is not believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from recollect.domain.event import EventType
from recollect.domain.ids import new_id
from recollect.domain.receipt import Outcome
from recollect.domain.record import Memory, Provenance, Status, Trust
from recollect.domain.scope import Scope
from recollect.writing.draft import Draft
from recollect.writing.placing import MOST_TELLINGS, settled
from recollect.writing.steps.reconcile import Reconciliation, reconcile

SCOPE = Scope(tenant_id="t", user_id="u")
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def works(value: str | None, days: int, **more: Any) -> Draft:
    text = f"I {'no longer ' if more.get('negated') else ''}work at {value}"
    fields: dict[str, Any] = {"text": text, "told_at": ago(days), "key": "user:employer", "value": value}
    fields |= {"single": True}
    fields |= more
    return Draft(scope=SCOPE, **fields)


def after(*drafts: Draft, existing: tuple[Memory, ...] = ()) -> Reconciliation:
    return reconcile(drafts, existing, NOW)


def stated(state: Reconciliation, value: str) -> list[Memory]:
    found = [record for record in state.records.values() if record.value == value]
    return sorted(found, key=lambda record: record.valid_from or ago(999))


def test_a_value_that_arrives_late_takes_its_place_between_two_others():
    state = after(works("Acme", 30), works("Cray", 10), works("Bosch", 20))
    (acme,), (bosch,), (cray,) = (stated(state, value) for value in ("Acme", "Bosch", "Cray"))
    assert (acme.valid_from, acme.valid_to, acme.status) == (ago(30), ago(20), Status.SUPERSEDED)
    assert (bosch.valid_from, bosch.valid_to, bosch.status) == (ago(20), ago(10), Status.SUPERSEDED)
    assert (cray.valid_from, cray.valid_to, cray.status) == (ago(10), None, Status.ACTIVE)
    assert (bosch.supersedes, cray.supersedes) == (acme.id, bosch.id)
    late = state.items[2]
    assert (late.outcome, late.superseded_id) == (Outcome.ACCEPTED, bosch.supersedes)
    assert late.reason == "told earlier; user:employer has been 'Cray' since then"


def test_the_superseded_one_is_the_same_on_record_and_receipt():
    state = after(works("Acme", 30), works("Bosch", 20), works("Bosch", 10, negated=True), works("Cray", 5))
    for item in state.items:
        assert item.memory_id is not None
        assert state.records[item.memory_id].supersedes == item.superseded_id
    newest = state.items[3]
    assert (newest.outcome, newest.superseded_id) == (Outcome.SUPERSEDED, state.items[2].memory_id)


def test_a_negation_of_everything_names_the_newest_of_several():
    likes: dict[str, Any] = {"key": "user:likes", "single": False}
    state = after(
        works("tea", 30, text="I like tea", **likes),
        works("jazz", 20, text="I like jazz", **likes),
        works(None, 10, text="I like nothing any more", negated=True, **likes),
    )
    (jazz,), nothing = stated(state, "jazz"), state.items[2]
    assert nothing.superseded_id == jazz.id == state.records[nothing.memory_id or new_id()].supersedes
    assert {record.valid_to for record in state.records.values() if record.value} == {ago(10)}


def test_a_value_between_two_tellings_of_another_parts_them():
    told = works("Acme", 30, provenance=Provenance(evidence=("m1",)))
    again = works("Acme", 10, provenance=Provenance(evidence=("m2",)))
    state = after(told, again, works("Bosch", 20))
    earlier, later = stated(state, "Acme")
    assert (earlier.valid_from, earlier.valid_to, earlier.status) == (ago(30), ago(20), Status.SUPERSEDED)
    assert (later.valid_from, later.valid_to, later.status) == (ago(10), None, Status.ACTIVE)
    assert (earlier.provenance.evidence, later.provenance.evidence) == (("m1",), ("m2",))
    assert (earlier.reinforcements, later.reinforcements, later.id) == (0, 0, told.id)
    (split,) = (change for change in state.changes if change.after.id == earlier.id)
    assert (split.type, split.before) == (EventType.MEMORY_ADDED, None)


def test_a_negation_of_another_value_ends_nothing():
    state = after(works("Bosch", 20), works("Acme", 10, negated=True))
    (bosch,) = stated(state, "Bosch")
    assert (bosch.status, bosch.valid_to) == (Status.ACTIVE, None)
    assert state.items[1].outcome is Outcome.ACCEPTED


def test_what_nobody_dated_begins_when_it_arrived_and_the_first_has_no_beginning():
    state = reconcile([works("Acme", 0, told_at=None)], (), ago(2))
    state = reconcile([works("Bosch", 0, told_at=None)], state.records.values(), ago(1))
    (acme,), (bosch,) = stated(state, "Acme"), stated(state, "Bosch")
    assert (acme.valid_from, acme.valid_to) == (None, ago(1))
    assert (bosch.valid_from, bosch.valid_to, bosch.status) == (ago(1), None, Status.ACTIVE)


def test_what_a_later_telling_covers_whole_does_not_end_before_it_began():
    state = after(works("Acme", 10), works("Bosch", 5, occurred_at=ago(300)))
    (acme,), (bosch,) = stated(state, "Acme"), stated(state, "Bosch")
    assert (acme.valid_from, acme.valid_to) == (ago(10), ago(10))
    assert bosch.valid_from == ago(300)


def test_an_import_repeated_is_no_news_though_all_was_told_at_once():
    drafts = [works("Acme", 9), works("Bosch", 9), works("Acme", 9, negated=True), works("Cray", 9)]
    once = after(*drafts)
    again = after(*(replace(draft, id=new_id()) for draft in drafts), existing=tuple(once.records.values()))
    assert [item.outcome for item in again.items] == [Outcome.MERGED] * 4
    assert set(again.records) == set(once.records)
    for before in once.records.values():
        now = again.records[before.id]
        assert (now.status, now.valid_from, now.valid_to) == (before.status, before.valid_from, before.valid_to)


def test_no_event_quotes_another_record():
    turn = Draft(scope=SCOPE, text="Long story short: I work at Bosch now", is_turn=True)
    derived = works("Bosch", 10, text="User works at Bosch", derived_from=turn.id, reason=f"stated in {turn.text!r}")
    state = after(works("Acme", 30), turn, derived, works("Cray", 20), works("Bosch", 5, negated=True))
    for change in state.changes:
        others = [record for record in state.records.values() if record.id != change.after.id]
        assert not any(record.text in change.reason for record in others)
    reasons = {change.after.id: change.reason for change in state.changes if change.type is EventType.MEMORY_ADDED}
    assert reasons[derived.id] == f"stated in {turn.id}"
    closed, moved = (change for change in state.changes if change.after.value == "Acme" and change.before is not None)
    assert (closed.type, closed.reason) == (EventType.MEMORY_SUPERSEDED, f"superseded by {derived.id}")
    assert (moved.type, moved.after.valid_to) == (EventType.MEMORY_UPDATED, ago(20))


def test_quarantined_records_take_no_part():
    believed = after(works("Acme", 30))
    state = after(
        works("Evil", 5, trust=Trust.QUARANTINED),
        works("Acme", 4, trust=Trust.QUARANTINED),
        works("Acme", 3, trust=Trust.QUARANTINED, negated=True),
        existing=tuple(believed.records.values()),
    )
    (acme,) = believed.records.values()
    assert state.records[acme.id] == acme
    assert [item.outcome for item in state.items] == [Outcome.ACCEPTED] * 3
    told = after(works("Evil", 2), existing=tuple(state.records.values()))
    assert told.items[0].superseded_id == acme.id


def test_a_released_record_takes_its_place():
    state = after(works("Acme", 30), works("Bosch", 10, trust=Trust.QUARANTINED))
    (bosch,) = stated(state, "Bosch")
    from_acme = next(iter(stated(state, "Acme")))
    released = replace(
        state.changes[1], type=EventType.MEMORY_RELEASED, before=bosch, after=replace(bosch, trust=Trust.TRUSTED)
    )
    first, second = settled(state.records.values(), [released], NOW)
    assert (first.after.supersedes, first.after.version) == (from_acme.id, 2)
    assert (second.after.id, second.after.status, second.after.valid_to) == (from_acme.id, Status.SUPERSEDED, ago(10))


def test_another_agent_has_a_timeline_of_its_own():
    agent = Scope(tenant_id="t", user_id="u", agent_id="a")
    state = after(works("Acme", 30), replace(works("Bosch", 10), scope=agent))
    assert {record.status for record in state.records.values()} == {Status.ACTIVE}


def test_the_tellings_of_one_record_are_bounded():
    state = after(*(works("Acme", 200 - day, text=f"I work at Acme, day {day}") for day in range(MOST_TELLINGS + 9)))
    (acme,) = state.records.values()
    tellings = acme.provenance.tellings
    assert (len(tellings), acme.reinforcements) == (MOST_TELLINGS, MOST_TELLINGS + 8)
    assert (tellings[0].told_at, acme.valid_from) == (ago(200), ago(200))


def test_records_from_before_tellings_were_kept_keep_their_place():
    state = after(works("Acme", 30), works("Acme", 20, negated=True), works("Bosch", 10))
    old = [replace(record, provenance=replace(record.provenance, tellings=())) for record in state.records.values()]
    later = after(works("Cray", 5), existing=tuple(old))
    assert [(change.type, change.after.value) for change in later.changes] == [
        (EventType.MEMORY_ADDED, "Cray"),
        (EventType.MEMORY_SUPERSEDED, "Bosch"),
    ]
