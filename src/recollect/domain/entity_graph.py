"""Entity graph: who can be reached from a name, over what is said of both and over being mentioned together.

A tie's strength is the chance that at least one of its reasons is right: a relation counts with its confidence, a text
that mentions both names with 0.3. A path is as strong as the product of its ties. Nothing is reached through the user,
where everything is two steps away from everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from recollect.domain.entity import EntityRelation, Hop, Neighbour

USER = "user"
MENTIONED_WITH = "mentioned_with"
TOGETHER = 0.3
"""How strongly one text ties two names that it mentions."""
MOST = 0.99
"""No tie is beyond doubt, so a longer path is always weaker."""


@dataclass(slots=True)
class _Tie:
    hop: Hop
    best: float
    doubt: float = 1.0

    @property
    def strength(self) -> float:
        return min(MOST, 1.0 - self.doubt)


@dataclass(slots=True)
class EntityGraph:
    """Names and the ties between them; ties have no direction, their hops keep the one of the relation."""

    _ties: dict[str, dict[str, _Tie]] = field(default_factory=dict[str, dict[str, _Tie]])
    _names: dict[str, str] = field(default_factory=dict[str, str])

    def relate(self, relations: Iterable[EntityRelation]) -> None:
        """Takes in what is said of two names."""
        for relation in relations:
            hop = Hop(relation.subject, relation.predicate, relation.object)
            self._tie(hop, relation.confidence, 1.0 - relation.confidence)

    def together(self, one: str, other: str, memories: int) -> None:
        """Takes in how many texts mention both names."""
        self._tie(Hop(one, MENTIONED_WITH, other), 0.0, (1.0 - TOGETHER) ** memories)

    def _tie(self, hop: Hop, rank: float, doubt: float) -> None:
        one, other = hop.subject.casefold(), hop.object.casefold()
        if one == other:
            return
        self._names.setdefault(one, hop.subject)
        self._names.setdefault(other, hop.object)
        tie = self._ties.setdefault(one, {}).get(other)
        if tie is None:
            tie = self._ties[one][other] = _Tie(hop, rank)
            self._ties.setdefault(other, {})[one] = tie
        elif rank > tie.best:  # the surest relation tells most about the tie
            tie.hop, tie.best = hop, rank
        tie.doubt *= doubt

    def neighbours(self, name: str, depth: int, limit: int) -> list[Neighbour]:
        """The names within ``depth`` hops of ``name``, the strongest first, at most ``limit``."""
        start = name.casefold()
        best: dict[str, tuple[float, tuple[Hop, ...]]] = {start: (1.0, ())}
        frontier = {start: best[start]}
        for _ in range(depth):
            reached: dict[str, tuple[float, tuple[Hop, ...]]] = {}
            for place, (score, path) in frontier.items():
                if place == USER and place != start:
                    continue
                for other, tie in self._ties.get(place, {}).items():
                    stronger = score * tie.strength
                    if stronger > max(best.get(other, (0.0, ()))[0], reached.get(other, (0.0, ()))[0]):
                        reached[other] = (stronger, (*path, tie.hop))
            best |= reached
            frontier = reached
        found = [
            Neighbour(name=self._names[place], score=round(score, 4), path=path)
            for place, (score, path) in best.items()
            if place != start
        ]
        return sorted(found, key=lambda one: (-one.score, len(one.path), one.name))[:limit]
