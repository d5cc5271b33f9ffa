"""Correct: "no, I moved to Lyon" puts right what was known wrong.

A correction becomes a fact of its own, which supersedes the wrong value as any later telling does. Beside that, the
words that stated the wrong value are marked, and archived if they say little else, so that a packet does not go on
quoting them. The log keeps all of it, nothing is deleted, and who says the same again brings the words back, as does
the end of the correction (``writing/reopen.py``).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.hearing import place_of, reaches
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.ids import ids_among
from recollect.domain.reading.corrected import PRONOUNS, Corrected, KnownFact, corrected_facts, is_called
from recollect.domain.reading.corrections import Correction, read_correction
from recollect.domain.reading.facts import KeyedFact, read_facts
from recollect.domain.record import CORRECTED, Memory, Status, Trust
from recollect.domain.scope import is_reserved
from recollect.domain.words import STOP_WORDS, stem, words
from recollect.ports.giving_way import MANY, aside
from recollect.ports.hot_tier import HotWrite
from recollect.ports.store import Change
from recollect.writing.draft import Draft
from recollect.writing.just_said import Meant, Words, meant, of_somebody, words_before
from recollect.writing.steps.derive import fact_draft
from recollect.writing.steps.extract import speaker_of_facts

WORDS_TAKEN_OUT = 240
"""Words of at most so many characters go with the fact that they stated; a longer text says more than that."""
WORDS_BESIDE = 1
"""And at most so many words of content that no fact took over."""

MEANT_WITHIN = timedelta(hours=1)
"""A correction that names neither what was wrong nor what it is about is about what was told so long ago at most."""

Fact = Memory | Draft
"""A fact that is known, or was told in the same batch."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A known fact that a draft says is wrong."""

    draft_id: UUID
    fact: Memory


@dataclass(slots=True)
class Corrections:
    """What a batch of drafts puts right.

    Attributes:
        drafts: the drafts, with those of the facts that the corrections state.
        wrong: the known facts that they say are wrong. unsaid: for each fact of the same batch, the draft that said it
            and the one that takes it back.
    """

    drafts: list[Draft]
    wrong: list[Wrong] = field(default_factory=list[Wrong])
    unsaid: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict[UUID, tuple[UUID, UUID]])

    def note(self, draft_id: UUID, fact: Fact) -> None:
        """Notes that a draft says a fact is wrong; the words that told it in the same batch are no reminder of it."""
        if isinstance(fact, Memory):
            self.wrong.append(Wrong(draft_id, fact))
            return
        said = fact.derived_from or fact.id
        if said != draft_id:
            self.unsaid[fact.id] = (said, draft_id)
            self.drafts[:] = [replace(d, quotes_wrong=True) if d.id == said else d for d in self.drafts]

    @property
    def concerned(self) -> list[UUID]:
        """The records that must be seen under the lock: what was wrong, and the words that stated it."""
        return [
            memory_id
            for wrong in self.wrong
            for memory_id in (wrong.fact.id, *ids_among(wrong.fact.provenance.evidence))
        ]

    def faded(self, now: datetime) -> list[HotWrite]:
        """What working memory is not to remind of any more: the words that stated what was wrong."""
        return [HotWrite(kind=HotKind.WORKING, name=str(name), value=None, at=now) for name in self.concerned]

    def taken_out(
        self,
        changes: Sequence[Change],
        existing: Iterable[Memory],
        stored_as: Mapping[UUID, UUID],
        now: datetime,
    ) -> list[Change]:
        """What takes out the words that stated a wrong value, once a change of this batch has put it right."""
        right = {c.after.id: c.after.key for c in changes if c.after.status is Status.SUPERSEDED}
        told: dict[UUID, Wrong] = {}
        for wrong in self.wrong:
            if wrong.fact.id in right:
                told |= dict.fromkeys(ids_among(wrong.fact.provenance.evidence), wrong)
        touched = {change.after.id for change in changes} | set(stored_as.values())
        there = {record.id: record for record in existing if record.id in told and record.id not in touched}
        said = {record_id: wrong.draft_id for record_id, wrong in told.items()}
        wrong_in = {record_id: wrong.fact.key for record_id, wrong in told.items()}
        for fact_id, (words_id, draft_id) in self.unsaid.items():
            written = [change for change in changes if change.after.id == stored_as.get(words_id)]
            if stored_as.get(fact_id) in right and len(written) == 1 and written[0].before is None:
                words = written[0].after
                there[words.id], said[words.id], wrong_in[words.id] = words, draft_id, right[stored_as[fact_id]]
        return [
            Change(
                type=EventType.MEMORY_CORRECTED,
                before=record,
                after=replace(_without(record, wrong_in.get(record.id)), updated_at=now, version=record.version + 1),
                reason=f"corrected in {stored_as.get(said[record.id], said[record.id])}",
            )
            for record in there.values()
            if record.key is None and record.status in (Status.ACTIVE, Status.ARCHIVED)
        ]


