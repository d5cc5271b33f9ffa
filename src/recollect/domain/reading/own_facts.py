"""Facts told by what is mine: "my name is", "my favourite food is", "my sister's name is", "I have a dog named Rex"."""

# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from recollect.domain.reading import fact_values as values
from recollect.domain.reading.clauses import Clause
from recollect.domain.reading.fact_rules import EMAIL_ADDRESS, Make
from recollect.domain.reading.fact_subjects import ANIMAL, KIN, Subject
from recollect.domain.reading.fact_values import NAME, Cleaner
from recollect.domain.reading.names import FIRST_NAMES

_IS = r"(?:['’]s|\s+(?:is|are|=))(?P<no>n['’]t|\s+not)?\s+(?:now\s+|actually\s+|currently\s+)?"


class Reader(Protocol):
    """What these rules need from the one who reads."""

    me: Subject
    pet: str

    def add(
        self,
        clause: Clause,
        subject: Subject,
        make: Make,
        value: str,
        *,
        negated: bool = False,
        confidence: float = 0.9,
    ) -> None:
        """Adds a fact."""
        ...

    def relate(self, clause: Clause, word: str, name: str) -> None:
        """Adds the name of someone near."""
        ...


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A pattern at a clause's start, and what reads it; the reader answers whether it held."""

    pattern: re.Pattern[str]
    read: Callable[[Reader, Clause, re.Match[str]], bool]


# What "my ... is" is followed by -> attribute, how its value is read, only one value at a time.
_OWN: dict[str, tuple[str, Cleaner, bool]] = {
    "name": ("name", values.given_name, True),
    "first name": ("name", values.given_name, True),
    "birthday": ("birthday", values.date_phrase, True),
    "date of birth": ("birthday", values.date_phrase, True),
    "phone number": ("phone", values.phone, True),
    "phone": ("phone", values.phone, True),
    "mobile": ("phone", values.phone, True),
    "mobile number": ("phone", values.phone, True),
    "cell": ("phone", values.phone, True),
    "number": ("phone", values.phone, True),
    "address": ("address", values.as_told, True),
    "home address": ("address", values.as_told, True),
    "pronouns": ("pronouns", values.as_told, True),
    "blood type": ("blood_type", values.phrase, True),
    "nationality": ("nationality", values.phrase, True),
    "height": ("height", values.phrase, True),
    "shoe size": ("shoe_size", values.phrase, True),
    "shirt size": ("shirt_size", values.phrase, True),
    "star sign": ("star_sign", values.phrase, True),
    "timezone": ("time_zone", values.phrase, True),
    "time zone": ("time_zone", values.phrase, True),
    "budget": ("budget", values.phrase, True),
    "religion": ("religion", values.phrase, True),
    "job": ("occupation", values.any_job, True),
    "occupation": ("occupation", values.any_job, True),
    "employer": ("employer", values.organisation, True),
    "hometown": ("origin", values.place, True),
    "native language": ("language", values.languages, False),
    "mother tongue": ("language", values.languages, False),
    "first language": ("language", values.languages, False),
    "car": ("vehicle", values.make, True),
    "hobby": ("hobby", values.phrases, False),
    "hobbies": ("hobby", values.phrases, False),
    "main hobby": ("hobby", values.phrases, False),
    "hobbies include": ("hobby", values.phrases, False),
}
_OWN_WORDS = "|".join(sorted((re.escape(word) for word in _OWN), key=len, reverse=True))


