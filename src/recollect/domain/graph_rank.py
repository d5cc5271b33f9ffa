"""Graph rank: personalised PageRank over a user's memories and the names that they mention."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np

from recollect.domain.entity import Related
from recollect.domain.entity_graph import USER
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import folded
from recollect.domain.pagerank import DAMPING, Ties, personalised


def central(
    mentioned: Sequence[str],
    memories: Sequence[Hashable],
    relations: Iterable[tuple[str, str, float]],
    seeds: Mapping[str, float],
    *,
    names: EntityNames,
    damping: float = DAMPING,
) -> list[Related]:
    """The names by their share of walks from the seeds, the largest first, then by name; all in lower case.

    Args:
        mentioned: a name for each tie of a name and a memory.
        memories: the memory of each.
        relations: subject, object and confidence of each relation that holds.
        seeds: how much the walk goes back to each name.
        names: aliases and merges.
        damping: the chance to walk on.
    """
    meant = {name: folded(names.target(name)) for name in set(mentioned)}
    number: dict[str, int] = {}
    for name in meant.values():
        number.setdefault(name, len(number))
    triples = [(folded(names.target(one)), folded(names.target(other)), sure) for one, other, sure in relations]
    triples = [(one, other, sure) for one, other, sure in triples if USER not in (one, other) and one != other]
    for one, other, _ in triples:
        number.setdefault(one, len(number))
        number.setdefault(other, len(number))
    at = {memory: place for place, memory in enumerate(dict.fromkeys(memories), len(number))}
    # A memory may mention an entity under two of its names: that is one tie.
    pairs = {(number[meant[name]], at[memory]) for name, memory in zip(mentioned, memories, strict=True)}
    ends = np.array([*pairs, *((number[one], number[other]) for one, other, _ in triples)], np.int64).reshape(-1, 2)
    weights = np.array([*(1.0 for _ in pairs), *(sure for *_, sure in triples)], np.float32)
    ties = Ties.of(ends[:, 0], ends[:, 1], weights, len(number) + len(at))
    start = np.zeros(ties.nodes, np.float32)
    for name, weight in seeds.items():
        place = number.get(folded(names.target(name)))
        if place is not None:
            start[place] += weight
    share = personalised(ties, start, damping)[: len(number)]
    total = float(share.sum())
    found = [Related(name, round(float(share[place]) / total, 6)) for name, place in number.items() if share[place] > 0]
    return sorted(found, key=lambda one: (-one.share, one.name))
