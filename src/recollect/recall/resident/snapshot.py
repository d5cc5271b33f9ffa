"""Snapshot: one user's memories as arrays, at one position of the log; immutable, so any thread may rank on it."""

import math
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.record import Trust
from recollect.domain.words import stem_key
from recollect.recall.resident.columns import ENDLESS, TRUST_CODE, UNKNOWN_TIME, Codes
from recollect.recall.resident.corpus import Corpus
from recollect.recall.resident.meanings import Meanings
from recollect.recall.resident.postings import Postings
from recollect.recall.resident.records import Records
from recollect.recall.resident.small_vectors import Codes8

T = TypeVar("T")
CHANCE: Final = 0.3
BRIEF: Final = 20
"""So many stems are few: a longer text says by itself what it is about."""
MOST_KEPT: Final = 64
"""How many results of ``kept`` a snapshot remembers."""
MOST_RARITIES: Final = 2_000
"""How many terms' rarities a snapshot remembers; a question's are asked for several times."""
_LOW: Final = 0xFFFF_FFFF_FFFF_FFFF
Floats = npt.NDArray[np.float32]
Int32s = npt.NDArray[np.int32]


class Beside(NamedTuple):
    """Where the turns before and after each slot stand.

    Attributes:
        shifted: when each turn stands right after the one before it: for each slot but the first whether it has one.
        before, after: otherwise their slots, the place after the last slot where there is none.
    """

    shifted: npt.NDArray[np.bool_] | None
    before: npt.NDArray[np.intp] | None
    after: npt.NDArray[np.intp] | None


class Runs(NamedTuple):
    """Stretches of slots with one conversation: where each starts, its length, the conversation's number or -1.

    ``outside`` tells which slots have no conversation; None when all have one.
    """

    starts: npt.NDArray[np.intp]
    lengths: npt.NDArray[np.intp]
    codes: Int32s
    outside: npt.NDArray[np.bool_] | None


