"""The word pieces themselves, for ranking that compares a question with a memory piece by piece."""

from collections.abc import Sequence
from threading import Lock

import numpy as np
import numpy.typing as npt

from recollect.adapters.models.static.table import load_table
from recollect.adapters.models.wordpiece import UNKNOWN, piece_ids

_LOCK = Lock()


class StaticWordPieces:
    """The shipped table as a ``WordPieces`` port. Safe to use from several threads."""

    def __init__(self) -> None:
        self._table = load_table()
        lengths = np.sqrt(np.einsum("ij,ij->i", self._table.vectors, self._table.vectors))
        self._unit = self._table.vectors / np.maximum(lengths, np.finfo(np.float32).tiny)[:, None]
        self._unit.setflags(write=False)

    @property
    def tokens(self) -> Sequence[str]:
        """The pieces by id; a continuation starts with ``##``."""
        return self._table.tokens

    @property
    def vectors(self) -> npt.NDArray[np.float32]:
        """float32, shape (len(tokens), 128): each piece's vector, of length 1 (0 for special tokens). Read-only."""
        return self._unit

    def split(self, texts: Sequence[str]) -> list[npt.NDArray[np.int32]]:
        """Returns, for each text, its pieces' ids in order; what the vocabulary does not know is left out."""
        pieces = [np.array(piece_ids(text), np.int32) for text in texts]
        return [ids[ids != UNKNOWN] for ids in pieces]


_SHARED: list[StaticWordPieces] = []


def static_word_pieces() -> StaticWordPieces:
    """Returns the process's one instance, so that the unit vectors (16 MB) exist once."""
    with _LOCK:
        if not _SHARED:
            _SHARED.append(StaticWordPieces())
        return _SHARED[0]
