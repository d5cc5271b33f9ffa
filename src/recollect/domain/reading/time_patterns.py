r"""One regular expression that finds every expression of time, named by the way it is resolved.

All alternatives start with a word or digit and repeat nothing without a bound, so a scan is linear in the text.
"""

import re
from collections.abc import Iterable

from recollect.domain.reading.time_words import (
    COUPLE,
    DAY_PARTS,
    FULL_MONTHS,
    FULL_WEEKDAYS,
    HOLIDAYS,
    HOURS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    SEASONS,
    VAGUE,
    WEEKDAYS,
)


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted((re.escape(w) for w in words), key=len, reverse=True)) + ")"


_MONTH = _any(MONTHS) + r"\b\.?"
_FULL_MONTH = _any(FULL_MONTHS)
_WEEKDAY = _any(FULL_WEEKDAYS)
_ANY_WEEKDAY = _any(WEEKDAYS)
_SEASON = _any(SEASONS)
_PART = _any(DAY_PARTS)
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_UNIT = r"(?:minute|min|hour|day|week|month|year)s?"
_COUNT = rf"(?:\d{{1,3}}|an?|{_any(NUMBERS)}|{_any(VAGUE)}|{_any(COUPLE)})"
_HOLIDAY = _any(HOLIDAYS).replace("'", "['’]")
_CLOCK = r"(?:\d{1,2}:\d\d(?::\d\d)?\s?(?:[ap]m\b|[ap]\.m\.)?|\d{1,2}\s?(?:[ap]m\b|[ap]\.m\.)|noon|midnight)"
_BEFORE_MONTH = r"(?:in|since|until|till|by|during|of|from|to|before|after|around)"
_SOFT = r"(?:early|mid|late|the end of|the beginning of)[\s-]+"
_ORDINAL = _any(ORDINALS)
_ENDS = r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:I|we|he|she|they|it|at|and|but|my|our)\b)"

PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?"),
    ("slash", r"\d{1,2}[/.]\d{1,2}[/.]\d{4}"),
    ("years", rf"(?:from|between)\s+{_YEAR}\s+(?:to|and|until|till)\s+{_YEAR}"),
    ("months", rf"(?:from|between)\s+{_FULL_MONTH}\s+(?:to|and|until|till)\s+{_FULL_MONTH}(?:\s+{_YEAR})?"),
    ("past_span", rf"(?:the\s+)?(?:last|past)\s+{_COUNT}\s+{_UNIT}"),
    (
        "around",
        r"(?:the\s+)?(?:day\s+before\s+yesterday|day\s+after\s+tomorrow|(?:week(?:end)?|month|year|spring|summer|autumn|fall|winter)\s+before\s+last|week\s+after\s+next)",
    ),
    ("half_ago", r"half\s+an?\s+(?:hour|year)\s+ago"),
    ("ago", rf"{_COUNT}\s+(?:{_UNIT}|(?:{_WEEKDAY}|{_SEASON})s?)\s+ago"),
    ("ahead", rf"in\s+{_COUNT}\s+{_UNIT}(?:['’]\s+time)?"),
    ("day_word", rf"(?:yesterday|tomorrow)(?:\s+{_PART})?|(?:earlier\s+|later\s+)?today|tonight|last\s+night"),
    ("other_day", r"the\s+other\s+day"),
    ("this_part", r"this\s+(?:morning|afternoon|evening)"),
    ("last_holiday", rf"(?:(?:last|next|this|on|at)\s+)?{_HOLIDAY}"),
    ("week_of", rf"(?:the\s+)?week\s+of\s+(?:{_MONTH}\s+{_DAY}|(?:the\s+)?{_DAY}(?:\s+of)?\s+{_MONTH})"),
    ("month_day", rf"(?:on\s+)?{_MONTH}\s+(?:the\s+)?{_DAY}\b(?!:)(?:,?\s+{_YEAR})?"),
    ("day_month", rf"(?:on\s+)?(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?"),
    ("quarter", rf"Q[1-4]\s+(?:of\s+)?{_YEAR}"),
    ("nth_of_month", rf"(?:on\s+)?(?:the\s+)?{_ORDINAL}\s+of\s+{_MONTH}(?:,?\s+{_YEAR})?"),
    ("month_year", rf"(?:in\s+)?(?:{_SOFT})?{_MONTH},?\s+(?:of\s+)?{_YEAR}"),
    (
        "turn",
        rf"(?:last|next|this|past|coming)\s+(?:week(?:end)?|month|year|{_SEASON}|{_FULL_MONTH}|{_WEEKDAY}(?:\s+{_PART})?)",
    ),
    ("season_year", rf"(?:in\s+)?(?:the\s+)?{_SEASON}\s+(?:of\s+)?{_YEAR}"),
    ("lone_month", rf"{_BEFORE_MONTH}\s+(?:{_SOFT})?{_FULL_MONTH}(?!\s+(?:be|have|need|want|not)\b)"),
    ("decade", r"in\s+the\s+(?:early\s+|late\s+)?(?:(?:19|20)\d0|\d0)['’]?s"),
    (
        "weekday",
        rf"(?:on|by|until|till|since|before|after|for|is|was)\s+{_ANY_WEEKDAY}\b(?:\s+{_PART})?|{_WEEKDAY}\s+{_PART}"
        rf"|(?<!every )(?<!each )(?<!of )(?<!love ){_WEEKDAY}(?=\s*(?:[.!?;]|$))",
    ),
    ("ordinal", rf"on\s+the\s+(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th){_ENDS}"),
    (
        "year",
        rf"(?:in|since|until|till|by|from|of|during|before|after|around|year|early|mid|late)[\s-]+{_YEAR}(?![\d,.]*\d)(?!\s+\w+s\b)",
    ),
    ("named_year", rf"the\s+{_YEAR}(?=\s+[a-z]+)"),
    ("clock", rf"(?:at\s+|by\s+|@\s?){_CLOCK}|\d{{1,2}}(?::\d\d)?\s?[ap]m\b"),
    ("bare_clock", rf"at\s+(?:1[0-2]|[1-9]|{_any(HOURS)})(?![\d:.%]\d|\s*%)"),
)

