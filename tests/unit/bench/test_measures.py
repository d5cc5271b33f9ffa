"""Each measure of the bench against examples worked out by hand."""

from math import log2
from uuid import UUID, uuid4

import pytest

from recollect.bench.citations import Citations
from recollect.bench.measures import grade, percentages
from recollect.domain.receipt import Outcome, Receipt, ReceiptItem
from recollect.domain.record import MemoryType

TURNS = [f"t{number}" for number in range(1, 61)]
SESSIONS = {turn: f"s{(number - 1) // 6}" for number, turn in enumerate(TURNS, start=1)}
"""Sixty turns in ten sessions of six: t1 to t6 are s0, t7 to t12 are s1, ..."""


def test_all_evidence_first():
    scores = grade(TURNS, {"t1", "t2"}, SESSIONS)
    assert {
        scores[f"{measure}@{k}"] for measure in ("R", "hit", "all", "session R", "nDCG") for k in (5, 10, 20, 50)
    } == {1}


def test_part_of_the_evidence():
    # t4 stands fourth, t8 eighth, t30 thirtieth; t60 is beyond every cut.
    scores = grade(TURNS, {"t4", "t8", "t30", "t60"}, SESSIONS)
    assert [scores[f"R@{k}"] for k in (5, 10, 20, 50)] == [0.25, 0.5, 0.5, 0.75]
    assert [scores[f"hit@{k}"] for k in (5, 10, 20, 50)] == [1, 1, 1, 1]
    assert [scores[f"all@{k}"] for k in (5, 10, 20, 50)] == [0, 0, 0, 0]


def test_ndcg_with_several_evidence_turns():
    ranked = ["t9", "t2", "t8", "t1"]
    gained = 1 / log2(3) + 1 / log2(5)
    best = 1 / log2(2) + 1 / log2(3)
    assert grade(ranked, {"t1", "t2"}, SESSIONS)["nDCG@10"] == pytest.approx(gained / best)


def test_ndcg_can_be_perfect_with_more_evidence_than_places():
    scores = grade(TURNS, set(TURNS[:8]), SESSIONS)
    assert scores["nDCG@5"] == 1
    assert scores["R@5"] == pytest.approx(5 / 8)


def test_sessions_are_ranked_by_their_best_turn():
    # Sessions in order: s1 (t7), s0 (t1), s2 (t13), then the rest; the evidence lies in s2 and s9.
    ranked = ["t7", "t8", "t1", "t9", "t13", "t14", "t19", "t25", "t31", "t37", "t60"]
    scores = grade(ranked, {"t18", "t60"}, SESSIONS)
    assert scores["session R@5"] == 0.5  # s1, s0, s2, s3, s4: s2 is found by another of its turns
    assert scores["session R@10"] == 1.0
    assert scores["R@10"] == 0
    assert scores["R@20"] == 0.5


def test_evidence_of_one_session_counts_once():
    assert grade(["t1"], {"t1", "t2", "t7"}, SESSIONS)["session R@5"] == 0.5


def test_a_turn_that_comes_again_takes_no_place():
    ranked = ["t1", "t1", "t2", "t2", "t3", "t1", "t4", "t5"]
    scores = grade(ranked, {"t5"}, SESSIONS)
    assert scores["R@5"] == 1
    assert scores["nDCG@5"] == pytest.approx(1 / log2(6))


def test_nothing_found():
    assert set(grade([], {"t1"}, SESSIONS).values()) == {0}


def test_percentages_are_averages_over_questions():
    averages = percentages([{"R@5": 1.0}, {"R@5": 0.5}, {"R@5": 0.0004}])
    assert averages == {"questions": 3, "R@5": 50.0}
    assert percentages([]) == {"questions": 0}


def test_a_merged_memory_and_a_fact_stand_for_their_turns():
    said, fact, other = uuid4(), uuid4(), uuid4()

    def item(
        memory_id: UUID | None, outcome: Outcome = Outcome.ACCEPTED, derived_from: UUID | None = None
    ) -> ReceiptItem:
        return ReceiptItem(
            outcome=outcome,
            reason="",
            memory_id=memory_id,
            type=MemoryType.TURN,
            text="",
            derived_from=derived_from,
        )

    citations = Citations()
    assert citations.note("t1", Receipt(items=(item(said), item(fact, derived_from=said))))
    assert citations.note("t2", Receipt(items=(item(other), item(fact, Outcome.MERGED, other))))
    assert citations.note("t3", Receipt(items=(item(said, Outcome.MERGED),)))
    assert not citations.note("t4", Receipt(items=(item(None, Outcome.REJECTED),)))
    assert citations.turns([fact, said, other]) == ["t1", "t2", "t3"]
    assert citations.turns([other, uuid4(), said]) == ["t2", "t1", "t3"]
