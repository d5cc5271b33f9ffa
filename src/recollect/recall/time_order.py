"""Which end of time a question asks for: "the first time", "when did I last", "recently"."""

import re
from enum import StrEnum
from typing import Final


class Order(StrEnum):
    """What is wanted among what is relevant, by the time it happened."""

    EARLIEST = "earliest"
    LATEST = "latest"
    RECENT = "recent"


_WHO: Final = r"(?:I|we|he|she|they|you|(?-i:[A-Z])\w+)"
_OWN: Final = r"(?:my|our|his|her|their|your|\w+['’]s)"
_UNITS: Final = (
    r"(?:second|minute|hour|night|day|week|weekend|month|quarter|year|decade|spring|summer|autumn|fall|winter|"
    r"\w+day|january|february|march|april|may|june|july|august|september|october|november|december|christmas|"
    r"easter|thanksgiving|halloween|(?:new\s+year|mother|father|valentine)['’]?|few|couple|one|two|three|four|five|six|ten|\d+)s?"
)
_NO_LAST: Final = rf"(?!\s+(?:{_UNITS}|name|names|resort|straw|words?|minute|digits?|page|chapter|long|longer|mile)\b)"
_NO_FIRST: Final = (
    r"(?!\s+(?:name|names|aid|class|language|person|place|choice|floor|grade|lady|half|quarter|week|day|month|year|sight|"
    r"glance|hand|born|degree|edition|generation|things?\s+first)\b)"
)
# "My first car" names a thing; it does not ask which of several came first.
_LATEST: Final = re.compile(
    r"\bmost\s+recent(?:ly)?\b|\b(?:latest|newest)\b|\blast\s+time\b"
    rf"|\bthe\s+last{_NO_LAST}\s+(?:\w+\s+){{1,3}}{_WHO}\b"
    rf"|\b{_OWN}\s+(?:very\s+)?last{_NO_LAST}\s+\w"
    rf"|\b(?:did|have|had|has|was|were|is)\s+(?:\w+\s+){{1,3}}last{_NO_LAST}\s+\w"
    rf"|(?<!\bat )(?<!the )(?<!before )(?<!\bto )\blast\s*\?",
    re.IGNORECASE,
)
_EARLIEST: Final = re.compile(
    r"\bfirst\s+time\b|\bearliest\b|\boriginally\b|\binitially\b|\bat\s+first\b(?!\s+(?:sight|glance))"
    r"|\b(?:the|my|our|his|her|their)\s+very\s+first\b"
    rf"|\bthe\s+first(?!\s+(?:half|quarter|week|day|month|year)\b)\s+(?:\w+\s+){{1,3}}{_WHO}\s+\w"
    rf"|\b(?:did|have|had|has|was|were)\s+(?:(?!{_OWN}\s)\w+\s+){{1,3}}first{_NO_FIRST}\s+\w",
    re.IGNORECASE,
)
_RECENT: Final = re.compile(r"\b(?:recently|recent|lately|nowadays|these\s+days|of\s+late)\b", re.IGNORECASE)
_SIGNS: Final = re.compile(r"first|last|late|recent|nowadays|these days|earliest|origin|initial|newest", re.IGNORECASE)
_NO_QUESTION: Final = re.compile(r"\b(?:in\s+the\s+first\s+place|first\s+of\s+all|should)\b", re.IGNORECASE)


def order_of(text: str) -> Order | None:
    """The order that a question asks for, None for none."""
    if not _SIGNS.search(text) or _NO_QUESTION.search(text):
        return None
    if _LATEST.search(text):
        return Order.LATEST
    if _EARLIEST.search(text):
        return Order.EARLIEST
    return Order.RECENT if _RECENT.search(text) else None
