"""The entity signal: names in the question, the memories that mention them, and what is mentioned beside them."""

import random
import time
from dataclasses import replace

import pytest

from index_rows import ask, index_of, memory_id, numbers, row
from recollect.domain.record import Status
from recollect.domain.search import SearchFilter
from recollect.ports.index import IndexRow
from recollect.recall.profile import PROFILES, profile_of
from recollect.recall.resident.index import ResidentIndex

ALONE = profile_of({"entity": 1.0})
ROWS = (
    row(1, "a walk", entities=("Anna Schmidt", "Lyon")),
    row(2, "a talk", entities=("Ben", "Lyon")),
    row(3, "a meal", entities=("Ben", "Oslo")),
    row(4, "a song", entities=("Carla",)),
    row(5, "nothing"),
)


def found(rows: list[IndexRow], question: str, chosen: SearchFilter | None = None) -> dict[int, float]:
    """By number, the raw score of every memory that the signal gives anything."""
    ranking = ask(index_of(rows), question, chosen, limit=100, profile=ALONE)
    scores = {
        one.memory_id.int & 0xFFFF: one.signals["entity"].raw for one in ranking.ranked if "entity" in one.signals
    }
    return {number: score for number, score in scores.items() if score > 0}


def reasons(rows: list[IndexRow], question: str) -> dict[int, str]:
    ranking = ask(index_of(rows), question, limit=100, profile=ALONE)
    return {one.memory_id.int & 0xFFFF: one.signals["entity"].reason for one in ranking.ranked}


def test_what_mentions_a_name_comes_first_then_what_is_mentioned_beside_it():
    scores = found(list(ROWS), "What did Anna Schmidt do?")
    assert scores[1] == 1.0
    assert 1.0 > scores[2] > scores[3] > 0  # over Lyon, and over Lyon and Ben
    assert set(scores) == {1, 2, 3}
    assert numbers(ask(index_of(ROWS), "anna schmidt?", profile=ALONE))[:3] == [1, 2, 3]
    told = reasons(list(ROWS), "What did Anna Schmidt do in Oslo?")
    assert (told[1], told[2], told[3]) == ("anna schmidt", "", "oslo")


@pytest.mark.parametrize("question", ["What did we eat?", "", "the of and", "Who is Schmidt?", "Zora?"])
def test_a_question_without_a_known_name_has_no_such_score(question: str):
    assert found(list(ROWS), question) == {}


def test_the_longest_name_is_meant_and_speakers_are_not():
    rows = [row(1, "x", entities=("New York",)), row(2, "y", entities=("York",)), row(3, "z", entities=("Mia",))]
    assert set(found(rows, "Was it in New York?")) == {1}
    assert set(found(rows, "Was it in York?")) == {2}
    rows.append(row(4, "hello", speaker="Mia"))
    assert found(rows, "What does Mia like?") == {}


def test_rare_names_draw_more():
    rows = [row(n, f"t{n}", entities=("Paris",)) for n in range(1, 30)] + [row(40, "u", entities=("Zermatt",))]
    scores = found(rows, "Did we go from Paris to Zermatt?")
    assert scores[40] == 1.0
    assert max(score for number, score in scores.items() if number != 40) < 0.5


def test_dates_and_numbers_are_no_names():
    assert found([row(1, "x", entities=("2023", "2023-05-08"))], "What about 2023 and 2023-05-08?") == {}


def test_forbidden_and_deleted_memories_lead_nowhere():
    bridge = replace(ROWS[1], status=Status.ARCHIVED)
    rows = [ROWS[0], bridge, *ROWS[2:]]
    assert set(found(rows, "Anna Schmidt")) == {1}
    everything = SearchFilter(statuses=frozenset(Status) - {Status.DELETED})
    assert set(found(rows, "Anna Schmidt", everything)) == {1, 2, 3}
    index = index_of(ROWS)
    index.apply([replace(ROWS[1], status=Status.DELETED)], 9)
    ranking = ask(index, "Anna Schmidt", limit=100, profile=ALONE)
    assert {one.memory_id for one in ranking.ranked if one.signals["entity"].raw > 0} == {memory_id(1)}


def test_names_that_come_later_are_known_too():
    index = index_of(ROWS)
    assert ask(index, "Dora", profile=ALONE).ranked[0].signals == {}
    index.apply([row(6, "a film", entities=("Dora",))], 6)
    assert numbers(ask(index, "Dora", profile=ALONE))[0] == 6


def test_it_has_no_weight_in_the_default_profile():
    assert PROFILES["relevance"].weights.get("entity", 0.0) == 0.0
    assert "entity" not in ask(index_of(ROWS), "Anna Schmidt").ranked[0].signals


def large(count: int) -> ResidentIndex:
    draw = random.Random(1)  # noqa: S311 - test data
    names = [f"Name{n}" for n in range(300)]
    return index_of([row(n, f"text {n}", entities=tuple(draw.sample(names, draw.randint(0, 2)))) for n in range(count)])


@pytest.mark.slow
def test_it_costs_little():
    index = large(10_000)
    words = profile_of({"words": 1.0})
    both = profile_of({"words": 1.0, "entity": 0.1})

    def cpu_ms(question: str, profile: object) -> float:
        taken: list[float] = []
        for _ in range(15):
            started = time.process_time()
            ask(index, question, profile=profile)  # pyright: ignore[reportArgumentType]
            taken.append((time.process_time() - started) * 1000)
        return min(taken)

    for question, most in (("What did we eat on the way to the sea?", 0.5), ("What did Name7 say to Name8?", 3.0)):
        cpu_ms(question, both)
        assert cpu_ms(question, both) - cpu_ms(question, words) < most
