"""Rules for where people live and come from, what they work as, how old they are and with whom they live."""

from recollect.domain.reading import fact_values as values
from recollect.domain.reading.fact_rules import BE, DID, DO, HAVE, NUMBER, Make, Rule, rule
from recollect.domain.reading.fact_values import NAME, Cleaner


def _location(clean: Cleaner = values.place, *, ends: bool = False) -> Make:
    return Make("v", "location", clean, "{s} lives in {v}", "{s} no longer lives in {v}", single=True, ends=ends)


def _employer(group: str = "v", clean: Cleaner = values.organisation_or_phrase, *, ends: bool = False) -> Make:
    return Make(group, "employer", clean, "{s} works at {v}", "{s} no longer works at {v}", single=True, ends=ends)


def _occupation(clean: Cleaner, group: str = "job", *, ends: bool = False) -> Make:
    return Make(
        group, "occupation", clean, "{s}'s occupation is {v}", "{s} no longer works as {v}", single=True, ends=ends
    )


def _status(group: str) -> Make:
    return Make(group, "relationship_status", values.as_told, "{s} is {v}", "{s} is not {v}", single=True)


_SPOUSE = Make("v", "spouse", values.person, "{s} is married to {v}", "{s} is no longer married to {v}", single=True)
_PARTNER = Make("v", "partner", values.person, "{s}'s partner is {v}", "{s}'s partner is no longer {v}", single=True)

