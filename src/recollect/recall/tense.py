"""Tense: whether a question is after what holds now, after what held before that, or after what was so at first."""

import re
from enum import StrEnum
from typing import Final


class Tense(StrEnum):
    """Which of several values that something had over time a question is after."""

    ANY = "any"  # it asks for what happened, or says too little
    NOW = "now"
    BEFORE = "before"
    FIRST = "first"


_FIRST: Final = re.compile(
    r"\b(?:original(?:ly)?|initially|(?:my|our|the|his|her|their|[a-z]+['’]s) initial|at first|at the outset|"
    r"in the beginning(?! of)|to begin with|very first|"
    r"the first (?:date|plan|price|name|idea|choice|version|deadline))\b"
    r"|^(?:what|which|who|where)\b.*\bfirst[\s?]*$",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"\b(?:used to (?!do with\b)|did (?:\w+ ){1,3}use to(?! (?:make|create|build|do|help|remember)\b)|"
    r"previous(?:ly)?|former(?:ly)?|"
    r"in the past|back then|ex-\w+|(?:my|our|his|her|their) (?:old|ex) (?!friend|school)\w+|"
    r"before (?:that|this|then|now|the (?:change|move|switch|update)))\b"
    r"|^(?!(?:have|has)\b).*\b(?:before|earlier)[\s?.!]*$"
    r"|\bbefore (?:i|we|he|she|they|it) (?:moved|changed|switched|got)\b",
    re.IGNORECASE,
)
_ASKS_NOW: Final = re.compile(
    r"\b(?:now|current(?:ly)?|nowadays|these days|at the moment|at present|present(?:ly)?|today|latest|"
    r"up[- ]to[- ]date|newest|most recent|still|as of now|right now)\b",
    re.IGNORECASE,
)
_NO_VALUE: Final = re.compile(
    r"^(?:can|could|would|why|how (?:can|could|should|would)|please)\b"
    r"|\b(?:list|summar\w+|explain|compare|walk me through|what are (?:the|some) (?:different|ways))\b",
    re.IGNORECASE,
)
_IS: Final = re.compile(
    r"\b(?:am|is|are|do|does|have|has|can|should|will|shall)\b|['’](?:s|m|re|ll)\b|^(?:who|what|which \w+) [a-z]+s\b",
    re.IGNORECASE,
)
_WAS: Final = re.compile(
    r"\b(?:did|was|were|had|ago|yesterday|would|could)\b|\b(?:have|has) (?:\w+ )?(?:\w+ed|been)\b|\blast ",
    re.IGNORECASE,
)


def tense(text: str) -> Tense:
    """What a question is after; what it says outright ("originally", "now") counts before the tense of its verb."""
    if _FIRST.search(text):
        return Tense.FIRST
    if _BEFORE.search(text):
        return Tense.BEFORE
    if _ASKS_NOW.search(text):
        return Tense.NOW
    if _IS.search(text) and not _NO_VALUE.search(text) and not _WAS.search(text):
        return Tense.NOW
    return Tense.ANY
