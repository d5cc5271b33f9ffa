"""Of memories that tell the same thing at different times, the one that the question is after goes first."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from recollect.domain.ids import new_id
from recollect.domain.record import Memory, MemoryType
from recollect.domain.search import Hit
from recollect.recall.plan import plan
from recollect.recall.succession import LOOKED_AT, NAME, in_succession

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
OLD, NEW = "I drive a blue Honda Civic.", "Sold the Civic. I bought an electric Renault instead."


def hit(text: str, day: int, score: float, speaker: str | None = None) -> Hit:
    at = BEGIN + timedelta(days=day)
    memory = Memory(
        id=new_id(),
        tenant_id="t",
        user_id="ana",
        type=MemoryType.TURN,
        text=text,
        speaker=speaker,
        told_at=at,
        written_at=at,
        updated_at=at,
        content_hash=text,
    )
    return Hit(memory=memory, rank=0, score=score, signals={}, relevance=score / 2)


def texts(question: str, hits: Sequence[Hit]) -> list[str]:
    return [found.memory.text for found in in_succession(plan(question, BEGIN), hits)]


def test_the_later_value_goes_right_before_the_older_one() -> None:
    hits = [hit(OLD, 1, 1.8), hit("A car is loud.", 5, 1.7), hit(NEW, 9, 0.7)]
    found = in_succession(plan("What car do I drive?", BEGIN), hits)
    assert [one.memory.text for one in found] == [NEW, OLD, "A car is loud."]
    assert [one.rank for one in found] == [1, 2, 3]
    assert "told after 'I drive a blue Honda Civic.'" in found[0].signals[NAME].reason
    assert found[0].relevance == found[1].relevance
    assert found[1].replaced_at == BEGIN + timedelta(days=9)
    assert found[0].replaced_at is None


def test_the_older_value_goes_first_when_it_is_asked_for() -> None:
    hits = [hit(NEW, 9, 1.8), hit(OLD, 1, 0.9)]
    assert texts("What car did I drive before?", hits) == [OLD, NEW]


def test_questions_for_neither_are_left_alone() -> None:
    hits = [hit(OLD, 1, 1.8), hit(NEW, 9, 0.7)]
    assert texts("What happened to the car in May?", hits) == [OLD, NEW]


def test_what_somebody_else_says_is_no_newer_value() -> None:
    hits = [hit(OLD, 1, 1.8, "Ana"), hit(NEW, 9, 0.7, "Ben")]
    assert texts("What car do I drive?", hits) == [OLD, NEW]


def test_what_is_said_of_somebody_who_is_not_named_is_no_newer_value() -> None:
    hits = [hit("I live in Leeds.", 1, 1.8), hit("My sister moved to a house in Leeds now.", 9, 0.9)]
    assert texts("Where do I live?", hits)[0] == "I live in Leeds."


def test_what_is_told_of_the_past_is_no_newer_value() -> None:
    hits = [hit("My favourite band is Big Thief.", 1, 1.8), hit("My favourite band used to be Radiohead.", 9, 1.7)]
    assert texts("What is my favourite band?", hits)[0] == "My favourite band is Big Thief."


def test_only_the_best_are_looked_at_and_all_are_kept() -> None:
    filler = [hit(f"Nothing of that kind, number {number}.", 5, 1.5 - number / 100) for number in range(LOOKED_AT)]
    hits = [hit(OLD, 1, 1.8), *filler, hit(NEW, 9, 0.7)]
    assert texts("What car do I drive?", hits) == [one.memory.text for one in hits]
