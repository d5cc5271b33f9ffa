"""Succession: of memories that tell the same thing at different times, the one that the question is after goes first.

"I drive a Civic", said in May, and "sold the Civic, I bought a Renault", said in July, both answer "What do I drive?",
and the older one often in better words. A keyed fact has its timeline (``writing/timeline.py``); what no rule reads has
none. So what was told later is lent the score of what it takes the place of, and a little more: it goes right before
that. A question for what was so before, or at first, has it the other way round. Nothing is taken away from anybody: the
others stay, as history, and a question that asks for neither is left alone.

Two memories tell the same thing when both come near to the question and one of these holds: they state the same key;
the later one says that something changed, and speaks of what the earlier one spoke of; they are nearly the same
sentence with another value in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from recollect.domain.reading.person_words import PETS, RELATIVES
from recollect.domain.record import Memory, Status
from recollect.domain.search import Hit, SignalScore
from recollect.domain.words import STOP_WORDS, stem, words
from recollect.recall.plan import Question
from recollect.recall.tense import Tense

NAME: Final = "succession"
LOOKED_AT: Final = 24
"""So many of the best are looked at; what comes behind them stays where it is."""
AHEAD: Final = 0.01
"""So much more than the memory in whose place it stands does one get, as a share of the best score."""
NEAR: Final = 0.3
"""A memory takes the place of one whose score it reaches this share of, if it says that something changed."""
NEAR_IN_WORDS: Final = 0.6
"""And this share, if only its words are like those of the other."""
ALIKE: Final = 0.5
"""Sentences are nearly the same when so much of the shorter one is in the longer one."""
LONGEST: Final = 400
"""Characters of a text that can tell one thing; what is longer tells several, and takes nobody's place."""

_CHANGED: Final = re.compile(
    r"\b(?:now|no longer|any ?more|these days|nowadays|instead|from now on|as of|since (?:then|the|last)|turns? out|"
    r"switch\w*|chang\w+|mov(?:ed|ing)|new|quit|gave up|give up|given up|stopp?(?:ed|ing)|sold|got rid|replac\w+|cancel\w+|"
    r"postpon\w+|push(?:ed)? (?:back|to|our|the)|resched\w+|rebook\w+|extend\w+|rais(?:ed|ing)|cut|dropp\w+|promot\w+|"
    r"left|joined|broke up|split up|split|divorc\w+|retired|died|finished|on to|ditch\w+|migrat\w+|ported|ripped|rewrit\w+|"
    r"refinanc\w+|added|back (?:to|up|at)|becom\w+|became|slipp\w+|closed|overruled|took (?:over|up)|hired|went (?:up|down)|"
    r"up to|down to|gone|done with|actually|finally|in favou?r of|settled on|decided|updated?|correct\w+|more of an?|"
    r"started (?:as|at|with)|put away|turned)\b",
    re.IGNORECASE,
)
_PEOPLE: Final = "|".join(sorted({*RELATIVES, *PETS}, key=len, reverse=True))
_ANOTHER: Final = re.compile(
    rf"(?:(?:so|and|but|well|oh|ugh),?\s+)?(?:(?:my|our|an?|the(?=\s+neigh))\s+(?:\w+\s+)?(?P<who>{_PEOPLE})s?\b(?!\s+(?:is|are)\s+(?:called\s+|named\s+)?[A-Z])"
    r"(?P<name>\s+[A-Z]\w+)?|(?P<owner>[A-Z]\w+)['’]s\s+(?P<what>\w+)|the\s+(?P<part>\w+)\s+of\s+(?:my|our|the)\b)",
    re.IGNORECASE,
)
_BACK_THEN: Final = re.compile(
    r"\b(?:used to|back then|back when|in those days|originally|at first|years ago)\b", re.IGNORECASE
)
_SAYS_NOTHING: Final = frozenset(
    stem(word)
    for word in """
    new now old day days week weeks month months year years time today tomorrow good great nice thing things lot bit
    really start started changed change moved move switched switch going want wanted think need needed user
    """.split()  # noqa: SIM905 - easier to read
)


@dataclass(frozen=True, slots=True)
class _Told:
    """One hit as it is compared: its place, when it was told, what its words are, whether they tell of a change."""

    hit: Hit
    at: datetime
    stems: frozenset[str]
    changed: bool
    back_then: bool
    aside: bool

    @property
    def order(self) -> tuple[datetime, bytes]:
        return self.at, self.hit.memory.id.bytes


