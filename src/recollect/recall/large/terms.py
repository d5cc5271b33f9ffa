"""Terms: what a memory is counted and looked up by: stems, word pieces and fact keys, as numbers that stand apart."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.ports.candidates import Floats, Searchable
from recollect.ports.index import IndexRow
from recollect.recall.large.cells import cells_of
from recollect.recall.large.packing import packed
from recollect.recall.resident.meanings import Meanings
from recollect.recall.resident.reading import entries, passages_of, stems_of_key
from recollect.recall.signals.words import LENGTH, SATURATION

_FIRST_FACT: Final = -(1 << 32)
TYPICAL: Final = 12.0
"""Stems in a passage, as long as nothing is known of the user's own."""


def piece_term(piece: int) -> int:
    """A word piece: below the stems, whose keys are not negative."""
    return -1 - piece


def fact_term(key: int) -> int:
    """The stem key of a fact's key, or of a word in it: below the pieces."""
    return _FIRST_FACT - (key >> 1)


def searchable(
    rows: Sequence[IndexRow], meanings: Meanings, centres: Floats, average: float = TYPICAL
) -> list[Searchable]:
    """Reads memories.

    Args:
        rows: the memories.
        meanings: of the word-piece table.
        centres: the cells' middles.
        average: stems in a passage, on average over the user's memories.
    """
    said = [passages_of(row) for row in rows]
    read = entries([text for passages in said for text in passages], meanings.splits, 0)
    keys, owners, counts = read.words
    relative = read.lengths[owners] / max(1.0, average)
    often = counts.astype(np.float64)
    worths = often / (often + SATURATION * (1.0 - LENGTH + LENGTH * relative))
    first = np.concatenate([[0], np.cumsum([len(passages) for passages in said])])
    words = _by_memory(first, owners, keys, worths)
    pieces = _by_memory(first, read.pieces[1], -1 - read.pieces[0], read.pieces[2])  # as piece_term has it
    facts: list[dict[int, float]] = [{} for _ in rows]
    for key, owner in zip(*(column.tolist() for column in stems_of_key(rows, 0)), strict=True):
        if key >= 0:  # a name looks nothing up
            facts[owner][fact_term(key)] = 1.0
    blobs = packed(rows, read, [len(passages) for passages in said])
    return [
        Searchable(
            row=row,
            cells=cells_of(row.vectors, centres),
            passages=len(said[place]),
            stems=int(read.lengths[first[place] : first[place + 1]].sum()),
            # Its facts' keys are counted too, so that the terms tell all that it is looked up by.
            terms=[*(key for key, _ in words[place]), *(key for key, _ in pieces[place]), *facts[place]],
            worths=facts[place] | _best(words[place], len(said[place])),
            packed=blobs[place],
        )
        for place, row in enumerate(rows)
    ]


def _by_memory(
    first: npt.NDArray[np.int64],
    owners: npt.NDArray[np.int32],
    keys: npt.NDArray[np.int64],
    values: npt.NDArray[np.generic],
) -> list[list[tuple[int, float]]]:
    """Entries ordered by passage, as those of each memory."""
    ends = np.searchsorted(owners, first).tolist()
    found = list(zip(keys.tolist(), values.tolist(), strict=True))
    return [found[start:end] for start, end in pairwise(ends)]


def _best(words: Sequence[tuple[int, float]], passages: int) -> dict[int, float]:
    """Each stem's worth in the passage where it is worth most, less for each chance it had."""
    chances = 1.0 + 0.3 * float(np.log(max(1, passages)))
    best: dict[int, float] = {}
    for key, worth in words:
        best[key] = max(best.get(key, 0.0), worth / chances)
    return best
