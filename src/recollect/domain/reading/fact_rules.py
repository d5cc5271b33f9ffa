"""Rules for what people say of themselves and others: a pattern for what follows the subject, and the facts it makes.

Adverbs in front of the verb are taken out first (``plainly``). A rule's pattern is matched right behind the subject
("I", "My sister Anna"), so each starts with a contraction or a space. The group ``no`` marks a negation; every
repetition is bounded. The rules themselves stand in ``life_rules.py`` and ``taste_rules.py``.
"""

import re
from dataclasses import dataclass

from recollect.domain.reading.fact_values import Cleaner

BE = r"(?:['’](?:m|s|re)|\s+(?:am|is|are))(?P<no>n['’]t|\s+not|\s+no\s+longer)?\s+"
NO = r"(?:(?P<no>don['’]?t|do\s+not|doesn['’]?t|does\s+not|no\s+longer|never|didn['’]?t)\s+)?"
DO = rf"\s+(?:do\s+)?{NO}"
HAVE = r"(?:['’]ve|['’]s|\s+have|\s+has)\s+"
DID = r"(?:['’]ve|['’]s)?\s+(?:(?:have|has)\s+)?"
NUMBER = (
    r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
EMAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"


@dataclass(frozen=True, slots=True)
class Make:
    """A fact that a rule makes.

    Attributes:
        group: the pattern's group that holds the value, or ``=value`` for a fixed one.
        attribute: of the subject.
        clean: turns what was caught into values; none means the rule does not hold.
        says: the sentence for a value, third person; ``{s}`` subject, ``{v}`` value.
        denies: the sentence when negated. single: a new value replaces the old. ends: it always denies.
    """

    group: str
    attribute: str
    clean: Cleaner
    says: str
    denies: str = ""
    single: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what it makes; the first fact must hold, the others are extras."""

    pattern: re.Pattern[str]
    makes: tuple[Make, ...]
    confidence: float = 0.9


def rule(pattern: str, *makes: Make, confidence: float = 0.9) -> Rule:
    """Compiles a rule."""
    # A pattern may hold several negations; groups need different names: no, no1, no2.
    first, *others = pattern.split("(?P<no>")
    numbered = "".join(f"(?P<no{number or ''}>{part}" for number, part in enumerate(others))
    return Rule(re.compile(first + numbered, re.IGNORECASE | re.DOTALL), makes, confidence)


def many(group: str, attribute: str, clean: Cleaner, verb: str, denied: str, *, ends: bool = False) -> Make:
    """Returns a fact whose values add up; ``verb`` and ``denied`` stand between subject and value."""
    return Make(group, attribute, clean, f"{{s}} {verb} {{v}}", f"{{s}} {denied} {{v}}", ends=ends)


REACH_ME = re.compile(
    rf"\b(?:reach|contact|e-?mail|mail|write\s+to|ping)\s+me\s+(?:at|on|via)\s+(?P<v>{EMAIL})", re.IGNORECASE
)
EMAIL_ADDRESS = re.compile(EMAIL)

_ADVERB = (
    r"(?:currently|now|also|just|recently|actually|really|still|always|absolutely|only|mostly|mainly|usually|finally|already|"
    r"officially|truly|totally|personally|simply|even|generally|especially|particularly|definitely|both|secretly|kinda|"
    r"sort\s+of|kind\s+of|honestly|completely|deeply|genuinely|obviously|certainly|probably|often|sometimes|all)"
)
_HEAD = re.compile(
    rf"(?:['’](?:m|s|re|ve|d))?(?:\s+(?:am|is|are|have|has|do|does|don['’]?t|doesn['’]?t|didn['’]?t|isn['’]t|aren['’]t|"
    rf"not|never|no\s+longer|been|can['’]?t|{_ADVERB})(?=\s)){{1,8}}",
    re.IGNORECASE,
)
_ADVERBS = re.compile(rf"\s+{_ADVERB}(?!\S)", re.IGNORECASE)


def plainly(rest: str) -> str:
    """Returns what follows a subject without the adverbs between it and its verb: "'m really into" -> "'m into"."""
    head = _HEAD.match(rest)
    if head is None:
        return rest
    return _ADVERBS.sub("", head.group()) + rest[head.end() :]