@dataclass(frozen=True)
class Snapshot:
    """A user's memories. A memory's number, its slot, is its place in these arrays.

    Attributes:
        seq: the log position.
        records: one array a field, each of shape (slots,), see ``columns.RECORD``.
        previous: per slot, the slot of what was said just before in the same conversation, or -1.
        passage_slot: per passage, its memory's slot, ascending. passage_length: per passage, its stems.
        words: stem keys in passages. pieces: word-piece ids in passages. facts: stem keys of facts' keys, in slots.
        vectors: int8, shape (chunks, dimension), see ``small_vectors``. vector_scale: of each.
        vector_slot: per chunk, its memory's slot, or -1 when outdated.
        conversations, scopes, speakers, audiences: what the numbers in ``records`` stand for; append-only.
        meanings: the word-piece table's neighbours.
        user_id: whose memories they are.
        corpus: what is counted over all of the user's memories when these are only some; None to count these.
    """

    seq: int
    records: Records
    previous: Int32s
    passage_slot: Int32s
    passage_length: Int32s
    words: Postings
    pieces: Postings
    facts: Postings
    vectors: Codes8
    vector_scale: Floats
    vector_slot: Int32s
    conversations: Codes
    scopes: Codes
    speakers: Codes
    audiences: Codes
    meanings: Meanings
    user_id: str = ""
    corpus: Corpus | None = None

    def kept(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """What ``work_out`` gives; asked again with the same key, the same result."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = work_out()
        return found

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}

    def holding(self, ids: Collection[UUID]) -> npt.NDArray[np.bool_]:
        """Bool, shape (slots,): which slots hold one of these memories."""
        wanted = np.array([(one.int & _LOW, one.int >> 64) for one in ids], np.uint64).reshape(-1, 2)
        wanted = wanted[np.lexsort((wanted[:, 1], wanted[:, 0]))]
        low, high = wanted[:, 0], wanted[:, 1]
        mask = np.zeros(self.slots, bool)
        own: npt.NDArray[np.uint64] = self.records["id_low"]
        place = np.searchsorted(low, own)
        # Ids whose lower halves are equal stand side by side; nearly always there is one.
        most = int(np.unique(low, return_counts=True)[1].max(initial=0))
        for step in range(most):
            at = np.minimum(place + step, len(low) - 1)
            mask |= (low[at] == self.records["id_low"]) & (high[at] == self.records["id_high"])
        return mask

    @cached_property
    def quarantined(self) -> npt.NDArray[np.bool_] | None:
        """Which memories came from a quarantined source, or None when there are none."""
        mask = self.records["trust"] == TRUST_CODE[Trust.QUARANTINED]
        return mask if mask.any() else None

    @cached_property
    def unembedded(self) -> int:
        """How many memories have no vectors under the model in use."""
        if self.corpus is not None:
            return self.corpus.unembedded
        return int(np.count_nonzero(self.alive & (self.records["vector_count"] == 0)))

    @property
    def slots(self) -> int:
        """How many slots there are, dead ones included."""
        return len(self.records)

    @cached_property
    def alive(self) -> npt.NDArray[np.bool_]:
        """Which slots hold a memory."""
        return self.records["alive"]

    def with_status(self, codes: frozenset[int]) -> npt.NDArray[np.bool_]:
        """Which living memories have one of these statuses; worked out once for each set."""
        known = self._with_status.get(codes)
        if known is None:
            known = self._with_status[codes] = self.alive & np.isin(self.records["status"], list(codes))
        return known

    @cached_property
    def _with_status(self) -> dict[frozenset[int], npt.NDArray[np.bool_]]:
        return {}

    @cached_property
    def ever_valid(self) -> bool:
        """Whether no memory has a beginning or an end of its validity."""
        return bool((self.records["valid_from"] == UNKNOWN_TIME).all() and (self.records["valid_to"] == ENDLESS).all())

    @cached_property
    def size(self) -> int:
        """How many memories there are."""
        return int(np.count_nonzero(self.alive))

    @cached_property
    def present_speakers(self) -> tuple[str, ...]:
        """Whoever said one of the living memories."""
        if self.corpus is not None and self.corpus.speakers is not None:
            return self.corpus.speakers
        codes = self.records["speaker"][self.alive]
        said = np.bincount(codes[codes >= 0], minlength=len(self.speakers))
        return tuple(name for name, count in zip(self.speakers.names, said.tolist(), strict=False) if count)

    @cached_property
    def _counted(self) -> npt.NDArray[np.bool_] | None:
        """Which passages belong to a living memory, or None when all do."""
        return None if self.size == self.slots else self.alive[self.passage_slot]

    @cached_property
    def passage_count(self) -> int:
        """How many passages living memories have."""
        if self.corpus is not None:
            return self.corpus.passages
        return len(self.passage_slot) if self._counted is None else int(np.count_nonzero(self._counted))

    @cached_property
    def average_length(self) -> float:
        """The mean number of stems in a passage."""
        if self.corpus is not None:
            return self.corpus.average_length
        lengths = self.passage_length if self._counted is None else self.passage_length[self._counted]
        return int(lengths.sum(dtype=np.int64)) / max(1, len(lengths))

    @cached_property
    def one_passage_each(self) -> bool:
        """Whether every memory is a single passage, so that passages are numbered like slots."""
        return len(self.passage_slot) == self.slots

    @cached_property
    def _first_passage(self) -> npt.NDArray[np.int64]:
        return np.searchsorted(self.passage_slot, np.arange(self.slots))

    @cached_property
    def conversation_codes(self) -> Int32s:
        """Per slot, the conversation's number, or -1."""
        return self.records["conversation"]

    @cached_property
    def one_vector_each(self) -> bool:
        """Whether every slot has exactly one vector, and in the same order."""
        return len(self.vector_slot) == self.slots and bool((self.vector_slot == np.arange(self.slots)).all())

    def length_penalty(self, saturation: float, weight: float) -> Floats:
        """Per passage, BM25's ``k1 (1 - b + b length / average)``, worked out once."""
        known = self._penalties.get((saturation, weight))
        if known is None:
            relative = self.passage_length.astype(np.float32) / max(1.0, self.average_length)
            known = self._penalties[saturation, weight] = np.float32(saturation) * (1.0 - weight + weight * relative)
        return known

    @cached_property
    def _penalties(self) -> dict[tuple[float, float], Floats]:
        return {}

    def mention(self, slots: npt.NDArray[np.intp], key: int) -> list[bool]:
        """For each slot, whether the stem with this key occurs in it."""
        owners = self.passage_slot[self.words.of(key)[0]]
        return (np.searchsorted(owners, slots) < np.searchsorted(owners, slots, side="right")).tolist()

    def leading_passage(self, scores: Floats) -> npt.NDArray[np.bool_]:
        """Which passage of each memory has the best score; the first one among equals."""
        best = np.flatnonzero(scores == self.best_passage(scores)[self.passage_slot])
        slots = self.passage_slot[best]
        first = np.ones(len(best), bool)
        first[1:] = slots[1:] != slots[:-1]
        leading = np.zeros(len(scores), bool)
        leading[best[first]] = True
        return leading

    @cached_property
    def fewer_chances(self) -> Floats:
        """Per slot, ``1 / (1 + 0.3 ln m)`` for m passages: the best of many scores is high by chance alone."""
        passages = np.bincount(self.passage_slot, minlength=self.slots)
        return (1.0 / (1.0 + CHANCE * np.log(passages))).astype(np.float32)

    @cached_property
    def brevity(self) -> Floats:
        """Shape (slots + 1,): 1 for memories of up to ``BRIEF`` stems, 1/2 for twice as many, 1/3 for three times, ...

        The place after the last slot has 0.
        """
        stems = np.bincount(self.passage_slot, weights=self.passage_length, minlength=self.slots)
        brief = np.minimum(1.0, BRIEF / np.maximum(stems, 1.0))
        return np.append(brief, 0.0).astype(np.float32)

    def reached(self, steps: tuple[int, ...]) -> Int32s:
        """Shape (slots, steps): the slot of the turn so many turns later (earlier, if negative) in the conversation.

        Where there is none it is the place after the last slot.
        """
        known = self._reached.get(steps)
        if known is None:
            turns = np.stack([self._stepped(count) for count in steps], axis=1)
            known = self._reached[steps] = np.where(turns < 0, np.int32(self.slots), turns)
        return known

    @cached_property
    def _reached(self) -> dict[tuple[int, ...], Int32s]:
        return {}

    def _stepped(self, count: int) -> Int32s:
        once = self.previous if count < 0 else self._following
        reached = once
        for _ in range(abs(count) - 1):
            reached = np.where(reached >= 0, once[reached], -1).astype(np.int32)
        return reached

    @cached_property
    def _following(self) -> Int32s:
        following = np.full(self.slots, -1, np.int32)
        linked = np.flatnonzero(self.previous >= 0)
        following[self.previous[linked]] = linked
        return following

    @cached_property
    def beside(self) -> Beside:
        """Where the turns before and after each memory stand."""
        linked = self.previous >= 0
        if bool((self.previous[linked] == np.flatnonzero(linked) - 1).all()):
            return Beside(linked[1:], None, None)
        none = np.intp(self.slots)
        return Beside(None, *(np.where(turns < 0, none, turns) for turns in (self.previous, self._following)))

    @cached_property
    def runs(self) -> Runs:
        """Stretches of neighbouring slots with one conversation."""
        codes = self.conversation_codes
        starts = np.flatnonzero(np.concatenate([np.ones(min(len(codes), 1), bool), codes[1:] != codes[:-1]]))
        outside = codes < 0
        return Runs(starts, np.diff(starts, append=len(codes)), codes[starts], outside if outside.any() else None)

    def id_of(self, slot: int) -> UUID:
        """The memory in a slot."""
        return UUID(int=int(self.records["id_high"][slot]) << 64 | int(self.records["id_low"][slot]))

    def best_passage(self, scores: Floats) -> Floats:
        """Per slot, the best of its passages' scores."""
        if self.one_passage_each or not len(scores):
            return scores
        return np.maximum.reduceat(scores, self._first_passage)

    def rarity_of_stem(self, stem: str) -> float:
        """The stem's inverse document frequency among this user's passages; see ``rarity``."""
        known = self._rarities.get(stem)
        if known is None:
            key = stem_key(stem)
            counted = self._frequency(self.words, key) if self.corpus is None else self.corpus.with_stem.get(key, 0)
            known = self._remembered(stem, counted)
        return known

    def rarity_of_piece(self, piece: int) -> float:
        """The word piece's inverse document frequency among this user's passages."""
        known = self._rarities.get(piece)
        if known is None:
            given = self.corpus
            known = self._remembered(
                piece, self._frequency(self.pieces, piece) if given is None else given.with_piece.get(piece, 0)
            )
        return known

    @cached_property
    def _rarities(self) -> dict[str | int, float]:
        return {}

    def _remembered(self, term: str | int, counted: int) -> float:
        if len(self._rarities) >= MOST_RARITIES:
            self._rarities.clear()
        found = self._rarities[term] = rarity(counted, self.passage_count)
        return found

    def _frequency(self, postings: Postings, term: int) -> int:
        passages = postings.of(term)[0]
        return len(passages) if self._counted is None else int(np.count_nonzero(self._counted[passages]))


def rarity(frequency: int, count: int) -> float:
    """Inverse document frequency as in Lucene's BM25, above 0: ``ln(1 + (count - f + 0.5) / (f + 0.5))``."""
    return math.log1p((max(count, frequency) - frequency + 0.5) / (frequency + 0.5))
