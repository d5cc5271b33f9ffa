"""The hash chain: what it accepts, and what breaks it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recollect.domain.event import GENESIS, Event, EventType, canonical_json
from recollect.domain.ids import new_id, parse_id
from recollect.errors import ValidationError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def chain(length: int) -> list[Event]:
    events: list[Event] = []
    previous = GENESIS
    for number in range(length):
        event = Event(
            id=new_id(),
            tenant_id="t",
            user_id="u",
            type=EventType.MEMORY_ADDED,
            subject_id=new_id(),
            payload={"memory": {"text": f"line {number}"}},
            sealed=f"line {number}".encode(),
            recorded_at=datetime(2026, 5, 4, tzinfo=UTC),
        ).chained(number + 1, previous)
        previous = event.hash
        events.append(event)
    return events


def broken_at(events: list[Event]) -> int | None:
    previous = GENESIS
    for place, event in enumerate(events):
        if event.seq != place + 1 or event.previous_hash != previous or event.expected_hash() != event.hash:
            return place
        previous = event.hash
    return None


def test_an_untouched_chain_holds():
    assert broken_at(chain(5)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"sealed": b"line 2."},
        {"sealed": b""},
        {"subject_id": UUID(int=1)},
        {"job_id": UUID(int=3)},
        {"type": EventType.MEMORY_DELETED},
        {"user_id": "v"},
        {"tenant_id": "s"},
        {"actor": "someone else"},
        {"recorded_at": datetime(2026, 5, 4, 0, 0, 0, 1, tzinfo=UTC)},
        {"id": UUID(int=2)},
    ],
)
def test_any_changed_field_is_found(change: dict[str, object]):
    events = chain(5)
    events[2] = replace(events[2], **change)  # pyright: ignore[reportArgumentType] - each change names a real field
    assert broken_at(events) == 2


def test_the_hash_outlives_the_payload():
    events = [replace(event, payload=None) for event in chain(3)]
    assert broken_at(events) is None


def test_a_missing_and_a_swapped_event_are_found():
    events = chain(5)
    assert broken_at(events[:2] + events[3:]) == 2
    assert broken_at([events[0], events[2], events[1], *events[3:]]) == 1


@given(JSON)
def test_canonical_json_survives_a_trip_through_json(value: object):
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


def test_ids_sort_by_time_and_are_version_7():
    ids = [new_id() for _ in range(100)]
    assert {i.version for i in ids} == {7}
    assert len(set(ids)) == 100
    assert ids == sorted(ids)
    assert {i.variant for i in ids} == {"specified in RFC 4122"}


@pytest.mark.parametrize("bad", ["", "123", "' OR 1=1", None, 5, "0" * 400])
def test_what_is_no_uuid_is_refused(bad: object):
    with pytest.raises(ValidationError, match="memory_id: must be a UUID"):
        parse_id("memory_id", bad)
