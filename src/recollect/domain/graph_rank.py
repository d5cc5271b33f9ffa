"""Graph rank: personalised PageRank over a user's memories and the names that they mention."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np

from recollect.domain.entity import Related
from recollect.domain.entity_graph import USER
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import folded, spellings
from recollect.domain.pagerank import DAMPING, Ties, personalised

NOTHING = 1e-8
"""A share up to which nobody came there: what single precision leaves."""


def central(
    mentioned: Sequence[str],
    memories: Sequence[Hashable],
    relations: Iterable[tuple[str, str, float]],
    seeds: Mapping[str, float],
    *,
    names: EntityNames,
    damping: float = DAMPING,
) -> list[Related]:
    """The names by their share of walks from the seeds, the largest first, then by name.

    Args:
        mentioned: a name for each tie of a name and a memory, as it is written there.
        memories: the memory of each.
        relations: subject, object and confidence of each relation that holds.
        seeds: how much the walk goes back to each name.
        names: aliases and merges.
        damping: the chance to walk on.
    """
    triples = [(one, other, sure) for one, other, sure in relations if sure > 0]
    written = spellings(Counter(end for one, other, _ in triples for end in (one, other)).items())
    written |= spellings(Counter(mentioned).items())
    meant = {name: folded(names.target(name)) for name in {*mentioned, *written.values()}}
    stated = [(meant[written[folded(one)]], meant[written[folded(other)]], sure) for one, other, sure in triples]
    stated = [(one, other, sure) for one, other, sure in stated if USER not in (one, other) and one != other]
    known = dict.fromkeys([*(meant[name] for name in mentioned), *(end for one in stated for end in one[:2])])
    number = {name: place for place, name in enumerate(known)}
    at = {memory: place for place, memory in enumerate(dict.fromkeys(memories), len(number))}
    # A memory may mention an entity under two of its names: that is one tie.
    pairs = {(number[meant[name]], at[memory]) for name, memory in zip(mentioned, memories, strict=True)}
    ends = np.array([*pairs, *((number[one], number[other]) for one, other, _ in stated)], np.int64).reshape(-1, 2)
    weights = np.array([*(1.0 for _ in pairs), *(sure for *_, sure in stated)], np.float32)
    ties = Ties.of(ends[:, 0], ends[:, 1], weights, len(number) + len(at))
    start = np.zeros(ties.nodes, np.float32)
    for name, weight in seeds.items():
        place = number.get(folded(names.target(name)))
        if place is not None:
            start[place] += weight
    share = personalised(ties, start, damping)[: len(number)]
    total = float(share.sum())
    reached = [(name, float(share[place]) / total) for name, place in number.items() if share[place] > NOTHING]
    found = [Related(names.spelled(name, written), round(part, 6)) for name, part in reached]
    return sorted(found, key=lambda one: (-one.share, one.name.casefold()))
