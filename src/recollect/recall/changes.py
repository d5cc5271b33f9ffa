"""Changes: what a text says of something that changed: "sold the Civic", "we're at Villa Rosa now", and of whom."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from recollect.domain.reading.person_words import PETS, RELATIVES
from recollect.domain.record import Memory
from recollect.domain.words import STOP_WORDS, stem, words
from recollect.recall.beginnings import Beginnings, beginnings
from recollect.recall.topics import topics, units

LONGEST: Final = 200
"""Characters of a text that can tell one thing; what is longer tells several, and takes nobody's place."""
SHORT: Final = 100
"""Characters of a plain statement."""
REMEMBERED: Final = 4_096
"""Texts whose reading is kept, about 2 KB each."""

_SAYS_CHANGED: Final = (
    r"now|no longer|any more|anymore|these days|nowadays|instead|from now on|as of|since (?:then|the|last)|turns? out|"
    r"switch\w*|swapp?\w*|chang\w+|mov(?:ed|ing)|relocat\w+|quit|gave up|give up|given up|stopp?(?:ed|ing)|sold|"
    r"got rid|get rid|replac\w+|cancel\w+|called off|postpon\w+|push(?:ed)? (?:back|to|our|the)|bump(?:ed)|shift(?:ed)|"
    r"brought forward|resched\w+|rebook\w+|extend\w+|rais(?:ed|ing)|increas\w+|reduc\w+|lower\w*|doubled|cut|"
    r"dropp\w+|upgrad\w+|promot\w+|transferr\w+|renam\w+|left|joined|broke up|split up|split|divorc\w+|separat\w+|"
    r"retired|resigned|fired|laid off|let go|died|passed away|ended|is over|expired|on to|ditch\w+|dumped|"
    r"migrat\w+|ported|ripped|rewrit\w+|refinanc\w+|went back|back (?:to|up|at|on)|becom\w+|became|slipp\w+|"
    r"closed|overruled|took (?:over|up)|taken (?:over|up)|hired|adopted|went (?:up|down|with)|goes (?:up|down)|"
    r"gone|done with|gone off|fed up|tired of|sick of|in favor of|in favour of|settled on|decided|opted|"
    r"updated?|correct\w+|more of an?|more into|started (?:as|at|with)|from \w+day on|put away|"
    r"born|another|rather|sign(?:ed|ing) up|handed in|reset|assigned|reassigned|been given|goodbye|bye|farewell|"
    r"talked me into|persuaded|put me on|made me|got (?:worse|better)|worse|coming earlier|sooner|delayed|late[rd]?|"
    r"shav(?:ed|en)|dyed|matured|traded|lost|broken|broke|stolen|bankrupt|ill|sick|off the table|is off|was off|"
    r"fell through|too (?:expensive|slow|small|hot|much)|not .{1,20} but|as it turned out|revised|overturned|"
    r"downgraded|converted"
)
_CHANGED: Final = re.compile(rf"\b(?:{_SAYS_CHANGED})\b", re.IGNORECASE)
_CHANGED_BEGINS: Final = beginnings(_SAYS_CHANGED)
_SAYS_MAYBE: Final = (
    r"new|actually|finally|will be|has been|up to|down to|finished|added|agreed on|picked|chose|turned|got"
)
_MAY_HAVE_CHANGED: Final = re.compile(rf"\b(?:{_SAYS_MAYBE})\b", re.IGNORECASE)
_MAYBE_BEGINS: Final = beginnings(_SAYS_MAYBE)
_OWN: Final = re.compile(r"\b(?:I|my|we|our)\b", re.IGNORECASE)
_BACK_THEN: Final = re.compile(
    r"\b(?:used to|back then|back when|in those days|originally|at first|years ago)\b", re.IGNORECASE
)
_KINDS: Final = {
    "name": re.compile(r"(?<=[a-z,;:'’\d] )(?!I\b|I['’])[A-Z]\w*"),  # not at the beginning of a sentence
    "number": re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|half)\b",
        re.IGNORECASE,
    ),
}
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_SAYS_NOTHING: Final = frozenset(
    stem(word)
    for word in """
    new now old day days week weeks month months year years time today tomorrow good great nice thing things lot bit
    really start started changed change moved move switched switch going want wanted think need needed user
    thanks thank hey hi wow awesome amazing glad happy love sounds cool yeah
    """.split()  # noqa: SIM905 - easier to read
)
_PEOPLE: Final = "|".join(sorted({*RELATIVES, *PETS}, key=len, reverse=True))
_ANOTHER: Final = re.compile(
    r"(?:(?:so|and|but|well|oh|ugh),?\s+)?"
    rf"(?:(?:my|our|an?|the(?=\s+neigh))\s+(?:\w+\s+)?(?P<who>{_PEOPLE})s?\b(?!['’]s)"
    r"(?!\s+(?:is|are)\s+(?:called\s+|named\s+)?(?-i:[A-Z]))(?P<name>\s+(?-i:[A-Z])\w+)?"
    r"|(?:(?:the|my|our|his|her|their)\s+)?(?P<owner>\w+)['’]s\s+(?P<what>\w+(?:\s+\w+)?)"
    r"|the\s+(?P<part>\w+)\s+of\s+(?:my|our|the)\b)",
    re.IGNORECASE,
)
_NO_OWNERS: Final = frozenset({"it", "that", "he", "she", "there", "here", "what", "who", "let", "dinner", "lunch"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a memory says, as it is compared with others.

    Attributes:
        stems: of its telling words. changes: the same for each of its sentences that says that something changed.
        may_change: and for each that may say so. topics: what it is about.
        new_topics: what the sentences are about that tell of a change.
        units: what its numbers count: "kilo" for "86 kilos". plain: it is one short statement.
        kinds: whether it has a name or a number in it.
        back_then: it speaks of what was so before.
    """

    stems: frozenset[str]
    changes: tuple[frozenset[str], ...]
    may_change: tuple[frozenset[str], ...]
    topics: frozenset[str]
    new_topics: frozenset[str]
    units: frozenset[str]
    kinds: frozenset[str]
    plain: bool
    back_then: bool


_NOTHING: Final = Spoken(
    stems=frozenset(),
    changes=(),
    may_change=(),
    topics=frozenset(),
    new_topics=frozenset(),
    units=frozenset(),
    kinds=frozenset(),
    plain=False,
    back_then=False,
)


def spoken(memory: Memory, names: frozenset[str]) -> Spoken:
    """What a memory says; ``names`` of who speaks say nothing, and a long text does not either."""
    if len(memory.text) > LONGEST:
        return _NOTHING
    found = _spoken(memory.text, memory.key)
    if found.stems.isdisjoint(names):
        return found
    return replace(
        found,
        stems=found.stems - names,
        changes=tuple(one - names for one in found.changes),
        may_change=tuple(one - names for one in found.may_change),
    )


@lru_cache(maxsize=REMEMBERED)
def _spoken(text: str, key: str | None) -> Spoken:
    """The same before anybody's names are taken out."""
    about = (key or "").rpartition(":")[2].replace("_", " ")
    sentences = [one for one in _SENTENCE.split(text) if not one.endswith("?")]
    pairs = list(zip(["", *sentences], sentences, strict=False))  # "Finished Severance! Now we're on to The Bear."
    changes = [f"{before} {one}" for before, one in pairs if _says(one, _CHANGED_BEGINS, _CHANGED)]
    may_change = [one for one in sentences if _says(one, _MAYBE_BEGINS, _MAY_HAVE_CHANGED)]
    return Spoken(
        stems=stems_of(f"{text} {about}") - _SAYS_NOTHING,
        changes=tuple(stems_of(one) - _SAYS_NOTHING for one in changes),
        may_change=tuple(stems_of(one) - _SAYS_NOTHING for one in may_change),
        topics=topics(f"{text} {about}"),
        new_topics=frozenset(topic for one in (*changes, *may_change) for topic in topics(one)),
        units=units(text),
        kinds=frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(text)),
        plain=len(text) <= SHORT and len(sentences) == 1 and key is None,
        back_then=_BACK_THEN.search(text) is not None,
    )


def _says(sentence: str, begins: Beginnings, pattern: re.Pattern[str]) -> bool:
    """Whether the pattern is in the sentence; looked for only where one of its words begins, ten times faster."""
    return begins.any_of(words(sentence)) and pattern.search(sentence) is not None


def speaks_of_another(memory: Memory, asked: frozenset[str]) -> bool:
    """Whether it is about somebody, or a thing of somebody's, that the question does not name: "My sister works at"."""
    if memory.key is not None:
        about = stems_of(memory.key.rpartition(":")[0])
        return "user" not in about and about.isdisjoint(asked)
    opening = _ANOTHER.match(memory.text)
    if opening is None or _OWN.search(memory.text, opening.end()):
        return False
    if opening["owner"]:
        owner = opening["owner"].lower()
        return owner not in _NO_OWNERS and any(stems_of(opening[name]).isdisjoint(asked) for name in ("owner", "what"))
    named = [opening[name] for name in ("who", "name", "part") if opening[name]]
    return stems_of(" ".join(named)).isdisjoint(asked)


def stems_of(text: str) -> frozenset[str]:
    """The stems of the words that say something."""
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS)
