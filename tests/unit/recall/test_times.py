"""Times in questions are read as people mean them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recollect.recall.plan import plan
from recollect.recall.time_span import Grain, easter
from recollect.recall.time_told import tells_time
from recollect.recall.times import read_times, spans

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)  # a Wednesday
PARTS = [
    "before",
    "after",
    "since",
    "until",
    "between",
    "and",
    "to",
    "the",
    "first",
    "second",
    "last",
    "next",
    "this",
    "early",
    "end",
    "of",
    "in",
    "on",
    "at",
    "two",
    "a",
    "few",
    "3",
    "31",
    "29",
    "week",
    "weeks",
    "month",
    "year",
    "years",
    "ago",
    "Monday",
    "May",
    "March",
    "February",
    "2024",
    "1999",
    "'98",
    "Q3",
    "Easter",
    "Christmas",
    "summer",
    "winter",
    "day",
    "90s",
]


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
        ("last week", Grain.WEEK, date(2026, 4, 27), date(2026, 5, 3), False),
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
        "What may 3 people carry?",
        "Did we dance in the march?",
        "They march on",
        "2023-13-01",
        "9999 years ago",
        "45 apples",
        "room 2024-b",
        "Who has the key of apartment 2021?",
        "Where does bus 1999 stop?",
        "Which gate has flight BA 2020?",
        "What is on page 2001?",
        "Where is locker #2019?",
    ],
)
def test_no_time_is_read(text: str):
    assert spans(text, NOW) == ()


@pytest.mark.parametrize("text", ["Which flat did we see in 2021?", "Who sold the house in 2021?", "our flat in 2021"])
def test_a_year_with_a_preposition_is_one_whatever_it_follows(text: str):
    assert [span.grain for span in spans(text, NOW)] == [Grain.YEAR]


def test_of_a_day_that_does_not_exist_the_year_is_left():
    assert [span.grain for span in spans("What did I do on 31 February 2023?", NOW)] == [Grain.YEAR]


def test_the_first_and_last_moments_of_the_calendar_are_survived():
    asked = "yesterday, tomorrow, last week, next month, last year, next year, 999 days ago, next Monday, last Easter"
    sides = "since last Christmas, two weeks before next March, at the end of this winter, after 31 December"
    for now in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)):
        for text in (asked, sides, f"What will be {asked}?", f"What will be {sides}?"):
            spans(text, now)


@given(st.text(st.sampled_from("0123456789 -/.'"), max_size=20) | st.lists(st.sampled_from(PARTS)).map(" ".join))
@settings(deadline=None)
def test_whatever_is_asked_is_survived(text: str):
    found, rest = read_times(text, NOW)
    assert len(rest) == len(text)
    assert all(span.first <= span.last and span.said in text for span in found)


def test_what_names_a_time_is_blank_in_the_rest():
    found, rest = read_times("What did I eat before last Friday at home?", NOW)
    assert [span.said for span in found] == ["before last Friday"]
    assert rest.split() == ["What", "did", "I", "eat", "at", "home?"]


def test_easter_is_the_sunday_it_was():
    assert [easter(year).isoformat()[5:] for year in (1961, 2000, 2008, 2024, 2025, 2038)] == [
        "04-02", "04-23", "03-23", "03-31", "04-20", "04-25",
    ]  # fmt: skip


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
