"""Saying why, on a real database: what an answer tells of itself, what is left out of it, why a memory is not in it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt
import pytest

from desk_checks import assert_log_gives_things
from recollect import Memory
from recollect.domain.why_not import Absence
from recollect.errors import NotAllowed, NotFound, ValidationError
from recollect.ports.embedder import Embedder

MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
JUNE = MAY + timedelta(days=30)
WALL = """package recollect.wall
import rego.v1

applies if input.action == "read"

allow if input.memory.sensitivity != "restricted"
"""
QUESTION = "Where does Anna work?"


def said(memory: Memory, text: str, **given: Any) -> UUID:
    added = memory.add(text, user_id="ben", **given).id
    assert added is not None
    return added


@pytest.fixture
def told(memory: Memory) -> dict[str, UUID]:
    """Some memories of Ben's, by what they say."""
    texts = ["My sister Anna works at Siemens", "Anna likes tea", "I play chess on Sundays", "The weather was cold"]
    return {text: said(memory, text, conversation_id="c-1", at=MAY) for text in texts}


@pytest.mark.usefixtures("told")
def test_an_explained_answer_is_the_same_answer_and_says_why(memory: Memory):
    plain = memory.search(QUESTION, user_id="ben")
    explained = memory.search(QUESTION, user_id="ben", explain=True)
    assert explained.ids == plain.ids
    assert [hit.score for hit in explained] == pytest.approx([hit.score for hit in plain])
    assert all(hit.explanation is None for hit in plain)
    for hit in explained:
        assert hit.explanation is not None
        assert (hit.explanation.rank, hit.explanation.of) == (hit.rank, explained.searched)
        assert hit.explanation.score == hit.score == pytest.approx(sum(s.contribution for s in hit.signals.values()))
        assert hit.explanation.relevance == hit.relevance
        assert {"meaning", "words", "fused", "smoothed"} <= set(hit.explanation.ranks)
    best = explained[0].explanation
    assert best is not None
    assert {"anna", "work"} <= set(best.words)
    assert "Anna" in best.entities
    assert best.text.startswith("It is 1st of ")
    assert {"rank: filter", "rank: signals", "rank: fuse"} <= set(explained.ms)
    assert not any(stage.startswith("rank: ") for stage in plain.ms)


def test_what_limits_cannot_be_is_said_clearly(memory: Memory):
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"min_score": 1.2}, "min_score: must be a number from 0 to 1"),
        ({"min_score": 0.2, "profile": "cortex"}, "min_score: means nothing with the profile cortex"),
        ({"min_score": 0.2, "profile": {"meaning": 1}}, "min_score: means nothing with the profile custom"),
        ({"max_tokens": 0}, "max_tokens: must be a whole number from 1"),
        ({"deadline_ms": 0}, "deadline_ms: must be above 0"),
        ({"deadline_ms": float("nan")}, "deadline_ms: must be a number"),
        ({"deadline_ms": "soon"}, "deadline_ms: must be a number"),
        ({"most_per_conversation": 0}, "most_per_conversation: must be a whole number from 1"),
        ({"explain": 1}, "explain: must be true or false"),
        ({"trace": "yes"}, "trace: must be true or false"),
    ]
    for given, message in wrong:
        with pytest.raises(ValidationError) as caught:
            memory.search(QUESTION, user_id="ben", **given)
        assert message in str(caught.value), given


@pytest.mark.usefixtures("told")
def test_a_budget_of_tokens_keeps_the_best_that_fit(memory: Memory):
    whole = memory.search(QUESTION, user_id="ben")
    assert memory.search(QUESTION, user_id="ben", max_tokens=10_000).ids == whole.ids
    few = memory.search(QUESTION, user_id="ben", max_tokens=12)
    assert 0 < len(few) < len(whole)
    assert few.left_out == len(whole) - len(few)
    assert few.ids[0] == whole.ids[0]
    assert [known for known in whole.ids if known in few.ids] == list(few.ids)
    none = memory.search(QUESTION, user_id="ben", max_tokens=1)
    assert not none.hits
    assert "nothing fits into 1 tokens" in none.note


