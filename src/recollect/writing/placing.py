"""Placing: changes to records together with what they do to the timelines of their keys."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.hearing import Place, place_of, reaches
from recollect.domain.mem0_form import end_of, ends_at
from recollect.domain.record import Memory, Status, Telling, Trust
from recollect.ports.store import Change
from recollect.writing.draft import Draft
from recollect.writing.timeline import LIVING, Piece, name_of, pieces, tellings_of

MOST_TELLINGS = 64
"""Tellings kept of one record: the first and the latest. Those between matter only if another value arrives late."""

Line = tuple[str, str]
"""A key and the agent whose it is."""


@dataclass(slots=True)
class Ledger:
    """The records that were found under the lock, as the changes so far leave them.

    Deleted records are left out. Quarantined ones are held, but have no place on a timeline until they are released.
    """

    now: datetime
    records: dict[UUID, Memory] = field(default_factory=dict[UUID, Memory])
    lines: dict[Line, dict[UUID, None]] = field(default_factory=dict[Line, dict[UUID, None]])
    """The records of each key."""

    def take(self, record: Memory) -> None:
        """Takes in a record as it is now."""
        known = self.records.pop(record.id, None)
        if known is not None and known.key is not None:
            self.lines.get((known.key, known.agent_id), {}).pop(record.id, None)  # not there while quarantined
        if record.status is Status.DELETED:
            return
        self.records[record.id] = record
        if record.key is not None and record.trust is not Trust.QUARANTINED:
            self.lines.setdefault((record.key, record.agent_id), {})[record.id] = None

    def line(self, line: Line) -> list[Memory]:
        """The records of a key."""
        return [self.records[found] for found in self.lines.get(line, ())]

    def write(self, changes: Sequence[Change]) -> list[Change]:
        """Takes in changes; returns them, each record in its place, and after them what they do to other records."""
        written = list(changes)
        touched: dict[Line, set[str | None]] = {}
        for change in written:
            for record in filter(None, (change.before, change.after)):
                if record.key is not None:
                    touched.setdefault((record.key, record.agent_id), set()).add(name_of(record))
            self.take(change.after)
        own = {change.after.id: position for position, change in enumerate(written)}
        for line, names in touched.items():
            for piece in heard_pieces(self.line(line), names):
                self._settle(piece, own, written)
        return written

    def _settle(self, piece: Piece, own: dict[UUID, int], written: list[Change]) -> None:
        """Brings a record to its place, within its own change if it has one."""
        before = self.records.get(piece.id)
        if before is not None and _stands(before, piece):
            return
        after = self._placed(piece)
        position = own.get(piece.id)
        if position is not None:
            change = written[position]
            unnoticed = change.before is not None and change.before.version == after.version
            after = replace(after, version=after.version + 1) if unnoticed else after
            written[position] = replace(change, after=after)
        elif before is None:
            reason = f"told before and after another value: the earlier part of {piece.record.id}"
            source = piece.record.id
            written.append(Change(type=EventType.MEMORY_ADDED, after=after, reason=reason, vectors_of=source))
        else:
            after = replace(after, version=before.version + 1, updated_at=self.now)
            kind, reason = _what_happened(before, after, piece)
            written.append(Change(type=kind, before=before, after=after, reason=reason))
        self.take(after)

    def _placed(self, piece: Piece) -> Memory:
        record = self.records[piece.record.id]
        tellings = tuple(one.telling for one in piece.told)
        if piece.id != record.id:
            record = _part(replace(record, id=piece.id, version=1, updated_at=self.now), tellings)
        elif len(tellings) < len(tellings_of(record)):
            record = _part(record, tellings)
        return replace(
            record,
            status=_status(record, piece),
            valid_from=piece.start,
            valid_to=_end(record, piece),
            supersedes=piece.before,
        )


def heard_pieces(records: Sequence[Memory], names: Collection[str | None] = ()) -> list[Piece]:
    """The pieces of every record of one key, each placed among what reached all who may hear it, and nothing else.

    Said in one place, as nearly always, that is one line. Otherwise a correction that was told aside takes the place of
    a value that was told in public wherever the aside may be told, and leaves it alone everywhere else.
    """
    places = dict.fromkeys(place_of(record) for record in records)
    if len(places) < 2:
        return pieces(records, names)
    return [
        piece
        for place in places
        for piece in _pieces_at(place, [record for record in records if reaches(place_of(record), place)], names)
    ]


def _pieces_at(place: Place, audible: Sequence[Memory], names: Collection[str | None]) -> list[Piece]:
    """The pieces of what was said at a place, among all that reached it.

    The same value told elsewhere takes nobody's place, and what was said elsewhere is named by its record, which may
    have other pieces there.
    """
    found = pieces(audible, names)
    elsewhere: dict[UUID | None, Piece] = {p.id: p for p in found if place_of(p.record) != place}
    own = [piece for piece in found if piece.id not in elsewhere]
    for piece in own:
        while piece.after in elsewhere and elsewhere[piece.after].span == piece.span:
            same = elsewhere[piece.after]
            piece.after, piece.end = same.after, same.end
        while piece.before in elsewhere and elsewhere[piece.before].span == piece.span:
            piece.before = elsewhere[piece.before].before
        piece.after = _record_of(piece.after, elsewhere)
        piece.before = _record_of(piece.before, elsewhere)
    return own


def _record_of(piece: UUID | None, elsewhere: Mapping[UUID | None, Piece]) -> UUID | None:
    return elsewhere[piece].record.id if piece in elsewhere else piece


def settled(existing: Iterable[Memory], changes: Sequence[Change], now: datetime) -> list[Change]:
    """The changes, each record put in its place among the values of its key, and what that does to the others.

    Args:
        existing: what was seen under the lock: every record of the keys that the changes touch, superseded ones too.
        changes: what is to be done, at most one change a record; their order and number stay.
        now: the time.

    Returns:
        The given changes, then those of other records.
    """
    ledger = Ledger(now)
    for record in existing:
        ledger.take(record)
    return ledger.write(changes)


def after_removal(existing: Iterable[Memory], removed: Iterable[Memory], now: datetime) -> list[Change]:
    """What becomes of the rest when records go: as if they had never been told.

    Args:
        existing: what was seen under the lock: every record of the removed records' keys.
        removed: the records that go; their own changes are the caller's to write.
        now: the time.
    """
    gone = list(removed)
    deleted = [
        Change(type=EventType.MEMORY_DELETED, before=record, after=replace(record, status=Status.DELETED))
        for record in gone
    ]
    return settled(existing, deleted, now)[len(gone) :]


def telling(draft: Draft, evidence: tuple[str, ...], now: datetime) -> Telling:
    """The telling that a draft of a fact is; ``evidence`` names what told it.

    It holds since it happened, else since it was told, but no later than now: with a clock that is ahead nothing would
    be true until then.
    """
    since = draft.occurred_at or draft.told_at
    return Telling(
        told_at=draft.told_at,
        written_at=now,
        since=None if since is None else min(since, now),
        evidence=evidence,
        single=draft.single,
        denied=draft.value if draft.negated else None,
    )


def restated(record: Memory, draft: Draft) -> Memory:
    """The record when its words now say what the draft says: told when it was told before, in the draft's terms.

    A record that states no fact any more has no place on a timeline, and no time in which it holds.
    """
    known = tellings_of(record) if record.key is not None else (telling(draft, (), record.written_at),)
    record = replace(
        record,
        text=draft.text,
        key=draft.key,
        value=None if draft.negated else draft.value,
        entities=draft.entities,
        emotion=draft.emotion,
        importance=draft.importance or 0.0,
        occurred_at=draft.occurred_at or record.occurred_at,
        content_hash=draft.content_hash,
        channel_id=draft.channel_id,  # words that were told elsewhere are heard where they were told
        audience=draft.audience,
    )
    if draft.key is None:
        status = Status.ACTIVE if record.status is Status.SUPERSEDED else record.status
        record = replace(record, status=status, valid_from=None, valid_to=end_of(record.extra), supersedes=None)
        return replace(record, provenance=replace(record.provenance, tellings=()))
    tellings = tuple(_in_terms_of(one, draft) for one in known)
    since = tellings[0].since
    return replace(record, valid_from=since, provenance=replace(record.provenance, tellings=tellings))


def _in_terms_of(one: Telling, draft: Draft) -> Telling:
    since = draft.occurred_at or one.told_at
    return replace(
        one,
        since=None if since is None else min(since, one.written_at),
        single=draft.single,
        denied=draft.value if draft.negated else None,
    )


def with_telling(record: Memory, told: Telling) -> Memory:
    """The record, told once more; a telling that is known already (a repeated import) is not counted twice."""
    known = tellings_of(record)
    if told.told_at is not None and any(
        one.told_at == told.told_at and set(one.evidence) == set(told.evidence) for one in known
    ):
        return record
    tellings = sorted((*known, told), key=lambda one: (one.told_at or one.written_at, one.written_at))
    kept = (tellings[0], *tellings[1:][-(MOST_TELLINGS - 1) :])
    return replace(record, provenance=replace(record.provenance, tellings=kept))


def without_evidence(record: Memory, reference: str) -> Memory:
    """The record without what one of its sources told; the caller has seen to it that something is left."""
    evidence = tuple(known for known in record.provenance.evidence if known != reference)
    record = replace(record, provenance=replace(record.provenance, evidence=evidence))
    stripped = [
        (telling, replace(telling, evidence=tuple(known for known in telling.evidence if known != reference)))
        for telling in record.provenance.tellings
    ]
    kept = tuple(after for before, after in stripped if after.evidence or not before.evidence)
    if not kept or kept == record.provenance.tellings:
        return record
    return _told(record, kept)


def _part(record: Memory, tellings: tuple[Telling, ...]) -> Memory:
    """The record as if it had only been told these times."""
    told = {reference for telling in tellings for reference in telling.evidence}
    others = {reference for telling in tellings_of(record) for reference in telling.evidence} - told
    evidence = tuple(reference for reference in record.provenance.evidence if reference not in others)
    return _told(replace(record, provenance=replace(record.provenance, evidence=evidence)), tellings)


def _told(record: Memory, tellings: tuple[Telling, ...]) -> Memory:
    fewer = len(tellings_of(record)) - len(tellings)
    return replace(
        record,
        told_at=max((telling.told_at for telling in tellings if telling.told_at), default=None),
        reinforcements=max(record.reinforcements - fewer, 0),
        provenance=replace(record.provenance, tellings=tellings),
    )


def _end(record: Memory, piece: Piece) -> datetime | None:
    """When the piece ends: where another value begins, or when the record expires before that."""
    return ends_at(record.extra, piece.start, piece.end)


def _status(record: Memory, piece: Piece) -> Status:
    if not piece.living:
        return Status.SUPERSEDED
    return record.status if record.status in LIVING else Status.ACTIVE


def _stands(record: Memory, piece: Piece) -> bool:
    """Whether a record is as its piece says it should be."""
    whole = len(piece.told) == len(tellings_of(record))
    return whole and (record.status, record.valid_from, record.valid_to, record.supersedes) == (
        _status(record, piece),
        piece.start,
        _end(record, piece),
        piece.before,
    )


def _what_happened(before: Memory, after: Memory, piece: Piece) -> tuple[EventType, str]:
    if before.status in LIVING and after.status is Status.SUPERSEDED:
        return EventType.MEMORY_SUPERSEDED, f"superseded by {piece.after}"
    if before.status is Status.SUPERSEDED and after.status in LIVING:
        return EventType.MEMORY_REOPENED, "nothing that was told later takes its place any more"
    return EventType.MEMORY_UPDATED, "another value of the same key came or went before or after it"
