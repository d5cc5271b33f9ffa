"""Postings: in which passages a term occurs and how often, as immutable arrays that grow by replacement.

Entries are sorted by term, so one term's passages are a slice. What was added last stands in a short tail, sorted in
the same way; when it has grown it is merged into the bulk. So adding a row costs the sorting of a short tail, and a
merge is paid for by the many rows since the last one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint16]

SMALLEST_MERGE: Final = 20_000
"""Entries a tail may have before it is merged (about 1,000 short texts)."""
TAIL_SHARE: Final = 8
"""A tail may also hold this part (one in eight) of the bulk, so that merging costs a constant per entry."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The occurrences of terms in passages.

    Attributes:
        keys: int64, sorted, distinct: the bulk's terms. starts: where each one's slice begins, and the end of the last.
        passages, counts: the bulk's entries by term, passages ascending within a term.
        tail_keys, tail_passages, tail_counts: the newest entries, also by term; each has its key.
    """

    keys: Int64s
    starts: Int64s
    passages: Int32s
    counts: Counts
    tail_keys: Int64s
    tail_passages: Int32s
    tail_counts: Counts

    @staticmethod
    def empty() -> "Postings":
        """Postings without an entry."""
        none64, none32, none16 = np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint16)
        return Postings(none64, np.zeros(1, np.int64), none32, none16, none64, none32, none16)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        bulk = self.keys.nbytes + self.starts.nbytes + self.passages.nbytes + self.counts.nbytes
        return bulk + self.tail_keys.nbytes + self.tail_passages.nbytes + self.tail_counts.nbytes

    def of(self, key: int) -> tuple[Int32s, Counts]:
        """The passages in which one term occurs, ascending, and how often."""
        place = int(self.keys.searchsorted(key))
        found = place < len(self.keys) and self.keys[place] == key
        start, end = (self.starts[place], self.starts[place + 1]) if found else (0, 0)
        passages, counts = self.passages[start:end], self.counts[start:end]
        if not len(self.tail_keys):
            return passages, counts
        start = int(self.tail_keys.searchsorted(key))
        if start == len(self.tail_keys) or self.tail_keys[start] != key:
            return passages, counts
        end = int(self.tail_keys.searchsorted(key, side="right"))
        return (
            np.concatenate([passages, self.tail_passages[start:end]]),
            np.concatenate([counts, self.tail_counts[start:end]]),
        )

    def spread(self, keys: Int64s) -> tuple[Int32s, Int64s]:
        """The passages of several terms, and for each passage which of the keys it has; one may occur several times."""
        known, starts, ends = self._bulk(keys)
        entries, lengths = _slices(starts, ends)
        passages, which = self.passages[entries], np.repeat(known, lengths)
        if not len(self.tail_keys):
            return passages, which
        starts, ends = self.tail_keys.searchsorted(keys), self.tail_keys.searchsorted(keys, side="right")
        present = np.flatnonzero(starts < ends)
        entries, lengths = _slices(starts[present], ends[present])
        return (
            np.concatenate([passages, self.tail_passages[entries]]),
            np.concatenate([which, np.repeat(present, lengths)]),
        )

    def _bulk(self, keys: Int64s) -> tuple[Int64s, Int64s, Int64s]:
        """Which of the keys the bulk has, and where their slices begin and end."""
        if not len(self.keys):
            none = np.zeros(0, np.int64)
            return none, none, none
        places = self.keys.searchsorted(keys)
        places[places == len(self.keys)] = 0
        known = np.flatnonzero(self.keys[places] == keys)
        return known, self.starts[places[known]], self.starts[places[known] + 1]

    def extended(self, keys: Int64s, passages: Int32s, counts: Counts) -> "Postings":
        """These postings with the entries of new passages, whose numbers are higher than all before."""
        tail_keys = np.concatenate([self.tail_keys, keys])
        tail_passages = np.concatenate([self.tail_passages, passages])
        tail_counts = np.concatenate([self.tail_counts, counts])
        if len(tail_keys) > max(SMALLEST_MERGE, len(self.passages) // TAIL_SHARE):
            all_keys = np.concatenate([np.repeat(self.keys, np.diff(self.starts)), tail_keys])
            all_passages = np.concatenate([self.passages, tail_passages])
            return _inverted(all_keys, all_passages, np.concatenate([self.counts, tail_counts]))
        order = np.argsort(tail_keys, kind="stable")  # stable: passages stay ascending within a term
        tail = tail_keys[order], tail_passages[order], tail_counts[order]
        return Postings(self.keys, self.starts, self.passages, self.counts, *tail)

    def renumbered(self, numbers: Int32s) -> "Postings":
        """These postings with passage ``i`` called ``numbers[i]`` (ascending), or dropped where that is negative."""
        keys = np.concatenate([np.repeat(self.keys, np.diff(self.starts)), self.tail_keys])
        passages = numbers[np.concatenate([self.passages, self.tail_passages])]
        counts = np.concatenate([self.counts, self.tail_counts])
        kept = passages >= 0
        return _inverted(keys[kept], passages[kept], counts[kept])


def _slices(starts: Int64s, ends: Int64s) -> tuple[Int64s, Int64s]:
    """The places inside of several slices, one slice after the other, and the slices' lengths."""
    lengths = ends - starts
    before = np.cumsum(lengths)
    count = int(before[-1]) if len(before) else 0
    return np.arange(count) + np.repeat(starts - (before - lengths), lengths), lengths


def _inverted(keys: Int64s, passages: Int32s, counts: Counts) -> Postings:
    order = np.argsort(keys, kind="stable")
    keys, passages, counts = keys[order], passages[order], counts[order]
    first = np.flatnonzero(np.concatenate([np.ones(min(len(keys), 1), bool), keys[1:] != keys[:-1]]))
    starts = np.append(first, len(keys)).astype(np.int64)
    none = Postings.empty()
    tail = none.tail_keys, none.tail_passages, none.tail_counts
    return Postings(keys[first], starts, passages, counts, *tail)
