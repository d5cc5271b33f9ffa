"""Entity graph: who can be reached from a name, over what is said of both and over being mentioned together.

A tie's strength is the chance that at least one of its reasons is right (noisy or: 1 minus the product of the doubts;
Pearl 1988): a relation counts with its confidence, a text that mentions both names with 0.3. A path is as strong as the
product of its ties. Nothing is reached through the user, where everything is two steps away from everything.

A walk asks for the ties of the names that may still lead to one of the strongest, so a graph may be kept where only
these are looked up.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from recollect.domain.entity import EntityRelation, Hop, Neighbour
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import LONGEST

USER = "user"
MENTIONED_WITH = "mentioned_with"
TOGETHER = 0.3
"""How strongly one text ties two names that it mentions."""
MOST = 0.99
"""No tie is beyond doubt, so a longer path is always weaker."""
ROUNDED = 1e-4
"""Scores are told to four places; what is closer than this may be the same."""

Path = tuple[float, tuple[Hop, ...]]


@dataclass(slots=True)
class Tie:
    """Two names' tie: the surest of its hops, and how sure that is; the chance that none of its reasons is right."""

    hop: Hop
    best: float
    doubt: float = 1.0

    @property
    def strength(self) -> float:
        """0..0.99."""
        return min(MOST, 1.0 - self.doubt)


@dataclass(slots=True)
class EntityGraph:
    """Names and the ties between them; ties have no direction, their hops keep the one of the relation."""

    _ties: dict[str, dict[str, Tie]] = field(default_factory=dict[str, dict[str, Tie]])
    _names: dict[str, str] = field(default_factory=dict[str, str])

    def relate(self, relations: Iterable[EntityRelation]) -> None:
        """Takes in what is said of two names."""
        for relation in relations:
            self.relation(Hop(relation.subject, relation.predicate, relation.object), relation.confidence)

    def relation(self, hop: Hop, confidence: float) -> None:
        """Takes in one thing that is said of two names."""
        self._tie(hop, confidence, 1.0 - confidence)

    def together(self, one: str, other: str, memories: int) -> None:
        """Takes in how many texts mention both names; their hop goes by the alphabet, whoever is asked for."""
        one, other = sorted((one, other), key=str.casefold)
        self._tie(Hop(one, MENTIONED_WITH, other), 0.0, (1.0 - TOGETHER) ** memories)

    def _tie(self, hop: Hop, rank: float, doubt: float) -> None:
        one, other = hop.subject.casefold(), hop.object.casefold()
        if one == other:
            return
        self._names.setdefault(one, hop.subject)
        self._names.setdefault(other, hop.object)
        tie = self._ties.setdefault(one, {}).get(other)
        if tie is None:
            tie = self._ties[one][other] = Tie(hop, rank)
            self._ties.setdefault(other, {})[one] = tie
        elif rank > tie.best:  # the surest relation tells most about the tie
            tie.hop, tie.best = hop, rank
        tie.doubt *= doubt

    def ties_of(self, place: str) -> Mapping[str, Tie]:
        """The ties of a name in lower case, by the other one."""
        return self._ties.get(place, {})

    def name(self, place: str) -> str:
        """A name in lower case as it was first written."""
        return self._names.get(place, place)

    def neighbours(self, name: str, depth: int, limit: int) -> list[Neighbour]:
        """The names within ``depth`` hops of ``name``, the strongest first, at most ``limit``."""
        walk = Walk(name.casefold(), depth, limit)
        while walk.wanted():
            walk.step(self)
        return walk.found(self._names)


class Walk:
    """The search for the strongest paths from a name: while ``wanted`` names some, ``step`` with their ties.

    Args:
        start: the name, in lower case. depth: how many hops at most. limit: how many neighbours are wanted.
    """

    def __init__(self, start: str, depth: int, limit: int) -> None:
        self._start, self._limit, self._left = start, limit, depth
        self._best: dict[str, Path] = {start: (1.0, ())}
        self._frontier = dict(self._best)

    def wanted(self) -> Collection[str]:
        """The names whose ties are needed next: those through which one of the strongest may still be reached."""
        if self._left < 1:
            return ()
        scores = sorted((score for place, (score, _) in self._best.items() if place != self._start), reverse=True)
        least = scores[self._limit - 1] - ROUNDED if len(scores) >= self._limit else 0.0
        return [
            place
            for place, (score, _) in self._frontier.items()
            if score * MOST >= least and (place != USER or place == self._start)
        ]

    def step(self, graph: EntityGraph) -> None:
        """One hop further, from every name that was wanted."""
        reached: dict[str, Path] = {}
        for place in self.wanted():
            score, path = self._frontier[place]
            for other, tie in graph.ties_of(place).items():
                stronger = score * tie.strength
                if stronger > max(self._best.get(other, (0.0,))[0], reached.get(other, (0.0,))[0]):
                    reached[other] = (stronger, (*path, tie.hop))
        self._best |= reached
        self._frontier = reached
        self._left -= 1

    def found(self, names: Mapping[str, str]) -> list[Neighbour]:
        """The strongest; ``names`` says how the names in lower case are written."""
        found = [
            Neighbour(name=names.get(place, place), score=round(score, 4), path=path)
            for place, (score, path) in self._best.items()
            if place != self._start
        ]
        return sorted(found, key=lambda one: (-one.score, len(one.path), one.name))[: self._limit]


def spelled(
    found: Iterable[Neighbour], graph: EntityGraph, names: EntityNames, written: Mapping[str, str]
) -> list[Neighbour]:
    """Neighbours and their hops with the names as they are written by hand, or as ``written`` says by name."""

    def name(place: str) -> str:
        return names.spelled(place, {place: written.get(place[:LONGEST], graph.name(place))})

    return [
        Neighbour(
            name=name(one.name),
            score=one.score,
            path=tuple(
                Hop(name(hop.subject.casefold()), hop.predicate, name(hop.object.casefold())) for hop in one.path
            ),
        )
        for one in found
    ]
