"""Echo: what recall had put into a prompt is not stored as news when it comes back.

First, before anything is read, each text loses the packets that stand between markers in it, whoever said it. Then,
when the records are known, what an assistant or a tool said is compared with them: a message that only repeats memories
is refused; one that repeats some is kept word for word, without the facts in what it repeats. A user who says the same
thing again is not an echo: that reinforces.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from recollect.domain.chunking import ASKER_ROLES, ROLE_NAMES
from recollect.domain.content import content_hash, doubted, said_in
from recollect.domain.echo import READ_LIMIT, EchoLine, candidate_lines, cut, says_something
from recollect.domain.reading.facts import KeyedFact
from recollect.domain.receipt import Outcome, ReceiptItem
from recollect.domain.record import Memory, MemoryType, ProvenanceSource, SourceType, Trust
from recollect.writing.draft import Draft

_NOT_THE_USER = frozenset({ProvenanceSource.AGENT_INFERRED, ProvenanceSource.TOOL_RESULT})
_MACHINES = ROLE_NAMES - ASKER_ROLES


@dataclass(slots=True)
class Echoes:
    """What a batch of drafts loses because recall had put it into a prompt, found in the order of the methods."""

    order: list[UUID] = field(default_factory=list[UUID])
    """The drafts that have an item in the receipt, in the order it lists them."""
    refused: dict[UUID, ReceiptItem] = field(default_factory=dict[UUID, ReceiptItem])
    notes: dict[UUID, str] = field(default_factory=dict[UUID, str])
    """What was left out of drafts that are kept."""
    _read: dict[UUID, list["_Read"]] = field(default_factory=dict[UUID, list["_Read"]])

    def unmarked(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The drafts without recalled text between markers; those that held nothing else are refused."""
        kept: list[Draft] = []
        for draft in drafts:
            sifted, echoed = without_recalled(draft)
            self.order.append(draft.id)
            if sifted is None:
                self._refuse(draft, "an echo: recall had put all of it into the prompt")
                continue
            if echoed:
                self.notes[draft.id] = "without what recall had put into the prompt"
            kept.append(sifted)
        return kept

    def hashes(self, drafts: Sequence[Draft]) -> list[str]:
        """The content hashes of all memories that these drafts may repeat; the write must see their records."""
        speakers = _speakers(drafts)
        speakers = _speakers(drafts)
        self._read = {draft.id: _read(draft, speakers) for draft in drafts if may_echo(draft)}
        return list(dict.fromkeys(one for lines in self._read.values() for line in lines for one in line.hashes))

    def news(self, drafts: Sequence[Draft], existing: Iterable[Memory]) -> list[Draft]:
        """The drafts that repeat no memory; what was derived from a repeated line goes with it."""
        known = {record.content_hash: record.id for record in existing}
        verdicts = {draft.id: _judge(draft, known, self._read[draft.id]) for draft in drafts if draft.id in self._read}
        listed: dict[UUID, list[UUID]] = {}
        kept: list[Draft] = []
        for draft in drafts:
            said = draft.derived_from or draft.id
            listed.setdefault(said, []).append(draft.id)
            repeated = verdicts[said].repeated(draft) if said in verdicts else None
            if repeated is None:
                kept.append(draft)
            else:
                self._refuse(draft, f"an echo of memory {repeated}: recall had put it into the prompt")
        self.order = [one for said in self.order for one in listed.get(said, [said])]
        return kept

    def items(self, stored: Sequence[ReceiptItem]) -> list[ReceiptItem]:
        """The receipt's items, the refused ones in their places between what was stored of the rest."""
        others = iter(stored)
        items: list[ReceiptItem] = []
        for draft_id in self.order:
            item = self.refused.get(draft_id) or next(others)
            note = self.notes.get(draft_id)
            items.append(replace(item, reason=f"{item.reason}; {note}") if note else item)
        return items

    def settle(self, draft_id: UUID, item: ReceiptItem) -> None:
        """Says what became of a draft that is not stored."""
        self.refused[draft_id] = item

    def _refuse(self, draft: Draft, reason: str) -> None:
        self.refused[draft.id] = ReceiptItem(
            outcome=Outcome.REJECTED,
            reason=reason,
            memory_id=None,
            type=draft.type or MemoryType.TURN,
            text=draft.text,
            key=draft.key,
            value=draft.value,
            derived_from=draft.derived_from,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much of a message repeats memories.

    Attributes:
        spans: where it does (start, end), and which memory.
        whole: all that it says is repeated.
        facts: what was read from the message.
    """

    spans: tuple[tuple[int, int, UUID], ...]
    whole: bool
    facts: tuple[KeyedFact, ...]

    def repeated(self, draft: Draft) -> UUID | None:
        """The memory that makes this draft, the message or a fact derived from it, an echo; None if it is news."""
        if self.whole:
            return self.spans[0][2]
        if draft.derived_from is None:
            return None
        places = [(f.start, f.end) for f in self.facts if f.text == draft.text and f.key == draft.key]
        found = [self._at(start, end) for start, end in places]
        return found[0] if found and None not in found else None

    def _at(self, start: int, end: int) -> UUID | None:
        return next((memory for first, last, memory in self.spans if first < end and start < last), None)


def without_recalled(draft: Draft) -> tuple[Draft | None, tuple[str, ...]]:
    """The draft without the recalled packets in its text, or None if nothing else is in it; and what was taken out."""
    found = cut(draft.text)
    if not found.echoed:
        return draft, ()
    if not says_something(found.rest):
        return None, found.echoed
    return replace(draft, text=found.rest.strip()), found.echoed


def may_echo(draft: Draft) -> bool:
    """Whether an assistant or a tool said it, in its own message."""
    return draft.derived_from is None and (
        draft.provenance.source in _NOT_THE_USER
        or draft.source_type is SourceType.TOOL_OUTPUT
        or (draft.speaker or "").casefold() in _MACHINES
    )


def judge(draft: Draft, known: Mapping[str, UUID], speakers: Iterable[str] = ()) -> Verdict:
    """Compares a message with what is known.

    Args:
        draft: what an assistant or a tool said.
        known: the memories by content hash, at least those with the hashes of ``Echoes.hashes``.
        speakers: who else speaks in the batch: a model may repeat their words without the name before them.
    """
    return _judge(draft, known, _read(draft, tuple(speakers)))


def _judge(draft: Draft, known: Mapping[str, UUID], lines: "Sequence[_Read]") -> Verdict:
    if draft.content_hash in known:
        return Verdict((), False, draft.facts)  # the same message once more, as when a chat is imported twice
    spans = [
        (line.place.start, line.place.end, memory)
        for line in lines
        if (memory := next((known[one] for one in line.hashes if one in known), None)) is not None
    ]
    counted = [line.place for line in lines if line.place.counts]
    covered = all(any(first <= one.start and one.end <= last for first, last, _ in spans) for one in counted)
    return Verdict(tuple(spans), bool(spans) and covered and len(draft.text) <= READ_LIMIT, draft.facts)


@dataclass(frozen=True, slots=True)
class _Read:
    place: EchoLine
    hashes: tuple[str, ...]


def _read(draft: Draft, speakers: Sequence[str]) -> list[_Read]:
    return [_Read(line, _said_where(draft, _hashes(line, speakers))) for line in candidate_lines(draft.text)]


def _said_where(draft: Draft, plain: tuple[str, ...]) -> tuple[str, ...]:
    """The hashes of the same words said in private and, in a channel, said where the draft was said."""
    if draft.channel_id is None:
        return plain
    return (*plain, *(said_in(one, draft.channel_id, draft.audience) for one in plain))


def _hashes(line: EchoLine, speakers: Sequence[str]) -> tuple[str, ...]:
    """The content hashes of what a line may repeat; quarantined words must not become an assistant's either."""
    said = [(name, text) for speaker, text in line.readings for name in ((speaker,) if speaker else (None, *speakers))]
    trusted = [content_hash(speaker, text) for speaker, text in said]
    return tuple(doubted(one, trust) for trust in (Trust.TRUSTED, Trust.KNOWN, Trust.QUARANTINED) for one in trusted)


def _speakers(drafts: Sequence[Draft]) -> tuple[str, ...]:
    """The people of the batch by name, the user's id among them; at most a handful, as each means more to look up."""
    named = {drafts[0].scope.user_id: None} if drafts else {}
    for draft in drafts:
        if draft.speaker and draft.speaker.casefold() not in ROLE_NAMES:
            named[draft.speaker] = None
    return tuple(named)[:4]
