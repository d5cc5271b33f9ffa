"""Finds which known facts of the user a correction puts right: the key, the wrong value, the one in its place."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recollect.domain.reading.correction_words import bare
from recollect.domain.reading.corrections import Correction
from recollect.domain.reading.facts import KeyedFact
from recollect.domain.reading.gazetteer import ORGANISATIONS, PLACES
from recollect.domain.reading.names import FIRST_NAMES
from recollect.domain.reading.person_words import DIETS, JOBS, LANGUAGES, NATIONALITIES, PETS, RELATIVES
from recollect.domain.reading.time_words import MONTHS, NUMBERS, WEEKDAYS

# "I meant X", where X is of no known kind, is about what was told just now.
JUST_NOW = timedelta(minutes=10)

PRONOUNS = frozenset({"he", "she", "they", "it"})

_DATE_KEYS = frozenset({"birthday"})
_NUMBER_KEYS = frozenset({"age", "height", "shoe_size", "birth_year", "phone", "budget"})
_PLACE_KEYS = frozenset({"location", "origin", "address"})
_EMPLOYER_KEYS = frozenset({"employer", "school"})
_KIN_KEYS = frozenset(attribute for attribute, _ in RELATIVES.values()) | PETS
_FEMALE = frozenset({"mother", "sister", "daughter", "aunt", "niece", "grandmother", "grandma", "granddaughter"}) | {
    "stepmother",
    "stepdaughter",
    "mother-in-law",
    "sister-in-law",
}
_MALE = frozenset({"father", "brother", "son", "uncle", "nephew", "grandfather", "grandpa", "grandson"}) | {
    "stepfather",
    "stepson",
    "father-in-law",
    "brother-in-law",
}
_NAME_KEYS = _KIN_KEYS | {"name", "last_name"}
_WORD_KINDS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (PLACES, _PLACE_KEYS),
    (ORGANISATIONS, _EMPLOYER_KEYS),
    (frozenset(DIETS), frozenset({"diet"})),
    (NATIONALITIES, frozenset({"nationality", "language"})),
    (LANGUAGES, frozenset({"nationality", "language", "learning"})),
    (JOBS, frozenset({"occupation"})),
    (PETS, frozenset({"pet"})),
    (FIRST_NAMES, _NAME_KEYS),
    (frozenset(MONTHS) | frozenset(WEEKDAYS), _DATE_KEYS),
)
# What a value of no known kind never replaces: numbers and dates look otherwise, and nobody is allergic to "green".
_OF_KNOWN_KIND = _NUMBER_KEYS | _DATE_KEYS | {"allergy", "condition", "email"}
_WORD = re.compile(r"[\w@.+'-]+")


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact currently held true: its key, value, memory, when it was told, and whether a key has one value only."""

    key: str
    value: str
    memory_id: str
    told_at: datetime
    single: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """A known fact that was wrong.

    Attributes:
        key: of the fact.
        old_value: what was held true.
        new_value: what takes its place; None when it is only denied.
        memory_id: the memory that held the wrong value.
    """

    key: str
    old_value: str | None
    new_value: str | None
    memory_id: str


def corrected_facts(
    correction: Correction, facts_in_text: Sequence[KeyedFact], known: Sequence[KnownFact], *, said_at: datetime
) -> list[Corrected]:
    """Returns what ``correction`` puts right among ``known``; nothing when it concerns none of it.

    Args:
        correction: as read from the message.
        facts_in_text: ``read_facts(correction.text, None)``, with the positions of the message.
        known: what is held true of the user now; facts of the same message must not be among it.
        said_at: when the message was written.
    """
    stated = _stated(correction, facts_in_text, known)
    if stated or any(_in_clause(correction, fact) for fact in facts_in_text):
        return stated
    fitting = [fact for fact in known if _is_about(correction, fact)]
    wrong = _wrong(correction, fitting, said_at)
    return [_corrected(fact, correction) for fact in wrong if not same(fact.value, correction.new or "")]


def is_called(pronoun: str, key: str) -> bool:
    """Whether the fact is the name of a relative or pet that may be called he, she, they or it."""
    attribute = key.rpartition(":")[2]
    if attribute not in _KIN_KEYS:
        return False
    if pronoun == "it":
        return attribute in PETS
    return attribute not in {"he": _FEMALE, "she": _MALE}.get(pronoun, frozenset())


def same(one: str, other: str) -> bool:
    """Whether two values are the same: case, accents, articles and punctuation aside."""
    return _plain(one) == _plain(other)


def _plain(value: str) -> str:
    stripped = unicodedata.normalize("NFKD", bare(value).casefold())
    letters = "".join(c for c in stripped if not unicodedata.combining(c))
    return " ".join(str(NUMBERS.get(word, word)) for word in _WORD.findall(letters))


def _meets(value: str, old: str) -> bool:
    """Whether ``old`` names ``value``: all of it, its last word, or what stands before its comma."""
    wanted, whole = _plain(old), _plain(value)
    if not wanted:
        return False
    return wanted in {whole, whole.rpartition(" ")[2], _plain(value.split(",", maxsplit=1)[0])}


