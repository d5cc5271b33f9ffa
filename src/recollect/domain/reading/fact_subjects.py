"""Finds whom a clause is about: the speaker, a relative, someone named, or whoever was spoken of before."""

import re
from dataclasses import dataclass

from recollect.domain.reading.fact_values import NAME
from recollect.domain.reading.names import AMBIGUOUS_NAMES, FIRST_NAMES
from recollect.domain.reading.person_words import PETS, RELATIVES

KIN = "|".join(sorted((re.escape(word) for word in RELATIVES), key=len, reverse=True))
ANIMAL = "|".join(sorted(PETS, key=len, reverse=True))
_I = re.compile(r"(?:I|i|We|we)(?=['’\s]|m\s)")
_RELATIVE = re.compile(
    rf"(?:my|My|our|Our)\s+(?:\w+er\s+|\w+est\s+|little\s+|big\s+|late\s+|twin\s+|ex-|dear\s+|old\s+|new\s+|good\s+)?"
    rf"(?P<kin>(?:golden\s+)?(?:{KIN}|{ANIMAL}))\b,?(?:\s+(?P<name>{NAME}))?,?(?=\s|['’]s\s|$)"
)
_TOGETHER = re.compile(
    rf"(?:(?:my|My|our|Our)\s+(?P<kin>{KIN})\b(?:,?\s+(?P<name>{NAME}),?)?|(?P<other>{NAME}))\s+and\s+I(?=[\s'’])"
)
_PRONOUN = re.compile(r"(?:he|she|He|She|who)(?=['’\s])")
_NAMED = re.compile(rf"(?P<name>{NAME})(?=\s|['’]s\s)")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a clause is about.

    Attributes:
        key: lower-case, the first half of a fact's key. shown: as written in sentences.
        end: where the words that name the subject end in the clause.
        relation: what the speaker calls them ("sister"), when the clause says so beside a name.
        beside: whose name that is, if not the subject's own: "my boyfriend Lukas and I".
    """

    key: str
    shown: str
    end: int = 0
    relation: str = ""
    beside: str = ""


def me(speaker: str | None) -> Subject:
    """Returns the first person of a text."""
    if speaker is None or not speaker.strip() or speaker.strip().lower() == "user":
        return Subject("user", "User")
    return Subject(" ".join(speaker.lower().split()), speaker.strip())


def relation(word: str) -> tuple[str, bool]:
    """Returns the attribute that holds the name of someone called ``word``, and whether there is only one."""
    plain = word.lower()
    return RELATIVES.get(plain, (plain.replace(" ", "_"), False))


def find(
    text: str, first: Subject, last: Subject | None, person: Subject | None, known: frozenset[str]
) -> Subject | None:
    """Returns the subject that the clause ``text`` opens with, or None.

    Args:
        text: a clause.
        first: the speaker.
        last: the subject of the clause before, in the same sentence.
        person: who was named last.
        known: names that the text has introduced.
    """
    spoken = _I.match(text)
    if spoken:
        return Subject(first.key, first.shown, spoken.end())
    together = _TOGETHER.match(text)
    if together:
        name = together.group("name")
        return Subject(first.key, first.shown, together.end(), together.group("kin") if name else "", name or "")
    kin = _RELATIVE.match(text)
    if kin:
        return _relative(kin, first)
    pronoun = _PRONOUN.match(text)
    if pronoun:
        return Subject(person.key, person.shown, pronoun.end()) if person else None
    named = _NAMED.match(text)
    if named and _is_person(named.group("name"), known):
        name = named.group("name")
        return Subject(name.lower(), name, named.end())
    # "I'm 28, live in Oslo": the clause goes on with the subject before it. Its verb needs the space rules expect.
    return _carried(text, last)


def _relative(kin: re.Match[str], first: Subject) -> Subject:
    name = kin.group("name")
    if name:
        return Subject(name.lower(), name, kin.end("name"), kin.group("kin"))
    word = kin.group("kin").lower()
    end = kin.end("kin")
    return Subject(f"{first.key}'s {word}", f"{first.shown}'s {word}", end)


def _is_person(name: str, known: frozenset[str]) -> bool:
    word = name.split(" ", maxsplit=1)[0].lower()
    return name in known or (word in FIRST_NAMES and word not in AMBIGUOUS_NAMES)


def _carried(text: str, last: Subject | None) -> Subject | None:
    if last is None or not text[:1].islower():
        return None
    return Subject(last.key, last.shown, 0)
