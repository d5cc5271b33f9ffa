"""Pieces: a soft match of words: for each word piece of the question, how close the memory's nearest piece is.

It finds "painting" for "art" without a model at run time: closeness is read from the table of word pieces. What is said
in a conversation is understood from what was said around it, so the pieces of the turns nearby count too, but less: a
turn that answers "Did you like the museum?" need not say "museum" again. A long text needs that less.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.snapshot import Int32s, Snapshot
from recollect.recall.signals.signal import Signal

NEARBY: Final = ((-1, 0.7), (-2, 0.5), (1, 0.5), (2, 0.3))
"""What the pieces of turns nearby are worth to a brief memory: the turn before 0.7 of an own one, ..."""
_STEPS: Final = tuple(-steps for steps, _ in NEARBY)
_SHARES: Final = tuple(np.float32(share) for _, share in NEARBY)

RARITY: Final = 0.5
"""Power to which a piece's idf is taken: how much more the rare ones count."""
AT_ONCE: Final = 8
"""Pieces of the question that are looked at together: each takes a number for every memory."""

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Found:
    """Where close pieces are: the row of the question's piece, the place (passage or slot), and how close it is."""

    rows: Rows
    places: Int32s
    worth: Floats

    def where(self, kept: npt.NDArray[np.bool_]) -> "Found":
        """Those that are kept."""
        return Found(self.rows[kept], self.places[kept], self.worth[kept])


def score(asked: Asked) -> Floats | None:
    """The mean, over the question's pieces, of the squared cosine with the nearest piece, weighted by a power of idf.

    Of a memory with several passages the best one counts, less for each chance it had (``Snapshot.fewer_chances``).
    """
    snapshot, telling = asked.snapshot, asked.pieces.telling
    if not telling or not snapshot.size:
        return None
    weights = np.array([snapshot.rarity_of_piece(piece) for piece in telling], np.float32)
    weights **= np.float32(RARITY)
    weights /= weights.sum()
    groups = range(0, len(telling), AT_ONCE)
    found = [_in_passages(snapshot, telling[start : start + AT_ONCE]) for start in groups]
    shares = [weights[start : start + AT_ONCE] for start in groups]
    total = np.zeros(snapshot.slots + 1, np.float32)
    for share, group in zip(shares, _in_slots(snapshot, found, shares), strict=True):
        lending = group if asked.all_allowed else group.where(asked.allowed[group.places])
        total += _with_nearby(snapshot, lending, share)
    if not snapshot.one_passage_each:
        total[:-1] *= snapshot.fewer_chances
    return total[:-1]


def _in_passages(snapshot: Snapshot, telling: Sequence[int]) -> Found:
    """The passages with pieces that are close to these."""
    near = snapshot.meanings.near(telling)
    sizes = [len(ids) for ids, _ in near]
    closeness, rows = np.concatenate([values for _, values in near]), np.repeat(np.arange(len(near)), sizes)
    passages, which = snapshot.pieces.spread(np.concatenate([ids for ids, _ in near]))
    return Found(rows[which], passages, closeness[which])


def _in_slots(snapshot: Snapshot, found: Sequence[Found], shares: Sequence[Floats]) -> Sequence[Found]:
    """The same by memory: each is represented by its passage with the best score."""
    if snapshot.one_passage_each:
        return found
    count = len(snapshot.passage_slot)
    total = np.zeros(count, np.float32)
    for group, share in zip(found, shares, strict=True):
        worth = np.zeros(len(share) * count, np.float32)
        np.maximum.at(worth, group.rows * count + group.places, group.worth)
        total += _weighed(share, worth)
    leading = snapshot.leading_passage(total)
    chosen = [group.where(leading[group.places]) for group in found]
    return [Found(group.rows, snapshot.passage_slot[group.places], group.worth) for group in chosen]


def _with_nearby(snapshot: Snapshot, found: Found, shares: Floats) -> Floats:
    """What own pieces and those of turns nearby are worth together, shape (slots + 1,).

    What would go to nobody goes to the last place.
    """
    width = snapshot.slots + 1
    worth = np.zeros(len(shares) * width, np.float32)
    first = found.rows * width
    np.maximum.at(worth, first + found.places, found.worth)
    reached = snapshot.reached(_STEPS).take(found.places, axis=0)
    lent = snapshot.kept("lent", lambda: _lent(snapshot)).take(found.places, axis=0)
    for step in range(len(_STEPS)):
        np.maximum.at(worth, first + reached[:, step], lent[:, step] * found.worth)
    return _weighed(shares, worth)


def _weighed(shares: Floats, worth: Floats) -> Floats:
    """The sum of the rows of ``worth``, by their shares; without BLAS, whose threads wait for each other."""
    return np.einsum("i,ij->j", shares, worth.reshape(len(shares), -1))


def _lent(snapshot: Snapshot) -> Floats:
    """Shape (slots, steps): what share of its pieces a memory lends to each of the turns it reaches."""
    return snapshot.brevity[snapshot.reached(_STEPS)] * np.array(_SHARES)


PIECES = Signal("pieces", scaled=False, score=score)
