"""What people say of themselves and of others, as rules: a pattern for what follows the subject, and the facts it makes.

A rule's pattern is matched right behind the subject ("I", "My sister Anna"), so each starts with a contraction or a space.
The group ``no`` marks a negation; every repetition is bounded.
"""

import re
from dataclasses import dataclass

from recollect.domain.reading import fact_values as values
from recollect.domain.reading.fact_values import NAME, Cleaner
from recollect.domain.reading.person_words import DIETS

ADVERBS = (
    r"(?:(?:currently|now|also|just|recently|actually|really|still|always|absolutely|only|mostly|mainly|usually|finally|already|"
    r"officially|truly|totally|personally|simply|even|generally|especially|particularly|definitely|have|has|['’]ve|both|secretly|"
    r"do|kinda|sort\s+of)\s+){0,3}"
)
_BE = rf"(?:['’](?:m|s|re)|\s+(?:am|is|are))(?P<no>n['’]t|\s+not|\s+no\s+longer)?\s+{ADVERBS}"
_NO = r"(?:(?P<no>don['’]?t|do\s+not|doesn['’]?t|does\s+not|no\s+longer|never|didn['’]?t)\s+)?"
_DO = rf"\s+{ADVERBS}{_NO}{ADVERBS}"
_HAVE = rf"(?:['’]ve|['’]s|\s+have|\s+has)\s+{ADVERBS}"
_DID = rf"(?:['’]ve|['’]s)?\s+{ADVERBS}"
_NUMBER = r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"


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


def _rule(pattern: str, *makes: Make, confidence: float = 0.9) -> Rule:
    # A pattern may hold several negations; groups need different names: no, no1, no2.
    first, *others = pattern.split("(?P<no>")
    numbered = "".join(f"(?P<no{number or ''}>{part}" for number, part in enumerate(others))
    return Rule(re.compile(first + numbered, re.IGNORECASE | re.DOTALL), makes, confidence)


def _location(clean: Cleaner = values.place, *, ends: bool = False) -> Make:
    return Make("v", "location", clean, "{s} lives in {v}", "{s} no longer lives in {v}", single=True, ends=ends)


def _employer(group: str = "v", clean: Cleaner = values.organisation_or_phrase, *, ends: bool = False) -> Make:
    return Make(group, "employer", clean, "{s} works at {v}", "{s} no longer works at {v}", single=True, ends=ends)


def _occupation(clean: Cleaner, group: str = "job", *, ends: bool = False) -> Make:
    return Make(group, "occupation", clean, "{s} works as {v}", "{s} no longer works as {v}", single=True, ends=ends)


def _status(group: str) -> Make:
    return Make(group, "relationship_status", values.as_told, "{s} is {v}", "{s} is not {v}", single=True)


def _many(group: str, attribute: str, clean: Cleaner, verb: str, denied: str, *, ends: bool = False) -> Make:
    return Make(group, attribute, clean, f"{{s}} {verb} {{v}}", f"{{s}} {denied} {{v}}", ends=ends)


_LIKES = _many("v", "likes", values.phrases, "likes", "no longer likes")
_DISLIKES = Make("v", "dislikes", values.phrases, "{s} dislikes {v}", "{s} does not dislike {v}")
_FAN = _many("v", "likes", values.noun, "likes", "does not like")
_SPOUSE = Make("v", "spouse", values.person, "{s} is married to {v}", "{s} is no longer married to {v}", single=True)
_PARTNER = Make("v", "partner", values.person, "{s}'s partner is {v}", "{s}'s partner is no longer {v}", single=True)
_DIET = Make("v", "diet", values.as_told, "{s}'s diet is {v}", "{s} is no longer {v}", single=True)
_ALLERGY = _many("v", "allergy", values.phrases, "is allergic to", "is not allergic to")
_SCHOOL = _many("school", "school", values.organisation, "studied at", "did not study at")
_FIELD = _many("v", "field_of_study", values.noun, "studied", "did not study")
_OWNS = _many("v", "owns", values.noun, "owns", "no longer owns")
_GOAL = _many("v", "goal", values.goal, "wants to", "does not want to")
_LANGUAGE = _many("v", "language", values.languages, "speaks", "does not speak")
_EAT = _many("v", "eats", values.phrases, "eats", "does not eat")
_DRINK = _many("v", "drinks", values.phrases, "drinks", "does not drink")

