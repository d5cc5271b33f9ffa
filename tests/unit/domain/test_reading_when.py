"""Reading times: zones, the turn of the year, what cannot be a date, and the time of an event."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from recollect.domain.reading.when import event_time, read_when
from recollect.errors import ValidationError

WEDNESDAY = datetime(2023, 5, 10, 14, 30, tzinfo=UTC)


def test_days_have_the_bounds_of_the_speakers_zone() -> None:
    said_at = datetime(2023, 5, 10, 1, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    (mention,) = read_when("I met her yesterday.", said_at)
    assert mention.start == datetime(2023, 5, 8, 15, 0, tzinfo=UTC)
    assert mention.start.tzinfo is UTC


def test_a_day_of_a_changing_clock_has_23_hours() -> None:
    said_at = datetime(2023, 3, 27, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    (mention,) = read_when("It happened yesterday.", said_at)
    assert mention.end - mention.start == timedelta(hours=23)


def test_position_and_text() -> None:
    text = "We met on May 7, 2023 in Rome."
    (mention,) = read_when(text, None)
    assert text[mention.char_start : mention.char_end] == mention.text
    assert mention.granularity == "day"
    assert not mention.future


@pytest.mark.parametrize("text", ["February 31, 2023", "2023-13-45", "at 27:80", "on 31.02.2020", "from 2018 to 2010"])
def test_what_is_no_date_is_left_out(text: str) -> None:
    assert read_when(text, WEDNESDAY) == ()


def test_far_counts_do_not_overflow() -> None:
    assert read_when("999 years ago we began", datetime(500, 1, 1, tzinfo=UTC)) == ()
    assert read_when("I will be back in 999 years", datetime(9500, 1, 1, tzinfo=UTC)) == ()


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValidationError):
        read_when("yesterday", datetime(2023, 5, 10))  # noqa: DTZ001


def test_leap_day_a_year_ago() -> None:
    (mention,) = read_when("A year ago we met.", datetime(2024, 2, 29, tzinfo=UTC))
    assert (mention.start.year, mention.granularity) == (2023, "year")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I saw her yesterday.", datetime(2023, 5, 9, tzinfo=UTC)),
        ("I will see her tomorrow.", WEDNESDAY),
        ("I've lived here since 2019.", WEDNESDAY),
        ("I like tea.", WEDNESDAY),
        ("Did you see her yesterday?", WEDNESDAY),
        ("In 2019 we married.", datetime(2019, 1, 1, tzinfo=UTC)),
    ],
)
def test_event_time(text: str, expected: datetime) -> None:
    assert event_time(text, WEDNESDAY) == expected


def test_event_time_of_unknown_saying_time() -> None:
    assert event_time("I saw her yesterday.", None) is None
    assert event_time("In 2019 we married.", None) == datetime(2019, 1, 1, tzinfo=UTC)
