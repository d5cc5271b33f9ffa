"""Graph: the names that a user's memories mention, and the ties between them.

A node stands for a name, an edge for a triple. Both are merged in by the memory that supports them and live as long as
one does: what is told again adds support, what is removed takes its own away. An edge is true within its validity and
until it is superseded; only what holds at the asked moment is walked. Every call is about one user's graph.

``names`` are the aliases and merges as they are now. They are applied while reading, so taking a merge back needs no
change of the graph.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from recollect.domain.entity import Neighbour, Related
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import Edge, Mention, Support
from recollect.domain.pagerank import DAMPING
from recollect.domain.scope import Scope


class Walks(Protocol):
    """What can be asked of a graph."""

    async def neighbours(
        self, scope: Scope, name: str, *, names: EntityNames, now: datetime, depth: int, limit: int
    ) -> Sequence[Neighbour]:
        """The names within ``depth`` hops, the strongest path first.

        A tie's strength is ``min(0.99, 1 - prod(1 - confidence) 0.7^m)`` over what is said of both names and ``m``
        texts that mention both (noisy or, Pearl 1988); a path's is the product of its ties'. Equal scores come in the
        order of their length, then of the name. Nothing is reached through the user.

        Args:
            scope: whose graph.
            name: any spelling, alias or merged name; ``user`` for the user. One that is not known has no neighbours.
            names: aliases and merges.
            now: the moment at which relations must hold.
            depth: hops at most, 1 or more.
            limit: neighbours at most, 1 or more.
        """
        ...

    async def ppr(
        self,
        scope: Scope,
        seeds: Mapping[str, float],
        *,
        names: EntityNames,
        now: datetime,
        damping: float = DAMPING,
        limit: int = 20,
    ) -> Sequence[Related]:
        """The names where a walk ends up that begins at the seeds, the largest share first, then by name.

        Personalised PageRank, ``p = (1 - damping) s + damping W p`` (Page et al. 1999; Haveliwala 2002), over names
        and memories as nodes: a memory is tied to each name that it mentions with weight 1, two names by each relation
        that holds with its confidence. The user is no node. Shares are of all that lies with names, and sum to 1.

        Args:
            scope: whose graph.
            seeds: how much the walk goes back to each name; names that are not known are left out.
            names: aliases and merges.
            now: the moment at which relations must hold.
            damping: the chance to walk on, 0 to below 1.
            limit: names at most.
        """
        ...


class Graph(Walks, Protocol):
    """A graph that can be written, by a user's memories."""

    async def merge_node(self, scope: Scope, mention: Mention) -> None:
        """A memory mentions a name: makes the node, or adds to its support. Doing it again changes nothing."""
        ...

    async def merge_edge(self, scope: Scope, edge: Edge) -> None:
        """A memory states a triple: makes the edge, or gives it its new confidence, validity and standing."""
        ...

    async def remove(self, scope: Scope, memory_ids: Collection[UUID]) -> None:
        """Takes away all that these memories support; nodes and edges without any support are gone."""
        ...

    async def clear(self, scope: Scope) -> None:
        """Takes the user's whole graph away."""
        ...

    async def supports(self, scope: Scope) -> Mapping[UUID, Support]:
        """All that is there, by the memory that supports it; what a rebuilt graph is compared by."""
        ...
