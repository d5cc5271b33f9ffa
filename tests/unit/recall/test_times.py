"""Times in questions are read as people mean them."""

from datetime import UTC, date, datetime

import pytest

from recollect.recall.plan import plan
from recollect.recall.times import Grain, spans, tells_time

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "grain", "first", "last", "recurring"),
    [
        ("What happened in May 2023?", Grain.MONTH, date(2023, 5, 1), date(2023, 5, 31), False),
        ("Where was I in february?", Grain.MONTH, date(4, 2, 1), date(4, 2, 29), True),
        ("On 7 July 2024?", Grain.DAY, date(2024, 7, 7), date(2024, 7, 7), False),
        ("On July 7th, 2024?", Grain.DAY, date(2024, 7, 7), date(2024, 7, 7), False),
        ("On Jan. 3rd", Grain.DAY, date(4, 1, 3), date(4, 1, 3), True),
        ("On 2024-07-07", Grain.DAY, date(2024, 7, 7), date(2024, 7, 7), False),
        ("Who won in 2022?", Grain.YEAR, date(2022, 1, 1), date(2022, 12, 31), False),
        ("yesterday", Grain.DAY, date(2026, 5, 5), date(2026, 5, 5), False),
        ("last week", Grain.DAY, date(2026, 4, 27), date(2026, 5, 3), False),
        ("last weekend", Grain.DAY, date(2026, 5, 2), date(2026, 5, 3), False),
        ("last month", Grain.MONTH, date(2026, 4, 1), date(2026, 4, 30), False),
        ("last year", Grain.YEAR, date(2025, 1, 1), date(2025, 12, 31), False),
        ("last Friday", Grain.DAY, date(2026, 5, 1), date(2026, 5, 1), False),
        ("last Wednesday", Grain.DAY, date(2026, 4, 29), date(2026, 4, 29), False),
        ("three days ago", Grain.DAY, date(2026, 5, 3), date(2026, 5, 3), False),
        ("5 months ago", Grain.MONTH, date(2025, 12, 1), date(2025, 12, 31), False),
    ],
)
def test_a_time_is_read(text: str, grain: Grain, first: date, last: date, recurring: bool):
    (span,) = spans(text, NOW)
    assert (span.grain, span.first, span.last, span.recurring) == (grain, first, last, recurring)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May I ask?",
        "What may that be?",
        "They march on",
        "31 February 2023",
        "2023-13-01",
        "999 years ago",
        "45 apples",
        "room 2024-b",
    ],
)
def test_no_time_is_read(text: str):
    assert [span for span in spans(text, NOW) if span.grain is not Grain.MONTH] == []


def test_the_first_and_last_moments_of_the_calendar_are_survived():
    for now in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)):
        spans("yesterday, tomorrow, last week, next month, last year, next year, 999 days ago, next Monday", now)


@pytest.mark.parametrize("text", ["I went yesterday", "We met in May", "two weeks ago", "last summer", "it was 2019"])
def test_a_text_that_tells_a_time(text: str):
    assert tells_time(text)


@pytest.mark.parametrize("text", ["I may go", "you march well", "tea please"])
def test_a_text_that_tells_none(text: str):
    assert not tells_time(text)


def test_the_plan_reads_words_speakers_and_what_is_wanted():
    question = plan("When did Caroline paint with Mel?", NOW, ["Caroline", "Melanie", "user"])
    assert question.shown == ("caroline", "paint", "mel")
    assert question.speakers == ("Caroline",)
    assert question.asks_when