SCAN = re.compile(r"\b(?:" + "|".join(f"(?P<{name}>{body})" for name, body in PATTERNS) + r")(?!\w)", re.IGNORECASE)
# A text without any of these holds no expression of time; looking first spares most texts the scan.
TRIGGER = re.compile(
    rf"\d|\b(?:ago|last|past|next|this|in|yesterday|tomorrow|to(?:day|night)|the|{_ANY_WEEKDAY}|{_FULL_MONTH}|noon|{_HOLIDAY})\b",
    re.IGNORECASE,
)
FUTURE = re.compile(
    r"\b(?:will|won['’]t|going\s+to|gonna|shall|tomorrow|(?:plan|plans|planning|want|wants|hope|hoping|about|like)\s+to)\b|['’]ll\b|"
    # "I'm moving on the 24th": what is arranged is told in the present progressive.
    r"(?:\b(?:am|is|are)|['’](?:m|re|s))\s+(?:moving|going|leaving|flying|travell?ing|arriving|coming|starting|getting|having|"
    r"meeting|visiting|seeing|taking|marrying|hosting)\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:was|were|had|did|went|got|saw|met|ran|came|made|took|gave|told|said|left|began|bought|brought|built|broke|chose|"
    r"drove|ate|fell|felt|found|flew|forgot|heard|held|kept|knew|lost|paid|read|rode|sent|slept|spent|spoke|stood|swam|"
    r"taught|thought|threw|understood|woke|won(?!['’]t)|wrote|been|grew|sold|quit|sang|drank|wore|caught|fought|taken|seen|done|"
    r"(?<!-)(?!(?:need|exceed|speed|proceed|succeed|feed|indeed|excited|motivated|talented|interested|tired|worried|supposed|based|"
    r"located|related|detailed|advanced|complicated|mixed|scared|hundred|allowed|stuffed|married|dedicated|experienced)\b|\w+-)\w{2,20}ed)\b",
    re.IGNORECASE,
)