@pytest.mark.usefixtures("told")
def test_a_minimum_score_is_a_probability(memory: Memory):
    whole = memory.search(QUESTION, user_id="ben")
    sure = [hit.relevance for hit in whole]
    assert all(p is not None and 0 < p < 1 for p in sure)
    assert sure == sorted(cast("list[float]", sure), reverse=True)
    least = cast(float, sure[1])
    assert memory.search(QUESTION, user_id="ben", min_score=least).ids == whole.ids[:2]
    none = memory.search(QUESTION, user_id="ben", min_score=1.0)
    assert not none.hits
    assert none.note == "no memory is as probably relevant as min_score demands"
    assert all(hit.relevance is None for hit in memory.search(QUESTION, user_id="ben", profile="cortex"))


def test_at_most_so_many_of_one_conversation_before_others(memory: Memory):
    for n in range(6):
        said(memory, f"Anna works at office number {n}", conversation_id="much")
    other = said(memory, "I saw Anna in town", conversation_id="little")
    usual = memory.search("Where does Anna work?", user_id="ben", types=["turn"], limit=4)
    assert other not in usual.ids
    spread = memory.search("Where does Anna work?", user_id="ben", types=["turn"], limit=4, most_per_conversation=3)
    assert other in spread.ids
    cortex = memory.search("Where does Anna work?", user_id="ben", types=["turn"], limit=4, profile="cortex")
    assert other in cortex.ids
    anything = memory.search(
        "Where does Anna work?", user_id="ben", types=["turn"], limit=7, profile="cortex", most_per_conversation=None
    )
    assert [hit.score for hit in anything] == sorted((hit.score for hit in anything), reverse=True)


