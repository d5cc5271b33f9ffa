"""Tells small talk: greetings, thanks, acknowledgements and goodbyes that neither ask memory anything nor tell it any.

A text is small talk only if it is made of known phrases from end to end, so a single unknown word makes it content.
"""

import re

from recollect.domain.reading.names import FIRST_NAMES
from recollect.domain.reading.small_talk_words import GREETINGS, PHRASES

_LONGEST_TEXT = 90
_LONGEST_PHRASE = max(phrase.count(" ") + 1 for phrase in PHRASES)
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_EMOTICON = re.compile(r"[:;=8xX]['-]?[)(DPpoO3/|*]+(?!\w)|<3+")


def small_talk(text: str) -> bool:
    """Returns whether ``text`` needs no memory: only greetings, thanks and the like, in en, de, fr, es, it or pt."""
    if len(text) > _LONGEST_TEXT:
        return False
    words = _TOKEN.findall(_EMOTICON.sub(" ", text))
    lowered = [word.lower().replace("’", "'") for word in words]
    at = 0
    while at < len(words):
        taken = _phrase_length(lowered, at)
        if not taken and not _is_name(words, lowered, at):
            return False
        at += taken or 1
    return True


def _phrase_length(words: list[str], at: int) -> int:
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
        if " ".join(words[at : at + length]) in PHRASES:
            return length
    return 0


def _is_name(words: list[str], lowered: list[str], at: int) -> bool:
    """Tells whom a greeting greets; a name anywhere else is content."""
    greeted = at > 0 and lowered[at - 1] in GREETINGS
    last = at == len(words) - 1 or _phrase_length(lowered, at + 1) > 0
    return greeted and last and lowered[at] in FIRST_NAMES
