"""Which kinds of things a question asks for: a name for "Who ...?", a number for "How many ...?"."""

import re
from typing import Final

from recollect.recall.said import Said

_ASKS: Final = (
    (re.compile(r"^(?:who|whose|whom)\b", re.IGNORECASE), Said.NAME),
    (re.compile(r"^where\b|\b(?:which|what) (?:city|country|state|place|town|location)\b", re.IGNORECASE), Said.NAME),
    (re.compile(r"\bhow (?:many|much|often)\b", re.IGNORECASE), Said.NUMBER),
    (re.compile(r"\b(?:book|movie|song|film|game|novel|show|called|titled?|named?)\b", re.IGNORECASE), Said.TITLE),
    (re.compile(r"\b(?:feel|feeling|felt|reaction|opinion|think|thought)\b", re.IGNORECASE), Said.FEELING),
)


def asked_kind(text: str) -> int:
    """The kinds of things that answer a question, as ``Said``; 0 when it asks for none of them."""
    found = Said(0)
    for pattern, kind in _ASKS:
        if pattern.search(text):
            found |= kind
    return int(found)
