"""Personalised PageRank: where a walker ends up who starts at a few nodes and now and then goes back to them.

    p = (1 - d) s + d W p,   W[i, j] = weight of the tie of i and j / weight of all ties of j

(Page, Brin, Motwani and Winograd 1999; the personal vector s: Haveliwala 2002, Jeh and Widom 2003.) The ties have no
direction, so W has real eigenvalues within [-1, 1], and Chebyshev's recurrence (Golub and Varga 1961) solves the
equation in about 20 steps where plain iteration takes 80: each gathers all ties once and adds them up by node.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

DAMPING = 0.85
CLOSE = 1e-5
"""The iteration ends when all shares together change by less than this."""
MOST_STEPS = 200

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Ties:
    """A graph without directions, as its ties stand by node.

    Attributes:
        starts: int64, shape (nodes + 1,): where each node's ties begin, and where the last one's end.
        others: intp, shape (2 x ties,): at the other end of each; another type would be cast at every step.
        weights: float32, shape (2 x ties,), above 0.
    """

    starts: npt.NDArray[np.int64]
    others: Ints
    weights: Floats

    @staticmethod
    def of(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer], weights: Floats, nodes: int) -> "Ties":
        """The ties between ``one[i]`` and ``other[i]``, each given once and between two different nodes."""
        ends = np.concatenate([one, other])
        order = np.argsort(ends, kind="stable")
        starts = np.zeros(nodes + 1, np.int64)
        np.cumsum(np.bincount(ends, minlength=nodes), out=starts[1:])
        others = np.concatenate([other, one])[order].astype(np.intp)
        return Ties(starts, others, np.concatenate([weights, weights])[order].astype(np.float32))

    @property
    def nodes(self) -> int:
        """How many there are."""
        return len(self.starts) - 1

    @cached_property
    def alone(self) -> npt.NDArray[np.bool_]:
        """Which nodes have no tie: whoever is there stays there."""
        return self.starts[1:] == self.starts[:-1]

    @cached_property
    def _tied(self) -> npt.NDArray[np.intp]:
        return np.flatnonzero(~self.alone)

    @cached_property
    def _flows(self) -> Floats:
        """Per tie, which part of what the other end holds comes here."""
        total = np.ones(self.nodes, np.float32)
        total[self._tied] = self._sums(self.weights)
        return (self.weights / total[self.others]).astype(np.float32)

    def _sums(self, values: Floats) -> Floats:
        """The sums by node, of those with ties."""
        return np.add.reduceat(values, self.starts[self._tied]) if len(self._tied) else np.zeros(0, np.float32)

    def step(self, held: Floats) -> Floats:
        """What each node holds after everybody has passed on what they hold along their ties."""
        flows = np.take(held, self.others, mode="clip")  # "clip" spares a look at every index
        flows *= self._flows
        if len(self._tied) == self.nodes:
            return self._sums(flows)
        passed = np.where(self.alone, held, np.float32(0))
        passed[self._tied] = self._sums(flows)
        return passed


def personalised(ties: Ties, seeds: Floats, damping: float = DAMPING, close: float = CLOSE) -> Floats:
    """Each node's share of the walker's time, float32, shape (nodes,), summing to 1.

    Args:
        ties: the graph.
        seeds: how much it goes back to each node, float32, shape (nodes,), 0 or more; zeros only give zeros.
        damping: the chance to walk on rather than go back, 0 to below 1.
        close: see ``CLOSE``.
    """
    total = float(seeds.sum())
    if not total > 0:
        return np.zeros(ties.nodes, np.float32)
    before = (seeds / total).astype(np.float32)
    back = ((1 - damping) * before).astype(np.float32)
    held = _walked(ties, before, back, damping)
    pull = 2.0
    for _ in range(MOST_STEPS):
        pull = 1.0 / (1.0 - damping * damping * pull / 4.0)
        ahead = (pull * (_walked(ties, held, back, damping) - before) + before).astype(np.float32, copy=False)
        held, before = ahead, held
        if float(np.abs(held - before).sum()) < close:
            break
    return np.maximum(held, np.float32(0))


def _walked(ties: Ties, held: Floats, back: Floats, damping: float) -> Floats:
    """One plain step: walk on, or go back."""
    return (back + damping * ties.step(held)).astype(np.float32, copy=False)
