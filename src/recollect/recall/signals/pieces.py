"""Pieces: a soft match of words: for each word piece of the question, how close the memory's nearest piece is.

It finds "painting" for "art" without a model at run time: closeness is read from the table of word pieces.
"""

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats | None:
    """The mean, over the question's pieces, of the squared cosine with the passage's nearest piece, weighted by idf."""
    snapshot = asked.snapshot
    ids = np.array(asked.pieces.telling, np.int64)
    if not len(ids) or not snapshot.size:
        return None
    weights = [snapshot.rarity_of_piece(int(piece)) for piece in ids]
    total = np.zeros(len(snapshot.passage_slot), np.float32)
    best = np.zeros(len(snapshot.passage_slot), np.float32)
    for weight, (near, closeness) in zip(weights, snapshot.meanings.near(ids), strict=True):
        passages, values = snapshot.pieces.spread(near, closeness)
        np.maximum.at(best, passages, values)
        total += np.float32(weight / sum(weights)) * best
        best[passages] = 0.0
    return snapshot.best_passage(total)


PIECES = Signal("pieces", scaled=True, score=score)
