"""Topics: what a text is about, as far as few words tell: where somebody lives, what they work, whom they love.

"Got promoted, I'm head of finance now" and "I'm a junior accountant" have no word in common, and answer the same
question. The topics are coarse and tie nothing by themselves: see ``succession.py`` for what has to hold besides.
"""

import re
from typing import Final

from recollect.domain.words import stem, words

_WORDS: Final = {
    "home": """live lives living lived reside move moved moving relocate relocated flat apartment studio house home
        place street road lane avenue city town village address neighbourhood neighborhood room""",
    "work": """job work works working worked occupation profession career employer employed company position role
        promoted promotion hired fired boss manager director head lead accountant engineer teacher nurse doctor chef
        cook waiter waitress barista receptionist developer designer lawyer baker clerk intern freelancer consultant""",
    "love": """dating date girlfriend boyfriend partner relationship engaged engagement fiance fiancee marry married
        marrying marriage wedding divorce divorced single seeing broke split together husband wife spouse""",
    "contact": "phone number mobile cell cellphone call reach sim email mail address contact",
    "drink": "drink drinks drinking drank coffee coffees espresso latte tea matcha cocoa juice beer wine soda water",
    "food": "eat eats eating ate meat vegetarian vegan diet steak fish meal food pescatarian dairy gluten",
    "travel": "drive drives driving drove car bike bus train commute cycle vehicle tram subway scooter ride",
    "watching": "watch watching watched series show season episode film movie",
    "reading": "read reading book novel author",
    "study": "study studying studied major majoring degree university college school class course learning",
    "sport": "sport gym train training play playing tennis football soccer climbing running swimming yoga",
    "pets": "pet pets dog dogs cat cats puppy kitten rabbit hamster goldfish tortoise parrot animal",
    "money": "cost costs price pay pays paid rent salary earn earns budget quote fee wage income raise",
    "date": "meeting appointment due deadline date postponed rescheduled reschedule postpone schedule scheduled ship",
    "health": "medication dose pill pills mg smoke smoking cigarette cigarettes weigh weight kilos pounds",
    "contracts": "bank account insurance provider supplier plan contract subscription service",
}
_TOPICS_OF: Final[dict[str, frozenset[str]]] = {
    stem(word): frozenset(topic for topic, listed in _WORDS.items() if word in listed.split())
    for listed in _WORDS.values()
    for word in listed.split()
}
_ASKS_OF_A_KIND: Final = (
    ("phone", re.compile(r"\b(?:number|phone|call|reach)\b", re.IGNORECASE)),
    ("clock", re.compile(r"\bwhen\b|\bwhat time\b", re.IGNORECASE)),
    ("day", re.compile(r"\bwhen\b|\b(?:what|which) (?:date|day|month)\b|\bdeadline\b", re.IGNORECASE)),
)
_VALUES: Final = {
    "phone": re.compile(r"\+?\d[\d ()/-]{5,}\d"),
    "clock": re.compile(r"\b\d{1,2}(?::\d\d)?\s?(?:am|pm|o['’]clock)\b|\b\d{1,2}:\d\d\b|\bat \d{1,2}\b", re.IGNORECASE),
    "day": re.compile(
        r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)\b"
        r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b",
        re.IGNORECASE,
    ),
}

_MAY_BE_VALUE: Final = re.compile(r"[0-9]|[Dd][Aa][Yy]")
"""Every value has a digit or the name of a weekday."""
_ASKS_AMOUNT: Final = re.compile(
    r"\bhow (?:much|many|big|long|often|far|heavy|high|tall|large)\b"
    r"|\b(?:price|cost|rate|interest|salary|rent|budget)\b",
    re.IGNORECASE,
)
_NUMBER: Final = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|"
    r"half)"
)
_AMOUNT: Final = re.compile(
    rf"\b{_NUMBER}(?:\s+(?:new|more|other|small|full))?\s*(?P<unit>[a-z]{{2,}}|%|k\b)", re.IGNORECASE
)


def topics(text: str) -> frozenset[str]:
    """What the text is about, and the kinds of values that it has: ``home``, ``phone``."""
    about = frozenset(topic for word in words(text) for topic in _TOPICS_OF.get(stem(word), ()))
    if not _MAY_BE_VALUE.search(text):
        return about
    return about | {kind for kind, pattern in _VALUES.items() if pattern.search(text)}


def asked_topics(question: str) -> frozenset[str]:
    """What a question is about, and the kinds of values that it asks for."""
    about = frozenset(topic for word in words(question) for topic in _TOPICS_OF.get(stem(word), ()))
    return about | {kind for kind, pattern in _ASKS_OF_A_KIND if pattern.search(question)}


def asks_amount(question: str) -> bool:
    """Whether a question is after a number of something."""
    return _ASKS_AMOUNT.search(question) is not None


def units(text: str) -> frozenset[str]:
    """The stems of what the text's numbers count."""
    return frozenset(stem(found["unit"].lower()) for found in _AMOUNT.finditer(text))
