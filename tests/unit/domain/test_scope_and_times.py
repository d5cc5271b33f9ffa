"""Ids and times at the door."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from recollect.domain.emotion import working_ttl_s
from recollect.domain.scope import Scope
from recollect.domain.times import check_time, parse_time
from recollect.errors import ValidationError


@pytest.mark.parametrize("hostile", ["' OR 1=1", "../../etc", "🦊", "a" * 255, "%s", "x;y", "user/with/slash", "\n\tx"])
def test_hostile_but_storable_ids_are_just_ids(hostile: str):
    assert Scope(tenant_id=hostile, user_id=hostile).user_id == hostile


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("", "blank"),
        ("   ", "blank"),
        ("a\x00b", "NUL"),
        ("\ud800", "surrogate"),
        ("a" * 256, "256 characters"),
        (5, "int"),
    ],
)
def test_unstorable_ids_are_refused_by_field(bad: object, message: str):
    with pytest.raises(ValidationError, match=f"user_id.*{message}"):
        Scope(tenant_id="t", user_id=bad)  # pyright: ignore[reportArgumentType] - that is the test


def test_naive_times_are_refused_and_aware_ones_brought_to_utc():
    with pytest.raises(ValidationError, match="at: is naive"):
        check_time("at", datetime(2026, 5, 4))  # noqa: DTZ001 - that is the test
    paris = timezone(timedelta(hours=2))
    assert parse_time("at", "2026-05-04T12:00:00+02:00") == check_time("at", datetime(2026, 5, 4, 12, tzinfo=paris))
    assert parse_time("at", "2026-05-04T12:00:00+02:00").tzinfo is UTC


@pytest.mark.parametrize(
    "bad", ["yesterday", "2026-05-04", "2026-13-01T00:00:00+00:00", 5, None, "0001-01-01T00:00:00+14:00"]
)
def test_unusable_times_are_refused(bad: object):
    with pytest.raises(ValidationError, match=r"^at: "):
        parse_time("at", bad)


@pytest.mark.parametrize(("emotion", "seconds"), [(0.0, 1800), (0.2, 5760), (0.5, 11700), (1.0, 21600), (2.0, 21600)])
def test_feelings_keep_things_longer_in_working_memory(emotion: float, seconds: int):
    assert working_ttl_s(emotion) == seconds
