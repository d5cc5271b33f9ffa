"""Readable knowledge: what memories say about names, counted over those only that policies let the user read.

Without policies the database counts, and walks its graph. With them each memory is judged first, so the counting and
the walking are done here, over what those memories support.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations

from recollect.domain.entity import Hop, Neighbour, Related
from recollect.domain.entity_graph import EntityGraph, Walk, spelled
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import Edge, folded, spellings, support_of
from recollect.domain.graph_rank import central
from recollect.domain.pagerank import DAMPING
from recollect.domain.record import EntityType, Memory, Status
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.memory import rights
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading
from recollect.ports.graph import Walks
from recollect.ports.knowledge import Knowledge, Mentioned

LIVING = SearchFilter(statuses=frozenset(Status) - {Status.DELETED})
PAGE = 1_000


async def knowledge(parts: Parts, scope: Scope, method: str) -> Knowledge:
    """What the user's memories say about names, as far as the user may read them.

    Raises:
        NotAllowed: a policy forbids the call as a whole.
    """
    may_read = await rights.reading(parts, scope.user_id, method)
    return parts.store if may_read is None else ReadableKnowledge(await _readable(parts, scope, may_read))


async def walks(parts: Parts, scope: Scope, method: str) -> tuple[Knowledge, Walks]:
    """The same, and the graph that these memories support.

    Raises:
        NotAllowed: a policy forbids the call as a whole.
    """
    may_read = await rights.reading(parts, scope.user_id, method)
    if may_read is None:
        return parts.store, parts.graph
    known = ReadableKnowledge(await _readable(parts, scope, may_read))
    return known, known


async def _readable(parts: Parts, scope: Scope, may_read: Reading) -> list[Memory]:
    chosen, found, after = rights.confined(LIVING, may_read), list[Memory](), None
    while True:
        page = await parts.store.page(scope, chosen, limit=PAGE, after=after)
        found += await rights.readable(may_read, page)
        if len(page) < PAGE:
            return found
        after = page[-1].id


class ReadableKnowledge:
    """See ``recollect.ports.knowledge.Knowledge`` and ``graph.Walks``; of these memories, whoever's scope is given."""

    def __init__(self, memories: Sequence[Memory]) -> None:
        supports = [support_of(memory) for memory in memories]
        self._mentions = [mention for support in supports for mention in support.mentions]
        self._edges = [edge for support in supports for edge in support.edges]

    async def mentioned(self, scope: Scope) -> list[Mentioned]:  # noqa: ARG002 - the port's
        """Every person, place, organisation and other entity that is mentioned."""
        found: dict[tuple[str, EntityType], list[datetime]] = {}
        for mention in self._mentions:
            found.setdefault((mention.name, mention.type), []).append(mention.at)
        return [
            Mentioned(name=name, type=kind, memories=len(times), first_at=min(times), last_at=max(times))
            for (name, kind), times in found.items()
        ]

    async def stated(self, scope: Scope) -> list[Edge]:  # noqa: ARG002 - the port's
        """Every triple: of keyed facts, and of relations read from texts."""
        return self._edges

    async def neighbours(
        self,
        scope: Scope,  # noqa: ARG002 - the port's
        name: str,
        *,
        names: EntityNames,
        now: datetime,
        depth: int,
        limit: int,
    ) -> list[Neighbour]:
        """The names within ``depth`` hops, the strongest path first."""
        graph = EntityGraph()
        for edge in self._edges:
            if edge.holds(now):
                hop = Hop(names.target(edge.subject), edge.predicate, names.target(edge.object))
                graph.relation(hop, edge.confidence)
        for (one, other), memories in self._together().items():
            graph.together(names.target(one), names.target(other), memories)
        walk = Walk(folded(names.target(name)), depth, limit)
        while walk.wanted():
            walk.step(graph)
        return spelled(
            walk.found({}), graph, names, spellings(Counter(mention.name for mention in self._mentions).items())
        )

    def _together(self) -> Counter[tuple[str, str]]:
        """How many texts mention two names."""
        said: dict[object, set[str]] = {}
        for mention in self._mentions:
            if mention.said:
                said.setdefault(mention.memory_id, set()).add(folded(mention.name))
        return Counter(pair for both in said.values() for pair in combinations(sorted(both), 2))

    async def ppr(
        self,
        scope: Scope,  # noqa: ARG002 - the port's
        seeds: Mapping[str, float],
        *,
        names: EntityNames,
        now: datetime,
        damping: float = DAMPING,
        limit: int = 20,
    ) -> list[Related]:
        """The names where a walk ends up that begins at the seeds."""
        mentioned = [mention.name for mention in self._mentions]
        memories = [mention.memory_id for mention in self._mentions]
        stated = [(edge.subject, edge.object, edge.confidence) for edge in self._edges if edge.holds(now)]
        return central(mentioned, memories, stated, seeds, names=names, damping=damping)[:limit]
