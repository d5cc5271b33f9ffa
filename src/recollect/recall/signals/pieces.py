"""Pieces: a soft match of words: for each word piece of the question, how close the memory's nearest piece is.

It finds "painting" for "art" without a model at run time: closeness is read from the table of word pieces. What is said
in a conversation is understood from what was said around it, so the pieces of the turns nearby count too, but less: a
turn that answers "Did you like the museum?" need not say "museum" again.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.snapshot import Int32s, Snapshot
from recollect.recall.signals.signal import Signal

NEARBY: Final = ((-1, 0.5), (-2, 0.3), (1, 0.3), (2, 0.2))
"""What the pieces of turns nearby are worth: the turn before half of an own one, the one before that 0.3, ..."""
_SHARES: Final = np.array([share for _, share in NEARBY], np.float32)

Found = tuple[Int32s, Floats]
"""Places (passages or slots), each once, and how close their nearest piece is; elsewhere nothing is close."""


def score(asked: Asked) -> Floats | None:
    """The mean, over the question's pieces, of the squared cosine with the nearest piece, weighted by idf.

    Of a memory with several passages the best one counts, less for each chance it had (``Snapshot.fewer_chances``).
    """
    snapshot = asked.snapshot
    if not asked.pieces.telling or not snapshot.size:
        return None
    ids = np.array(asked.pieces.telling, np.int64)
    weights = np.array([snapshot.rarity_of_piece(int(piece)) for piece in ids], np.float32)
    weights /= weights.sum()
    found = _in_slots(snapshot, _in_passages(snapshot, ids), weights)
    total = np.zeros(snapshot.slots, np.float32)
    scratch = np.zeros(snapshot.slots + 1, np.float32)
    reached = snapshot.stepped(tuple(-steps for steps, _ in NEARBY))
    for weight, (slots, worth) in zip(weights, found, strict=True):
        may_lend = asked.allowed[slots]
        touched = _with_nearby(reached, (slots[may_lend], worth[may_lend]), scratch)
        total[touched] += weight * scratch[touched]
        scratch[touched] = 0.0
    return total * snapshot.fewer_chances


def _in_passages(snapshot: Snapshot, ids: npt.NDArray[np.int64]) -> list[Found]:
    """For each piece, the passages with a close piece."""
    scratch = np.zeros(len(snapshot.passage_slot), np.float32)
    found: list[Found] = []
    for near, closeness in snapshot.meanings.near(ids):
        passages, values = snapshot.pieces.spread(near, closeness)
        np.maximum.at(scratch, passages, values)
        touched = np.flatnonzero(scratch).astype(np.int32)
        found.append((touched, scratch[touched]))
        scratch[touched] = 0.0
    return found


def _in_slots(snapshot: Snapshot, found: list[Found], weights: Floats) -> list[Found]:
    """The same by memory: each is represented by its passage with the best score."""
    if snapshot.one_passage_each:
        return found
    total = np.zeros(len(snapshot.passage_slot), np.float32)
    for weight, (passages, worth) in zip(weights, found, strict=True):
        total[passages] += weight * worth
    best = snapshot.leading_passage(total)
    chosen = [best[passages] for passages, _ in found]
    return [
        (snapshot.passage_slot[passages[kept]], worth[kept])
        for kept, (passages, worth) in zip(chosen, found, strict=True)
    ]


def _with_nearby(reached: npt.NDArray[np.intp], found: Found, scratch: Floats) -> npt.NDArray[np.intp]:
    """Writes to ``scratch`` what own pieces and those of turns nearby are worth; returns where.

    Args:
        reached: per step of ``NEARBY``, whoever is so many turns away from each slot, or -1.
        found: the slots with a close piece.
        scratch: shape (slots + 1,), all 0; what would go to nobody goes to the last place.
    """
    slots, worth = found
    scratch[slots] = worth
    np.maximum.at(scratch, reached[:, slots].ravel(), np.multiply.outer(_SHARES, worth).ravel())
    scratch[-1] = 0.0
    return np.flatnonzero(scratch)


PIECES = Signal("pieces", scaled=True, score=score)
