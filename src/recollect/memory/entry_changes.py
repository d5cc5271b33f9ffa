"""What a caller wants done to entries, and the changes of memories that do it.

The head's change comes last, so that its line of the log closes the entry's new version: see ``entry_book.history``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.entry import MARK, NO_WORDS, Address, Entry, address_of, content_of, cut, entries_of, mark_of
from recollect.domain.event import EventType
from recollect.domain.ids import new_id
from recollect.domain.reading.entities import read_entities
from recollect.domain.reading.importance import importance
from recollect.domain.record import Memory, MemoryType, Provenance, ProvenanceSource, SourceType, Status, Tier
from recollect.domain.scope import Scope
from recollect.domain.storable import check_storable
from recollect.errors import Conflict, ValidationError, VersionConflict
from recollect.ports.store import NO_VECTORS, Change

MAX_TEXT: Final = 100_000
MAX_VALUE: Final = 1_000_000
MAX_NAME: Final = 1_024
READ_LIMIT: Final = 4_000
"""Characters of a part that are read for names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Keep this text, and a value with it, at the address.

    Attributes:
        value: anything that prints as JSON; None for none. ttl_s: seconds after which it is gone; None for never.
        base: the entry it was made from, which must not have changed since; None to write whatever is there.
        fresh: refuse if there is one.
    """

    address: Address
    text: str
    value: Any = None
    ttl_s: float | None = None
    base: Entry | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Keep the entry at another address, where there must be none, with its history."""

    base: Entry
    to: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Delete the entry, if there is one; with ``base``, if it has not changed since."""

    address: Address
    base: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Begin the entry's time to live anew, if there is one and it has one."""

    address: Address


Wish = Put | Move | Drop | Touch


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a text, with its vectors; None where they are not needed, or could not be had."""

    content: str
    vectors: npt.NDArray[np.float32] | None = None

    @property
    def words(self) -> str:
        """What the memory's text is to be: what is blank has no words to be found by."""
        return self.content if self.content.strip() else NO_WORDS


def places_of(wish: Wish) -> list[Address]:
    """The addresses that the wish is about."""
    if isinstance(wish, Move):
        return [wish.base.address, wish.to]
    return [wish.address]


def ttl_of(entry: Entry) -> float | None:
    """Seconds after which the entry is gone unless it is read, None for never."""
    return entry.parts[0].extra[MARK].get("ttl_s")


def check_address(address: Address) -> None:
    """Refuses names that cannot be stored, or are too long.

    Raises:
        ValidationError: naming the part at fault.
    """
    for part, value in (("name", address.name), *(("path", name) for name in address.path)):
        if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
            raise ValidationError(part, f"must be a string, not {type(value).__name__}")
        check_storable(part, value)
    size = len(address.name) + sum(map(len, address.path))
    if size > MAX_NAME:
        raise ValidationError("name", f"has {size:,} characters with its path; at most {MAX_NAME:,} are allowed")


def pieces_of(put: Put, limit: int) -> list[Piece]:
    """The text in parts of at most ``limit`` characters.

    Raises:
        ValidationError: the address, the text or the value cannot be kept.
    """
    check_address(put.address)
    check_storable("text", put.text)
    if len(put.text) > MAX_TEXT:
        raise ValidationError("text", f"has {len(put.text):,} characters; at most {MAX_TEXT:,} are allowed")
    written(put.value)
    return [Piece(part) for part in cut(put.text, limit)]


def written(value: Any) -> str | None:
    """The value as JSON; as text it comes back as it was, whatever a database makes of numbers.

    Raises:
        ValidationError: it is no JSON, or too long.
    """
    if value is None:
        return None
    try:
        told = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValidationError("value", f"must be JSON (no NaN, bytes or dates): {error}") from None
    if len(told) > MAX_VALUE:
        raise ValidationError("value", f"has {len(told):,} characters as JSON; at most {MAX_VALUE:,} are allowed")
    return told


