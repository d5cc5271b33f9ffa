"""Said: what kinds of things a text says (a name, a number, something of the speaker), as one byte for ranking."""

import re
from enum import IntFlag
from typing import Final

from recollect.domain.reading.standing_rules import is_standing
from recollect.domain.words import STOP_WORDS, words


class Said(IntFlag):
    """What can be read from a memory's words when it is taken in, so that no question has to."""

    ASKS = 1  # it ends with a question
    SELF = 2  # whoever speaks speaks of himself
    NAME = 4  # somebody or some place is named, not merely addressed
    NUMBER = 8
    TITLE = 16  # something in quotation marks that begins with a capital
    FEELING = 32  # an exclamation
    STANDS = 64  # a standing order, such as "Always give sources when I ask about history"


_ASKS_BIT, _SELF_BIT, _NAME_BIT, _NUMBER_BIT, _TITLE_BIT, _FEELING_BIT, _STANDS_BIT = (int(kind) for kind in Said)
_CAPTION: Final = re.compile(r"\[[^\]]*\]")
"""The description of a picture, in brackets: nobody said it."""
_ASKS: Final = re.compile(r"\?[\s\"')\]]*$")
_SELF: Final = frozenset(("i", "my", "mine", "me", "we", "our"))
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
    told = words(spoken)
    found = 0  # plain numbers: every memory comes by here, and operators of IntFlag take as long as a pattern
    if "?" in spoken and _ASKS.search(spoken):
        found |= _ASKS_BIT
    if not _SELF.isdisjoint(told):
        found |= _SELF_BIT
    if _names(spoken):
        found |= _NAME_BIT
    if not _NUMBERS.isdisjoint(told) or _DIGIT.search(spoken):
        found |= _NUMBER_BIT
    if ('"' in spoken or "“" in spoken) and _TITLE.search(spoken):
        found |= _TITLE_BIT
    if "!" in spoken:
        found |= _FEELING_BIT
    if is_standing(spoken):
        found |= _STANDS_BIT
    return found


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
