"""Timeline: when each value of a key held, worked out from all its tellings, so the order of arrival is nothing to it.

A key with one value at a time (``user:location``) is one line of tellings, ordered by when they were told; of what was
told at the same time the later arrival counts, and a telling without a time counts as told when it arrived. Reading
along the line, tellings of the same value form a *span*; another value, or a negation of the value that holds, begins
the next. Three rules give the spans their times:

- A span starts when its first telling says the fact began to hold: when it happened, else when it was told. When nobody
  knows, it starts when it arrived; only the first span then has no start at all, for nothing was known before it.
- It ends where the next begins, or any later one that reaches further back: "I moved to Lyon in May", said in June,
  takes May away from the city that was named in May. So spans never overlap, and what is told last wins.
- It never ends before it starts: what a later telling covers whole keeps its start and holds for no time.

The last span has no end, and its record is the active one. A negation ("I no longer work at Acme") ends a span only if
that span is the value it names; otherwise it is an *aside*: kept and found until another value is told, without a say
in what holds. A key with many values (``user:likes``) is one such line for each value.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from uuid import UUID

from recollect.domain.content import normalised
from recollect.domain.ids import new_id
from recollect.domain.record import Memory, Status, Telling

UNNAMED = ""
"""What a negation denies that was stored before that was kept: the value of the record it superseded, if any."""

LIVING = frozenset({Status.ACTIVE, Status.SILENT, Status.COMPRESSED, Status.ARCHIVED})

_name = lru_cache(10_000)(normalised)


@dataclass(frozen=True, slots=True)
class Told:
    """One telling on a key's line: of which record, about which value, and whether it says that this has ended.

    Attributes:
        name: the value as it is compared; None for a negation of whatever holds.
    """

    record: Memory
    telling: Telling
    name: str | None
    negated: bool

    @property
    def at(self) -> datetime:
        """Its place in time."""
        return self.telling.told_at or self.telling.written_at

    @property
    def order(self) -> tuple[datetime, datetime, UUID]:
        """What tellings are sorted by."""
        return self.at, self.telling.written_at, self.record.id


@dataclass(slots=True)
class Piece:
    """A record's part in one span.

    Attributes:
        record: the record. id: the record's own for its last piece; an earlier piece becomes a record of its own.
        span: the number of the span on its line.
        told: its tellings there.
        start, end: when it holds.
        before, after: ids of the pieces whose place it took and that took its place, if any did.
    """

    record: Memory
    id: UUID
    span: int
    told: list[Told]
    start: datetime | None = None
    end: datetime | None = None
    before: UUID | None = None
    after: UUID | None = None

    @property
    def living(self) -> bool:
        """Whether nothing that was told later took its place."""
        return self.after is None


@dataclass(slots=True)
class Span:
    """Tellings of one value in a row, or of one negation without a value among them.

    Attributes:
        number: its place on the line. counts: it has a say in what holds; False for an aside.
        told: the tellings. start, end: when it holds.
        before, after: the spans whose place it took and that took its place. pieces: the records' parts.
    """

    number: int
    counts: bool
    told: list[Told]
    start: datetime | None = None
    end: datetime | None = None
    before: "Span | None" = None
    after: "Span | None" = None
    pieces: list[Piece] = field(default_factory=list[Piece])

    @property
    def first(self) -> Told:
        """Its first telling."""
        return self.told[0]

    @property
    def begin(self) -> datetime:
        """When it begins to take another's place."""
        return self.start or self.first.at

    def states(self, name: str | None) -> bool:
        """Whether it is a value, and this one; None asks for any."""
        return not self.first.negated and name in (None, self.first.name)


def tellings_of(record: Memory) -> tuple[Telling, ...]:
    """When a record's fact was told; a record from before tellings were kept was told once."""
    if record.provenance.tellings:
        return record.provenance.tellings
    denied = UNNAMED if record.value is None else None
    return (Telling(told_at=record.told_at, written_at=record.written_at, since=record.valid_from, denied=denied),)


def name_of(record: Memory) -> str | None:
    """The value that a record states or denies, as it is compared; None if it denies whatever holds."""
    value = record.value if record.value is not None else tellings_of(record)[-1].denied
    return named(value)


def named(value: str | None) -> str | None:
    """A value as it is compared."""
    return None if value is None else _name(value)


def is_single(records: Iterable[Memory]) -> bool:
    """Whether the records' key has one value at a time: one was told so, or is of old and took another's place."""
    return any(
        any(telling.single for telling in record.provenance.tellings)
        if record.provenance.tellings
        else record.value is not None and record.supersedes is not None
        for record in records
    )


