"""What an update and a deletion do to the facts and timelines beside the memory itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from recollect.domain.event import EventType
from recollect.domain.record import Memory, Provenance, ProvenanceSource, Status
from recollect.domain.scope import Scope
from recollect.memory.revision import Revision, deleted, without_source
from recollect.ports.store import Change
from recollect.writing.draft import Draft
from recollect.writing.placing import after_removal
from recollect.writing.steps.reconcile import reconcile

SCOPE = Scope(tenant_id="t", user_id="u")
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def fact(value: str, days: int, *, key: str = "user:location", **more: Any) -> Draft:
    fields: dict[str, Any] = {"text": f"User: {key} {value}", "told_at": ago(days), "single": True}
    fields |= more
    return Draft(scope=SCOPE, key=key, value=value, **fields)


def derived(value: str, days: int, turn: Draft, **more: Any) -> Draft:
    provenance = Provenance(source=ProvenanceSource.AGENT_INFERRED, evidence=(str(turn.id),))
    return fact(value, days, derived_from=turn.id, provenance=provenance, **more)


def turn(days: int) -> Draft:
    return Draft(scope=SCOPE, text=f"said {days} days ago", told_at=ago(days), is_turn=True)


def stored(*drafts: Draft) -> dict[str, Memory]:
    """The records by value, a negation's by ``no``."""
    return {record.value or "no": record for record in reconcile(drafts, (), ago(1)).records.values()}


def by_id(changes: Iterable[Change]) -> dict[Any, Memory]:
    return {change.after.id: change.after for change in changes}


def test_deleting_what_holds_reopens_the_value_before_it():
    known = stored(fact("Paris", 20), fact("Lyon", 10))
    own, other = deleted(list(known.values()), known["Lyon"], NOW)
    assert (own.type, own.after.status, own.after.version) == (EventType.MEMORY_DELETED, Status.DELETED, 2)
    assert (other.type, other.before) == (EventType.MEMORY_REOPENED, known["Paris"])
    assert (other.after.status, other.after.valid_to, other.after.version) == (Status.ACTIVE, None, 3)
    assert known["Lyon"].text not in other.reason


def test_deleting_a_value_in_between_closes_the_gap():
    known = stored(fact("Paris", 30), fact("Lyon", 20), fact("Rome", 10))
    rest = by_id(deleted(list(known.values()), known["Lyon"], NOW))
    paris, rome = rest[known["Paris"].id], rest[known["Rome"].id]
    assert (paris.status, paris.valid_to) == (Status.SUPERSEDED, ago(10))
    assert rome.supersedes == paris.id


def test_deleting_a_negation_reopens_what_it_ended():
    known = stored(fact("Paris", 20), fact("Paris", 10, negated=True, text="gone"))
    rest = by_id(deleted(list(known.values()), known["no"], NOW))
    assert (rest[known["Paris"].id].status, rest[known["Paris"].id].valid_to) == (Status.ACTIVE, None)


def test_deleting_a_negation_of_one_value_of_many_leaves_the_others_alone():
    likes: dict[str, Any] = {"key": "user:likes", "single": False}
    known = stored(
        fact("tea", 30, **likes), fact("jazz", 20, **likes), fact("tea", 10, negated=True, text="no tea", **likes)
    )
    rest = by_id(deleted(list(known.values()), known["no"], NOW))
    assert set(rest) == {known["no"].id, known["tea"].id}
    assert rest[known["tea"].id].status is Status.ACTIVE


def test_removal_without_neighbours_changes_nothing():
    known = stored(fact("Paris", 20))
    assert after_removal(known.values(), [known["Paris"]], NOW) == []


def test_a_fact_goes_with_its_only_source_and_the_one_before_holds_again():
    first, second = turn(20), turn(10)
    known = stored(first, derived("Paris", 20, first), second, derived("Lyon", 10, second))
    source = reconcile([second], (), NOW).records[second.id]
    rest = by_id(deleted([source, known["Paris"], known["Lyon"]], source, NOW))
    assert rest[known["Lyon"].id].status is Status.DELETED
    assert rest[known["Paris"].id].status is Status.ACTIVE


