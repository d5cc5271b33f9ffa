"""What a ranking promises: complete lists, a fixed order, explanations that add up, and no surprise at the edges."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from index_rows import DIMENSION, NOW, PIECES, ask, index_of, memory_id, numbers, row, sentence, vectors_for
from recollect.domain.record import MemoryType, Status
from recollect.domain.search import SearchFilter
from recollect.errors import DimensionMismatch, ValidationError
from recollect.ports.index import IndexRow
from recollect.recall.profile import PROFILES, Profile, profile_of
from recollect.recall.resident.index import ResidentIndex

QUESTION = "When did Caroline go to the museum with the dog?"


def chat(count: int, seed: int = 3) -> list[IndexRow]:
    draw = random.Random(seed)  # noqa: S311 - test data
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        row(
            n,
            sentence(draw),
            speaker=draw.choice(["Caroline", "Melanie"]),
            conversation_id=f"session {n // 10}",
            occurred_at=start + timedelta(days=n // 10),
            emotion=draw.random(),
            reinforcements=draw.randint(0, 5),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("name", PROFILES)
def test_contributions_add_up_to_the_score(name: str):
    profile = replace(PROFILES[name], most_per_conversation=None)  # by score alone
    found = ask(index_of(chat(60)), QUESTION, limit=60, profile=profile, vector=vectors_for("x")[0])
    assert len(found.ranked) == 60
    for ranked in found.ranked:
        assert ranked.score == pytest.approx(sum(s.contribution for s in ranked.signals.values()))
        for signal in ranked.signals.values():
            assert signal.contribution == pytest.approx(signal.weight * signal.normalised)
    scores = [ranked.score for ranked in found.ranked]
    assert all(first >= second - 1e-6 for first, second in pairwise(scores))
    assert len(found.ranked[0].signals) >= 1


def test_a_shorter_list_is_the_beginning_of_a_longer_one():
    index = index_of(chat(80))
    whole = numbers(ask(index, QUESTION, limit=80))
    for limit in (1, 2, 5, 10, 79):
        assert numbers(ask(index, QUESTION, limit=limit)) == whole[:limit]


def test_equal_scores_stand_in_the_order_of_their_ids():
    rows = [row(n, "dog in the park") for n in (5, 3, 9, 1)]
    assert numbers(ask(index_of(rows), "dog park")) == [1, 3, 5, 9]
    assert numbers(ask(index_of(rows), "dog park", limit=2)) == [1, 3]


def test_the_order_rows_arrive_in_does_not_matter():
    rows = chat(60)
    shuffled = random.Random(1).sample(rows, len(rows))  # noqa: S311 - test data
    one, other = (ask(index_of(given), QUESTION, limit=60) for given in (rows, shuffled))
    assert numbers(one) == numbers(other)
    assert [r.score for r in one.ranked] == pytest.approx([r.score for r in other.ranked])


def test_forbidden_memories_never_appear_and_the_list_stays_complete():
    best = [row(n, "Caroline dog museum", agent_id="other", conversation_id="c") for n in range(50)]
    rest = [row(n, "tea and coffee", agent_id="mine", conversation_id="c") for n in range(50, 80)]
    found = ask(index_of(best + rest), QUESTION, SearchFilter(agent_id="mine"), limit=30)
    assert sorted(numbers(found)) == list(range(50, 80))
    assert found.searched == 30


def test_forbidden_memories_lend_nothing_to_their_neighbours():
    allowed = [row(2 * n, "tea", conversation_id=f"c{n}", agent_id="mine") for n in range(4)]
    hidden = [row(3, "Caroline dog museum", conversation_id="c1", agent_id="other")]
    chosen = SearchFilter(agent_id="mine")
    found = ask(index_of(allowed + hidden), "dog museum", chosen)
    assert len({ranked.score for ranked in found.ranked}) == 1


def test_a_turn_is_found_by_what_was_said_before_it():
    rows = [
        row(1, "Did you like the museum?", conversation_id="a"),
        row(2, "very much", conversation_id="a"),
        row(3, "very much", conversation_id="b"),
        row(4, "tea", conversation_id="b"),
    ]
    assert numbers(ask(index_of(rows), "museum"))[:2] == [1, 2]


def test_close_words_match_without_a_vector():
    found = ask(index_of([row(1, "tea"), row(2, "art"), row(3, "coffee")]), "painting")
    assert numbers(found)[0] == 2
    assert found.ranked[0].signals["pieces"].raw == pytest.approx(0.64, abs=0.01)


def test_an_empty_index_finds_nothing():
    found = ask(ResidentIndex(PIECES, DIMENSION), QUESTION, vector=vectors_for("x")[0])
    assert found.ranked == ()
    assert found.searched == 0


@pytest.mark.parametrize("question", ["", "???", "what is the", "xyzzy plugh", "火山"])
def test_a_question_without_a_known_word_still_gives_a_full_list(question: str):
    assert numbers(ask(index_of(chat(20)), question, limit=5)) == sorted(
        numbers(ask(index_of(chat(20)), question, limit=5))
    )
    assert len(ask(index_of(chat(20)), question, limit=5).ranked) == 5


def test_the_vector_decides_when_nothing_else_does():
    rows = [row(n, "tea", vectors=vectors_for(str(n))) for n in range(10)]
    found = ask(index_of(rows), "", vector=vectors_for("7")[0])
    assert numbers(found)[0] == 7
    assert found.ranked[0].signals["meaning"].raw == pytest.approx(1.0)


def test_memories_without_a_vector_are_ranked_by_the_rest():
    rows = [row(1, "dog museum", vectors=np.zeros((0, DIMENSION), np.float32)), row(2, "tea")]
    assert numbers(ask(index_of(rows), "dog museum")) == [1, 2]
    assert set(numbers(ask(index_of(rows), "dog museum", vector=vectors_for("tea")[0]))) == {1, 2}


def test_a_fact_in_the_middle_of_a_long_text_is_found_and_counts_once():
    filler = "We went on and on about the weather and the news of the day. " * 40
    long = row(1, filler + "My guitar is a birthday present. " + filler, vectors=vectors_for("long", 8))
    rows = [long, *[row(n, "tea and coffee in London") for n in range(2, 30)]]
    found = ask(index_of(rows), "Is the guitar a birthday present?", limit=30)
    assert numbers(found)[0] == 1
    assert len(found.ranked) == 29


def test_the_named_speaker_comes_first():
    rows = [row(n, "tea in the park", speaker=speaker) for n, speaker in enumerate(["Melanie", "Caroline", "Tim"])]
    found = ask(index_of(rows), "Does Caroline like tea?", profile=Profile(name="x", weights={"speaker": 1.0}))
    assert numbers(found)[0] == 1
    assert found.ranked[0].signals["speaker"].reason == "Caroline"


def test_the_asker_is_the_user_unless_it_is_about_the_answer():
    rows = [row(1, "tea", speaker="assistant"), row(2, "tea", speaker="user")]
    profile = Profile(name="x", weights={"speaker": 1.0})
    assert numbers(ask(index_of(rows), "What tea did I buy?", profile=profile))[0] == 2
    assert numbers(ask(index_of(rows), "Which tea did you recommend?", profile=profile))[0] == 1


def test_a_time_in_the_question_favours_what_was_said_then():
    months = [row(n, "tea", occurred_at=datetime(2025, n, 15, tzinfo=UTC)) for n in range(1, 13)]
    for question, expected in (("in May 2025", [5, 6]), ("on 12 August", [8, 1]), ("last year", [1, 2])):
        found = ask(index_of(months), question, limit=2, profile=Profile(name="x", weights={"time": 1.0}))
        assert numbers(found) == expected


def test_a_keyed_fact_is_favoured_when_its_attribute_is_asked_for():
    rows = [row(1, "I like my job"), row(2, "nurse", key="user:job", value="nurse", sources=(memory_id(1),))]
    found = ask(index_of(rows), "What is my job?", profile=Profile(name="x", weights={"fact": 1.0}))
    assert numbers(found)[0] == 2
    assert found.ranked[0].signals["fact"].reason == "job"


def test_at_most_so_many_of_one_conversation_and_still_a_full_list():
    rows = [row(n, "dog museum", conversation_id="a" if n < 8 else "b") for n in range(12)]
    profile = replace(PROFILES["relevance"], previous=0.0, next=0.0, most_per_conversation=3)
    assert numbers(ask(index_of(rows), "dog museum", limit=8, profile=profile)) == [0, 1, 2, 8, 9, 10, 3, 4]


def test_cortex_weighs_as_its_design_says():
    old = row(1, "tea", occurred_at=NOW - timedelta(hours=np.e**3 - 1), emotion=0.5, reinforcements=4, access_count=5)
    signals = ask(index_of([old]), "tea", profile=PROFILES["cortex"]).ranked[0].signals
    assert signals["recency"].contribution == pytest.approx(0.25 / 4, rel=1e-5)
    assert signals["emotion"].contribution == pytest.approx(0.20 * 0.5)
    assert signals["reinforcement"].contribution == pytest.approx(0.15 * np.log(10) / 10)


@pytest.mark.parametrize(
    "given",
    [
        "unknown",
        {},
        {"meaning": 0},
        {"magic": 1.0},
        {"words": -1},
        {"words": float("nan")},
        {"words": True},
        {"previous": 1.0},
    ],
)
def test_a_profile_that_cannot_be_used_is_refused(given: str | dict[str, float]):
    with pytest.raises(ValidationError):
        profile_of(given)


def test_own_weights_are_taken():
    profile = profile_of({"words": 2, "conversation": 0.5})
    assert profile.weights == {"words": 2.0}
    assert profile.conversation == 0.5


def test_vectors_of_another_dimension_are_refused_and_nothing_is_taken_in():
    index = index_of([row(1, "tea")])
    with pytest.raises(DimensionMismatch):
        index.apply([row(2, "tea"), row(3, "tea", vectors=np.zeros((1, 3), np.float32))], 5)
    assert (index.size, index.seq) == (1, 1)


def test_token_weights_are_rarities_and_zero_for_stop_words():
    index = index_of([row(1, "dog tea"), row(2, "dog coffee"), row(3, "dog")])
    weights = index.token_weights("What is my dog, the tea?")
    assert weights["what"] == weights["is"] == weights["my"] == weights["the"] == 0.0
    assert 0.0 < weights["dog"] < weights["tea"]


def test_derived_facts_stand_outside_the_order_of_turns():
    turns = [row(1, "museum", conversation_id="a"), row(3, "very much", conversation_id="a")]
    fact = row(2, "user likes cake", conversation_id="a", type=MemoryType.SEMANTIC_FACT, sources=(memory_id(1),))
    found = ask(index_of([*turns, fact]), "museum", profile=Profile(name="x", weights={"words": 1.0}, previous=0.2))
    assert numbers(found) == [1, 3, 2]


def test_deleted_memories_are_gone_whatever_is_asked_for():
    index = index_of([row(1, "dog"), row(2, "dog")])
    index.apply([row(1, "dog", status=Status.DELETED)], 3)
    assert numbers(ask(index, "dog", SearchFilter(statuses=frozenset(Status)))) == [2]
    assert memory_id(1) not in index
    assert memory_id(2) in index