_CHILDREN = Make("v", "number_of_children", values.count, "{s} has {v} children", single=True)
_WORK_PLACE = r"(?P<v>.+?)(?:\s+as\s+(?:an?|the)\s+(?P<job>.+))?$"
_HOME = (
    rule(rf"{DO}(?:lives?|resides?)\s+(?:in|near|at)\s+(?P<v>.+)", _location(values.place_or_phrase)),
    rule(rf"{BE}(?:living|based|located)\s+in\s+(?P<v>.+)", _location()),
    rule(rf"{HAVE}(?:been\s+)?(?:living|lived|based)\s+in\s+(?P<v>.+)", _location()),
    rule(r"\s+used\s+to\s+live\s+in\s+(?P<v>.+)", _location(ends=True)),
    rule(
        rf"{DID}(?:moved|relocated)\s+(?:(?:out\s+here\s+)?from\s+[^,]{{2,40}}?\s+)?(?:back\s+|over\s+)?to\s+(?P<v>.+)",
        _location(),
    ),
    rule(rf"{DID}moved\s+(?:in)?to\s+(?:an?|our|my|the)\s+(?:\w+\s+){{1,3}}in\s+(?P<v>.+)", _location()),
    rule(rf"{DID}(?:moved\s+(?:away|out)\s+(?:from|of)|left)\s+(?P<v>.+?)\s+for\s+good", _location(ends=True)),
    rule(
        rf"{BE}(?:originally\s+)?from\s+(?P<v>.+)",
        Make("v", "origin", values.place, "{s} is from {v}", "{s} is not from {v}", single=True),
    ),
    rule(
        r"(?:\s+(?:was|were)\s+born(?:\s+and\s+(?:raised|grew\s+up))?|\s+(?:originally\s+)?comes?|\s+grew\s+up|\s+was\s+raised)\s+(?:in|from)\s+(?P<v>.+)",
        Make("v", "origin", values.place_or_phrase, "{s} is from {v}", single=True),
    ),
    rule(
        r"\s+(?:was|were)\s+born\s+on\s+(?P<v>.+)",
        Make("v", "birthday", values.date_phrase, "{s} was born on {v}", single=True),
    ),
    rule(
        r"\s+(?:was|were)\s+born\s+in\s+(?P<v>(?:19|20)\d\d)",
        Make("v", "birth_year", values.as_told, "{s} was born in {v}", single=True),
    ),
)
_WORK = (
    rule(rf"{DO}works?\s+(?:\w+\s+){{0,3}}?(?:at|for|in)\s+(?P<v>.+)", _employer(clean=values.workplace)),
    rule(rf"{BE}at\s+(?P<v>.+)", _employer(clean=values.known_organisation), confidence=0.7),
    rule(
        rf"{DO}works?\s+as\s+(?:(?:an?|the)\s+)?(?P<job>.+?)(?:\s+(?:at|for)\s+(?P<v>.+))?$",
        _occupation(values.any_job),
        _employer(clean=values.organisation),
    ),
    rule(
        rf"{DO}works?\s+(?:(?:remotely|part[- ]time|full[- ]time)\s+)?(?:at|for|with)\s+{_WORK_PLACE}",
        _employer(),
        _occupation(values.any_job),
    ),
    rule(
        rf"(?:{BE}|{HAVE}(?:been\s+)?)(?:working|worked|employed)\s+as\s+(?:an?|the)\s+(?P<job>.+?)(?:\s+(?:at|for|by)\s+(?P<v>.+))?$",
        _occupation(values.any_job),
        _employer(clean=values.organisation),
    ),
    rule(
        rf"(?:{BE}|{HAVE}(?:been\s+)?)(?:working|worked|employed)\s+(?:at|for|by)\s+{_WORK_PLACE}",
        _employer(),
        _occupation(values.any_job),
    ),
    rule(r"\s+used\s+to\s+work\s+(?:at|for)\s+(?P<v>.+)", _employer(ends=True)),
    rule(r"\s+used\s+to\s+(?:be|work\s+as)\s+(?:an?|the)\s+(?P<job>.+)", _occupation(values.job, ends=True)),
    rule(
        rf"{DID}(?:quit|left|lost|resigned\s+from|gave\s+up)\s+(?:my|his|her|their)\s+(?:old\s+)?(?:job|position|role)\s+(?:at|with)\s+(?P<v>.+)",
        _employer(ends=True),
    ),
    rule(
        rf"{DID}(?:quit|left|lost|gave\s+up)\s+(?:my|his|her|their)\s+(?:job|position|role)\s+as\s+(?:an?|the)\s+(?P<job>.+)",
        _occupation(values.any_job, ends=True),
    ),
    rule(
        rf"{DID}(?:stopped\s+working\s+(?:at|for)|resigned\s+from|got\s+fired\s+from|was\s+(?:fired|laid\s+off)\s+(?:from|by|at)|quit)\s+(?P<v>.+)",
        _employer(clean=values.organisation, ends=True),
    ),
    rule(rf"{DID}left\s+(?P<v>.+)", _employer(clean=values.company, ends=True), confidence=0.75),
    rule(
        rf"{DID}(?:started|got|accepted|took|landed|began|have|has)\s+(?:(?:a|my|his|her)\s+)?(?:new\s+)?(?:job|position|role|work|working)\s+(?:(?:as\s+(?:an?|the)\s+(?P<job>.+?)\s+)?(?:at|with|for))\s+(?P<v>.+)",
        _employer(),
        _occupation(values.any_job),
    ),
    rule(
        rf"{DID}joined\s+(?P<v>.+?)(?:\s+as\s+(?:an?|the)\s+(?P<job>.+))?$",
        _employer(clean=values.company),
        _occupation(values.any_job),
        confidence=0.75,
    ),
    rule(
        rf"{BE}(?:an?|the)\s+(?P<job>.+?)(?:\s+(?:at|for|of|with)\s+(?P<v>.+))?$",
        _occupation(values.job),
        _employer(clean=values.organisation),
    ),
    rule(rf"{DO}teach(?:es)?\s+(?P<job>[\w ]{{2,30}}?)\s+(?:at|to|in)\s", _occupation(values.taught)),
    rule(rf"{DO}works?\s+in\s+(?:the\s+)?(?P<job>.+)", _occupation(values.sector)),
    rule(
        rf"{BE}(?P<job>retired|unemployed|self-employed|between\s+jobs)\b",
        Make("job", "occupation", values.as_told, "{s} is {v}", "{s} is not {v}", single=True),
    ),
)
_SELF = (
    rule(
        rf"{BE}a\s+(?P<status>single)\s+(?:mom|mum|dad|mother|father|parent)\b(?:\s+of\s+(?P<v>{NUMBER})\b)?",
        _status("status"),
        _CHILDREN,
    ),
    rule(rf"{BE}(?:an?|the)\s+(?:\w+\s+)?(?:mom|mum|dad|mother|father|parent)\s+of\s+(?P<v>{NUMBER})\b", _CHILDREN),
    rule(
        rf"{BE}(?P<v>{NUMBER})(?:\s+(?:years?\s+old|years\s+of\s+age))?(?:\s+now)?[\s.!,]*$",
        Make("v", "age", values.age, "{s} is {v} years old", "{s} is not {v} years old", single=True),
    ),
    rule(
        rf"{BE}(?P<v>{NUMBER})\s+years?\s+old\b",
        Make("v", "age", values.age, "{s} is {v} years old", "{s} is not {v} years old", single=True),
    ),
    rule(rf"{DID}turned\s+(?P<v>{NUMBER})\b", Make("v", "age", values.age, "{s} is {v} years old", single=True)),
    rule(rf"{BE}(?:happily\s+|newly\s+)?(?P<status>married)\s+to\s+(?P<v>.+)", _SPOUSE, _status("status")),
    rule(rf"{BE}(?P<status>engaged)\s+to\s+(?P<v>.+)", _PARTNER, _status("status")),
    rule(
        rf"{BE}(?:happily\s+|newly\s+)?(?P<status>single|married|divorced|engaged|widowed|separated|in\s+a\s+relationship)(?=[\s.!,]*$|\s+(?:now|again|since|for|with|and|at|right))",
        _status("status"),
    ),
    rule(rf"{DID}got\s+(?P<status>married)\s+to\s+(?P<v>.+)", _SPOUSE, _status("status")),
    rule(
        rf"{DID}(?:got\s+)?(?P<status>married)\s+(?P<v>{NAME})(?=[\s.!,]*$|\s+(?:in|last|on)\b)",
        _SPOUSE,
        _status("status"),
    ),
    rule(
        rf"{DID}got\s+(?P<status>married|divorced|engaged)(?=[\s.!,]*$|\s+(?:in|last|on|this|yesterday|at|a|two|three|\d|recently))",
        _status("status"),
    ),
    rule(
        rf"{BE}getting\s+married\b(?:\s+to\s+(?P<v>.+))?",
        Make("=engaged", "relationship_status", values.as_told, "{s} is {v}", single=True),
        _PARTNER,
    ),
    rule(
        rf"{DID}(?:broke|split)\s+up\s+with\s+(?P<v>{NAME})",
        Make("v", "partner", values.person, "", "{s}'s partner is no longer {v}", single=True, ends=True),
    ),
    rule(
        rf"{BE}(?P<v>\w+)[\s.!]*$",
        Make("v", "nationality", values.nationality, "{s} is {v}", "{s} is not {v}", single=True),
    ),
    rule(
        rf"\s+(?:am|go|goes)\s+(?:called|by)\s+(?P<v>{NAME})[\s.!]*$",
        Make("v", "name", values.given_name, "{s}'s name is {v}", single=True),
    ),
)

LIFE_RULES: tuple[Rule, ...] = (*_HOME, *_WORK, *_SELF)
