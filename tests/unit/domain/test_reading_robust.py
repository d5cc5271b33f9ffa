"""Hostile texts: every reader answers, in time, with positions that hold; and small talk never swallows content."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recollect.adapters.models.vader import VaderScorer
from recollect.domain.reading.entities import read_entities
from recollect.domain.reading.facts import read_facts
from recollect.domain.reading.importance import importance
from recollect.domain.reading.kind import classify
from recollect.domain.reading.salience import salience
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.reading.when import event_time, read_when
from recollect.domain.record import EntityType, MemoryType

SAID_AT = datetime(2023, 5, 10, 14, 30, tzinfo=UTC)
SCORER = VaderScorer()
HOSTILE = {
    "one word": "a" * 1_000_000,
    "facts": "I live in Lyon. " * 60_000,
    "no end": "I live in " * 100_000,
    "nul": "\x00" * 1_000_000,
    "emoji": "😀🎉" * 500_000,
    "punctuation": ".,;!?" * 200_000,
    "capitals": "A" * 1_000_000,
    "names": "Anna " * 200_000,
    "spaces": " " * 1_000_000,
    "quotes": '"' * 1_000_000,
    "brackets": "[" * 1_000_000,
    "digits": "1" * 1_000_000,
    "numbers": "1 " * 500_000,
    "dates": "May 7 2023 " * 90_000,
    "my sister": "my sister " * 100_000,
    "list": "I like a and " * 80_000,
    "adverbs": "I " + "really " * 150_000,
    "commas": "I like a, " * 100_000,
    "lines": "\n" * 1_000_000,
    "hyphens": "a-" * 500_000,
    "mail": "reach me at " + "a." * 300_000 + "@b",
    "tail": "I live in Lyon" + " " * 300_000 + "x",
    "surrogates": "\ud800" * 10_000,
    "zero width": "\u200b\u202e" * 100_000,
    "last": "last " * 200_000,
    "when": "When the " + "x " * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_time(name: str) -> None:
    text = HOSTILE[name]
    begun = time.perf_counter()
    facts, entities = read_facts(text, None), read_entities(text, None)
    read_when(text, SAID_AT)
    event_time(text, SAID_AT)
    kind = classify(text, facts, None)
    (emotion,) = SCORER.score([text])
    assert 0.0 <= importance(text, kind.type, emotion, facts, entities) <= 1.0
    assert 0.0 <= salience(text, facts, entities, emotion).score <= 1.0
    small_talk(text)
    # Measured: at most 1.2 s on a busy core; backtracking would take minutes.
    assert time.perf_counter() - begun < 10.0


@settings(deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "",
                "I",
                "my",
                "sister",
                "Anna",
                "live",
                "in",
                "May",
                "7",
                "at",
                "is",
                ",",
                ".",
                "'",
                "not",
                "2023",
                "last",
                "ago",
            ]
        )
    ).map(" ".join)
)
def test_positions_hold_for_any_text(text: str) -> None:
    for entity in read_entities(text, "Anna"):
        assert text[entity.start : entity.end] == entity.text
        assert entity.name
    for mention in read_when(text, SAID_AT):
        assert text[mention.char_start : mention.char_end] == mention.text
        assert mention.start < mention.end
    for fact in read_facts(text, "Anna"):
        assert 0 <= fact.start < fact.end <= len(text)
        assert fact.value
    small_talk(text)
    classify(text, (), None)


@pytest.mark.parametrize("text", ["", "   ", "...", "👍", ":-)", "ok ok ok", "Merci !", "hi Anna"])
def test_small_talk(text: str) -> None:
    assert small_talk(text)


@pytest.mark.parametrize(
    "text", ["ok 42", "hi, my leg hurts", "no meat", "yes at 5", "Hello Kitty is my cat", "你好", "1", "Anna"]
)
def test_content_is_not_small_talk(text: str) -> None:
    assert not small_talk(text)


def test_speakers_own_name_is_a_person() -> None:
    (entity,) = read_entities("People call me Xanthor sometimes.", "Xanthor")
    assert entity.type is EntityType.PERSON


def test_importance_grows_with_feeling_and_kind() -> None:
    plain = importance("I had tea.", MemoryType.EPISODIC_EVENT, 0.0, (), ())
    felt = importance("I had tea.", MemoryType.EPISODIC_EVENT, 0.9, (), ())
    bound = importance("I had tea.", MemoryType.CONSTRAINT, 0.0, (), ())
    assert plain < felt
    assert plain < bound


def test_emotion_scores_are_in_bounds_and_in_order() -> None:
    scores = SCORER.score(["Grabbed coffee.", "My mother died.", ""])
    assert scores[0] < 0.2
    assert scores[1] > 0.8
    assert scores[2] == 0.0
    assert SCORER.score([]) == []