def _own(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    attribute, clean, single = _OWN[match.group("what").lower()]
    says = f"{{s}}'s {attribute.replace('_', ' ')} is {{v}}"
    denies = f"{{s}}'s {attribute.replace('_', ' ')} is not {{v}}"
    found = clean(match.group("v"))
    for value in found:
        make = Make("v", attribute, clean, says, denies, single=single)
        reader.add(clause, reader.me, make, value, negated=bool(match.group("no")), confidence=0.95)
    return bool(found)


def _email(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    found = EMAIL_ADDRESS.match(match.group("v"))
    if found:
        make = Make("v", "email", values.as_told, "{s}'s email is {v}", single=True)
        reader.add(clause, reader.me, make, found.group().rstrip("."), confidence=0.95)
    return found is not None


def _favourite(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    what, found = match.group("what").lower(), values.phrase(match.group("v"))
    if not found or len(what) > 30:
        return False
    says, denies = f"{{s}}'s favourite {what} is {{v}}", f"{{s}}'s favourite {what} is not {{v}}"
    make = Make("v", f"favourite_{what.replace(' ', '_')}", values.phrase, says, denies, single=True)
    reader.add(clause, reader.me, make, found[0], negated=bool(match.group("no")))
    return True


def _name(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    found = values.given_name(match.group("v"))
    if found:
        reader.add(clause, reader.me, Make("v", "name", values.given_name, "{s}'s name is {v}", single=True), found[0])
    return bool(found)


def _i_am(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    return match.group("v").split(" ")[0].lower() in FIRST_NAMES and _name(reader, clause, match)


def _relatives(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    found = values.person(match.group("v"))
    for name in found:
        reader.relate(clause, match.group("kin"), name)
    return bool(found)


def _have(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    held = False
    for pair in (*_CALLED.finditer(clause.text, match.end("have")), *_BESIDE.finditer(clause.text, match.end("have"))):
        kind = pair.group("kin").lower().strip()
        reader.relate(clause, kind, pair.group("name"))
        held = True
    return held


def _count(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    what = {"kids": "children", "kid": "children"}.get(match.group("what").lower(), match.group("what").lower())
    make = Make("v", f"number_of_{what}", values.count, f"{{s}} has {{v}} {what}", single=True)
    for value in values.count(match.group("n")):
        reader.add(clause, reader.me, make, value)
    return True


def _pet(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    reader.pet = match.group("what").lower()
    reader.add(clause, reader.me, Make("v", "pet", values.as_told, "{s} has a {v}"), reader.pet, confidence=0.8)
    return True


def _kin(reader: Reader, _clause: Clause, match: re.Match[str]) -> bool:
    reader.pet = match.group("what").lower()
    return True


def _favourite_first(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    return not match.group("v").startswith(("That ", "This ", "It ", "The ", "He ", "She ")) and _favourite(
        reader, clause, match
    )


def _its_name(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    if not reader.pet:
        return False
    reader.relate(clause, reader.pet, match.group("v"))
    return True


def _goal(reader: Reader, clause: Clause, match: re.Match[str]) -> bool:
    found = values.goal(match.group("v"))
    for value in found:
        reader.add(clause, reader.me, Make("v", "goal", values.goal, "{s} wants to {v}"), value)
    return bool(found)


def _rule(pattern: str, read: Callable[[Reader, Clause, re.Match[str]], bool]) -> OwnRule:
    return OwnRule(re.compile(pattern, re.DOTALL), read)


_CALLED = re.compile(
    rf"\b(?:an?|two|three|my)\s+(?P<kin>(?:[a-z-]+\s+){{0,2}}?[a-z-]+?),?\s+(?:named|called|whose\s+name\s+is)\s+(?P<name>{NAME})"
)
_BESIDE = re.compile(rf"\b(?:an?|my)\s+(?:\w+\s+)?(?P<kin>{KIN}|{ANIMAL}),\s+(?P<name>{NAME})(?=,|[.!]?$)")
_MY = r"(?:[Mm]y|[Oo]ur)\s+(?:new\s+|old\s+|full\s+|current\s+)?"
_HAVE = r"(?:I|i|We|we)(?P<have>(?:['’]ve)?\s+(?:(?:have|just|also|recently|already|now|currently|finally|actually)\s+){0,3}(?:have|has|got|adopted|bought|rescued|own))\s+(?:got\s+)?"
OWN_RULES: tuple[OwnRule, ...] = (
    _rule(rf"{_MY}(?P<what>(?i:{_OWN_WORDS})){_IS}(?:on\s+|the\s+)?(?P<v>.+)", _own),
    _rule(rf"{_MY}(?i:e-?mail)(?:\s+address)?{_IS}(?P<v>.+)", _email),
    _rule(
        rf"{_MY}(?:all-time\s+)?(?i:favou?rite)\s+(?P<what>[\w-]+(?:\s+[\w-]+){{0,2}}?)(?:\s+of\s+all\s+time)?{_IS}(?P<v>.+)",
        _favourite,
    ),
    _rule(rf"[Cc]all\s+me\s+(?P<v>{NAME})[\s.!]*$", _name),
    _rule(rf"(?:I|i)(?:['’]m|\s+am)\s+(?P<v>{NAME})[\s.!]*$", _i_am),
    _rule(rf"{_MY}(?P<kin>(?:{KIN}|{ANIMAL}))(?:['’]s?)\s+name{_IS}(?P<v>{NAME})", _relatives),
    _rule(
        rf"{_MY}(?P<kin>(?:{KIN}|{ANIMAL}))(?:['’]s|\s+(?:is|are))\s+(?:called\s+|named\s+)?(?P<v>{NAME}(?:(?:,|,?\s+and)\s+{NAME}){{0,4}})[\s.!]*$",
        _relatives,
    ),
    _rule(
        r"(?P<v>[A-Z][\w' -]{1,40}?)(?P<no>)\s+(?:is|are)\s+my\s+(?:all-time\s+)?favou?rite\s+(?P<what>[a-z]+(?:\s[a-z]+)?)[\s.!]*$",
        _favourite_first,
    ),
    _rule(
        rf"(?:I|We|i|we)\s+(?:have\s+)?named\s+(?:our|my)\s+(?:\w+\s+)?(?P<kin>{KIN}|{ANIMAL})\s+(?P<v>{NAME})",
        _relatives,
    ),
    _rule(rf"{_HAVE}an?\s+(?:\w+\s+)?(?:{KIN}|{ANIMAL}),\s+{NAME}(?=,|[.!]?$)", _have),
    _rule(rf"{_HAVE}.*?\b(?:named|called|whose\s+name\s+is)\s", _have),
    _rule(
        rf"{_HAVE}(?P<n>\d{{1,2}}|two|three|four|five|six|seven|eight)\s+(?:\w+\s+)?(?P<what>kids|children|sons|daughters|brothers|sisters|siblings|grandchildren|dogs|cats|pets|horses|rabbits|chickens)\b",
        _count,
    ),
    _rule(
        rf"{_HAVE}an?\s+(?:\w+\s+)?(?P<what>{ANIMAL})\b(?!\s+(?:in\s+the\s+race|allergy|cafe|shelter|food|toy))", _pet
    ),
    _rule(rf"{_HAVE}an?\s+(?:\w+\s+)?(?P<what>{KIN})[\s.!]*$", _kin),
    _rule(rf"(?:[Hh]is|[Hh]er|[Ii]ts)\s+name(?:['’]s|\s+is)\s+(?P<v>{NAME})", _its_name),
    _rule(rf"{_MY}(?:main\s+|big\s+|biggest\s+)?(?:goal|dream|plan|ambition|resolution){_IS}to\s+(?P<v>.+)", _goal),
)
