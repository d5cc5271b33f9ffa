"""Ranking by time: when it happened and when it was told, days counted from events, first and last, what is recent."""

from datetime import UTC, datetime, timedelta

import pytest

from index_rows import NOW, ask, index_of, memory_id, numbers, row
from recollect.domain.search import SearchFilter
from recollect.ports.index import IndexRow
from recollect.recall.profile import Profile
from recollect.recall.rank import Ranking

TIME = Profile(name="x", weights={"time": 1.0})
WORDS_AND_TIME = Profile(name="x", weights={"words": 0.5, "time": 0.4})
DAY = timedelta(days=1)


def told(number: int, text: str, told_at: str, happened: str = "") -> IndexRow:
    """A memory told on a day, of what happened then or on another day."""
    at = datetime.fromisoformat(told_at).replace(tzinfo=UTC)
    occurred = datetime.fromisoformat(happened).replace(tzinfo=UTC) if happened else at
    return row(number, text, told_at=at, occurred_at=occurred)


def values(found: Ranking) -> dict[int, float]:
    return {one.memory_id.int & 0xFFFF: round(one.signals["time"].raw, 2) for one in found.ranked}


def test_what_happened_then_counts_more_than_what_was_told_then():
    rows = [
        told(1, "tea", "2026-05-04", "2026-05-03"),  # "we went yesterday", told on Monday
        told(2, "tea", "2026-05-09"),
        told(3, "tea", "2026-05-20"),
        told(4, "tea", "2026-04-01"),
    ]
    found = ask(index_of(rows), "What did we do on 3 May 2026?", profile=TIME)
    assert values(found) == {1: 1.0, 2: 0.5, 3: 0.25, 4: 0.0}
    found = ask(index_of(rows), "What did I tell you on 4 May 2026?", profile=TIME)
    assert numbers(found)[0] == 1


def test_a_month_is_that_of_the_event_and_then_that_of_the_telling():
    rows = [told(1, "tea", "2026-05-02", "2026-04-01"), told(2, "tea", "2026-05-20"), told(3, "tea", "2026-02-02")]
    found = ask(index_of(rows), "in April 2026", profile=TIME)
    assert values(found) == {1: 0.75, 2: 0.45, 3: 0.0}


def test_a_season_of_every_year_may_run_into_the_next():
    rows = [told(1, "tea", "2025-01-20"), told(2, "tea", "2025-12-03"), told(3, "tea", "2025-07-03")]
    found = ask(index_of(rows), "What do I wear in winter?", profile=TIME)
    assert values(found) == {1: 0.75, 2: 0.75, 3: 0.0}


def test_an_open_stretch_counts_most_near_its_end():
    rows = [told(n, "tea", day) for n, day in enumerate(("2023-06-01", "2022-10-01", "2022-02-01", "2021-12-20"))]
    found = ask(index_of(rows), "What did I do after 2021?", profile=TIME)
    assert values(found) == {2: 0.45, 1: 0.25, 0: 0.25, 3: 0.0}
    found = ask(index_of(rows), "What did I do before 2022?", profile=TIME)
    assert values(found) == {3: 0.5, 0: 0.0, 1: 0.0, 2: 0.0}


def test_what_was_announced_is_found_at_its_time():
    rows = [
        told(1, "I have a concert on Friday", "2026-05-25"),
        told(2, "music", "2026-05-29"),
        told(3, "The party will be on 12 June", "2026-01-10"),
        told(4, "We were at a party on Friday", "2026-05-25", "2026-05-22"),
    ]
    index = index_of(rows)
    assert values(ask(index, "What did I have on 29 May 2026?", profile=TIME)) == {1: 1.0, 2: 1.0, 3: 0.0, 4: 0.0}
    assert numbers(ask(index, "What is planned for 12 June 2026?", profile=TIME))[0] == 3
    before = ask(index_of(rows[:3]), "What did I do two weeks before the party?", profile=TIME)
    assert values(before) == {1: 0.75, 2: 0.75, 3: 0.0}


def test_what_is_recent_fades():
    rows = [row(n, "tea", told_at=NOW - n * DAY, occurred_at=NOW - n * DAY) for n in (0, 30, 90)]
    found = ask(index_of(rows), "What did I drink lately?", profile=TIME)
    assert [found.ranked[place].signals["time"].raw for place in range(3)] == pytest.approx([0.25, 0.125, 0.0625])


def test_memories_without_any_time_are_left_alone():
    found = ask(index_of([row(1, "tea"), row(2, "tea")]), "What did I drink in May 2026?", profile=TIME)
    assert sorted(numbers(found)) == [1, 2]
    assert all("time" not in one.signals for one in found.ranked)


WEDDING = (
    told(1, "the wedding was a party with cake and music", "2025-09-02", "2025-09-01"),
    told(2, "coffee", "2025-08-18"),
    told(3, "tea", "2025-07-01"),
    told(4, "camping", "2025-09-05"),
)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What did I drink two weeks before the wedding?", 2),
        ("What did I do the week after the wedding?", 4),
        ("What did I do four days after our wedding?", 4),
        ("What did I do on the day of the wedding?", 1),
        ("What did I drink the week after we got married?", 4),
    ],
)
def test_days_are_counted_from_an_event_among_the_memories(question: str, first: int):
    found = ask(index_of(WEDDING), question, profile=TIME)
    assert numbers(found)[0] == first


def test_of_an_event_that_may_be_one_of_many_nothing_is_counted():
    races = [told(n, "the race", f"2025-0{n}-01") for n in range(1, 5)]
    found = ask(index_of(races), "What did I eat the day before the race?", profile=TIME)
    assert all("time" not in one.signals for one in found.ranked)


def test_of_an_event_that_nobody_told_of_nothing_is_counted():
    found = ask(index_of(WEDDING), "What did I eat the day before the exam?", profile=TIME)
    assert all("time" not in one.signals for one in found.ranked)


VISITS = [
    told(n, text, f"2025-0{n}-01") for n, text in enumerate(("dog walk", "dog beach walk", "dog", "tea", "dog walk"), 1)
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did I last walk the dog?", [5, 2, 1]),
        ("When was the first time I had a walk with the dog?", [1, 2, 5]),
    ],
)
def test_first_and_last_are_put_in_order_among_what_is_relevant(question: str, expected: list[int]):
    found = ask(index_of(VISITS), question, profile=WORDS_AND_TIME)
    assert numbers(found)[:3] == expected
    assert found.ranked[0].signals["order"].raw == 1.0


def test_what_is_filtered_out_is_no_anchor():
    aside = [told(9, "wedding", "2025-07-15"), *WEDDING]
    only = SearchFilter(only=frozenset(memory_id(n) for n in range(1, 5)))
    question = "What did I drink two weeks before the wedding?"
    assert values(ask(index_of(aside), question, profile=TIME))[3] == 0.75
    assert values(ask(index_of(aside), question, only, profile=TIME))[3] == 0.0
