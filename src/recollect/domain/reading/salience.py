"""How much a text is worth writing down, for the write gate: greetings and fillers score below 0.3, content above."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from recollect.domain.reading.facts import KeyedFact
from recollect.domain.reading.filler_words import FILLERS
from recollect.domain.reading.sentences import READ_LIMIT
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.record import EntityMention

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ENOUGH = 12


@dataclass(frozen=True, slots=True)
class Salience:
    """How much a text is worth writing down, 0..1, and why."""

    score: float
    reason: str


def salience(text: str, facts: Sequence[KeyedFact], entities: Sequence[EntityMention], emotion: float) -> Salience:
    """Returns how much ``text`` is worth writing down.

    Args:
        text: what was said.
        facts: the facts read from it.
        entities: the entities read from it.
        emotion: how strongly it was felt, 0..1.
    """
    if small_talk(text):
        return Salience(0.05, "small talk")
    words = _content_words(text)
    if not words and not facts and not entities:
        return Salience(round(0.1 + 0.1 * min(1.0, emotion), 4), "no word of content")
    score = 0.12 + 0.2 * min(2, len(words)) + 0.03 * min(6, max(0, len(words) - 2))
    score += 0.2 * min(2, len(facts)) + 0.08 * min(3, len(entities)) + 0.15 * emotion
    return Salience(round(min(1.0, score), 4), _reason(words, facts, entities))


def _content_words(text: str) -> list[str]:
    """The first words that are no fillers; as many as matter for the score."""
    found: list[str] = []
    for match in _WORD.finditer(text, 0, READ_LIMIT):
        if match.group().lower().replace("’", "'") not in FILLERS:
            found.append(match.group())
            if len(found) == _ENOUGH:
                break
    return found


def _reason(words: Sequence[str], facts: Sequence[KeyedFact], entities: Sequence[EntityMention]) -> str:
    if facts:
        return f"states {', '.join(fact.key for fact in facts[:3])}"
    if entities:
        return f"names {', '.join(entity.text for entity in entities[:3])}"
    return f"speaks of {', '.join(words[:3])}"
