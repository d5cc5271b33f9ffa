"""An explanation says what each stage did, adds up, and costs nothing when nobody asks for it."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from index_rows import NOW, index_of, row, sentence, vectors_for
from recollect.domain.explanation import Explanation, SignalScore, listed, ordinal, share
from recollect.domain.record import EntityMention, EntityType, Memory, MemoryType
from recollect.domain.search import SearchFilter
from recollect.ports.index import IndexRow
from recollect.recall.conduct import Conduct
from recollect.recall.deadline import Deadline
from recollect.recall.explain import Explaining, explained, named_in
from recollect.recall.plan import plan
from recollect.recall.profile import PROFILES, SMOOTHING, Profile
from recollect.recall.rank import Ranking

QUESTION = "When did Caroline go to the museum with the dog?"
RELEVANCE = PROFILES["relevance"]


def chat(count: int) -> list[IndexRow]:
    draw = random.Random(5)  # noqa: S311 - test data
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        row(
            n,
            sentence(draw),
            speaker=draw.choice(["Caroline", "Melanie"]),
            conversation_id=f"session {n // 10}",
            occurred_at=start + timedelta(days=n // 10),
        )
        for n in range(count)
    ]


def ranked(rows: list[IndexRow], conduct: Conduct, *, limit: int = 10, profile: Profile = RELEVANCE) -> Ranking:
    index = index_of(rows)
    question = replace(plan(QUESTION, NOW, index.speakers), vector=vectors_for("x")[0])
    return index.rank(question, SearchFilter(), limit=limit, profile=profile, now=NOW, conduct=conduct)


def by_hand(ranking: Ranking, name: str) -> dict[UUID, int]:
    """The rank of every memory by one signal's raw values, equal ones in the order of their ids."""
    raw = {one.memory_id: one.signals[name].raw for one in ranking.ranked}
    order = sorted(raw, key=lambda known: (-raw[known], known))
    return {known: place for place, known in enumerate(order, start=1)}


def test_ranks_by_each_stage_are_what_sorting_by_hand_gives():
    rows = chat(60)
    explaining = Explaining()
    whole = ranked(rows, Conduct(explaining=explaining), limit=60)
    assert explaining.searched == 60
    assert len(explaining.standings) == 60
    around = (*SMOOTHING, "order")
    fused = {
        one.memory_id: sum(s.contribution for name, s in one.signals.items() if name not in around)
        for one in whole.ranked
    }
    for name in ("meaning", "words"):
        wanted = by_hand(whole, name)
        assert {known: s.ranks[name] for known, s in explaining.standings.items()} == wanted
    for known, standing in explaining.standings.items():
        above = sum(score > fused[known] + 1e-5 for score in fused.values())
        near = sum(abs(score - fused[known]) <= 1e-5 for score in fused.values())
        assert above < standing.ranks["fused"] <= above + near
    assert [explaining.standings[one.memory_id].rank for one in whole.ranked] == list(range(1, 61))
    assert [explaining.standings[one.memory_id].ranks["smoothed"] for one in whole.ranked] == list(range(1, 61))


def test_a_watched_memory_is_told_of_wherever_it_stands():
    rows = chat(60)
    last = ranked(rows, Conduct(), limit=60).ranked[-1]
    explaining = Explaining(watched=(last.memory_id, UUID(int=7)))
    found = ranked(rows, Conduct(explaining=explaining), limit=3)
    assert len(found.ranked) == 3
    assert len(explaining.standings) == 4
    standing = explaining.standings[last.memory_id]
    assert standing.rank == 60
    assert standing.score == pytest.approx(last.score)
    assert standing.score == pytest.approx(sum(one.contribution for one in standing.signals.values()))


def test_diversity_is_a_stage_of_its_own():
    explaining = Explaining()
    profile = replace(RELEVANCE, most_per_conversation=1)
    found = ranked(chat(60), Conduct(explaining=explaining), limit=6, profile=profile)
    standings = [explaining.standings[one.memory_id] for one in found.ranked]
    assert [one.ranks["diversified"] for one in standings] == [1, 2, 3, 4, 5, 6]
    assert any(one.ranks["smoothed"] != one.ranks["diversified"] for one in standings)


