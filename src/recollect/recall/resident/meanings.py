"""Meanings: which word pieces are close to which, looked up in the static table and remembered for the whole process.

A soft match asks, for each piece of the question, how close the nearest piece of a memory is. Only close pieces matter,
and which ones these are does not depend on the user, so each question piece's neighbours are found once.
"""

import threading
import weakref
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.ports.word_pieces import WordPieces
from recollect.recall.resident.small_vectors import dots_of_each, small
from recollect.recall.resident.splits import Splits

CLOSE: Final = 0.4
"""Cosine below which two pieces count as unrelated."""
REMEMBERED: Final = 20_000
"""Pieces whose neighbours are kept, about 1 KB each."""

Near = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]


class Meanings:
    """Each piece's close pieces, and each word's pieces (``splits``). Safe to call from several threads."""

    def __init__(self, pieces: WordPieces) -> None:
        self.splits = Splits(pieces)
        self._codes, self._scales = small(pieces.vectors)
        self._near: dict[int, Near] = {}

    def near(self, ids: Sequence[int]) -> list[Near]:
        """For each piece: its close pieces' ids, ascending, and the squares of their cosines with it (itself: 1)."""
        near = self._near
        missing = sorted({piece for piece in ids if piece not in near})
        if not missing:
            return [near[piece] for piece in ids]
        fresh = dict(zip(missing, self._found(missing), strict=True))
        found = [fresh[piece] if piece in fresh else near[piece] for piece in ids]
        if len(self._near) + len(fresh) > REMEMBERED:
            self._near = {}  # swapped, not cleared: other threads may be reading
        self._near.update(fresh)
        return found

    def _found(self, ids: list[int]) -> list[Near]:
        cosines = dots_of_each(self._codes, self._scales, self._codes[ids], self._scales[ids])
        cosines[np.arange(len(ids)), ids] = 1.0  # also for a piece whose vector is zero
        rows: list[Near] = []
        for row in cosines:
            close = np.flatnonzero(row >= CLOSE)
            rows.append((close.astype(np.int64), np.square(np.minimum(row[close], 1.0), dtype=np.float32)))
        return rows


_known: dict[int, tuple["weakref.ref[WordPieces]", Meanings]] = {}
_lock = threading.Lock()


def meanings_of(pieces: WordPieces) -> Meanings:
    """The one ``Meanings`` of this table: users of the same table share it."""
    with _lock:
        known = _known.get(id(pieces))
        if known is not None and known[0]() is pieces:
            return known[1]
        made = Meanings(pieces)
        for key in [key for key, (table, _) in _known.items() if table() is None]:
            del _known[key]
        _known[id(pieces)] = (weakref.ref(pieces), made)
        return made