class Slow:
    """An embedder that takes its time over questions."""

    def __init__(self, inner: Embedder, seconds: float) -> None:
        self._inner, self._seconds = inner, seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def embed_question(
        self, text: str, token_weights: Mapping[str, float] | None = None
    ) -> npt.NDArray[np.float32]:
        """As the other, later."""
        await asyncio.sleep(self._seconds)
        return await self._inner.embed_question(text, token_weights)

    async def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As the other."""
        return await self._inner.embed(texts)


@pytest.mark.usefixtures("told")
def test_an_embedder_that_is_late_is_not_waited_for(memory: Memory):
    core = memory._inner.core  # pyright: ignore[reportPrivateUsage] - puts another embedder in
    parts = core._parts  # pyright: ignore[reportPrivateUsage]
    assert parts is not None
    slow = cast(Embedder, Slow(parts.recaller.embedder, 3.0))
    core._parts = replace(parts, recaller=replace(parts.recaller, embedder=slow))  # pyright: ignore[reportPrivateUsage]
    found = memory.search(QUESTION, user_id="ben", deadline_ms=100, explain=True)
    assert found.ms["embed"] < 2_000
    assert "ranked by words alone: the question was not embedded within 100 ms" in found.degraded
    assert "Siemens" in found[0].memory.text
    assert "meaning" not in found[0].signals
    assert found[0].score == pytest.approx(sum(signal.contribution for signal in found[0].signals.values()))
    packet = memory.context(QUESTION, user_id="ben", deadline_ms=100)
    assert any("not embedded within 100 ms" in problem for problem in packet.degraded)


@pytest.mark.usefixtures("told")
def test_a_generous_deadline_changes_nothing(memory: Memory):
    plain = memory.search(QUESTION, user_id="ben")
    found = memory.search(QUESTION, user_id="ben", deadline_ms=60_000)
    assert found.ids == plain.ids
    assert found.degraded == plain.degraded == ()


def test_why_not_names_the_place_and_what_it_lacks(memory: Memory, told: dict[str, UUID]):
    whole = memory.search(QUESTION, user_id="ben")
    for hit in whole:
        answer = memory.why_not(hit.memory.id, QUESTION, user_id="ben")
        assert (answer.found, answer.rank, answer.reason) == (True, hit.rank, Absence.NONE)
    last, cut = whole[1], whole[3]
    answer = memory.why_not(cut.memory.id, QUESTION, user_id="ben", limit=2)
    assert (answer.found, answer.reason, answer.rank) == (False, Absence.CUT, 4)
    assert answer.score == pytest.approx(cut.score, abs=1e-5)
    assert answer.last_score == pytest.approx(last.score, abs=1e-5)
    assert answer.short_by == pytest.approx(last.score - cut.score, abs=1e-5)
    assert answer.last is not None
    assert answer.explanation is not None
    assert answer.explanation.score == pytest.approx(cut.score, abs=1e-5)
    assert f"4th of {whole.searched}" in answer.text
    small = memory.why_not(told["Anna likes tea"], QUESTION, user_id="ben", max_tokens=8)
    assert small.reason in (Absence.BUDGET, Absence.CUT)
    first = whole[0].relevance
    assert first is not None
    unsure = memory.why_not(cut.memory.id, QUESTION, user_id="ben", min_score=first)
    assert unsure.reason is Absence.RELEVANCE
    assert memory.why_not(told["Anna likes tea"], "Hello!", user_id="ben").reason is Absence.SMALL_TALK


def test_why_not_of_what_is_not_there_or_another_users_says_the_same(memory: Memory, told: dict[str, UUID]):
    memory.add("Here I am", user_id="eve")
    known = told["Anna likes tea"]
    answers = [memory.why_not(wanted, QUESTION, user_id="eve") for wanted in (known, uuid4())]
    assert [answer.text for answer in answers] == ["The user has no such memory."] * 2
    assert {answer.reason for answer in answers} == {Absence.UNKNOWN}
    assert all(answer.score is None and answer.explanation is None and not answer.of for answer in answers)
    memory.erase(user_id="ben", memory_id=known)
    assert memory.why_not(known, QUESTION, user_id="ben").reason is Absence.UNKNOWN
    with pytest.raises(ValidationError):
        memory.why_not("no id", QUESTION, user_id="ben")


def test_why_not_of_a_value_that_changed_names_the_one_in_its_place(memory: Memory):
    memory.add("I live in Paris", user_id="ben", at=MAY)
    receipt = memory.add("I moved to Lyon", user_id="ben", at=JUNE)
    (old,) = memory.list(user_id="ben", statuses=["superseded"])
    (new,) = [item.memory_id for item in receipt.items if item.superseded_id == old.id]
    answer = memory.why_not(old.id, "Where do I live?", user_id="ben")
    assert answer.reason is Absence.SUPERSEDED
    assert answer.obstacles[0].by == new
    assert answer.obstacles[0].at == JUNE
    assert str(new) in answer.text
    assert memory.why_not(old.id, "Where do I live?", user_id="ben", as_of=MAY).found
    before = memory.at(MAY)
    assert before.why_not(old.id, "Where do I live?", user_id="ben").found


def test_why_not_of_what_was_deleted_as_it_was_then(memory: Memory, told: dict[str, UUID]):
    then, known = datetime.now(UTC), told["Anna likes tea"]
    memory.delete(known, user_id="ben")
    assert memory.why_not(known, QUESTION, user_id="ben").reason is Absence.DELETED
    past = memory.at(known_at=then).why_not(known, QUESTION, user_id="ben")
    assert past.found
    assert memory.at(known_at=then).why_not(known, QUESTION, user_id="ben", types=["goal"]).reason is Absence.FILTER


def test_why_not_says_by_which_rule_of_the_filter(memory: Memory, told: dict[str, UUID]):
    known = told["Anna likes tea"]
    memory.collections.create("Tea", user_id="ben")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"types": ["goal"]}, "types"),
        ({"tiers": ["task"]}, "tiers"),
        ({"statuses": ["archived"]}, "statuses"),
        ({"agent_id": "other"}, "agent_id"),
        ({"project_id": "label"}, "project_id"),
        ({"conversation_id": "c-2"}, "conversation_id"),
        ({"occurred_from": JUNE}, "occurred_from"),
        ({"occurred_to": MAY - timedelta(days=1)}, "occurred_to"),
        ({"min_confidence": 1.0}, "min_confidence"),
        ({"filters": {"importance": {"gt": 0.99}}}, "filters"),
        ({"filters": {"metadata.colour": "red"}}, "filters"),
        ({"collection": "Tea"}, "collection"),
    ]
    for given, field in cases:
        answer = memory.why_not(known, QUESTION, user_id="ben", **given)
        assert (answer.reason, answer.obstacles[0].field) == (Absence.FILTER, field)
        assert known not in memory.search(QUESTION, user_id="ben", **given).ids


def test_why_not_of_what_is_quarantined_or_below_the_gate(memory: Memory):
    doubted = said(memory, "Anna left Siemens", source="rumours")
    assert memory.why_not(doubted, QUESTION, user_id="ben").reason is Absence.QUARANTINED
    assert memory.why_not(doubted, QUESTION, user_id="ben", include_quarantined=True).found
    memory.add("ok", user_id="ben")
    (item,) = [one for one in memory.working.items(user_id="ben") if one.memory_id is None]
    assert memory.why_not(item.id, QUESTION, user_id="ben").reason is Absence.WORKING
    assert memory.why_not(item.id, QUESTION, user_id="eve").reason is Absence.UNKNOWN


def test_why_not_tells_nothing_of_what_a_policy_hides(memory: Memory):
    secret = said(memory, "Anna's bank code is 4711", sensitivity="restricted")
    said(memory, "Anna works at Siemens")
    memory.policies.add("wall", WALL)
    answer = memory.why_not(secret, QUESTION, user_id="ben", types=["goal"])
    assert answer.reason is Absence.DENIED
    assert "wall" in answer.text
    assert (answer.rank, answer.score, answer.explanation) == (None, None, None)
    assert [one.rule for one in answer.obstacles] == [Absence.DENIED]
    assert "4711" not in str(answer.as_json())
    memory.policies.add(
        "shut", WALL.replace("wall", "shut").replace('input.memory.sensitivity != "restricted"', "false")
    )
    with pytest.raises(NotAllowed):
        memory.search(QUESTION, user_id="ben")
    with pytest.raises(NotAllowed):
        memory.why_not(secret, QUESTION, user_id="ben")


def test_why_not_in_a_project_knows_what_its_members_share(memory: Memory):
    memory.projects.create("atlas", user_id="ben")
    shared = said(memory, "The office of Anna moves to Lyon", project_id="atlas", share=True)
    assert memory.why_not(shared, QUESTION, user_id="ben", project_id="atlas").found
    assert memory.why_not(shared, QUESTION, user_id="ben").reason is Absence.UNKNOWN
    with pytest.raises(NotAllowed):
        memory.why_not(shared, QUESTION, user_id="eve", project_id="atlas")


def test_being_found_a_hundred_times_strengthens_nothing_and_use_does(memory: Memory):
    stale = said(memory, "Our meeting is on Monday", at=MAY)
    fresh = said(memory, "Our meeting is on Friday", at=MAY)
    question = "When is our meeting on?"

    def place_of(wanted: UUID) -> tuple[int, float]:
        found = memory.search(question, user_id="ben", profile="cortex", now=JUNE)
        hit = next(hit for hit in found if hit.memory.id == wanted)
        return hit.rank, hit.signals["reinforcement"].raw

    before = {wanted: place_of(wanted) for wanted in (stale, fresh)}
    for _ in range(100):
        memory.search(question, user_id="ben", profile="cortex", now=JUNE)
    assert {wanted: place_of(wanted) for wanted in (stale, fresh)} == before
    assert memory.get(stale, user_id="ben").access_count == 0
    behind = max(before, key=lambda wanted: before[wanted][0])
    for _ in range(30):
        memory.used(behind, user_id="ben")
    assert place_of(behind) == (1, pytest.approx(np.log1p(30) / 10, abs=1e-5))
    record = memory.get(behind, user_id="ben")
    assert record.access_count == 30
    assert record.last_accessed_at is not None
    assert record.version == 1


def test_use_is_a_line_of_the_log_and_only_of_ones_own(memory: Memory, told: dict[str, UUID]):
    ids = [told["Anna likes tea"], told["I play chess on Sundays"]]
    counted = memory.used([*ids, ids[0]], user_id="ben", actor="helper")
    assert [(record.id, record.access_count) for record in counted] == [(ids[0], 1), (ids[1], 1)]
    last = memory.history(ids[0], user_id="ben")[-1]
    assert (last.type.value, last.actor) == ("memory_used", "helper")
    with pytest.raises(NotFound):
        memory.used(ids[0], user_id="eve")
    with pytest.raises(NotFound):
        memory.used([ids[0], uuid4()], user_id="ben")
    assert memory.get(ids[0], user_id="ben").access_count == 1
    with pytest.raises(ValidationError):
        memory.used([], user_id="ben")
    assert_log_gives_things(memory, "ben")
