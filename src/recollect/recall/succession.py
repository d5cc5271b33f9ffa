"""Succession: of memories that tell the same thing at different times, the one that the question is after goes first.

"I drive a Civic", said in May, and "sold the Civic, I bought a Renault", said in July, both answer "What do I drive?",
and the older one often in better words. A keyed fact has its timeline (``writing/timeline.py``); what no rule reads has
none. So each of the best hits lends its score, and a little more, to the latest memory that took its place: that one
goes right before it. A question for what was so before, or at first, has it the other way round. Nothing is taken away
from anybody: the others stay, as history, and a question that asks for neither is left alone.

A memory takes the place of another when the same one told it later, both come near to the question, and one of these
holds: they state the same key; a sentence of the later one says that something changed, and speaks of what the earlier
one spoke of; they are nearly the same sentence with another value in it. What is said of somebody whom the question
does not name is nobody else's value. And unless the later one says what became of the old value ("sold the Civic"), it
must answer the question nearly as well by itself, and have a name or a number where the old one had: "I changed my
phone" is no new phone number.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from recollect.domain.chunking import ASKER_ROLES, ROLE_NAMES
from recollect.domain.record import Memory, Status
from recollect.domain.search import Hit, SignalScore
from recollect.recall.changes import Spoken, speaks_of_another, spoken, stems_of
from recollect.recall.plan import Question
from recollect.recall.tense import Tense
from recollect.recall.topics import asked_topics, asks_amount

NAME: Final = "succession"
LOOKED_AT: Final = 16
"""So many of the best are looked at; what comes behind them stays where it is."""
LENDING: Final = 3
"""So many of the best lend their score."""
AHEAD: Final = 0.01
"""So much more than the memory in whose place it stands does one get, as a share of the best score."""
NEAR: Final = 0.3
"""A memory takes the place of one whose score it reaches this share of, if it says that something changed."""
NEAR_IN_WORDS: Final = 0.7
"""And this share, if only its words are like those of the other."""
NEAR_IN_TOPIC: Final = 0.4
"""And this share, if it tells of a change in what the other and the question are about."""
ALIKE_IN_SCORE: Final = 0.7
"""Of several whose place was taken, those that reach this share of the best one's score."""
NEAR_AND_PLAIN: Final = 0.55
"""And this share, if both are one short statement each about what the question is about."""
NEAR_TO_ANSWER: Final = 0.65
"""And this share in any case, unless it says what became of the old value."""
NEAR_IN_COMPANY: Final = 0.95
"""The same where several people chat."""
ALIKE: Final = 0.5
"""Sentences are nearly the same when so much of the shorter one is in the longer one."""
SELDOM: Final = 3
"""A word ties two memories if the question has it, or so many of those that are looked at, at most."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One hit as it is compared: when it was told, what it says, whether it is about somebody else."""

    hit: Hit
    at: datetime
    said: Spoken
    aside: bool

    @property
    def id(self) -> UUID:
        return self.hit.memory.id

    @property
    def order(self) -> tuple[datetime, bytes]:
        return self.at, self.id.bytes


