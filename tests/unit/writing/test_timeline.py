"""A key's timeline: the same from every order of arrival, and after a removal as if it had never been told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from recollect.domain.ids import new_id
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.writing.draft import Draft
from recollect.writing.placing import after_removal
from recollect.writing.steps.reconcile import reconcile
from recollect.writing.timeline import LIVING

SCOPE = Scope(tenant_id="t", user_id="u")
DAY = timedelta(days=1)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
NOW = EPOCH + 100 * DAY
KEY = "user:employer"

Interval = tuple[str | None, str, datetime | None, datetime | None, Status]


@dataclass(frozen=True)
class Said:
    """One thing said: on which day, about which employer, when that happened, and whether it ended."""

    day: int
    value: str
    happened: int | None = None
    negated: bool = False

    def draft(self, single: bool) -> Draft:
        words = "no longer works at" if self.negated else "works at"
        return Draft(
            id=new_id(),
            scope=SCOPE,
            text=f"User {words} {self.value}",
            told_at=EPOCH + self.day * DAY,
            occurred_at=None if self.happened is None else EPOCH + self.happened * DAY,
            key=KEY,
            value=self.value,
            negated=self.negated,
            single=single,
        )


SAID = st.builds(
    Said,
    day=st.integers(10, 40),
    value=st.sampled_from(["Acme", "Bosch", "Cray"]),
    happened=st.none() | st.integers(0, 50),
    negated=st.booleans(),
)
TELLINGS = st.lists(SAID, min_size=1, max_size=8, unique_by=lambda said: said.day)


def told(said: Sequence[Said], single: bool = True, known: Sequence[Memory] = ()) -> list[Memory]:
    """The records after these tellings, each arriving by itself an hour after the one before."""
    records = {record.id: record for record in known}
    for hour, one in enumerate(said):
        state = reconcile([one.draft(single)], records.values(), NOW + timedelta(hours=hour))
        records = dict(state.records)
    return list(records.values())


def removed(records: Sequence[Memory], gone: Sequence[Memory]) -> list[Memory]:
    rest = {record.id: record for record in records if record not in gone}
    for change in after_removal(records, gone, NOW + 2 * DAY):
        assert change.before == rest.get(change.after.id)
        rest[change.after.id] = change.after
    return list(rest.values())


def intervals(records: Sequence[Memory]) -> list[Interval]:
    found = [(r.value, r.text, r.valid_from, r.valid_to, r.status) for r in records]
    return sorted(found, key=repr)


def values(records: Sequence[Memory]) -> list[Interval]:
    """When each value held, in order; two records of one value side by side count as one."""
    joined: list[Interval] = []
    for value, text, start, end, status in sorted(intervals(records), key=lambda one: (one[2] or EPOCH, one[3] or NOW)):
        if value is None or start == end:
            continue
        if joined and joined[-1][0] == value and joined[-1][3] == start:
            joined[-1] = (value, text, joined[-1][2], end, status)
        else:
            joined.append((value, text, start, end, status))
    return joined


def check(records: Sequence[Memory], said: Sequence[Said]) -> None:
    """Intervals do not overlap, none ends before it starts, and what was told last holds."""
    spans = sorted(
        (r.valid_from or EPOCH - 365 * DAY, r.valid_to or NOW + 365 * DAY) for r in records if r.value is not None
    )
    assert all(start <= end for start, end in spans)
    real = [(start, end) for start, end in spans if start < end]
    assert all(end <= following for (_, end), (following, _) in pairwise(real))
    active = [r for r in records if r.value is not None and r.status is Status.ACTIVE]
    assert [r.value for r in active] == ([] if (value := holds(said)) is None else [value])
    assert all((r.valid_to is None) == (r.status in LIVING) for r in records)


def holds(said: Sequence[Said]) -> str | None:
    current: str | None = None
    for one in sorted(said, key=lambda one: one.day):
        if not one.negated:
            current = one.value
        elif current == one.value:
            current = None
    return current


@settings(max_examples=300, deadline=None)
@given(TELLINGS, st.data())
def test_every_order_of_arrival_gives_the_same_intervals(said: list[Said], data: st.DataObject):
    in_order = told(sorted(said, key=lambda one: one.day))
    shuffled = told(data.draw(st.permutations(said)))
    check(in_order, said)
    assert intervals(shuffled) == intervals(in_order)


@settings(max_examples=100, deadline=None)
@given(TELLINGS, st.data())
def test_one_batch_gives_what_single_arrivals_give(said: list[Said], data: st.DataObject):
    drafts = [one.draft(single=True) for one in data.draw(st.permutations(said))]
    state = reconcile(drafts, [], NOW)
    assert intervals(list(state.records.values())) == intervals(told(sorted(said, key=lambda one: one.day)))


@settings(max_examples=300, deadline=None)
@given(TELLINGS, TELLINGS, st.data())
def test_removals_leave_what_was_never_told_out(said: list[Said], later: list[Said], data: st.DataObject):
    later = [replace(one, day=one.day + 40) for one in later]
    records = told(data.draw(st.permutations(said)))
    gone = data.draw(st.lists(st.sampled_from(records), unique_by=lambda record: record.id))
    days = {telling.told_at for record in gone for telling in record.provenance.tellings}
    left = [one for one in said if EPOCH + one.day * DAY not in days]
    rest = removed(records, gone)
    check(rest, left)
    assert values(rest) == values(told(left))
    assert values(told(later, known=rest)) == values(told([*left, *later]))


@settings(max_examples=200, deadline=None)
@given(TELLINGS, st.data())
def test_many_values_keep_a_line_each(said: list[Said], data: st.DataObject):
    together = told(data.draw(st.permutations(said)), single=False)
    for value in {one.value for one in said}:
        alone = [one for one in said if one.value == value]
        own = [record for record in together if record.text.endswith(value)]
        check(own, alone)
        assert intervals(own) == intervals(told(alone, single=False))


UNTIDY = st.builds(
    Said,
    day=st.integers(0, 3),
    value=st.sampled_from(["Acme", "Bosch"]),
    happened=st.none() | st.integers(0, 5),
    negated=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(UNTIDY, st.booleans(), st.booleans()), max_size=10), st.booleans(), st.data())
def test_no_two_living_records_have_the_same_words(
    said: list[tuple[Said, bool, bool]], single: bool, data: st.DataObject
):
    """Also with times that are the same or unknown, and removals in between: the store would refuse them."""
    records: list[Memory] = []
    for hour, (one, dated, remove) in enumerate(said):
        draft = one.draft(single) if dated else replace(one.draft(single), told_at=None)
        records = list(reconcile([draft], records, NOW + timedelta(hours=hour)).records.values())
        if remove:
            records = removed(records, [data.draw(st.sampled_from(records))])
        words = [record.content_hash for record in records if record.status in LIVING]
        assert len(set(words)) == len(words)
        assert all(r.valid_from is None or r.valid_to is None or r.valid_from <= r.valid_to for r in records)
        if single:
            assert sum(r.status in LIVING and r.value is not None for r in records) <= 1