def spans(told: Iterable[Told]) -> list[Span]:
    """The spans of one line, in order."""
    found: list[Span] = []
    current: Span | None = None
    negations: dict[str | None, Span] = {}
    for one in sorted(told, key=lambda one: one.order):
        holds = current is not None and current.states(one.name)
        joined = negations.get(one.name) if one.negated else (current if holds else None)
        if not one.negated:
            negations = {}
        if joined is not None:
            joined.told.append(one)
            continue
        span = Span(len(found), counts=holds or not one.negated, told=[one])
        found.append(span)
        if span.counts:
            current = span
        if one.negated:
            negations[one.name] = span
    return found


def pieces(records: Sequence[Memory], names: Collection[str | None] = ()) -> list[Piece]:
    """The pieces of every record of one key, each with its place in time.

    Args:
        records: all records of the key.
        names: the values that may have changed; a key with many values looks at no others. None among them, or no
            name at all, means every value.
    """
    told = list(_told(records))
    if is_single(records):
        return _linked(spans(told))
    lines: dict[str | None, list[Told]] = {None: []}
    for one in told:
        lines.setdefault(one.name, []).append(one)
    every = lines.pop(None)  # these end each value that holds
    chosen = lines if None in names or not names else [name for name in lines if name in names]
    found = [piece for name in chosen for piece in _linked(spans([*lines[name], *every])) if piece.told[0].name == name]
    if every:
        found += [piece for piece in _linked(spans(told)) if piece.told[0].name is None]
    return found


def same_span(records: Sequence[Memory], candidate: Memory) -> Memory | None:
    """The record beside which the candidate would stand in one span: both say the same, and nothing came in between."""
    name, told = name_of(candidate), _told([*records, candidate])
    whole = name is None or is_single([*records, candidate])
    line = list(told) if whole else [one for one in told if one.name in (name, None)]
    own = next(span for span in spans(line) if any(one.record.id == candidate.id for one in span.told))
    return next((one.record for one in own.told if one.record.id != candidate.id), None)


def _told(records: Iterable[Memory]) -> Iterator[Told]:
    by_id = {record.id: record for record in records}
    for record in records:
        name = name_of(record)
        ended = by_id.get(record.supersedes) if record.supersedes is not None else None
        if name == UNNAMED and ended is not None:
            name = name_of(ended)
        for telling in tellings_of(record):
            yield Told(record, telling, name, negated=record.value is None)


def _link(line: Sequence[Span]) -> None:
    """Ties each span to the one that took its place; an aside gives way to a value, or to the same said again."""
    counted: Span | None = None
    value: Span | None = None
    negations: dict[str | None, Span] = {}
    for span in reversed(line):
        following = [counted] if span.counts else [value, negations.get(span.first.name)]
        span.after = min(filter(None, following), key=lambda one: one.number, default=None)
        if span.after is not None and (span.counts or span.after.first.name == span.first.name):
            span.after.before = span
        if span.counts:
            counted = span
        if span.first.negated:
            negations[span.first.name] = span
        else:
            value = span


def _date(line: Sequence[Span]) -> None:
    known = False
    for span in line:
        span.start = span.first.telling.since or (span.first.at if known else None)
        known = known or span.counts
    bound: datetime | None = None
    for span in reversed(line):
        end = bound if span.counts else (span.after and span.after.begin)
        span.end = max(end, span.start) if end is not None and span.start is not None else end
        if span.counts:
            bound = span.begin if bound is None else min(span.begin, bound)


def _linked(line: Sequence[Span]) -> list[Piece]:
    """The pieces of a line's spans, each with its time, its neighbours and its id."""
    _link(line)
    _date(line)
    for span in line:
        span.pieces = list(_cut(span))
    found = [piece for span in line for piece in span.pieces]
    last = {piece.record.id: piece for piece in found}
    for piece in found:
        if last[piece.record.id] is not piece:
            piece.id = new_id()
    for span in line:
        first, final = span.pieces[0], span.pieces[-1]
        first.before = span.before.pieces[-1].id if span.before is not None else None
        final.after = span.after.pieces[0].id if span.after is not None else None
        for one, following in pairwise(span.pieces):
            one.after, following.before = following.id, one.id
    return found


def _cut(span: Span) -> Iterator[Piece]:
    """One piece for each record in the span; there are two once what stood between them is gone."""
    told: dict[UUID, list[Told]] = {}
    for one in span.told:
        told.setdefault(one.record.id, []).append(one)
    cuts = [span.start]
    for own in list(told.values())[1:]:
        begin = own[0].telling.since or own[0].at
        begin = max(begin, cuts[-1] or begin)
        cuts.append(begin if span.end is None else min(begin, span.end))
    for own, (start, end) in zip(told.values(), pairwise([*cuts, span.end]), strict=True):
        yield Piece(own[0].record, own[0].record.id, span.number, own, start, end)
