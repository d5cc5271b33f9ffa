r"""One regular expression that finds the times a question names, each form by the name of the rule that reads it.

It repeats nothing without a bound, so a scan is linear in the question.
"""

import re
from collections.abc import Iterable
from typing import Final

from recollect.domain.reading.time_words import (
    COUPLE,
    FULL_MONTHS,
    FULL_WEEKDAYS,
    MONTHS,
    NUMBERS,
    SEASONS,
    VAGUE,
)
from recollect.recall.time_holidays import HOLIDAYS


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest that fits."""
    return "(?:" + "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True)) + ")"


TENS: Final = {
    name: 1900 + 10 * number
    for number, name in enumerate(("twenties", "thirties", "forties", "fifties", "sixties"), start=2)
} | {"seventies": 1970, "eighties": 1980, "nineties": 1990}

MONTH: Final = any_of(MONTHS) + r"\b\.?"
FULL_MONTH: Final = any_of(FULL_MONTHS)
WEEKDAY: Final = any_of(FULL_WEEKDAYS)
SEASON: Final = any_of(SEASONS)
HOLIDAY: Final = any_of(HOLIDAYS).replace("'", "['’]?")
YEAR: Final = r"(?:19|20)\d\d"
DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
COUNT: Final = rf"(?:\d{{1,3}}|an?|{any_of(NUMBERS)}|(?:a\s+)?{any_of(VAGUE)}|{any_of(COUPLE)})"
UNIT: Final = r"(?:minute|hour|day|night|week|fortnight|month|quarter|year|decade)"
PART: Final = r"(?:morning|afternoon|evening|night)"
WHICH: Final = r"(?:last|this|next|past|previous|coming)"
LEADS: Final = (
    r"(?:in|of|during|since|by|until|till|before|after|last|this|next|around|through|throughout|from|to|between|and|"
    r"or|over|early|late|mid|was\s+it|the\s+month\s+of)"
)
_ENDS = r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:I|we|he|she|they|it|at|and|but|with|my|our)\b)"
_OWNED = r"(?:the|my|our|his|her|their|your)"
_COUNTED = (
    r"(?!\s+(?:dollars?|euros?|pounds?|bucks|words?|people|steps|miles|km|kilomet\w+|met\w+|calories|hours?|minutes?|"
    r"days?|times|pages|points|items|files|rows|users|kcal|kg|grams?|ml|feet)\b)"
)

FORMS: Final[tuple[tuple[str, str], ...]] = (
    ("iso", r"\d{4}-\d\d(?:-\d\d)?(?![-\d])"),
    ("slash", r"\d{1,2}(?P<mark>[/.])\d{1,2}(?P=mark)(?:\d{4}|\d\d)(?![/.]?\d)"),
    ("rolling", rf"(?:(?:in|over|during|within|for|throughout)\s+)?the\s+(?:last|past)\s+{COUNT}\s+{UNIT}s?"),
    ("rolling_one", rf"(?:in|over|during|within|throughout)\s+the\s+(?:last|past)\s+{UNIT}(?!\s+of)"),
    ("past_one", rf"the\s+past\s+{UNIT}(?!\s+of)"),
    (
        "day_word",
        rf"(?:the\s+)?day\s+(?:before\s+yesterday|after\s+tomorrow)|(?:yesterday|tomorrow)(?:\s+{PART})?|today|tonight"
        rf"|last\s+night|this\s+(?:morning|afternoon|evening)",
    ),
    ("other_day", r"the\s+other\s+(?:day|night|week)"),
    ("twice", rf"(?:the\s+)?(?:week(?:end)?|month|year|{SEASON})\s+before\s+last|(?:the\s+)?week\s+after\s+next"),
    ("ago", rf"(?:half\s+an?|{COUNT})\s+(?:{UNIT}|{WEEKDAY}|{SEASON})s?\s+(?:ago|back)"),
    ("ahead", rf"in\s+{COUNT}\s+{UNIT}s?(?:['’]\s+time)?"),
    ("week_of", rf"(?:the\s+)?week\s+of\s+(?:{MONTH}\s+{DAY}|(?:the\s+)?{DAY}(?:\s+of)?\s+{MONTH})"),
    ("month_day", rf"{MONTH}\s+(?:the\s+)?{DAY}\b(?![:\d])|{DAY}\s+(?:of\s+)?{MONTH}"),
    (
        "turn",
        rf"{WHICH}\s+(?:week(?:end)?|month|year|quarter|decade|{SEASON}|{FULL_MONTH}|{WEEKDAY}|{HOLIDAY})(?!\s+of\b)"
        rf"(?:\s+{PART})?",
    ),
    ("weekend", r"(?:over|on|at|during)\s+the\s+weekend"),
    ("quarter", r"q[1-4]|(?:first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter"),
    ("holiday", HOLIDAY),
    (
        "year_month",
        rf"{FULL_MONTH}(?=,?\s+(?:of\s+)?(?:{YEAR}|last\s+year|this\s+year|next\s+year))|{MONTH}(?=\s+{YEAR})",
    ),
    ("led_month", rf"{LEADS}[\s-]+(?:the\s+)?{FULL_MONTH}(?!\s+(?:be|have|need|want|not|I|we|you|(?:the\s+)?{DAY})\b)"),
    ("owned_month", rf"{_OWNED}\s+{FULL_MONTH}(?=\s+[a-z]{{3}})"),
    ("season", rf"{LEADS}[\s-]+(?:the\s+)?{SEASON}|{SEASON}(?=\s+(?:of\s+)?(?:{YEAR}|last\s+year))"),
    ("decade", rf"the\s+(?:early\s+|late\s+|mid[\s-])?(?:(?:(?:19|20)\d|['’]?\d)0['’]?s|{any_of(TENS)})"),
    (
        "weekday",
        rf"(?:on|by|until|till|since|before|after|from|to|and|or)\s+{WEEKDAY}(?:\s+{PART})?|{WEEKDAY}\s+{PART}",
    ),
    ("ordinal", rf"on\s+the\s+(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th){_ENDS}"),
    ("year", rf"(?<![/.$€£#\d])(?:(?<!-)|(?<=mid-)){YEAR}(?![-/.]?\d|s\b){_COUNTED}"),
    ("short_year", r"(?:in|of|since|until|before|after)\s+['’]\d\d"),
    ("unit", r"the\s+(?:week|month|quarter|year|decade)"),
)

SCAN: Final = re.compile(
    r"(?<![\w'’])(?:" + "|".join(f"(?P<{name}>{body})" for name, body in FORMS) + r")(?![\w])", re.IGNORECASE
)

SIGNS: Final = frozenset(
    """
    ago back last past next this previous coming other yesterday today tonight tomorrow q1 q2 q3 q4 quarter weekend
    minute minutes hour hours day days night week weeks fortnight month months quarters year years decade decades
    christmas xmas holidays halloween valentine valentines independence patrick boxing good easter thanksgiving mother
    mothers father fathers memorial labor
    """.split()  # noqa: SIM905 - as words they are easier to check against the forms
) | {*MONTHS, *FULL_WEEKDAYS, *SEASONS, *TENS}
"""One of these words, or a digit, is in every question that names a time; looking first spares most the scan."""