def test_nothing_is_taken_down_when_nobody_asks(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_given: Any) -> None:
        raise AssertionError("nobody asked")

    monkeypatch.setattr(Explaining, "see", refuse)
    assert len(ranked(chat(30), Conduct()).ranked) == 10
    with pytest.raises(AssertionError, match="nobody asked"):
        ranked(chat(30), Conduct(explaining=Explaining()))


def test_a_late_signal_is_left_out_and_said_and_the_score_still_adds_up(monkeypatch: pytest.MonkeyPatch):
    now = [0.0]
    monkeypatch.setattr(
        "recollect.recall.deadline.time.perf_counter", lambda: now.__setitem__(0, now[0] + 0.1) or now[0]
    )
    deadline = Deadline(ms=350)  # each look at the clock is 100 ms later than the one before
    found = ranked(chat(30), Conduct(deadline=deadline))
    names = list(found.ranked[0].signals)
    assert names[:3] == ["meaning", "words", "pieces"]
    assert deadline.skipped
    assert "ranked without" in deadline.skipped[0]
    assert "when" not in names
    assert any("without when" in skipped for skipped in deadline.skipped)
    assert found.ranked[0].score == pytest.approx(sum(s.contribution for s in found.ranked[0].signals.values()))


def test_what_is_late_from_the_start_still_gives_an_order():
    deadline = Deadline(ms=1e-9)
    found = ranked(chat(30), Conduct(deadline=deadline))
    assert len(found.ranked) == 10
    assert len(deadline.skipped) >= 3
    assert "meaning" in found.ranked[0].signals


def memory(text: str, *names: str) -> Memory:
    return Memory(
        id=UUID(int=1),
        tenant_id="t",
        user_id="u",
        type=MemoryType.TURN,
        text=text,
        written_at=NOW,
        updated_at=NOW,
        content_hash="h",
        entities=tuple(EntityMention(name, name, EntityType.PERSON, 0, 1) for name in names),
    )


def test_the_entities_that_the_question_names_too():
    record = memory("Anna Schmidt met Ben in Rome", "Anna Schmidt", "Ben", "Rome")
    assert named_in(record, "Where does anna work?") == ("Anna Schmidt",)
    assert named_in(record, "Romes?") == ("Rome",)
    assert named_in(record, "What is the weather?") == ()


def test_the_paragraph_and_the_machine_form_say_the_same():
    score = SignalScore(raw=0.4, normalised=1.0, weight=0.5, contribution=0.5)
    shared = SignalScore(raw=3.0, normalised=0.5, weight=0.2, contribution=0.1, reason="anna, work")
    told = Explanation(
        profile="relevance",
        rank=2,
        of=1_200,
        score=0.6,
        relevance=0.42,
        signals={"meaning": score, "words": shared},
        ranks={"meaning": 1, "words": 11, "fused": 3, "smoothed": 2},
        words=("anna", "work"),
        entities=("Anna",),
    )
    assert told.text == (
        "It is 2nd of 1,200, with 0.60 points, and relevant with an estimated probability of 42 %. "
        "Most of them come from how near its meaning is (0.50) and the words it shares with the question "
        "(anna, work: 0.10). Question and memory both name Anna. It would be 1st by meaning alone and 11th by words "
        "alone; it was 3rd with all signals together, then 2nd with a share of what stands around it."
    )
    machine = told.as_json()
    assert machine["signals"]["words"] == {
        "raw": 3.0, "normalised": 0.5, "weight": 0.2, "contribution": 0.1, "reason": "anna, work"
    }  # fmt: skip
    assert machine["ranks"] == {"meaning": 1, "words": 11, "fused": 3, "smoothed": 2}
    assert (machine["words"], machine["entities"]) == (["anna", "work"], ["Anna"])
    assert machine["text"] == told.text


def test_a_standing_in_words_splits_what_matched():
    explaining = Explaining()
    rows = [row(1, "the dog went to the museum"), row(2, "tea")]
    found = ranked(rows, Conduct(explaining=explaining))
    known = found.ranked[0].memory_id
    told = explained(explaining.standings[known], memory("x"), QUESTION, profile="relevance", of=2)
    assert set(told.words) == {"dog", "museum"}
    assert (told.rank, told.of, told.profile) == (1, 2, "relevance")


def test_numbers_and_lists_in_words():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 111, 1_002)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th", "1,002nd"
    ]  # fmt: skip
    assert [listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert [share(p) for p in (0, 0.001, 0.451, 0.999, 1)] == ["0 %", "under 1 %", "45 %", "over 99 %", "100 %"]