@dataclass(frozen=True, slots=True)
class Lookups:
    """What corrections are read against, asked for only when there is one.

    Attributes:
        facts: gives what is held true of the user now.
        items: gives what is in working memory.
    """

    facts: Callable[[], Awaitable[Sequence[Memory]]]
    items: Callable[[], Awaitable[Sequence[HotItem]]]


async def corrections(drafts: Sequence[Draft], said: Sequence[Draft], lookups: Lookups, now: datetime) -> Corrections:
    """Reads corrections.

    Args:
        drafts: what is kept of what was said, after ``derive``: each text before the facts it states.
        said: all that was said, in order, also what is held back.
        lookups: give what is known.
        now: the time.
    """
    read = await aside(len(drafts) > MANY, _read, drafts)
    if not read:
        return Corrections(list(drafts))
    facts = await lookups.facts()
    found = Corrections(list(drafts))
    points = any(_names_no_fact(draft, correction) or _of_somebody(correction) for draft, correction in read)
    there = await lookups.items() if points else ()
    for draft, correction in read:
        audible = [*(fact for fact in facts if _audible(fact, draft)), *_told_before(found.drafts, draft, correction)]
        audible = [fact for fact in audible if _concerns(fact, draft)]
        if _names_no_fact(draft, correction):
            audible = _meant(draft, correction, audible, words_before(draft, said, there))
        elif _of_somebody(correction):
            audible = _spoken_of(draft, correction.subject, audible, words_before(draft, said, there))
        _put_right(found, draft, correction, audible, now)
    return found


def _told_before(drafts: Sequence[Draft], draft: Draft, correction: Correction) -> list[Fact]:
    """The facts that were told before the correction in the same batch, also in its own message."""
    place = next(position for position, other in enumerate(drafts) if other.id == draft.id)
    own = {fact.text for fact in draft.facts if fact.start < correction.start}
    behind = [other for other in drafts[place:] if other.derived_from == draft.id and other.text in own]
    return [other for other in (*drafts[:place], *behind) if other.value is not None and not other.negated]


def _names_no_fact(draft: Draft, correction: Correction) -> bool:
    """Whether it says neither what it is about nor what is so in full: "no, Lyon", "Lyon, not Paris"."""
    facts = read_facts(correction.text, speaker_of_facts(draft))
    return correction.attribute is None and not any(correction.start <= fact.start < correction.end for fact in facts)


def _meant(draft: Draft, correction: Correction, facts: Sequence[Fact], before: Sequence[Words]) -> list[Fact]:
    """The facts that it may be about."""
    said, named = draft.text[correction.start :], correction.old is not None
    own = [fact for fact in facts if str(draft.id) in fact.provenance.evidence]
    others = _as_meant([fact for fact in facts if str(draft.id) not in fact.provenance.evidence])
    chosen = {about.id for about in meant(said, others, before, named=named)}
    return [*own, *(fact for fact in facts if fact.id in chosen)]


def _spoken_of(draft: Draft, pronoun: str, facts: Sequence[Fact], before: Sequence[Words]) -> list[Fact]:
    """The name that the message itself told before, or that was told right before it."""
    own = [f for f in facts if str(draft.id) in f.provenance.evidence and is_called(pronoun, f.key or "")]
    if own:
        return own if len(own) == 1 else []
    chosen = {about.id for about in of_somebody(pronoun, _as_meant(facts), before)}
    return [fact for fact in facts if fact.id in chosen]


def _as_meant(facts: Sequence[Fact]) -> list[Meant]:
    return [
        Meant(fact.id, fact.key or "", fact.value or "", frozenset((str(fact.id), *fact.provenance.evidence)))
        for fact in facts
    ]


def _of_somebody(correction: Correction) -> bool:
    """Whether it says a name, and of whom by a pronoun only: "No, his name is Max"."""
    return correction.old is None and correction.attribute == "name" and correction.subject in PRONOUNS


def _read(drafts: Sequence[Draft]) -> list[tuple[Draft, Correction]]:
    return [(draft, correction) for draft in drafts if (correction := _correction(draft)) is not None]


def _correction(draft: Draft) -> Correction | None:
    concerns = draft.reads_facts and draft.role == "user" and draft.trust is Trust.TRUSTED
    if not concerns or draft.derived_from is not None or is_reserved(draft.scope.user_id):
        return None
    return read_correction(draft.text)


def _audible(fact: Memory, draft: Draft) -> bool:
    """Whether the draft may put the fact right: one that was said aside leaves what others know as it is."""
    return fact.agent_id == draft.scope.agent_id and reaches(place_of(fact), (draft.channel_id, draft.audience))


