"""Entity match: do two names mean the same, as far as the names alone tell?

Names are compared word by word, without case, accents, possessives and titles: a first name may be short for another,
a letter may stand for a name, a company's form may be missing, a long word may be mistyped once. What tells two apart
(another title, generation or number, another sex of one name) always wins. Measured on pairs labelled before the rules
were written: ``tests/unit/domain/test_entity_match.py`` states the rates.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from recollect.domain.name_words import (
    COMPANY_FORMS,
    COMPANY_WORDS,
    DEGREES,
    GENERATIONS,
    HONORIFICS,
    OF_MEN,
    OF_WOMEN,
    PLACE_FORMS,
    PLACE_NAMES,
    SHORT_FORMS,
)
from recollect.domain.reading.gazetteer import ORGANISATIONS, PLACES
from recollect.domain.reading.names import FIRST_NAMES
from recollect.domain.record import EntityType

LONG = 6
"""Letters from which a word may be mistyped and still be meant."""
_SMALL = frozenset({"of", "the", "and", "for", "de", "la", "a", "in", "at"})
_TITLES = HONORIFICS | OF_MEN | OF_WOMEN
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "ı": "i"})
_DOTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")


@dataclass(frozen=True, slots=True)
class Match:
    """How sure two names are to mean the same, 0..1, and why; 0 with what tells them apart, if anything does."""

    confidence: float
    why: str


DIFFERENT = Match(0.0, "")


@lru_cache(maxsize=65_536)
def plain(name: str) -> tuple[str, ...]:
    """A name's words without case, accents, possessive and dots; a leading article is cut off."""
    text = name.casefold().translate(_LETTERS).strip()
    text = re.sub(r"'s$|(?<=s)'$", "", text)
    text = _DOTTED.sub(lambda match: match.group().replace(".", "") + " ", text).replace("&", " and ")
    text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    found = _WORD.findall(text.replace("'", ""))
    article = len(found) > 1 and found[0] == "the" and (len(found) > 2 or len(found[1]) > 3)  # The Who is not WHO
    return tuple(found[article:])


def match(one: str, other: str, kind: EntityType = EntityType.OTHER) -> Match:
    """Compares two names of the same kind of thing."""
    first, second = plain(one), plain(other)
    if not first or not second:
        return DIFFERENT
    if first == second or _dotted(one) == _dotted(other):
        return Match(1.0, "the same but for case, accents or punctuation")
    if _numbers(first) != _numbers(second):
        return DIFFERENT
    if kind is EntityType.PERSON:
        return _people(_swapped(one), _swapped(other))
    if kind is EntityType.ORGANISATION:
        return _companies(first, second)
    if kind is EntityType.PLACE:
        return _places(one, other)
    return Match(0.9, "spelled apart") if "".join(first) == "".join(second) else DIFFERENT


def key_of(name: str) -> str:
    """Two names with one key are the same but for accents, punctuation, possessive, article and a company's form."""
    found = plain(name)
    while len(found) > 1 and found[-1] in COMPANY_FORMS:
        found = found[:-1]
    return " ".join(found)


def keys_of(name: str) -> frozenset[str]:
    """Two names that ``match`` share one of these, nearly always: what to look up instead of comparing all with all."""
    found = plain(name)
    keys = {*found, key_of(name), "".join(found), *_named(found, street=False)}
    for word in found:
        keys |= SHORT_FORMS.get(word, frozenset())
        if len(word) >= LONG:
            keys |= {word[:at] + word[at + 1 :] for at in range(len(word))}
    if len(found) > 1:
        keys |= {"".join(word[0] for word in found), "".join(word[0] for word in found if word not in _SMALL)}
    return frozenset(keys)


def _dotted(name: str) -> tuple[str, ...]:
    """With ``ä`` written ``ae``."""
    return plain(unicodedata.normalize("NFC", name.casefold()).translate(_DOTS))


def _numbers(found: Sequence[str]) -> set[str]:
    return {word for word in found if word.isdigit()}


def _swapped(name: str) -> str:
    """``Schmidt, Anna`` as ``Anna Schmidt``; a degree behind a comma stays behind."""
    family, comma, given = name.partition(",")
    return f"{given} {family}" if comma and not set(plain(given)) <= DEGREES | GENERATIONS else name


