"""What a question asks for: a name for "Who ...?", a number for "How many ...?", what was so far, a summary."""

import re
from typing import Final

from recollect.recall.said import Said

_NO_THING: Final = (
    "(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|might|about|else|if|happen\\w*)"
)
_ASKS: Final = (
    (re.compile(r"^(?:who|whose|whom)\b", re.IGNORECASE), Said.NAME),
    (re.compile(r"^where\b|\b(?:which|what) (?:city|country|state|place|town|location)\b", re.IGNORECASE), Said.NAME),
    (re.compile(rf"^(?:(?:in|on|at|for|from) )?(?:what|which) (?!{_NO_THING}\b)\w", re.IGNORECASE), Said.NAME),
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


_RECAPS: Final = re.compile(r"\bsummar|\boverview\b|\brecap\b", re.IGNORECASE)
_RECALLS: Final = re.compile(
    r"\bwalk me through\b|\border in which\b|\b(?:across|throughout) (?:our|my|all)\b"
    r"|\b(?:did|have|had|has|was|were) (?:i|we|you|my|our)\b"
    r"|\b(?:i|you|we)(?:['’](?:ve|d))? (?:\w+ )?"
    r"(?:mentioned|said|told|asked|brought|discussed|recommended|suggested|talked)\b"
    r"|\bhow many\b|^when\b|\bhow long\b",
    re.IGNORECASE,
)


def recaps(text: str) -> bool:
    """Whether a question asks for a summary of what was talked about."""
    return bool(_RECAPS.search(text))


def recalls(text: str) -> bool:
    """Whether a question asks for what was said or done so far, rather than for help: no instruction answers it."""
    return recaps(text) or bool(_RECALLS.search(text))