def _concerns(fact: Fact, draft: Draft) -> bool:
    """Whether who speaks may put the fact right: somebody other than the user only what is known of themselves."""
    speaker = (speaker_of_facts(draft) or "user").lower()
    subject = (fact.key or "").rpartition(":")[0]
    return speaker in {"user", subject} or subject.startswith(f"{speaker}'s ")


def _put_right(found: Corrections, draft: Draft, correction: Correction, facts: Sequence[Fact], now: datetime) -> None:
    stated = read_facts(correction.text, speaker_of_facts(draft))
    by_id = {str(fact.id): fact for fact in facts}
    known = [KnownFact(f.key or "", f.value or "", str(f.id), _told_at(f, now), _is_single(f)) for f in facts]
    if correction.old is None and _names_no_fact(draft, correction):  # "I meant Lyon" is of what was said now
        known = [fact for fact in known if (draft.told_at or now) - fact.told_at <= MEANT_WITHIN]
    wrong = corrected_facts(correction, stated, known, said_at=draft.told_at or now)
    if not wrong:
        return
    place = next(position for position, other in enumerate(found.drafts) if other.id == draft.id)
    quotes = any(one.old_value and one.old_value.casefold() in draft.text.casefold() for one in wrong)
    found.drafts[place] = draft = replace(draft, quotes_wrong=quotes)
    there = {(d.key, d.value, d.negated) for d in found.drafts if draft.id in (d.derived_from, d.id)}
    for one in wrong:
        found.note(draft.id, by_id[one.memory_id])
        for fact in _facts(one, by_id[one.memory_id], stated, correction):
            if (one.key, fact.value, fact.negated) not in there:
                found.drafts.insert(_end_of(found.drafts, draft.id), fact_draft(draft, fact))
                there.add((one.key, fact.value, fact.negated))


def _end_of(drafts: Sequence[Draft], said: UUID) -> int:
    """Where the facts that a text states end."""
    return max(place for place, draft in enumerate(drafts, start=1) if said in (draft.id, draft.derived_from))


def _facts(one: Corrected, wrong: Fact, stated: Sequence[KeyedFact], correction: Correction) -> list[KeyedFact]:
    """What is so instead; of a key with many values, where the new one ends none, also that the old one is not."""
    fact = _fact(one, wrong, stated, correction)
    if fact.negated or _is_single(wrong) or fact.single:
        return [fact]
    return [_fact(replace(one, new_value=None), wrong, (), correction), fact]


def _fact(one: Corrected, wrong: Fact, stated: Sequence[KeyedFact], correction: Correction) -> KeyedFact:
    """The fact that takes the wrong one's place: as it was stated, or the old one's words with the new value."""
    for fact in stated:
        if fact.key == one.key and (fact.value == one.new_value or (fact.negated and one.new_value is None)):
            return fact
    subject, _, attribute = one.key.partition(":")
    value = one.new_value or one.old_value or ""
    text = wrong.text.replace(wrong.value or "", value) if wrong.value and wrong.value in wrong.text else ""
    if one.new_value is None:
        text = f"It is not true that {attribute.replace('_', ' ')} is {value}"
    return KeyedFact(
        subject=subject,
        attribute=attribute,
        value=value,
        text=text or f"{attribute.replace('_', ' ')}: {value}",
        confidence=0.9,
        negated=one.new_value is None,
        single=_is_single(wrong),
        start=correction.start,
        end=correction.end,
    )


def _told_at(fact: Fact, now: datetime) -> datetime:
    return fact.told_at or (fact.written_at if isinstance(fact, Memory) else now)


def _is_single(fact: Fact) -> bool:
    if isinstance(fact, Draft):
        return fact.single
    return any(telling.single for telling in fact.provenance.tellings)


def _without(record: Memory, key: str | None) -> Memory:
    """The words that stated something wrong, as they are kept: archived, or still found but in no packet."""
    marks = sorted({*record.extra.get(CORRECTED, ()), key or ""})
    status = Status.ARCHIVED if _says_no_more(record) else record.status
    return replace(record, status=status, extra={**record.extra, CORRECTED: marks})


def _says_no_more(record: Memory) -> bool:
    """Whether a record is words that state facts and no more: those facts are records of their own."""
    if record.key is not None or record.status is not Status.ACTIVE or len(record.text) > WORDS_TAKEN_OUT:
        return False
    if read_correction(record.text) is not None:  # a correction that was corrected in its turn
        return True
    stated = " ".join(fact.text for fact in read_facts(record.text, None))
    return len(_content(record.text) - _content(stated)) <= WORDS_BESIDE


def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS)
