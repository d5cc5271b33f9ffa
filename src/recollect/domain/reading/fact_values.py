"""Cleans what a fact rule has caught: where a value ends, what it may be, how a list falls apart."""

import re
from collections.abc import Callable

from recollect.domain.reading.gazetteer import ORGANISATIONS, PLACES
from recollect.domain.reading.names import FIRST_NAMES
from recollect.domain.reading.person_words import (
    ACTIVITIES,
    CONDITIONS,
    FOODS,
    JOBS,
    LANGUAGES,
    NATIONALITIES,
    NOT_JOBS,
    PLAYED,
    PRACTISED,
    SECTORS,
)
from recollect.domain.reading.time_words import NUMBERS
from recollect.domain.reading.word_lists import words

_UPPER = "A-ZÀ-ÖØ-Þ"
NAME = rf"[{_UPPER}][\w'’-]*(?:\s+[{_UPPER}][\w'’-]*){{0,2}}"
_PROPER = (
    rf"(?:[Tt]he\s+)?[{_UPPER}][\w'’&.-]*"
    rf"(?:\s+(?:(?:of|de|la|le|du|del|da|do|the|&|am|upon)\s+){{0,2}}[{_UPPER}0-9][\w'’&.-]*){{0,5}}"
)
_PROPER_NAME = re.compile(_PROPER)
_PLACE = re.compile(rf"{_PROPER}(?:,\s+{_PROPER})?")
_TAIL = re.compile(
    r"(?:\s+(?:now|nowadays|these\s+days|right\s+now|currently|at\s+the\s+moment|any\s?more|any\s+longer|again|since|yesterday|"
    r"today|tomorrow|tonight|every|last\s+\w+|this\s+(?:week|month|year|morning|summer|winter|spring|fall|autumn|weekend)|next\s+\w+|"
    r"in\s+(?:19|20)\d\d|because|['’]?cause|lately|especially|when|while|but|so\b(?!\s+called)|as\s+well|too|a\s+lot|very\s+much|so\s+much|by\s+the\s+way|though|"
    r"which|who|that|where|after|before|if|more\s+than|over\s+the|on\s+(?:mon|tues|wednes|thurs|fri|satur|sun)days?|some\s?day|"
    r"one\s+day|soon|instead|please|for\s+(?:\w+\s+){0,3}(?:years?|months?|weeks?|days?|ages)|(?:\w+\s+){1,3}ago|"
    r"and\s+(?:i|my|we|he|she|it|they)\b)\b|,\s|\s[-–—(]|[;:~!]).*$",
    re.IGNORECASE | re.DOTALL,
)
_GENERIC_THE = re.compile(
    r"the\s+(?:ocean|sea|beach|mountains?|outdoors|rain|snow|sun|cold|heat|forest|woods|countryside|city|theat(?:er|re)|opera|cinema|"
    r"guitar|piano|violin|gym|smell|taste|sound|feeling|idea\s+of|summer|winter|autumn|fall|spring|night|desert)\b|[Tt]he\s+[A-Z]"
)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|it|i|you|we|they|them|especially|let|lets|makes?|keeps?|helps?|especially|beyond|etc)\b|['’](?:s|re|m)\s",
    re.IGNORECASE,
)
_DANGLING = re.compile(r"(?:^|\s)(?:to|of|in|for|with|at|on|by|from|into|about|and|or|the|an?)$", re.IGNORECASE)
_WORKPLACE = re.compile(
    r"(?:the|our|my)\s+((?:[\w-]+\s+){0,2}(?:hospital|school|university|bank|clinic|library|museum|restaurant|airport|factory|"
    r"bakery|post\s+office|zoo|kindergarten|nursery|pharmacy|supermarket|court|ministry|town\s+hall|police|fire\s+department))\b",
    re.IGNORECASE,
)
_SCHOOLS = words("stanford harvard mit oxford cambridge princeton yale caltech ucla nyu berkeley columbia cornell eth")
_ASIDE = re.compile(
    r",\s+(?:it|that|this|there|which|who|but|so|especially|like|such|including|mainly|as|with|where|when|even|though|can|could|"
    r"what|how|i|you|we|they|and\s+(?:it|that|this|you|we|they)|the\s+\w+\s+(?:is|are|was))\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_POINTING = re.compile(r"\b(?:it|them|him|her|this|that|these|those|there|any|so)\b", re.IGNORECASE)
_LIST = re.compile(r"\s*,\s+(?:and\s+|or\s+)?|\s+and\s+(?:also\s+)?|\s+or\s+")
_DEICTIC = re.compile(
    r"(?:it|its|this|that|these|those|you|your|yours|him|her|his|hers|them|their|us|me|myself|how|what|when|where|why|who|if|"
    r"everywhere|everything|nothing|something|more|lately|anything|one|ones|both|all|some|the\s+(?:way|idea|fact|sound|look|one|first|second|last|"
    r"latter|former|other|result|results)|another|so|not|to\s+(?:know|say|hear|see|think))\b",
    re.IGNORECASE,
)
_GOAL_STOP = re.compile(
    r"(?:know|thank|ask|say|see|tell|make\s+sure|understand|check|hear|be\s+(?:clear|honest|sure)|talk|go|add|point|mention|share|"
    r"clarify|confirm|use|do|have|believe|apologi[sz]e|discuss|emphasi[sz]e|try|give|hug|cry|sleep|eat|it|that|this)\b",
    re.IGNORECASE,
)
_EDGE = " \t.,;:!?\"'’”)~\x01"


def cut(raw: str) -> str:
    """Returns ``raw`` without what no longer belongs to the value: times, reasons, further clauses."""
    return _TAIL.sub("", raw).strip(_EDGE)


def place(raw: str) -> list[str]:
    """A named place; lower-case ones only if the gazetteer knows them."""
    match = _PLACE.match(raw)
    if match:
        found = _TAIL.sub("", match.group()) if "," not in match.group() else match.group()
        return _unless_time(found.strip(_EDGE))
    return _known(raw, PLACES)


def place_or_phrase(raw: str) -> list[str]:
    """A named place, or something like "a small village"."""
    found = place(raw)
    if found or not re.match(r"(?:an?|the)\s", raw):
        return found
    return phrase(raw)


def organisation(raw: str) -> list[str]:
    """A named organisation; lower-case ones only if the gazetteer knows them."""
    called = re.match(rf"an?\s.{{1,40}}?\b(?:called|named)\s+({_PROPER})", raw)
    match = called or _PROPER_NAME.match(raw)
    if match:
        return _unless_time((called.group(1) if called else match.group()).strip(_EDGE))
    return _known(raw, ORGANISATIONS)


def organisation_or_phrase(raw: str) -> list[str]:
    """An employer by name, or something like "a hospital"."""
    found = organisation(raw)
    if found or not re.match(r"an?\s", raw):
        return found
    return phrase(raw)


def _unless_time(found: str) -> list[str]:
    return [] if found.lower().split(" ")[0] in {"i", "monday", "friday", "january", "may"} or not found else [found]


def _known(raw: str, among: frozenset[str]) -> list[str]:
    parts = cut(raw).lower().split()[:3]
    for length in range(len(parts), 0, -1):
        if " ".join(parts[:length]) in among:
            return [" ".join(parts[:length])]
    return []


def company(raw: str) -> list[str]:
    """An organisation after a verb that takes other objects too ("left"): no first name, no place."""
    found = organisation(raw)
    if not found or found[0].split(" ")[0].lower() in FIRST_NAMES or found[0].lower() in PLACES:
        return []
    return found


def taught(raw: str) -> list[str]:
    """The teacher of a subject."""
    return [f"{value} teacher" for value in phrase(raw) if value.count(" ") < 3]


def make(raw: str) -> list[str]:
    """A car's make and model, with its adjectives."""
    return [value for value in noun(raw) if re.search(r"[A-Z]", value) and value.count(" ") < 5]


def person(raw: str) -> list[str]:
    """One or several names of people."""
    found = [part for part in _LIST.split(raw.strip(_EDGE)) if re.fullmatch(NAME, part)]
    return [name for name in found if name != "I"]


def given_name(raw: str) -> list[str]:
    """The speaker's own name: also lower-case when it is a common one."""
    match = re.match(NAME, raw)
    if match:
        return [match.group()]
    word = cut(raw).split(" ")[0]
    return [word] if word in FIRST_NAMES else []


def phrase(raw: str) -> list[str]:
    """A short phrase that means something by itself."""
    value = cut(raw)
    if not value or _DEICTIC.match(value) or _DANGLING.search(value) or len(value) > 80 or value.count(" ") > 7:
        return []
    return [value]


def phrases(raw: str) -> list[str]:
    """A list of short phrases: "hiking, jazz and my garden"."""
    held = re.sub(r",\s+(?=\S)", " \x01 ", _ASIDE.sub("", raw))
    value = _TAIL.sub("", held).replace(" \x01 ", ", ").strip(_EDGE)
    if _DEICTIC.match(value):
        return []
    parts = [part.strip(_EDGE) for part in _LIST.split(value)]
    if "," not in value and any(part.count(" ") > 3 for part in parts):
        # "switching off and focusing on my body": longer than the items of a list are.
        parts = [value]
    return [part for part in parts if _is_item(part)][:8]


def _is_item(part: str) -> bool:
    short = part and part.count(" ") < 8 and len(part) <= 60
    return bool(short) and not (_DEICTIC.match(part) or _CLAUSE.search(part) or _DANGLING.search(part))


def likings(raw: str) -> list[str]:
    """What someone likes or not; "the energy" of what was just spoken of is no taste."""
    return [part for part in phrases(raw) if not part.startswith("the ") or _GENERIC_THE.match(part)]


def field_of_study(raw: str) -> list[str]:
    """A subject that is studied."""
    return [
        value
        for value in noun(raw)
        if not re.match(r"(?:every|hard|a\s+lot|for|at|in|with|here|there|all|together|too)\b", value)
    ]


def noun(raw: str) -> list[str]:
    """A phrase without its article."""
    return [re.sub(r"^(?:an?|the|my|our|his|her)\s+", "", value) for value in phrase(raw)]


def job(raw: str) -> list[str]:
    """An occupation that the job list, or its ending, knows."""
    value = re.split(r"\s+(?:at|for|of|in|with|by|from|on|and|to)\s", cut(raw) + " ")[0].strip()
    last = value.lower().split(" ")[-1]
    by_ending = re.search(r"(?:ologist|grapher|ician|engineer|manager|developer|designer|keeper|maker|teacher)$", last)
    known = last in JOBS or by_ending or "_".join(value.lower().split(" ")[-2:]) in JOBS
    return [value] if known and last not in NOT_JOBS and value.count(" ") < 4 else []


def any_job(raw: str) -> list[str]:
    """What follows "work as a": an occupation whatever it is."""
    value = re.split(r"\s+(?:at|for|in|with|by|from|on|and|to)\s", cut(raw) + " ")[0].strip()
    return [value] if value and value.count(" ") < 4 else []


def sector(raw: str) -> list[str]:
    """A line of business."""
    value = cut(raw)
    return [value] if value.lower().split(" ")[-1] in SECTORS else []


def age(raw: str) -> list[str]:
    """An age in digits."""
    number = NUMBERS.get(raw.lower(), int(raw) if raw.isdecimal() else 0)
    return [str(number)] if 0 < number < 120 else []


def count(raw: str) -> list[str]:
    """A count in digits."""
    number = NUMBERS.get(raw.lower(), int(raw) if raw.isdecimal() else 0)
    return [str(number)] if number else []


def languages(raw: str) -> list[str]:
    """Names of languages."""
    return [word.capitalize() for word in re.findall(r"[a-z]+", raw.lower()) if word in LANGUAGES]


def learned(raw: str) -> list[str]:
    """What someone learns, without lessons drawn from life ("that ...", "a lot")."""
    return [
        value
        for value in phrase(raw)
        if value.count(" ") < 5 and not value.startswith(("more", "from", "about", "with", "a lot", "a ton", "so"))
    ]


def learned_noun(raw: str) -> list[str]:
    """As ``learned``, without an article."""
    return [re.sub(r"^(?:the|a)\s+", "", value) for value in learned(raw)]


def nationality(raw: str) -> list[str]:
    """What someone is by country."""
    value = cut(raw)
    return [value.capitalize()] if value.lower() in NATIONALITIES else []


def workplace(raw: str) -> list[str]:
    """Where someone works, told without a name: "the county hospital"."""
    match = _WORKPLACE.match(raw)
    return [match.group(1)] if match else []


def school(raw: str) -> list[str]:
    """A school by name."""
    found = organisation(raw)
    known = found and (
        found[0].lower() in _SCHOOLS or re.search(r"\b(?:University|College|School|Institute|Academy)\b", found[0])
    )
    return found if known else []


def known_organisation(raw: str) -> list[str]:
    """An organisation of the gazetteer."""
    return [value for value in organisation(raw) if value.lower() in ORGANISATIONS]


def condition(raw: str) -> list[str]:
    """A lasting illness."""
    value = re.sub(r"^(?:severe|mild|chronic|bad|really\s+bad)\s+", "", re.split(r"\s+at\s+", cut(raw))[0])
    return [value] if value and value.count(" ") < 4 else []


def known_condition(raw: str) -> list[str]:
    """A lasting illness of the list."""
    return [value for value in condition(raw) if value.lower().split(" ")[-1] in CONDITIONS]


def food(raw: str) -> list[str]:
    """Something that people cannot have: dairy, nuts, ..."""
    return [part for part in phrases(raw) if part.lower().split(" ")[-1] in FOODS]


def activity(raw: str) -> list[str]:
    """A pastime told as "go climbing"."""
    found = re.match(r"(?:rock\s+)?(\w+ing)\b", raw)
    return [found.group()] if found and found.group(1).lower() in ACTIVITIES else []


def collected(raw: str) -> list[str]:
    """The hobby of collecting something."""
    return [f"collecting {value}" for value in phrase(raw)]


def played(raw: str) -> list[str]:
    """Instruments and sports."""
    parts = [re.sub(r"^the\s+", "", part) for part in phrases(raw)]
    return [part for part in parts if part.lower().split(" ")[-1] in PLAYED or part.lower().replace(" ", "_") in PLAYED]


def practised(raw: str) -> list[str]:
    """What one practises: yoga, karate, ..."""
    return [part for part in phrases(raw) if part.lower().replace(" ", "_") in PRACTISED]


def goal(raw: str) -> list[str]:
    """Something to reach, not what one is about to say or do next."""
    value = cut(raw)
    if _POINTING.search(raw[: len(value) + 6]):
        return []
    long_enough = value.count(" ") >= 1 and len(value) <= 100 and value.count(" ") < 14
    return [value] if long_enough and not (_GOAL_STOP.match(value) or _DANGLING.search(value)) else []


def phone(raw: str) -> list[str]:
    """A telephone number of at least six digits."""
    match = re.match(r"\+?[\d\s()./-]{6,24}", raw)
    value = match.group().strip(" .-/") if match else ""
    return [value] if sum(c.isdigit() for c in value) >= 6 else []


def date_phrase(raw: str) -> list[str]:
    """A date as it was told."""
    match = re.match(r"(?:the\s+)?((?:\w{1,9}[.,]?\s?){1,4}|\d[\d./-]{3,9})", raw)
    value = match.group(1).strip(" .,") if match else ""
    return [value] if any(c.isdigit() for c in value) else []


def as_told(raw: str) -> list[str]:
    """The rest of the sentence, unchanged."""
    value = raw.strip(_EDGE)
    return [value] if value and len(value) <= 120 else []


Cleaner = Callable[[str], list[str]]
