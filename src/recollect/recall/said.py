"""Said: what kinds of things a text says (a name, a number, something of the speaker), as one byte for ranking."""

import re
from enum import IntFlag
from typing import Final

from recollect.domain.words import STOP_WORDS, words


class Said(IntFlag):
    """What can be read from a memory's words when it is taken in, so that no question has to."""

    ASKS = 1  # it ends with a question
    SELF = 2  # whoever speaks speaks of himself
    NAME = 4  # somebody or some place is named, not merely addressed
    NUMBER = 8
    TITLE = 16  # something in quotation marks that begins with a capital
    FEELING = 32  # an exclamation


_CAPTION: Final = re.compile(r"\[[^\]]*\]")
"""The description of a picture, in brackets: nobody said it."""
_ASKS: Final = re.compile(r"\?[\s\"')\]]*$")
_SELF: Final = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|mine|me|we|our)\b", re.IGNORECASE)
_NAME: Final = re.compile(r"(?<=[a-z0-9,;:] )[A-Z][a-z]+\b")
_TITLE: Final = re.compile(r"[\"“][A-Z]")
_DIGIT: Final = re.compile(r"\d")
_NUMBERS: Final = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve dozen hundred thousand couple few several first
    second third once twice
    """.split()  # noqa: SIM905 - easier to read than literals
)
_GREETINGS: Final = frozenset(
    "hey hi hello thanks bye wow yeah yes sure congrats absolutely definitely".split()  # noqa: SIM905
)


def said(text: str) -> int:
    """The kinds of things that a text says, as ``Said``; captions of pictures do not count."""
    spoken = _CAPTION.sub("", text) if "[" in text else text
    found = Said(0)
    if "?" in spoken and _ASKS.search(spoken):
        found |= Said.ASKS
    if _SELF.search(spoken):
        found |= Said.SELF
    if _names(spoken):
        found |= Said.NAME
    if _DIGIT.search(spoken) or not _NUMBERS.isdisjoint(words(spoken)):
        found |= Said.NUMBER
    if _TITLE.search(spoken):
        found |= Said.TITLE
    if "!" in spoken:
        found |= Said.FEELING
    return int(found)


def _names(text: str) -> bool:
    """Whether a capitalised word stands within a sentence; whom a greeting or "Thanks, Anna!" addresses is not it."""
    for match in _NAME.finditer(text):
        if match[0].lower() in STOP_WORDS:
            continue
        ends = text[match.end() : match.end() + 1] in ("", "!", ",", ".", "?")
        before = text[: match.start()].rstrip()
        if not (ends and (before.endswith(",") or before.rpartition(" ")[2].lower() in _GREETINGS)):
            return True
    return False
