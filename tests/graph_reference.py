"""A graph held in dictionaries, as plain as can be: every path is tried, PageRank is iterated on a dense matrix."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np

from recollect.domain.entity import Hop, Neighbour, Related
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import Edge, Mention, Support
from recollect.domain.scope import Scope

Pair = frozenset[str]


@dataclass
class GraphReference:
    """See ``recollect.ports.graph.Graph``; slow and obvious."""

    mentions: dict[tuple[Scope, UUID, str], Mention] = field(default_factory=dict[tuple[Scope, UUID, str], Mention])
    edges: dict[tuple[Scope, UUID, UUID], Edge] = field(default_factory=dict[tuple[Scope, UUID, UUID], Edge])

    async def merge_node(self, scope: Scope, mention: Mention) -> None:
        self.mentions[scope, mention.memory_id, mention.name.casefold()] = mention

    async def merge_edge(self, scope: Scope, edge: Edge) -> None:
        self.edges[scope, edge.memory_id, edge.id] = edge

    async def remove(self, scope: Scope, memory_ids: Collection[UUID]) -> None:
        self.mentions = {k: v for k, v in self.mentions.items() if k[0] != scope or k[1] not in memory_ids}
        self.edges = {k: v for k, v in self.edges.items() if k[0] != scope or k[1] not in memory_ids}

    async def clear(self, scope: Scope) -> None:
        self.mentions = {k: v for k, v in self.mentions.items() if k[0] != scope}
        self.edges = {k: v for k, v in self.edges.items() if k[0] != scope}

    async def supports(self, scope: Scope) -> dict[UUID, Support]:
        mentions, edges = self._of(scope)
        ids = {one.memory_id for one in (*mentions, *edges)}
        return {
            one: Support(
                tuple(m for m in mentions if m.memory_id == one),
                tuple(sorted((e for e in edges if e.memory_id == one), key=lambda e: e.id)),
            )
            for one in ids
        }

    def _of(self, scope: Scope) -> tuple[list[Mention], list[Edge]]:
        return [v for k, v in self.mentions.items() if k[0] == scope], [
            v for k, v in self.edges.items() if k[0] == scope
        ]

    async def neighbours(
        self, scope: Scope, name: str, *, names: EntityNames, now: datetime, depth: int, limit: int
    ) -> list[Neighbour]:
        ties = self.ties(scope, names, now)
        start = names.target(name).casefold()
        best: dict[str, tuple[float, tuple[Hop, ...]]] = {}

        def walk(place: str, score: float, path: tuple[Hop, ...], seen: frozenset[str]) -> None:
            if len(path) == depth or (place == "user" and path):
                return
            for pair, (strength, hop) in ties.items():
                if place not in pair:
                    continue
                (other,) = pair - {place}
                if other in seen:
                    continue
                if score * strength > best.get(other, (0.0, ()))[0]:
                    best[other] = (score * strength, (*path, hop))
                walk(other, score * strength, (*path, hop), seen | {other})

        walk(start, 1.0, (), frozenset({start}))
        spelled = self.spellings(scope, names)

        def written(path: tuple[Hop, ...]) -> tuple[Hop, ...]:
            ends = [(spelled.get(hop.subject, hop.subject), spelled.get(hop.object, hop.object)) for hop in path]
            return tuple(Hop(one, hop.predicate, other) for hop, (one, other) in zip(path, ends, strict=True))

        found = [
            Neighbour(name=spelled.get(place, place), score=round(score, 4), path=written(path))
            for place, (score, path) in best.items()
        ]
        return sorted(found, key=lambda one: (-one.score, len(one.path), one.name.casefold()))[:limit]

    def ties(self, scope: Scope, names: EntityNames, now: datetime) -> dict[Pair, tuple[float, Hop]]:
        """The strength of each tie and its surest hop."""
        doubts: dict[Pair, list[float]] = {}
        hops: dict[Pair, tuple[float, Hop]] = {}
        mentions, edges = self._of(scope)
        reasons = [(e.subject, e.predicate, e.object, e.confidence, e.confidence) for e in edges if e.holds(now)]
        said = [m for m in mentions if m.said]
        reasons += [
            (one.name, "mentioned_with", other.name, 0.3, 0.0)
            for one in said
            for other in said
            if one.memory_id == other.memory_id and one.name.casefold() < other.name.casefold()
        ]
        for subject, predicate, target, chance, rank in reasons:
            one, other = names.target(subject).casefold(), names.target(target).casefold()
            if one != other:
                pair = frozenset({one, other})
                doubts.setdefault(pair, []).append(1.0 - chance)
                if pair not in hops or rank > hops[pair][0]:
                    hops[pair] = (rank, Hop(one, predicate, other))
        return {pair: (min(0.99, 1.0 - float(np.prod(many))), hops[pair][1]) for pair, many in doubts.items()}

    def spellings(self, scope: Scope, names: EntityNames) -> dict[str, str]:
        """How each name is written."""
        mentions, edges = self._of(scope)
        spelled = {text.casefold(): text for e in edges for text in (e.object, e.subject)}
        counts: dict[str, int] = {}
        for mention in mentions:
            counts[mention.name] = counts.get(mention.name, 0) + 1
        for name in sorted(counts, key=lambda n: (counts[n], [-ord(c) for c in n])):
            spelled[name.casefold()] = name
        return spelled | {entity.name.casefold(): entity.name for entity in names}

    async def ppr(
        self,
        scope: Scope,
        seeds: Mapping[str, float],
        *,
        names: EntityNames,
        now: datetime,
        damping: float = 0.85,
        limit: int = 20,
    ) -> list[Related]:
        mentions, edges = self._of(scope)
        nodes: list[object] = []
        weights: dict[frozenset[object], float] = {}
        for mention in mentions:
            weights[frozenset({names.target(mention.name).casefold(), mention.memory_id})] = 1.0
        for edge in edges:
            one, other = names.target(edge.subject).casefold(), names.target(edge.object).casefold()
            if edge.holds(now) and one != other and "user" not in (one, other):
                pair = frozenset[object]({one, other})
                weights[pair] = weights.get(pair, 0.0) + edge.confidence
        nodes = list(dict.fromkeys(node for pair in weights for node in pair))
        matrix = np.zeros((len(nodes), len(nodes)))
        for pair, weight in weights.items():
            one, other = (nodes.index(node) for node in pair)
            matrix[one, other] = matrix[other, one] = weight
        back = np.zeros(len(nodes))
        for name, weight in seeds.items():
            if names.target(name).casefold() in nodes:
                back[nodes.index(names.target(name).casefold())] += weight
        if not back.sum():
            return []
        back /= back.sum()
        share = back
        for _ in range(2_000):
            share = (1 - damping) * back + damping * (matrix / matrix.sum(0)) @ share
        spelled = self.spellings(scope, names)
        held = {node: value for node, value in zip(nodes, share, strict=True) if isinstance(node, str) and value > 1e-9}
        total = sum(held.values())
        found = [Related(spelled.get(place, place), round(value / total, 6)) for place, value in held.items()]
        return sorted(found, key=lambda one: (-one.share, one.name.casefold()))[:limit]
