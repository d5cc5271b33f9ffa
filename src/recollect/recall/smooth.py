"""Smooth: what a memory is given of the scores around it, for an answer often stands beside what the question says.

A turn gets a share of the score of the turn before it and of the one after it; then every memory gets a share of the
best score in its conversation. Only memories that may be found give anything.
"""

import numpy as np
import numpy.typing as npt

from recollect.recall.asked import Floats
from recollect.recall.resident.snapshot import Snapshot


def beside(snapshot: Snapshot, scores: Floats) -> tuple[Floats, Floats]:
    """The scores of the turn before and of the turn after; 0 where there is none.

    Args:
        snapshot: the memories.
        scores: fused scores, shape (slots,), 0 for memories that may not be found.
    """
    linked, previous = snapshot.linked
    before, after = np.zeros(len(scores), np.float32), np.zeros(len(scores), np.float32)
    before[linked] = scores[previous]
    after[previous] = scores[linked]
    return before, after


def best_of_conversation(snapshot: Snapshot, scores: Floats, mask: npt.NDArray[np.bool_]) -> Floats:
    """The best score in each memory's conversation; a memory outside of any is a conversation of its own."""
    codes = snapshot.conversation_codes
    best = np.full(len(snapshot.conversations) + 1, -np.inf, np.float32)
    np.maximum.at(best, codes, np.where(mask, scores, -np.inf))  # code -1, no conversation, is the last entry
    return np.where((codes < 0) | ~mask, scores, best[codes])
