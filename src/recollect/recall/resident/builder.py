"""Builder: turns rows into snapshots. It is the one writer; every array it hands out is either replaced or only grows.

What a row says (its text, speaker and key) is cut into passages and entered into the postings once. A row that comes
again with the same words only has its record replaced; one with other words gets a new slot, and its old one is dead
until enough have died for all to be numbered anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.record import Status
from recollect.errors import DimensionMismatch
from recollect.ports.index import IndexRow
from recollect.ports.word_pieces import WordPieces
from recollect.recall.resident import links
from recollect.recall.resident.arrays import Arrays, Stored
from recollect.recall.resident.columns import RECORD, STATUS_CODE, Codes, Vocabulary, record_of
from recollect.recall.resident.growing import Growing
from recollect.recall.resident.meanings import meanings_of
from recollect.recall.resident.places import Places
from recollect.recall.resident.reading import content_hash, entries, passages_of, stems_of_key
from recollect.recall.resident.records import GrowingRecords
from recollect.recall.resident.small_vectors import small
from recollect.recall.resident.snapshot import Snapshot

DEAD_SLOTS: Final = 256
"""Dead slots that are always put up with; beyond, at most one in five."""
LOOKED_UP_BYTES: Final = 60
"""What a memory takes besides: its entry in the look-up table (12), and what a snapshot works out on first use."""

_PLACE_FIELDS: Final = ("conversation", "derived")
"""What decides which turn stands before which."""
_VECTOR_FIELDS: Final = ("vector_start", "vector_count")

Numbers = npt.NDArray[np.int32]


class Builder:
    """One user's arrays. Not safe to call from several threads at once; the snapshots are."""

    def __init__(self, pieces: WordPieces, dimension: int, user_id: str = "") -> None:
        self._dimension = dimension
        self._user_id = user_id
        self._meanings = meanings_of(pieces)
        self._codes = Vocabulary(Codes(), Codes(), Codes(), Codes())
        self._newest: dict[int, int] = {}  # per conversation, the slot with the highest id among what was said
        self._seq = 0
        self._arrays = Arrays.empty(dimension)
        self._places = Places(self._arrays.records.rows)

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        return self._arrays.nbytes + LOOKED_UP_BYTES * len(self._places)

    def holds(self, memory_id: UUID) -> bool:
        """Whether the memory is here."""
        return self._slot_of(memory_id) is not None

    def _slot_of(self, memory_id: UUID) -> int | None:
        return self._places.find(memory_id.int, self._arrays.records.rows)

    def snapshot(self) -> Snapshot:
        """The present state."""
        held = self._arrays
        return Snapshot(
            seq=self._seq,
            records=held.records.rows,
            previous=held.previous.rows,
            passage_slot=held.passage_slot.rows,
            passage_length=held.passage_length.rows,
            words=held.words,
            pieces=held.pieces,
            facts=held.facts,
            vectors=held.vectors.rows,
            vector_scale=held.vector_scale.rows,
            vector_slot=held.vector_slot.rows,
            conversations=self._codes.conversations,
            scopes=self._codes.scopes,
            speakers=self._codes.speakers,
            audiences=self._codes.audiences,
            meanings=self._meanings,
            user_id=self._user_id,
        )

    def stored(self) -> tuple[dict[str, npt.NDArray[Any]], dict[str, list[str]]]:
        """All arrays and all texts by name, for ``restore``; the position of the log is not among them."""
        newest = np.array(list(self._newest.items()), np.int64).reshape(-1, 2)
        names = {name: list(codes.names) for name, codes in zip(Vocabulary._fields, self._codes, strict=True)}
        return {**self._arrays.stored(), "newest": newest}, names

    def restore(self, stored: Stored, names: Mapping[str, Sequence[str]], seq: int) -> None:
        """Takes in what ``stored`` gave, in the place of everything."""
        self._arrays = Arrays.restored(stored)
        self._codes = Vocabulary(*(Codes.of(names[name]) for name in Vocabulary._fields))
        self._places = Places(self._arrays.records.rows)
        self._newest = dict(stored["newest"].tolist())
        self._seq = seq

    def apply(self, rows: Sequence[IndexRow], seq: int) -> None:
        """Takes in rows, each at most once.

        Raises:
            DimensionMismatch: a row's vectors have another dimension; nothing was taken in.
        """
        for row in rows:
            if row.vectors.ndim != 2 or row.vectors.shape[1] != self._dimension:
                shape = "x".join(map(str, row.vectors.shape))
                raise DimensionMismatch("vectors", f"of {row.id} are {shape}; expected (chunks, {self._dimension})")
        known = [(slot, row) for row in rows if (slot := self._slot_of(row.id)) is not None]
        rewritten = self._renew(*zip(*known, strict=True)) if known else []
        fresh = [row for row in rows if row.status is not Status.DELETED and self._slot_of(row.id) is None]
        if fresh:
            self._append(fresh)
        if rewritten:
            self._relink()
        self._seq = seq
        dead = len(self._arrays.records.rows) - len(self._places)
        if dead > max(DEAD_SLOTS, len(self._places) // 4):
            self._compact()
        elif self._places.crowded:
            self._places = Places(self._arrays.records.rows)

    def _renew(self, known: Sequence[int], rows: Sequence[IndexRow]) -> list[int]:
        """Replaces the records of known memories; returns the slots that died or moved in their conversation."""
        held = self._arrays.records
        slots = np.array(known, np.intp)
        given = np.array([self._record(row) for row in rows], RECORD)
        gone = (given["status"] == STATUS_CODE[Status.DELETED]) | (given["content"] != held.rows["content"][slots])
        died, stay = slots[gone], ~gone
        for row in (row for row, dies in zip(rows, gone.tolist(), strict=True) if dies):
            self._places.remove(row.id.int, held.rows)
        moved = stay & np.any([held.rows[name][slots] != given[name] for name in _PLACE_FIELDS], axis=0)
        fields = (name for name in RECORD.names or () if name not in _VECTOR_FIELDS)
        held.put(slots[stay], {name: given[name][stay] for name in fields})
        held.put(died, {"alive": np.zeros(len(died), bool)})
        self._renew_vectors(
            slots[stay].tolist(), [row for row, stays in zip(rows, stay.tolist(), strict=True) if stays]
        )
        if len(died):
            self._outdate(died.tolist())
        return [*died.tolist(), *slots[moved].tolist()]

    def _renew_vectors(self, slots: Sequence[int], rows: Sequence[IndexRow]) -> None:
        for slot, row in zip(slots, rows, strict=True):
            if self._same_vectors(slot, row):
                continue
            self._outdate([slot])
            place = {"vector_start": len(self._arrays.vectors.rows), "vector_count": len(row.vectors)}
            self._arrays.records.put(np.array([slot]), {name: np.array([value]) for name, value in place.items()})
            self._append_vectors([row], [slot])

    def _append(self, rows: Sequence[IndexRow]) -> None:
        held = self._arrays
        first_slot, first_passage = len(held.records.rows), len(held.passage_slot.rows)
        slots = list(range(first_slot, first_slot + len(rows)))
        records = np.array([self._record(row) for row in rows], RECORD)
        counts = np.array([len(row.vectors) for row in rows], np.int64)
        records["vector_count"] = counts
        records["vector_start"] = len(held.vectors.rows) + np.cumsum(counts) - counts
        said = [passages_of(row) for row in rows]
        texts = [text for passages in said for text in passages]
        read = entries(texts, self._meanings.splits, first_passage)
        keys, owners = stems_of_key(rows, first_slot)
        held.records.append(records)
        held.passage_slot.append(np.repeat(np.array(slots, np.int32), [len(passages) for passages in said]))
        held.passage_length.append(read.lengths)
        held.words = held.words.extended(*read.words)
        held.pieces = held.pieces.extended(*read.pieces)
        held.facts = held.facts.extended(keys, owners, np.ones(len(keys), np.uint16))
        self._append_vectors(rows, slots)
        self._places.add((row.id.int, slot) for row, slot in zip(rows, slots, strict=True))
        self._link(slots, records)

    def _record(self, row: IndexRow) -> tuple[int | float | bool, ...]:
        return record_of(row, content_hash(row), self._codes)

    def _link(self, slots: Sequence[int], records: npt.NDArray[np.void]) -> None:
        appended, in_order = links.appended(slots, records, self._newest, self._arrays.records.rows)
        self._arrays.previous.append(appended)
        if not in_order:
            self._relink()

    def _relink(self) -> None:
        previous, self._newest = links.rebuilt(self._arrays.records.rows)
        self._arrays.previous = Growing(previous)

    def _append_vectors(self, rows: Sequence[IndexRow], slots: Sequence[int]) -> None:
        counts = [len(row.vectors) for row in rows]
        if sum(counts):
            codes, scales = small(np.concatenate([row.vectors for row in rows]))
            self._arrays.vectors.append(codes)
            self._arrays.vector_scale.append(scales)
            self._arrays.vector_slot.append(np.repeat(np.array(slots, np.int32), counts))

    def _same_vectors(self, slot: int, row: IndexRow) -> bool:
        held = self._arrays
        start, count = int(held.records.rows["vector_start"][slot]), int(held.records.rows["vector_count"][slot])
        codes, scales = small(row.vectors)
        return np.array_equal(held.vectors.rows[start : start + count], codes) and np.array_equal(
            held.vector_scale.rows[start : start + count], scales
        )

    def _outdate(self, slots: Sequence[int]) -> None:
        vector_slot = self._arrays.vector_slot.rows.copy()
        vector_slot[np.isin(vector_slot, slots)] = -1
        self._arrays.vector_slot = Growing(vector_slot)

    def _compact(self) -> None:
        """Numbers the living memories anew, without gaps."""
        held = self._arrays
        alive = held.records.rows["alive"]
        slots = _numbers(alive)
        kept = alive[held.passage_slot.rows]
        passages = _numbers(kept)
        chunks = held.vector_slot.rows >= 0
        records = GrowingRecords(held.records.rows.where(alive))
        records.put(np.arange(len(records.rows)), {"vector_start": _kept_before(chunks)[records.rows["vector_start"]]})
        self._arrays = Arrays(
            records=records,
            previous=Growing(np.zeros(0, np.int32)),
            passage_slot=Growing(slots[held.passage_slot.rows[kept]]),
            passage_length=Growing(held.passage_length.rows[kept]),
            vectors=Growing(held.vectors.rows[chunks]),
            vector_scale=Growing(held.vector_scale.rows[chunks]),
            vector_slot=Growing(slots[held.vector_slot.rows[chunks]]),
            words=held.words.renumbered(passages),
            pieces=held.pieces.renumbered(passages),
            facts=held.facts.renumbered(slots),
        )
        self._places = Places(self._arrays.records.rows)
        self._relink()


def _numbers(kept: npt.NDArray[np.bool_]) -> Numbers:
    """For each place, its new number when only ``kept`` ones stay, and -1 for the others."""
    return np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)


def _kept_before(kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """For each place, and the end, how many before it stay."""
    return np.concatenate([[0], np.cumsum(kept)])
