"""Loads the shipped table: one vector and one weight for each word piece, once per process.

The file holds int8 codes with a scale per row, and weights as 255ths; ``tools/distill_static.py`` makes it.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from threading import Lock

import numpy as np
import numpy.typing as npt

from recollect.adapters.models.wordpiece import FIRST_WORD, vocabulary

_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class StaticTable:
    """What is known of each word piece, by id.

    Attributes:
        tokens: the pieces; a continuation starts with ``##``.
        vectors: float32, shape (len(tokens), 128); as distilled, not of length 1; 0 for special tokens. Read-only.
        weights: float32, shape (len(tokens),), in 0..1: how much a piece says in a sentence, small for frequent ones.
    """

    tokens: tuple[str, ...]
    vectors: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self.vectors.shape[1]


def load_table() -> StaticTable:
    """Returns the table, read from the package on first use."""
    with _LOCK:  # the cache alone would let two threads read it at once
        return _read_table()


@cache
def _read_table() -> StaticTable:
    with (
        as_file(files("recollect.adapters.models.static") / "table.npz") as path,
        np.load(path, allow_pickle=False) as parts,
    ):
        codes, scales, weights = parts["codes"], parts["scales"], parts["weights"]
    tokens = vocabulary()
    vectors = np.zeros((len(tokens), codes.shape[1]), np.float32)
    np.multiply(codes, scales.astype(np.float32)[:, None], out=vectors[FIRST_WORD:])
    by_id = np.zeros(len(tokens), np.float32)
    by_id[FIRST_WORD:] = weights.astype(np.float32) / 255
    vectors.setflags(write=False)
    by_id.setflags(write=False)
    return StaticTable(tokens, vectors, by_id)
