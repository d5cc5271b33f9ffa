"""Reads a stressor from a text: what weighs on its speaker now, by emotion and by area of life.

Only the speaker's own distress counts: a first person before the word of feeling, or something bad that has happened to
"me". What is over, supposed, joked about or felt by others is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from recollect.domain.reading.sentences import READ_LIMIT, hide_quotes, sentences
from recollect.domain.reading.stressor_words import (
    CATEGORIES,
    EMOTION_OF,
    EVENT_CUES,
    EVENTS,
    GRIEF,
    GRIEF_CUES,
    LONG_AGO,
    MILD_EMOTION_OF,
    PAST_STATE,
    PHRASE_CUES,
    PHRASES,
    POLITE,
    RELIEF,
    STATE,
    STATE_CUES,
    STILL_BAD,
    SUPPOSED,
    WHEN,
)

# A mild word ("upset") is a stressor only in a text that is scored at least as felt as this.
MILD_FLOOR = 0.15
_LONGEST = 400
# What a stressor is about is looked for in its sentence, then in so many characters of the text.
_NEAR = 1000
# "I'm down for a hike."
_WILLING = re.compile(r"\s+(?:to|for|with|on|in|at|by)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stressor:
    """What weighs on someone.

    Attributes:
        emotion: fear, anger, sadness, shame, overwhelm, grief or loneliness.
        category: academic, work, family, relationship, health, money, social or other.
    """

    emotion: str
    category: str


class _Near:
    """The cues that stand anywhere in a text, so that each of its sentences is looked over for few."""

    def __init__(self, text: str) -> None:
        lowered = " " + text.lower()
        self.grief = _within(GRIEF_CUES, lowered)
        self.state = _within(STATE_CUES, lowered)
        self.event = _within(EVENT_CUES, lowered)
        self.phrases = [
            (name, pattern, near) for name, pattern in PHRASES if (near := _within(PHRASE_CUES[name], lowered))
        ]


def read_stressor(text: str, emotion: float) -> Stressor | None:
    """Reads the first stressor in ``text``; None when its speaker tells of none.

    Args:
        text: any text; only the first 20,000 characters are read.
        emotion: how felt the text is, 0..1, as the emotion scorer says.
    """
    shown = hide_quotes(text[:READ_LIMIT])
    near = _Near(shown)
    if not (near.grief or near.state or near.event or near.phrases):
        return None
    for sentence in sentences(shown):
        if sentence.question or len(sentence.text) > _LONGEST:
            continue
        felt = _felt(sentence.text, emotion, near)
        if felt:
            return Stressor(felt, _category(sentence.text, shown[:_NEAR], felt))
    return None


def _felt(sentence: str, emotion: float, near: _Near) -> str | None:
    found = _found(sentence, emotion, near)
    if found is None or POLITE.search(sentence) or SUPPOSED.search(sentence, 0, found[0] + 3):
        return None
    return None if RELIEF.search(sentence) and not STILL_BAD.search(sentence) else found[1]


def _found(sentence: str, emotion: float, near: _Near) -> tuple[int, str] | None:
    """Where the sentence tells of distress, and which; a death counts before a feeling, and that before an event."""
    lowered = f" {sentence.lower()}"
    grief = GRIEF.search(sentence) if _holds(lowered, near.grief) else None
    if grief:
        return grief.start(), "grief"
    likely = [(name, pattern) for name, pattern, cues in near.phrases if _holds(lowered, cues)]
    hits = [(match.start(), name) for name, pattern in likely if (match := pattern.search(sentence))]
    hits += _states(sentence, emotion) if _holds(lowered, near.state) else []
    if not hits and _holds(lowered, near.event):
        hits = [(match.start(), name) for name, pattern in EVENTS if (match := pattern.search(sentence))]
    # Of two at one place the phrase says more: "I'm upset with my boss" is anger.
    return min(hits, key=lambda hit: hit[0]) if hits else None


def _states(sentence: str, emotion: float) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for state in STATE.finditer(sentence):
        word = state.group("word").lower()
        name = EMOTION_OF.get(word) or (MILD_EMOTION_OF[word] if emotion >= MILD_FLOOR else None)
        willing = word == "down" and _WILLING.match(sentence, state.end())
        if name and not willing and not _is_elsewhen(sentence, state.start()):
            found.append((state.start(), name))
    return found


def _is_elsewhen(sentence: str, at: int) -> bool:
    """Whether the feeling is a habit or long past: "when I'm nervous", "I was lonely two years ago"."""
    past = PAST_STATE.match(sentence, at) and LONG_AGO.search(sentence)
    return bool(past or WHEN.search(sentence[max(0, at - 12) : at]))


def _within(cues: Sequence[str], text: str) -> list[str]:
    return [cue for cue in cues if cue in text]


def _holds(text: str, parts: Sequence[str]) -> bool:
    for part in parts:  # noqa: SIM110 - a generator costs more than what it looks for
        if part in text:
            return True
    return False


def _category(sentence: str, text: str, felt: str) -> str:
    """The area of life named first in the sentence, else in the text."""
    for scope in (sentence, text):
        named = [(match.start(), name) for name, pattern in CATEGORIES if (match := pattern.search(scope))]
        if named:
            return min(named)[1]
    return "social" if felt == "loneliness" else "other"