_WORK_PLACE = r"(?P<v>.+?)(?:\s+as\s+(?:an?|the)\s+(?P<job>.+))?$"
_HOME = (
    _rule(rf"{_DO}(?:lives?|resides?)\s+(?:in|near|at)\s+(?P<v>.+)", _location(values.place_or_phrase)),
    _rule(rf"{_BE}(?:living|based|located)\s+in\s+(?P<v>.+)", _location()),
    _rule(rf"{_HAVE}(?:been\s+)?(?:living|lived|based)\s+in\s+(?P<v>.+)", _location()),
    _rule(r"\s+used\s+to\s+live\s+in\s+(?P<v>.+)", _location(ends=True)),
    _rule(rf"{_DID}(?:moved|relocated)\s+(?:(?:out\s+here\s+)?from\s+[^,]{{2,40}}?\s+)?(?:back\s+|over\s+)?to\s+(?P<v>.+)", _location()),
    _rule(rf"{_DID}moved\s+(?:in)?to\s+(?:an?|our|my|the)\s+(?:\w+\s+){{1,3}}in\s+(?P<v>.+)", _location()),
    _rule(rf"{_DID}(?:moved\s+(?:away|out)\s+(?:from|of)|left)\s+(?P<v>.+?)\s+for\s+good", _location(ends=True)),
    _rule(rf"{_BE}(?:originally\s+)?from\s+(?P<v>.+)", Make("v", "origin", values.place, "{s} is from {v}", "{s} is not from {v}", single=True)),
    _rule(
        r"(?:\s+(?:was|were)\s+born(?:\s+and\s+(?:raised|grew\s+up))?|\s+(?:originally\s+)?comes?|\s+grew\s+up|\s+was\s+raised)\s+(?:in|from)\s+(?P<v>.+)",
        Make("v", "origin", values.place, "{s} is from {v}", single=True),
    ),
    _rule(r"\s+(?:was|were)\s+born\s+on\s+(?P<v>.+)", Make("v", "birthday", values.date_phrase, "{s} was born on {v}", single=True)),
    _rule(r"\s+(?:was|were)\s+born\s+in\s+(?P<v>(?:19|20)\d\d)", Make("v", "birth_year", values.as_told, "{s} was born in {v}", single=True)),
)  # fmt: skip
_WORK = (
    _rule(rf"{_DO}works?\s+as\s+(?:(?:an?|the)\s+)?(?P<job>.+?)(?:\s+(?:at|for)\s+(?P<v>.+))?$", _occupation(values.any_job), _employer(clean=values.organisation)),
    _rule(rf"{_DO}works?\s+(?:(?:remotely|part[- ]time|full[- ]time)\s+)?(?:at|for|with)\s+{_WORK_PLACE}", _employer(), _occupation(values.any_job)),
    _rule(rf"(?:{_BE}|{_HAVE}(?:been\s+)?)(?:working|worked|employed)\s+as\s+(?:an?|the)\s+(?P<job>.+?)(?:\s+(?:at|for|by)\s+(?P<v>.+))?$", _occupation(values.any_job), _employer(clean=values.organisation)),
    _rule(rf"(?:{_BE}|{_HAVE}(?:been\s+)?)(?:working|worked|employed)\s+(?:at|for|by)\s+{_WORK_PLACE}", _employer(), _occupation(values.any_job)),
    _rule(rf"\s+used\s+to\s+work\s+(?:at|for)\s+(?P<v>.+)", _employer(ends=True)),
    _rule(rf"\s+used\s+to\s+(?:be|work\s+as)\s+(?:an?|the)\s+(?P<job>.+)", _occupation(values.job, ends=True)),
    _rule(rf"{_DID}(?:quit|left|lost|resigned\s+from|gave\s+up)\s+(?:my|his|her|their)\s+(?:old\s+)?(?:job|position|role)\s+(?:at|with)\s+(?P<v>.+)", _employer(ends=True)),
    _rule(rf"{_DID}(?:quit|left|lost|gave\s+up)\s+(?:my|his|her|their)\s+(?:job|position|role)\s+as\s+(?:an?|the)\s+(?P<job>.+)", _occupation(values.any_job, ends=True)),
    _rule(rf"{_DID}(?:stopped\s+working\s+(?:at|for)|resigned\s+from|got\s+fired\s+from|was\s+(?:fired|laid\s+off)\s+(?:from|by|at)|quit)\s+(?P<v>.+)", _employer(clean=values.organisation, ends=True)),
    _rule(rf"{_DID}left\s+(?P<v>.+)", _employer(clean=values.company, ends=True), confidence=0.75),
    _rule(rf"{_DID}(?:started|got|accepted|took|landed|began|have|has)\s+(?:(?:a|my|his|her)\s+)?(?:new\s+)?(?:job|position|role|work|working)\s+(?:(?:as\s+(?:an?|the)\s+(?P<job>.+?)\s+)?(?:at|with|for))\s+(?P<v>.+)", _employer(), _occupation(values.any_job)),
    _rule(rf"{_DID}joined\s+(?P<v>.+?)(?:\s+as\s+(?:an?|the)\s+(?P<job>.+))?$", _employer(clean=values.company), _occupation(values.any_job), confidence=0.75),
    _rule(rf"{_BE}(?:an?|the)\s+(?P<job>.+?)(?:\s+(?:at|for|of|with)\s+(?P<v>.+))?$", _occupation(values.job), _employer(clean=values.organisation)),
    _rule(rf"{_DO}teach(?:es)?\s+(?P<job>[\w ]{{2,30}}?)\s+(?:at|to|in)\s", _occupation(values.taught)),
    _rule(rf"{_DO}works?\s+in\s+(?:the\s+)?(?P<job>.+)", _occupation(values.sector)),
    _rule(rf"{_BE}(?P<job>retired|unemployed|self-employed|between\s+jobs)\b", _occupation(values.as_told)),
)  # fmt: skip
_SELF = (
    _rule(rf"{_BE}(?P<v>{_NUMBER})(?:\s+(?:years?\s+old|years\s+of\s+age))?(?:\s+now)?[\s.!,]*$", Make("v", "age", values.age, "{s} is {v} years old", "{s} is not {v} years old", single=True)),
    _rule(rf"{_BE}(?P<v>{_NUMBER})\s+years?\s+old\b", Make("v", "age", values.age, "{s} is {v} years old", "{s} is not {v} years old", single=True)),
    _rule(rf"{_DID}turned\s+(?P<v>{_NUMBER})\b", Make("v", "age", values.age, "{s} is {v} years old", single=True)),
    _rule(rf"{_BE}(?:happily\s+|newly\s+)?(?P<status>married)\s+to\s+(?P<v>.+)", _SPOUSE, _status("status")),
    _rule(rf"{_BE}(?P<status>engaged)\s+to\s+(?P<v>.+)", _PARTNER, _status("status")),
    _rule(rf"{_BE}(?:happily\s+|newly\s+)?(?P<status>single|married|divorced|engaged|widowed|separated|in\s+a\s+relationship)(?=[\s.!,]*$|\s+(?:now|again|since|for|with|and|at|right))", _status("status")),
    _rule(rf"{_DID}got\s+(?P<status>married)\s+to\s+(?P<v>.+)", _SPOUSE, _status("status")),
    _rule(rf"{_DID}(?:got\s+)?(?P<status>married)\s+(?P<v>{NAME})(?=[\s.!,]*$|\s+(?:in|last|on)\b)", _SPOUSE, _status("status")),
    _rule(rf"{_DID}got\s+(?P<status>married|divorced|engaged)(?=[\s.!,]*$|\s+(?:in|last|on|this|yesterday|at|a|two|three|\d|recently))", _status("status")),
    _rule(rf"{_BE}getting\s+married\b(?:\s+to\s+(?P<v>.+))?", Make("=engaged", "relationship_status", values.as_told, "{s} is {v}", single=True), _PARTNER),
    _rule(rf"{_DID}(?:broke|split)\s+up\s+with\s+(?P<v>{NAME})", Make("v", "partner", values.person, "", "{s}'s partner is no longer {v}", single=True, ends=True)),
    _rule(rf"\s+(?:am|go|goes)\s+(?:called|by)\s+(?P<v>{NAME})[\s.!]*$", Make("v", "name", values.given_name, "{s}'s name is {v}", single=True)),
)  # fmt: skip
_FOOD = (
    _rule(rf"{_BE}(?:an?\s+)?(?:strict\s+|strictly\s+)?(?P<v>{'|'.join(DIETS)})\b(?!\s+(?:food|restaurant|meal|chef))", _DIET),
    _rule(rf"{_DID}(?:gone|went|go|became|become|turned)\s+(?:an?\s+)?(?P<v>{'|'.join(DIETS)})\b", _DIET),
    _rule(rf"(?:{_BE}|{_DO}follows?\s+)(?:on\s+)?an?\s+(?:strict\s+)?(?P<v>[\w-]{{3,20}})\s+diet\b", _DIET),
    _rule(rf"{_BE}(?:an?\s+)?(?P<v>lactose|gluten|fructose|histamine)[\s-]+intolerant", _ALLERGY),
    _rule(rf"{_BE}(?:\w+ly\s+)?allergic\s+to\s+(?P<v>.+)", _ALLERGY),
    _rule(r"\s+(?:have|has)\s+an?\s+(?:\w+\s+)?(?P<v>[\w-]+)\s+allergy\b", _ALLERGY),
    _rule(r"\s+(?:can['’]?t|cannot|can\s+not|(?:['’]ve\s+|have\s+)?(?:stopped|quit|gave\s+up|given\s+up))\s+eat(?:ing)?\s+(?P<v>.+)", _many("v", "eats", values.phrases, "", "does not eat", ends=True)),
    _rule(r"\s+(?:can['’]?t|cannot|can\s+not|(?:['’]ve\s+|have\s+)?(?:stopped|quit|gave\s+up|given\s+up))\s+drink(?:ing)?\s+(?P<v>.+)", _many("v", "drinks", values.phrases, "", "does not drink", ends=True)),
    _rule(rf"{_DO}eats?\s+(?P<v>.+)", _EAT),
    _rule(rf"{_DO}drinks?\s+(?P<v>.+)", _DRINK),
)  # fmt: skip
_TASTE = (
    _rule(rf"\s+{ADVERBS}(?:don['’]?t|do\s+not|doesn['’]?t|does\s+not|no\s+longer)\s+{ADVERBS}(?:likes?|loves?|enjoys?)\s+(?P<v>.+?)\s+any\s?(?:more|longer)\b", _many("v", "likes", values.phrases, "", "no longer likes", ends=True)),
    _rule(rf"\s+{ADVERBS}no\s+longer\s+{ADVERBS}(?:likes?|loves?|enjoys?)\s+(?P<v>.+)", _many("v", "likes", values.phrases, "", "no longer likes", ends=True)),
    _rule(rf"\s+{ADVERBS}(?:don['’]?t|do\s+not|doesn['’]?t|does\s+not|never)\s+{ADVERBS}(?:like|love|enjoy|care\s+for)\s+(?P<v>.+)", _DISLIKES),
    _rule(rf"\s+{ADVERBS}(?:likes?|loves?|enjoys?|adores?)\s+(?P<v>.+)", _LIKES),
    _rule(rf"\s+{ADVERBS}(?:hates?|dislikes?|detests?|despises?|can['’]?t\s+stand|cannot\s+stand)\s+(?P<v>.+)", _DISLIKES),
    _rule(rf"(?:['’](?:m|s|re)|\s+(?:am|is|are))(?:n['’]t|\s+not)\s+{ADVERBS}(?:(?:a\s+)?(?:big\s+|huge\s+)?fan\s+of|into|fond\s+of|keen\s+on)\s+(?P<v>.+)", _DISLIKES),
    _rule(rf"{_BE}(?:(?:a\s+)?(?:big\s+|huge\s+|massive\s+|lifelong\s+)?fan\s+of|(?:very\s+|big\s+)?into|(?:very\s+)?fond\s+of|keen\s+on|obsessed\s+with|passionate\s+about)\s+(?P<v>.+)", _FAN),
    _rule(rf"{_DO}prefers?\s+(?P<v>.+?)(?:\s+(?:to|over|rather\s+than|instead\s+of)\s.*)?$", _many("v", "prefers", values.noun, "prefers", "does not prefer")),
)  # fmt: skip
_DOING = (
    _rule(r"\s+(?:can\s+)?(?:also\s+)?speaks?\s+(?P<v>.+)", _LANGUAGE),
    _rule(r"\s+(?:am|is|are)?(?:fluent|am\s+fluent|is\s+fluent)\s+in\s+(?P<v>.+)", _LANGUAGE),
    _rule(rf"(?:{_BE}|{_DID}started\s+)(?:learning|teaching\s+myself)\s+(?:how\s+)?(?:to\s+)?(?P<v>.+)", _many("v", "learning", values.learned_noun, "is learning", "is no longer learning")),
    _rule(rf"{_DO}plays?\s+(?P<v>.+)", _many("v", "plays", values.played, "plays", "does not play")),
    _rule(rf"{_DO}(?:do(?:es)?|practi[cs]es?)\s+(?P<v>.+)", _many("v", "hobby", values.practised, "practises", "no longer practises")),
    _rule(r"\s+(?:do(?:es)?|practi[cs]es?)\s+(?P<v>.+)", _many("v", "hobby", values.practised, "practises", "no longer practises")),
    _rule(rf"(?:{_BE}studying|{_DID}(?:studied|stud(?:y|ies)|majored\s+in))\s+(?P<v>[\w ]{{2,40}}?)(?:\s+at\s+(?P<school>.+))?[\s.!]*$", _FIELD, _SCHOOL),
    _rule(rf"{_DID}(?:graduated\s+from|(?:studied|study|studies|went\s+to\s+(?:university|college|school))\s+at|attended|attends?)\s+(?P<school>.+)", _SCHOOL),
    _rule(rf"{_DO}(?:have|has|hold|holds|got|did)\s+(?:an?|my|his|her)\s+(?P<v>(?:PhD|doctorate|master['’]?s(?:\s+degree)?|bachelor['’]?s(?:\s+degree)?|degree|MBA|BSc|MSc|diploma)(?:\s+in\s+[\w ]{{2,40}})?)", _many("v", "degree", values.phrase, "has a", "has no")),
    _rule(rf"\s+{ADVERBS}drives?\s+(?:an?|my)\s+(?P<v>.+)", Make("v", "vehicle", values.make, "{s} drives a {v}", single=True)),
    _rule(rf"{_DO}own(?:s|ed)?\s+(?P<v>(?:an?|the|my|two|three)\s.+)", _OWNS),
    _rule(rf"{_DID}(?:bought|purchased)\s+(?:myself\s+)?(?P<v>(?:an?|my\s+first|our\s+first|our|the)\s.+)", _OWNS),
    _rule(rf"{_DID}(?:sold|gave\s+away)\s+(?P<v>(?:my|our|his|her)\s.+)", _many("v", "owns", values.noun, "", "no longer owns", ends=True)),
    _rule(rf"(?:{_DO}(?:wants?|plans?|hopes?|intends?|aims?)\s+to|\s+wanna|{_BE}(?:planning|hoping|aiming|determined)\s+to|['’]d\s+(?:really\s+)?(?:like|love)\s+to|\s+would\s+(?:really\s+)?(?:like|love)\s+to)\s+(?P<v>.+)", _GOAL, confidence=0.8),
)  # fmt: skip
RULES: tuple[Rule, ...] = (*_HOME, *_FOOD, *_WORK, *_SELF, *_TASTE, *_DOING)
REACH_ME = re.compile(rf"\b(?:reach|contact|e-?mail|mail|write\s+to|ping)\s+me\s+(?:at|on|via)\s+(?P<v>{_EMAIL})", re.IGNORECASE)
EMAIL = re.compile(_EMAIL)