def test_a_fact_that_has_another_source_loses_only_what_the_first_one_told():
    first, second = turn(20), turn(10)
    records = reconcile([first, derived("Paris", 20, first), second, derived("Paris", 10, second)], (), ago(1)).records
    (paris,) = (record for record in records.values() if record.value)
    assert (paris.valid_from, paris.reinforcements) == (ago(20), 1)
    (change,) = without_source([paris], first.id, NOW)
    assert change.type is EventType.MEMORY_UPDATED
    after = change.after
    assert (after.provenance.evidence, after.valid_from, after.reinforcements) == ((str(second.id),), ago(10), 0)
    (end,) = without_source([after], second.id, NOW)
    assert end.type is EventType.MEMORY_DELETED


def test_an_update_to_the_value_of_another_key_is_reconciled_with_it():
    known = stored(fact("Paris", 20), fact("Acme", 10, key="user:employer"))
    words = fact("Bosch", 10, key="user:employer", text="I work at Bosch")
    moved = replace(words, told_at=known["Paris"].told_at)
    change = Revision({}, moved, ())
    assert set(change.wanted(known["Paris"]).keys) == {"user:location", "user:employer"}
    own, acme = change.changes(list(known.values()), known["Paris"], NOW)
    assert (own.type, own.after.value, own.after.status) == (EventType.MEMORY_UPDATED, "Bosch", Status.SUPERSEDED)
    assert (own.after.valid_to, own.after.version) == (ago(10), 2)
    assert (acme.after.value, acme.after.status, acme.after.supersedes) == ("Acme", Status.ACTIVE, own.after.id)


def test_an_update_leaves_the_timeline_it_was_on():
    known = stored(fact("Paris", 20), fact("Lyon", 10), fact("Acme", 15, key="user:employer"))
    words = fact("Bosch", 10, key="user:employer", text="I work at Bosch")
    own, *others = Revision({}, words, ()).changes(list(known.values()), known["Lyon"], NOW)
    assert (own.after.key, own.after.supersedes, own.after.status) == (
        "user:employer",
        known["Acme"].id,
        Status.ACTIVE,
    )
    rest = by_id(others)
    assert rest[known["Paris"].id].status is Status.ACTIVE
    assert (rest[known["Acme"].id].status, rest[known["Acme"].id].valid_to) == (Status.SUPERSEDED, ago(10))


def test_words_that_state_nothing_any_more_have_no_time_in_which_they_hold():
    known = stored(fact("Paris", 20), fact("Lyon", 10))
    words = Draft(scope=SCOPE, text="Nothing in particular", told_at=ago(20))
    (own, *_) = Revision({}, words, ()).changes(list(known.values()), known["Paris"], NOW)
    assert (own.after.key, own.after.value, own.after.status) == (None, None, Status.ACTIVE)
    assert (own.after.valid_from, own.after.valid_to, own.after.provenance.tellings) == (None, None, ())


def test_new_words_of_a_turn_take_their_facts_along():
    said = turn(10)
    before = turn(30)
    drafts = [before, derived("Paris", 30, before), said, derived("Lyon", 10, said)]
    known = reconcile(drafts, (), ago(1)).records
    lyon, paris = (next(r for r in known.values() if r.value == value) for value in ("Lyon", "Paris"))
    words = replace(said, text="said otherwise")
    change = Revision({}, words, [derived("Rome", 10, said)])
    written = change.changes(list(known.values()), known[said.id], NOW)
    rest = by_id(written)
    rome = next(record for record in rest.values() if record.value == "Rome")
    assert written[0].after.text == "said otherwise"
    assert rest[lyon.id].status is Status.DELETED
    assert (rome.status, rome.supersedes, rome.provenance.evidence) == (Status.ACTIVE, paris.id, (str(said.id),))
    assert (rest[paris.id].status, rest[paris.id].valid_to) == (Status.SUPERSEDED, ago(10))


def test_other_metadata_touches_nothing_else():
    known = stored(fact("Paris", 20), fact("Lyon", 10))
    (own,) = Revision({"extra": {"a": 1}}).changes(list(known.values()), known["Paris"], NOW)
    assert (own.after.extra, own.after.status, own.after.version) == ({"a": 1}, Status.SUPERSEDED, 3)
