"""Entity: how close a memory lies to the names in the question, over the memories and the names that they mention.

The names are looked up word by word, the longest first, through aliases and merges; who speaks is known by another
signal and is none of them. A walk that begins at them, at rare ones more often, and goes from names to memories and
back (personalised PageRank, as HippoRAG by Gutiérrez et al. 2024 has it) finds what mentions them, and then what is
mentioned beside them.

It has no weight in the default profile: on both of the bench's data sets it changes R@10 by at most 0.3, in either
direction.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.domain.pagerank import Ties, personalised
from recollect.domain.words import STOP_WORDS, words
from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.reading import name_key
from recollect.recall.resident.snapshot import Snapshot
from recollect.recall.signals.signal import Signal, Slots

LONGEST: Final = 4
"""Words of a name that is looked for."""
CLOSE: Final = 0.05
"""How exact the shares are, all together: 6 steps, enough to order the memories that are near."""

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Names:
    """Which slots mention which names: ``keys`` are distinct and sorted, ``names`` and ``slots`` one tie each."""

    keys: Int64s
    names: npt.NDArray[np.int64]
    slots: npt.NDArray[np.int32]

    @staticmethod
    def of(snapshot: Snapshot) -> "_Names":
        """Those of a snapshot: their keys are the negative ones, which come first."""
        facts = snapshot.facts
        bulk, tail = int(np.searchsorted(facts.keys, 0)), int(np.searchsorted(facts.tail_keys, 0))
        told = np.repeat(facts.keys[:bulk], np.diff(facts.starts[: bulk + 1]))
        keys, names = np.unique(np.concatenate([told, facts.tail_keys[:tail]]), return_inverse=True)
        slots = np.concatenate([facts.passages[: len(told)], facts.tail_passages[:tail]])
        return _Names(keys, names.astype(np.int64), slots)

    @cached_property
    def counts(self) -> Int64s:
        """How many memories mention each."""
        return np.bincount(self.names, minlength=len(self.keys))


@dataclass(frozen=True, slots=True)
class _Graph:
    """The memories that may be found and mention anything, and the names: the slots' nodes come after the names'."""

    ties: Ties
    slots: npt.NDArray[np.int32]


def score(asked: Asked) -> Floats | None:
    """A memory's share of the walk, over the largest one's; None if the question names nothing that is known."""
    snapshot = asked.snapshot
    names: _Names = snapshot.kept("names", lambda: _Names.of(snapshot))
    found = [place for _, place in _named(asked, names)]
    if not found:
        return None
    graph = _graph(asked, names)
    seeds = np.zeros(graph.ties.nodes, np.float32)
    seeds[found] = np.log1p(snapshot.slots / (1.0 + names.counts[found]))
    shares = personalised(graph.ties, seeds, close=CLOSE)[len(names.keys) :]
    value = np.zeros(snapshot.slots, np.float32)
    value[graph.slots] = shares
    most = float(value.max(initial=0.0))
    return value / np.float32(most) if most > 0 else None


def _graph(asked: Asked, names: _Names) -> _Graph:
    """The ties of the memories that may be found; no other leads anywhere."""
    if asked.all_allowed:
        return asked.snapshot.kept("name graph", lambda: _tied(names, names.names, names.slots))
    kept = asked.allowed[names.slots]
    which = ("name graph", blake2b(np.packbits(kept).tobytes(), digest_size=16).digest())
    return asked.snapshot.kept(which, lambda: _tied(names, names.names[kept], names.slots[kept]))


def _tied(names: _Names, mentioned: Int64s, slots: npt.NDArray[np.int32]) -> _Graph:
    there, at = np.unique(slots, return_inverse=True)
    weights = np.ones(len(slots), np.float32)
    ties = Ties.of(mentioned, at + len(names.keys), weights, len(names.keys) + len(there))
    return _Graph(ties, there)


def _named(asked: Asked, names: _Names) -> list[tuple[str, int]]:
    """The names in the question, as their words and their place among ``names``; none lies within another."""
    if not len(names.keys):
        return []
    spoken = {word for name in asked.snapshot.speakers.names for word in words(name)}
    said = words(asked.question.text)
    runs = [
        (start, end)
        for start in range(len(said))
        for end in range(start + 1, min(start + LONGEST, len(said)) + 1)
        if not STOP_WORDS.issuperset(said[start:end]) and not spoken.issuperset(said[start:end])
    ]
    meant = [(run, key) for run in runs for key in _keys(asked, " ".join(said[slice(*run)]))]
    keys = np.array([key for _, key in meant], np.int64)
    places = np.minimum(np.searchsorted(names.keys, keys), len(names.keys) - 1)
    known = [(meant[at][0], int(places[at])) for at in np.flatnonzero(names.keys[places] == keys).tolist()]
    longest = [
        (run, place)
        for run, place in known
        if not any(other != run and other[0] <= run[0] and run[1] <= other[1] for other, _ in known)
    ]
    return list(dict.fromkeys((" ".join(said[start:end]), place) for (start, end), place in longest))


def _keys(asked: Asked, name: str) -> list[int]:
    """The key of a name, and those of all that mean the same by an alias or a merge."""
    if asked.question.names.owner(name) is None:
        return [name_key(name)]
    return [name_key(" ".join(words(other))) for other in sorted(asked.question.names.all_of(name))]


def reasons(asked: Asked, slots: Slots) -> list[str]:
    """The question's names that each memory mentions; nothing for one that lies near them only."""
    names: _Names = asked.snapshot.kept("names", lambda: _Names.of(asked.snapshot))
    owners = [(name, set(names.slots[names.names == place].tolist())) for name, place in _named(asked, names)]
    told = [dict.fromkeys(name for name, several in owners if slot in several) for slot in slots.tolist()]
    return [", ".join(several) for several in told]


ENTITY = Signal("entity", scaled=False, score=score, reasons=reasons)