@dataclass(slots=True)
class Changes:
    """Collects what wishes make of the entries that are there.

    Attributes:
        scope: whose. now: the time. pieces: the parts of each text that is to be kept.
        there: the memories that were read under the lock.
    """

    scope: Scope
    now: datetime
    pieces: Mapping[Address, Sequence[Piece]]
    there: Sequence[Memory]
    made: list[Change] = field(default_factory=list[Change])
    _entries: dict[Address, Entry] = field(default_factory=dict[Address, Entry])

    def __post_init__(self) -> None:
        self._entries = entries_of(self.there)

    def take(self, wish: Wish) -> None:
        """Adds the changes of one wish.

        Raises:
            VersionConflict: the entry that it was made from has changed. Conflict: there is one where none may be.
        """
        if isinstance(wish, Move):
            self._move(wish)
            return
        if isinstance(wish, Touch):
            self._touch(wish.address)
            return
        held = self._at(wish.address, wish.base)
        if isinstance(wish, Put):
            self._put(wish, held)
        elif held is not None:
            self._end(held.parts, "deleted by the caller")

    def _at(self, address: Address, base: Entry | None) -> Entry | None:
        """The entry there, if it has not expired; one that has makes way."""
        held = self._entries.get(address)
        if held is not None and held.expires_at is not None and held.expires_at <= self.now:
            self._end(held.parts, "its time to live has passed")
            held = None
        elif held is None:
            self._end(list(self._parts_at(address).values()), "what stood before it was erased")
        if base is not None:
            same = held is not None and held.parts[0].id == base.parts[0].id
            if held is None or not same or held.version != base.version:
                raise VersionConflict(base.version, held.version if held is not None and same else 0)
        return held

    def _parts_at(self, address: Address) -> dict[int, Memory]:
        """Every part that is there, by its number, whether or not its head is."""
        marks = [(memory, mark_of(memory)) for memory in self.there]
        return {mark["part"]: memory for memory, mark in marks if mark is not None and address_of(mark) == address}

    def _put(self, put: Put, held: Entry | None) -> None:
        if held is not None and put.fresh:
            raise Conflict(f"there is an entry at {put.address.name!r} already")
        pieces = self.pieces[put.address]
        old = self._parts_at(put.address) if held is not None else {}
        expires_at = None if put.ttl_s is None else self.now + timedelta(seconds=put.ttl_s)
        head_id, version = (new_id(), 1) if held is None else (held.parts[0].id, held.version + 1)
        for number in range(len(pieces) - 1, 0, -1):
            mark = put.address.mark(number) | {"of": str(head_id), "since": version}
            self._part(mark, pieces[number], old.get(number), expires_at)
        self._end([part for number, part in old.items() if number >= len(pieces)], "the entry has become shorter")
        told = written(put.value)
        mark = put.address.mark(0) | {"id": str(head_id), "parts": len(pieces), "version": version}
        mark |= {} if told is None else {"value": told}
        mark |= {} if put.ttl_s is None else {"ttl_s": put.ttl_s}
        self._part(mark, pieces[0], old.get(0), expires_at)

    def _touch(self, address: Address) -> None:
        held = self._at(address, None)
        ttl_s = None if held is None else ttl_of(held)
        if held is None or ttl_s is None:
            return
        for part in reversed(held.parts):
            after = replace(part, valid_to=self.now + timedelta(seconds=ttl_s))
            self._changed(part, after, "it was read, and its time to live began anew")

    def _part(self, mark: Mapping[str, Any], piece: Piece, old: Memory | None, expires_at: datetime | None) -> None:
        """A part's new state; one that follows the head and is the same stays as it is."""
        if old is not None and mark["part"] and (content_of(old), old.valid_to) == (piece.content, expires_at):
            return
        words = piece.words
        extra = {MARK: dict(mark) | ({} if words == piece.content else {"held": piece.content})}
        entities = read_entities(words[:READ_LIMIT], None)
        told: dict[str, Any] = {
            "text": words,
            "extra": extra,
            "entities": tuple(entities),
            "importance": importance(words[:READ_LIMIT], MemoryType.SEMANTIC_FACT, 0.0, (), entities),
            "told_at": self.now,
            "valid_to": expires_at,
        }
        if old is None:
            self.made.append(Change(type=EventType.MEMORY_ADDED, after=self._new(mark, told), vectors=piece.vectors))
            return
        same = old.text == words
        vectors = None if same else NO_VECTORS if piece.vectors is None else piece.vectors
        self._changed(old, replace(old, **told, updated_at=self.now), "written anew by the caller", vectors)

    def _new(self, mark: Mapping[str, Any], told: Mapping[str, Any]) -> Memory:
        address = Address(mark["space"], tuple(mark["path"]), mark["name"])
        return Memory(
            id=UUID(mark["id"]) if "id" in mark else new_id(),
            tenant_id=self.scope.tenant_id,
            user_id=self.scope.user_id,
            agent_id=self.scope.agent_id,
            type=MemoryType.SEMANTIC_FACT,
            tier=Tier.PERSONAL,
            written_at=self.now,
            updated_at=self.now,
            content_hash=address.content_hash(mark["part"]),
            source_type=SourceType.DOCUMENT,
            provenance=Provenance(source=ProvenanceSource.AGENT_INFERRED),
            **told,
        )

    def _changed(
        self, before: Memory, after: Memory, reason: str, vectors: npt.NDArray[np.float32] | None = None
    ) -> None:
        after = replace(after, version=before.version + 1)
        kind = EventType.MEMORY_UPDATED
        self.made.append(Change(type=kind, before=before, after=after, reason=reason, vectors=vectors))

    def _move(self, move: Move) -> None:
        held = self._at(move.base.address, move.base)
        assert held is not None  # noqa: S101 - it has a base
        if self._at(move.to, None) is not None:
            raise Conflict(f"there is an entry at {move.to.name!r} already")
        for part in reversed(held.parts):
            number = part.extra[MARK]["part"]
            mark = dict(part.extra[MARK]) | move.to.mark(number)
            mark["since" if number else "version"] = held.version + 1
            extra = {**part.extra, MARK: mark}
            after = replace(part, extra=extra, content_hash=move.to.content_hash(number), updated_at=self.now)
            self._changed(part, after, "it has another name")

    def _end(self, parts: Sequence[Memory], reason: str) -> None:
        for part in reversed(parts):
            after = replace(part, status=Status.DELETED, version=part.version + 1, updated_at=self.now)
            kind = EventType.MEMORY_DELETED
            self.made.append(Change(type=kind, before=part, after=after, reason=reason, vectors=NO_VECTORS))