def _in_clause(correction: Correction, fact: KeyedFact) -> bool:
    return correction.start <= fact.start < correction.end


def _stated(correction: Correction, facts: Sequence[KeyedFact], known: Sequence[KnownFact]) -> list[Corrected]:
    """What full statements in the corrected clause put right: they give the key themselves."""
    found: dict[tuple[str, str], Corrected] = {}
    for fact in sorted((fact for fact in facts if _in_clause(correction, fact)), key=lambda fact: fact.negated):
        for held in known:
            place = (held.key, held.memory_id)
            if held.key == fact.key and place not in found and _contradicts(correction, fact, held, known):
                found[place] = Corrected(held.key, held.value, None if fact.negated else fact.value, held.memory_id)
    return list(found.values())


def _contradicts(correction: Correction, fact: KeyedFact, held: KnownFact, known: Sequence[KnownFact]) -> bool:
    if fact.negated:
        return _meets(held.value, fact.value)
    if same(held.value, fact.value):
        return False
    if held.single or (correction.old and _meets(held.value, correction.old)):
        return True
    # "No, my sister's name is Marie" with one sister known: she is meant. With two, nobody can tell which.
    alone = sum(other.key == held.key for other in known) == 1
    return alone and not correction.old and fact.key.rpartition(":")[2] in _KIN_KEYS


def _is_about(correction: Correction, fact: KnownFact) -> bool:
    """Whether the fact is of whom, and of what, the correction speaks."""
    subject, _, attribute = fact.key.rpartition(":")
    if correction.subject not in {"user", subject}:
        # "She's called Marie" is about someone near, whose name the user told; "he lives in Bonn" never about the user.
        if correction.attribute == "name":
            return attribute in _KIN_KEYS or (attribute == "name" and subject != "user")
        return subject != "user" and correction.attribute in {None, attribute}
    if correction.subject == "user" and correction.attribute and subject != "user":
        return False
    if correction.attribute is None or correction.attribute == attribute:
        return True
    # "I don't have a dog" denies the pet as well as its name.
    return (attribute == "pet" and same(fact.value, correction.attribute)) or (
        correction.attribute == "child" and attribute == "number_of_children"
    )


def _wrong(correction: Correction, known: Sequence[KnownFact], said_at: datetime) -> list[KnownFact]:
    """The facts that were wrong, of those that the correction may be about."""
    if correction.old is not None:
        # A date or a name may be right but for a part of it; of several facts the one told last is meant.
        matching = [fact for fact in known if _meets(fact.value, correction.old) or _partly(fact, correction.old)]
        named = [fact for fact in known if correction.attribute and fact.single and correction.new is not None]
        return _latest(matching or named)
    if correction.new is None:
        return list(known) if correction.attribute else []
    if correction.attribute is not None:
        return _latest(known)
    fits = _fits(correction.new)
    if fits is not None:
        return _latest([fact for fact in known if fits(fact)])
    open_ones = [fact for fact in known if _attribute(fact) not in _OF_KNOWN_KIND]
    return _latest([fact for fact in open_ones if timedelta(0) <= said_at - fact.told_at <= JUST_NOW])


def _latest(known: Sequence[KnownFact]) -> list[KnownFact]:
    return [max(known, key=lambda fact: fact.told_at)] if known else []


def _fits(new: str) -> Callable[[KnownFact], bool] | None:
    """Returns whether a fact's kind of value is that of ``new``; None when its kind is not known."""
    lowered = new.casefold()
    attributes: set[str] = set()
    for words, keys in _WORD_KINDS:
        if lowered in words:
            attributes |= keys
    parts = lowered.split()
    if any(part in MONTHS for part in parts) and any(part[:1].isdigit() for part in parts):
        attributes |= _DATE_KEYS
    if "@" in lowered:
        attributes.add("email")
    if lowered.isdecimal() or lowered in NUMBERS:
        return lambda fact: _attribute(fact) in _NUMBER_KEYS or _attribute(fact).startswith("number_of_")
    return (lambda fact: _attribute(fact) in attributes) if attributes else None


def _attribute(fact: KnownFact) -> str:
    return fact.key.rpartition(":")[2]


def _partly(fact: KnownFact, old: str) -> bool:
    """Whether ``old`` is a part of a date or name; a number alone is as likely an hour or a count."""
    replaceable = _attribute(fact) in _DATE_KEYS | _NAME_KEYS and not bare(old).isdecimal()
    return replaceable and _plain(old) in _plain(fact.value).split(" ")


def _corrected(fact: KnownFact, correction: Correction) -> Corrected:
    new = correction.new
    if new and correction.old and _partly(fact, correction.old) and " " not in new:
        # "In May, not June", of the 4th of June.
        parts = [new if same(part, correction.old) else part for part in fact.value.split(" ")]
        new = " ".join(parts)
    return Corrected(fact.key, fact.value, new, fact.memory_id)