@dataclass(frozen=True, slots=True)
class _Person:
    words: tuple[str, ...]
    titles: frozenset[str]
    generation: str

    @staticmethod
    def of(name: str) -> "_Person":
        found = [word for word in plain(name) if word not in DEGREES]
        titles = frozenset(found[:1]) & _TITLES if len(found) > 1 else frozenset[str]()
        found = found[len(titles) :]
        generation = found[-1] if len(found) > 1 and found[-1] in GENERATIONS else ""
        return _Person(tuple(found[: len(found) - bool(generation)]), titles, generation)

    def conflicts(self, other: "_Person") -> bool:
        """Whether titles or generations say that these are two."""
        if self.generation and other.generation and self.generation != other.generation:
            return True
        men, women = (bool(self.titles & OF_MEN), bool(other.titles & OF_MEN)), (self.titles, other.titles)
        return men[0] != men[1] and bool(women[men[0]] & OF_WOMEN)


def _people(one: str, other: str) -> Match:
    first, second = _Person.of(one), _Person.of(other)
    if first.conflicts(second) or not first.words or not second.words:
        return DIFFERENT
    short, long = sorted((first, second), key=lambda person: len(person.words))
    if short.words == long.words:
        return Match(0.95, "the same but for a title")
    if _initials(short.words, long.words):
        return Match(0.8, "its initials")
    if len(short.words) == 1:
        return _single(short, long)
    return _whole(short.words, long.words)


def _initials(short: Sequence[str], long: Sequence[str]) -> bool:
    """``jfk`` of John Fitzgerald Kennedy; of two words too few names are the only ones."""
    return len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long)


def _single(short: _Person, long: _Person) -> Match:
    word = short.words[0]
    if len(long.words) == 1:
        if {word, *long.words} & _TITLES:  # grandma is not grandpa
            return DIFFERENT
        return _alike(word, long.words[0], given=True)
    if word in long.words:
        known = long.titles or short.titles or {word, long.words[0]} & FIRST_NAMES
        return Match(0.85 if known else 0.55, "a part of the name")  # what is read as a name may be none
    found = _alike(word, long.words[0], given=True)
    return found if found.why == _SHORT else DIFFERENT


def _whole(short: Sequence[str], long: Sequence[str]) -> Match:
    """Two names of several words: first and last alike, and what stands between in both."""
    if "".join(short) == "".join(long):
        return Match(0.9, "spelled apart")
    ends = _spelled_initials(short, long)
    if ends is not None:
        return ends
    given, family = _alike(short[0], long[0], given=True), _alike(short[-1], long[-1], given=False)
    between = _between(short[1:-1], long[1:-1])
    parts = [given, family, between]
    if any(not part.confidence for part in parts) or [part.why for part in parts].count(_TYPO) > 1:
        return DIFFERENT
    return min(parts, key=lambda part: part.confidence)


def _spelled_initials(short: Sequence[str], long: Sequence[str]) -> Match | None:
    """``jrr tolkien``, or ``pj harvey`` beside ``polly jean harvey``."""
    if len(short) == 2 and len(short[0]) == len(long) - 1 > 1 and short[-1] == long[-1]:
        letters = "".join(word[0] for word in long[:-1])
        return Match(0.85, _LETTER) if short[0] == letters else None
    return None


def _between(short: Sequence[str], long: Sequence[str]) -> Match:
    if not short or not long:
        return Match(0.9, "a middle name more") if short or long else Match(1.0, "")
    if len(short) != len(long):
        return DIFFERENT
    return min((_alike(*pair, given=False) for pair in zip(short, long, strict=True)), key=lambda one: one.confidence)


_SHORT, _LETTER, _TYPO = "a short form", "an initial", "mistyped"


def _alike(one: str, other: str, *, given: bool) -> Match:
    """Two words in one place of two names."""
    if one == other:
        return Match(1.0, "")
    if 1 in (len(one), len(other)):
        return Match(0.8, _LETTER) if one[0] == other[0] else DIFFERENT
    if given and _short_of(one, other):
        return Match(0.85, _SHORT)
    if given and {one, other} <= FIRST_NAMES and not _variants(one, other):
        return DIFFERENT
    return Match(0.7, _TYPO) if _mistyped(one, other) else DIFFERENT


def _short_of(one: str, other: str) -> bool:
    ones, others = SHORT_FORMS.get(one, frozenset()), SHORT_FORMS.get(other, frozenset())
    return other in ones or one in others or (bool(ones & others) and not {one, other} & FULL_NAMES)


