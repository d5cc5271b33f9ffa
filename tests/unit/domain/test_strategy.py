"""How strategies are ranked: success rate with a prior, times similarity."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from recollect.domain.record import Provenance
from recollect.domain.scope import Scope
from recollect.domain.strategy import Lesson, Strategy, prior_mean, ranked, strategy_of, success_rate, tried

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
SCOPE = Scope(tenant_id="t", user_id="ana")


def strategy(number: int, successes: int, failures: int) -> Strategy:
    return Strategy(id=UUID(int=number), task="t", description="d", successes=successes, failures=failures)


def order(*found: tuple[Strategy, float]) -> list[int]:
    return [match.memory_id.int for match in ranked(found, 10)]


@pytest.mark.parametrize("others", [[], [(1000, 0)], [(0, 1000)], [(500, 500)], [(3, 0), (5, 1)]])
def test_one_lucky_success_does_not_stand_above_eighteen_of_twenty(others: list[tuple[int, int]]):
    rest = [(strategy(10 + n, *counts), 0.1) for n, counts in enumerate(others)]
    assert order((strategy(1, 1, 0), 0.8), (strategy(2, 18, 2), 0.8), *rest)[:2] == [2, 1]


def test_made_cases_in_order():
    same = 0.7
    assert order((strategy(1, 9, 1), same), (strategy(2, 5, 5), same), (strategy(3, 1, 9), same)) == [1, 2, 3]
    assert order((strategy(1, 90, 10), same), (strategy(2, 9, 1), same)) == [1, 2]
    # Untried stands between what works and what does not.
    assert order((strategy(1, 8, 0), same), (strategy(2, 0, 0), same), (strategy(3, 0, 8), same)) == [1, 2, 3]
    # A task that is much closer outweighs a better rate elsewhere.
    assert order((strategy(1, 20, 0), 0.2), (strategy(2, 6, 4), 0.9)) == [2, 1]
    # What is not similar at all is no answer.
    assert order((strategy(1, 20, 0), 0.0), (strategy(2, 0, 1), 0.1)) == [2]


def test_the_formula():
    known = [strategy(1, 6, 2), strategy(2, 0, 0)]
    assert prior_mean(known) == pytest.approx(7 / 10)
    assert prior_mean([]) == 0.5
    assert prior_mean([strategy(1, 50, 0)]) == 0.75
    assert success_rate(known[0], 0.7) == pytest.approx((6 + 2.8) / 12)
    best = ranked([(known[0], 0.5), (known[1], 0.5)], 1)
    assert len(best) == 1
    assert best[0].score == pytest.approx(best[0].success_rate * 0.5)
    assert "worked 6 of 8 times" in best[0].why


def test_a_lesson_becomes_a_record_and_counts():
    lesson = Lesson(task="book a flight", description="compare first", tools=("search", "book"))
    record = lesson.record(SCOPE, NOW, Provenance(), 0.8)
    assert record.text == "For book a flight: compare first"
    found = strategy_of(record)
    assert (found.task, found.description, found.tools) == ("book a flight", "compare first", ("search", "book"))
    assert (found.successes, found.failures, found.last_used_at) == (1, 0, NOW)
    again = tried(replace(record, extra={**record.extra, "mine": 1}), NOW, succeeded=False)
    assert (strategy_of(again).successes, strategy_of(again).failures, again.extra["mine"]) == (1, 1, 1)
    assert (again.version, again.importance, again.decay_rate) == (2, record.importance, record.decay_rate)


@pytest.mark.parametrize(
    "rubbish", [None, "x", [], {"successes": "many", "tools": 3, "last_used_at": "never"}, {"task": 1}]
)
def test_what_a_caller_put_there_is_read_with_care(rubbish: object):
    record = Lesson(task="t", description="d").record(SCOPE, NOW, Provenance(), 0.8)
    found = strategy_of(replace(record, extra={"strategy": rubbish}))
    assert (found.trials, found.tools, found.task, found.last_used_at) == (0, (), "", None)
    taught = tried(
        replace(record, extra={"strategy": rubbish}), NOW, succeeded=True, lesson=Lesson(task="t", description="d")
    )
    assert (strategy_of(taught).successes, strategy_of(taught).task) == (1, "t")