def in_succession(question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits, those of the value that the question is after before those of the same thing's other values.

    Args:
        question: as read.
        hits: best first; only the first ``LOOKED_AT`` are looked at.
    """
    if question.tense is Tense.ANY or len(hits) < 2:
        return tuple(hits)
    asked = frozenset(question.stems)
    told = sorted((_told(hit, asked) for hit in hits[:LOOKED_AT]), key=lambda one: one.order)
    earlier = {
        later.hit.memory.id: [one for one in told[:place] if _takes_place(later, one, asked)]
        for place, later in enumerate(told)
    }
    lent = _lent(told, earlier, question.tense, AHEAD * max(hit.score for hit in hits[:LOOKED_AT]))
    moved = sorted((_raised(one.hit, lent) for one in told), key=lambda hit: (-hit.score, hit.rank))
    placed = [*moved, *hits[LOOKED_AT:]]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(placed, start=1))


def stems_of(text: str) -> frozenset[str]:
    """The stems of the words that say something."""
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS)


def _told(hit: Hit, asked: frozenset[str]) -> _Told:
    memory = hit.memory
    text = f"{memory.text} {(memory.key or '').rpartition(':')[2].replace('_', ' ')}"
    short = len(memory.text) <= LONGEST
    return _Told(
        hit=hit,
        at=memory.told_at or memory.written_at,
        stems=stems_of(text) - _SAYS_NOTHING if short else frozenset(),
        changed=short and _CHANGED.search(memory.text) is not None,
        back_then=_BACK_THEN.search(memory.text) is not None,
        aside=_speaks_of_another(memory, asked),
    )


def _speaks_of_another(memory: Memory, asked: frozenset[str]) -> bool:
    """Whether it is about somebody, or a thing of somebody's, that the question does not name: "My sister works at"."""
    if memory.key is not None:
        about = stems_of(memory.key.rpartition(":")[0])
        return "user" not in about and about.isdisjoint(asked)
    opening = _ANOTHER.match(memory.text)
    if opening is None:
        return False
    named = [opening[name] for name in ("who", "name", "what", "part") if opening[name]]
    return stems_of(" ".join(named)).isdisjoint(asked)


def _takes_place(later: _Told, earlier: _Told, asked: frozenset[str]) -> bool:
    """Whether what was told later is another value of the same thing."""
    one, other = later.hit.memory, earlier.hit.memory
    if later.at <= earlier.at or later.back_then or later.aside or earlier.aside or _teller(one) != _teller(other):
        return False
    if one.key is not None and one.key == other.key:
        return other.status is Status.SUPERSEDED
    near = later.hit.score / max(earlier.hit.score, 1e-9)
    shared = later.stems & earlier.stems
    if later.changed and near >= NEAR and shared:
        return True
    if near < NEAR_IN_WORDS or not shared & asked:
        return False
    fewer = min(len(later.stems), len(earlier.stems))
    return len(shared) >= ALIKE * fewer and later.stems != earlier.stems


def _teller(memory: Memory) -> str:
    """Who says it; a fact is told by whom it is about."""
    return (memory.speaker or (memory.key or "").rpartition(":")[0] or "user").casefold()


def _lent(
    told: Sequence[_Told], earlier: Mapping[UUID, Sequence[_Told]], tense: Tense, ahead: float
) -> dict[UUID, tuple[float, Hit]]:
    """By memory, the score that it is given and the hit whose place it stands before."""
    score = {one.hit.memory.id: one.hit.score for one in told}
    lent: dict[UUID, tuple[float, Hit]] = {}

    def lend(giver: _Told, taker: _Told) -> None:
        given = score[giver.hit.memory.id] + ahead
        if given > score[taker.hit.memory.id]:
            score[taker.hit.memory.id] = given
            lent[taker.hit.memory.id] = given, giver.hit

    if tense is Tense.NOW:
        for later in told:
            for one in earlier[later.hit.memory.id]:
                lend(one, later)
        return lent
    latest = {one.hit.memory.id for one in told} - {
        one.hit.memory.id for several in earlier.values() for one in several
    }
    for later in reversed(told):
        before = earlier[later.hit.memory.id]
        if tense is Tense.BEFORE:
            last = max((one.at for one in before), default=None)
            before = [one for one in before if one.at == last] if later.hit.memory.id in latest else []
        for one in before:
            lend(later, one)
    return lent


def _raised(hit: Hit, lent: Mapping[UUID, tuple[float, Hit]]) -> Hit:
    if hit.memory.id not in lent:
        return hit
    score, giver = lent[hit.memory.id]
    other = giver.memory
    later = (hit.memory.told_at or hit.memory.written_at) > (other.told_at or other.written_at)
    reason = f"told {'after' if later else 'before'} {other.text[:60]!r} of the same thing"
    points = score - hit.score
    own = SignalScore(raw=points, normalised=points, weight=1.0, contribution=points, reason=reason)
    sure = [one for one in (hit.relevance, giver.relevance) if one is not None]
    return replace(hit, score=score, relevance=max(sure, default=None), signals={**hit.signals, NAME: own})