FULL_NAMES = frozenset(full for fulls in SHORT_FORMS.values() for full in fulls)


def _variants(one: str, other: str) -> bool:
    """Two spellings of one first name: what sounds the same is written the same."""
    return _sound(one) == _sound(other)


def _sound(word: str) -> str:
    word = word.replace("ph", "f").replace("th", "t").replace("ch", "k").replace("c", "k").replace("z", "s")
    word = word.replace("y", "i").replace("j", "i").replace("v", "f").replace("w", "f")
    return re.sub(r"(.)\1+", r"\1", word)


def _mistyped(one: str, other: str) -> bool:
    """One slip apart, in a long word; the endings by which a name tells its sex are none."""
    short, long = sorted((one, other), key=len)
    if len(short) < LONG:
        return len(short) > 3 and _variants(one, other)
    if long[:-1] == short and long[-1] in "aeos":
        return False
    if one[:-1] == other[:-1] and {one[-1], other[-1]} <= set("aeo"):
        return False
    return _one_slip(short, long) or (len(short) > LONG and _variants(one, other))


def _one_slip(short: str, long: str) -> bool:
    """At most one letter more, other, or changed places with the next; the first one is right."""
    if len(long) - len(short) > 1 or short[0] != long[0]:
        return False
    at = next((place for place, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    if len(long) > len(short):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long[at:]


def _companies(first: tuple[str, ...], second: tuple[str, ...]) -> Match:
    one, other = _without_form(first), _without_form(second)
    if one == other:
        return Match(0.95, "the same but for the company's form")
    short, long = sorted((one, other), key=lambda found: (len(found), sum(map(len, found))))
    if "".join(short) == "".join(long):
        return Match(0.9, "spelled apart")
    if long[: len(short)] == short and set(long[len(short) :]) <= COMPANY_WORDS:
        return Match(0.85, "the same but for what every company is called")
    if len(short) == 1 and _abbreviates(short[0], long):
        return Match(0.8, "its initials")
    return _one_typo(short, long, ORGANISATIONS)


def _without_form(found: tuple[str, ...]) -> tuple[str, ...]:
    while len(found) > 1 and found[-1] in COMPANY_FORMS:
        found = found[:-1]
    if len(found) > 2 and found[-2:] in (("a", "s"), ("s", "a")):
        found = found[:-2]
    return found


def _abbreviates(short: str, long: Sequence[str]) -> bool:
    large = [word for word in long if word not in _SMALL]
    spelled = {"".join(word[0] for word in long), "".join(word[0] for word in large)}
    spelled.add("".join(word if word in {"of"} else word[0] for word in long))
    return len(long) > 1 and len(short) > 1 and short in spelled


def _one_typo(short: Sequence[str], long: Sequence[str], known: frozenset[str]) -> Match:
    """The same words but for one that is mistyped; two that are both known are two."""
    if len(short) != len(long) or {" ".join(short), " ".join(long)} <= known:
        return DIFFERENT
    other = [(one, two) for one, two in zip(short, long, strict=True) if one != two]
    return Match(0.7, _TYPO) if len(other) == 1 and _mistyped(*other[0]) else DIFFERENT


def _places(one: str, other: str) -> Match:
    (head, tail), (second, end) = _place(one), _place(other)
    if tail and end and tail != end:
        return DIFFERENT
    if head == second:
        return Match(
            0.9, "the same place by another name" if not tail and not end else "the same but for where it lies"
        )
    if sorted(head) == sorted(second) and {*head} & {"lake", "mount", "river"}:
        return Match(0.85, "in another order")
    return _one_typo(head, second, PLACES)


def _place(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The place itself, and where it lies."""
    head, _, tail = name.partition(",")
    return _named(plain(head), street=not tail), _named(plain(tail), street=False)


def _named(found: tuple[str, ...], *, street: bool) -> tuple[str, ...]:
    if street and len(found) > 1 and found[-1] == "st":
        found = (*found[:-1], "street")
    found = tuple(PLACE_FORMS.get(word, word) for word in found)
    if len(found) > 2 and found[:2] == ("city", "of"):
        found = found[2:]
    if len(found) > 1 and found[-1] == "city" and " ".join(found[:-1]) in {"new york", "luxembourg", "quebec"}:
        found = found[:-1]
    return tuple(PLACE_NAMES.get(" ".join(found), " ".join(found)).split())
