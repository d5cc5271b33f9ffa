"""Cells: vectors sorted by which of some middles they are nearest to, so that a search reads only the nearest cells."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from recollect.ports.candidates import Floats

PER_CELL: Final = 500
"""Memories in a cell when the middles are chosen."""
FEWEST: Final = 4_000
"""With fewer memories one cell holds all."""
MOST: Final = 2_000
"""Cells at most."""
SAMPLE: Final = 20_000
"""Vectors that middles are chosen by, at most."""
ROUNDS: Final = 6
OUTGROWN: Final = 8
"""The middles are chosen anew when cells hold so many times as many memories as they were meant to."""
ALWAYS: Final = 5
SHARE: Final = 0.1
"""A search looks into five cells and a tenth of all."""


def wanted(memories: int) -> int:
    """How many cells so many memories are sorted into."""
    return 0 if memories < FEWEST else min(MOST, memories // PER_CELL)


def outgrown(memories: int, cells: int) -> bool:
    """Whether there are far too few cells by now."""
    return cells < MOST and memories > OUTGROWN * max(FEWEST, cells * PER_CELL)


def centres_of(vectors: Floats, cells: int) -> Floats:
    """The middles of so many cells, found by k-means over directions; shape (cells, dimension)."""
    if cells < 2 or len(vectors) < cells:
        return vectors[:0]
    start = np.linspace(0, len(vectors) - 1, cells).astype(np.intp)
    centres = vectors[start].copy()
    for _ in range(ROUNDS):
        nearest = np.argmax(vectors @ centres.T, axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return centres.astype(np.float16).astype(np.float32)  # as they are stored


def cells_of(vectors: Floats, centres: Floats) -> Sequence[int]:
    """The cell of each vector; all in the first when there are no middles."""
    if not len(centres):
        return [0] * len(vectors)
    return np.argmax(vectors @ centres.T, axis=1).tolist()


def nearest_cells(vector: Floats, centres: Floats) -> Sequence[int] | None:
    """The cells to look into, and -1 for what has no vector; None for all."""
    count = ALWAYS + round(SHARE * len(centres))
    if count >= len(centres):
        return None
    return [-1, *np.argsort(-(centres @ vector), kind="stable")[:count].tolist()]
