"""Stressors are the speaker's own distress, with its emotion and area of life."""

import time

import pytest

from recollect.domain.reading.stressor import Stressor, read_stressor


@pytest.mark.parametrize(
    ("text", "emotion", "category"),
    [
        ("I'm so stressed about class registration.", "fear", "academic"),
        ("My boss yelled at me and I'm furious.", "anger", "work"),
        ("My mother died last week.", "grief", "family"),
        ("I feel so lonely since the breakup.", "loneliness", "relationship"),
        ("I'm drowning in debt.", "overwhelm", "money"),
        ("Hi! I went out today. I hate myself. Bye.", "shame", "other"),
    ],
)
def test_own_distress_is_read(text: str, emotion: str, category: str) -> None:
    assert read_stressor(text, 0.5) == Stressor(emotion, category)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "My sister is stressed.",
        "I'm not stressed anymore.",
        "I'm dying to see you!",
        "I'm afraid I can't make it on Friday.",
        "If I'm scared, I call my mum.",
        '"I\'m so scared," she said.',
        "Am I depressed?",
        "I was lonely two years ago, when I was depressed.",
    ],
)
def test_no_distress_of_ones_own_now(text: str) -> None:
    assert read_stressor(text, 0.9) is None


def test_a_mild_word_counts_only_in_a_felt_text() -> None:
    assert read_stressor("I'm nervous about the exam.", 0.0) is None
    assert read_stressor("I'm nervous about the exam.", 0.4) == Stressor("fear", "academic")


@pytest.mark.parametrize(
    "text",
    ["I'm so ", "my mother ", "my a ", "I feel so sad about it ", "everything is ", "I can't cope. ", "\ud800. "],
)
def test_long_texts_are_read_in_time(text: str) -> None:
    begun = time.perf_counter()
    read_stressor(text * (100_000 // len(text)), 0.9)
    # Measured: at most 60 ms.
    assert time.perf_counter() - begun < 2.0