@dataclass(frozen=True, slots=True)
class _Ties:
    """What ties two memories: words of the question, words that few of the hits have, what the question is about."""

    asked: frozenset[str]
    often: Mapping[str, int]
    topics: frozenset[str]
    asks_amount: bool
    in_company: bool

    def of(self, one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
        """The words of both that tie them."""
        return frozenset(word for word in one & other if word in self.asked or self.often[word] <= SELDOM)


def in_succession(question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits, those of the value that the question is after before those of the same thing's other values.

    Args:
        question: as read.
        hits: best first; only the first ``LOOKED_AT`` are looked at.
    """
    if question.tense is Tense.ANY or len(hits) < 2:
        return tuple(hits)
    asked = frozenset(question.stems)
    names = stems_of(" ".join({hit.memory.speaker or "" for hit in hits[:LOOKED_AT]}))
    in_company = len(_people(hits[:LOOKED_AT])) > 1
    told = sorted((_told(hit, asked, names) for hit in hits[:LOOKED_AT]), key=lambda one: one.order)
    ties = _Ties(asked - names, _often(told), asked_topics(question.text), asks_amount(question.text), in_company)
    lent, replaced = _lent(told, ties, question.tense, AHEAD * max(one.hit.score for one in told))
    moved = sorted(
        (replace(_raised(one.hit, lent), replaced_at=replaced.get(one.id)) for one in told),
        key=lambda hit: (-hit.score, hit.rank),
    )
    placed = [*moved, *hits[LOOKED_AT:]]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(placed, start=1))


def _people(hits: Sequence[Hit]) -> set[str]:
    """Who speaks in these, an assistant aside; whoever has no name is the user."""
    said = {(hit.memory.speaker or "user").casefold() for hit in hits}
    return {
        "user" if speaker in ASKER_ROLES else speaker
        for speaker in said
        if speaker in ASKER_ROLES or speaker not in ROLE_NAMES
    }


def _often(told: Sequence[_Told]) -> Counter[str]:
    """How often each word was told; a text and the facts that were read from it are one telling."""
    tellings: dict[datetime, frozenset[str]] = {}
    for one in told:
        tellings[one.at] = tellings.get(one.at, frozenset()) | one.said.stems
    return Counter(word for stems in tellings.values() for word in stems)


def _told(hit: Hit, asked: frozenset[str], names: frozenset[str]) -> _Told:
    memory = hit.memory
    return _Told(hit, memory.told_at or memory.written_at, spoken(memory, names), speaks_of_another(memory, asked))


def _takes_place(later: _Told, earlier: _Told, ties: _Ties, score: float = 0.0) -> bool:
    """Whether what was told later is another value of the same thing; ``score`` is what it has to come near to."""
    if not _may_take_place(later, earlier, ties, score):
        return False
    if _says_what_became(later, earlier, ties):
        return True
    # Where several people chat, a turn answers others and says much in passing: both must be as good an answer.
    least = NEAR_IN_COMPANY if ties.in_company else NEAR_TO_ANSWER
    shared = earlier.said.stems & later.said.stems & ties.asked
    if shared and earlier.said.kinds and earlier.said.kinds.isdisjoint(later.said.kinds):
        return False
    if ties.in_company and not shared:
        return False
    return later.hit.score >= least * max(earlier.hit.score, score)


def _says_what_became(later: _Told, earlier: _Told, ties: _Ties) -> bool:
    """Whether the later one states the same key, or says of what the question does not name that it changed."""
    one, other = later.hit.memory, earlier.hit.memory
    if one.key is not None and one.key == other.key:
        return True
    if ties.in_company:
        return False
    value = earlier.said.stems - ties.asked
    return any(ties.of(sentence, value) for sentence in later.said.changes)


def _may_take_place(later: _Told, earlier: _Told, ties: _Ties, score: float) -> bool:
    """Whether their words, times and tellers let the later one be another value of the same thing."""
    one, other = later.hit.memory, earlier.hit.memory
    if later.at <= earlier.at or later.aside or earlier.aside or _teller(one) != _teller(other):
        return False
    if one.key is not None and one.key == other.key:
        return other.status is Status.SUPERSEDED
    near = later.hit.score / max(earlier.hit.score, score, 1e-9)
    if near < NEAR or later.said.back_then:
        return False
    if any(ties.of(sentence, earlier.said.stems) for sentence in later.said.changes):
        return True
    if any(sentence & earlier.said.stems & ties.asked for sentence in later.said.may_change):
        return True
    if near >= NEAR_IN_TOPIC and later.said.new_topics & earlier.said.topics & ties.topics:
        return True
    shared = ties.of(later.said.stems, earlier.said.stems)
    if ties.asks_amount and shared and later.said.units & earlier.said.units:
        return True
    if later.said.plain and earlier.said.plain and near >= NEAR_AND_PLAIN and shared & ties.asked:
        return True
    fewer = min(len(later.said.stems), len(earlier.said.stems))
    alike = len(shared) >= ALIKE * fewer and later.said.stems != earlier.said.stems
    return near >= NEAR_IN_WORDS and bool(shared & ties.asked) and alike


def _teller(memory: Memory) -> str:
    """Who says it; a fact is told by whom it is about."""
    return (memory.speaker or (memory.key or "").rpartition(":")[0] or "user").casefold()


def _lent(
    told: Sequence[_Told], ties: _Ties, tense: Tense, ahead: float
) -> tuple[dict[UUID, tuple[float, Hit]], dict[UUID, datetime]]:
    """By memory, the score that it is given and the hit whose place it stands before; and when that was replaced."""
    score = {one.id: one.hit.score for one in told}
    lent: dict[UUID, tuple[float, Hit]] = {}
    replaced: dict[UUID, datetime] = {}
    givers = sorted(told, key=lambda one: one.hit.rank)[:LENDING]
    for giver in givers:
        taker = _follows(giver, told, ties) if tense is Tense.NOW else _precedes(giver, told, ties, tense)
        if taker is None:
            continue
        if tense is Tense.NOW and _says_what_became(taker, giver, ties):
            replaced[giver.id] = taker.at
        given = score[giver.id] + ahead
        if given > score[taker.id]:
            score[taker.id] = given
            lent[taker.id] = given, giver.hit
    return lent, replaced


def _follows(giver: _Told, told: Sequence[_Told], ties: _Ties) -> _Told | None:
    """The latest that took the place of what was told, or of what did, and so on."""
    latest = giver
    for one in told:  # in the order of time
        follows = _takes_place(one, giver, ties) or _takes_place(one, latest, ties, giver.hit.score)
        if one.at > latest.at and follows:
            latest = one
    return None if latest is giver else latest


def _precedes(giver: _Told, told: Sequence[_Told], ties: _Ties, tense: Tense) -> _Told | None:
    """The one whose place was taken: the last before it, or for what was so at first the earliest of all."""
    before: list[_Told] = []
    earliest = giver
    for one in reversed(told):
        direct = _takes_place(giver, one, ties)
        if one.at < earliest.at and (direct or _takes_place(earliest, one, ties)):
            before += [one] if direct or tense is Tense.FIRST else []
            earliest = one if tense is Tense.FIRST else earliest
    least = ALIKE_IN_SCORE * max((one.hit.score for one in before), default=0.0)
    before = [one for one in before if one.hit.score >= least]
    return next(iter(before if tense is Tense.BEFORE else before[::-1]), None)


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
