"""Graph: what a memory adds to the graph of names: which ones it mentions, and what it says of two of them.

Both are worked out from the memory alone, so the graph can be dropped and built again, and a node or an edge lives as
long as a memory supports it. Merges and aliases are no part of it: they are applied when it is read, and so are taken
back without a trace.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from recollect.domain.record import EntityType, Memory, ProvenanceSource, Status, Trust

NO_NAMES = frozenset({EntityType.DATE, EntityType.NUMBER})
LONGEST = 200
"""Characters of a name at most, as an index takes no longer ones; of what a triple speaks of so many are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A node's support: a memory mentions a name.

    Attributes:
        name: canonical, as the memory has it. type: what it names.
        at: when it was told, or stored if that is unknown.
        said: it stands in what was said; a fact that was read out of a text mentions the same names once more.
    """

    memory_id: UUID
    name: str
    type: EntityType
    at: datetime
    said: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A triple that a memory states.

    Attributes:
        subject, predicate, object: such as Anna, employer, Siemens. confidence: 0..1.
        valid_from, valid_to: the interval in which it is true; None is open.
        superseded: whether another took its place.
    """

    memory_id: UUID
    subject: str
    predicate: str
    object: str
    confidence: float
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    superseded: bool = False

    @property
    def id(self) -> UUID:
        """The same for the same triple of the same memory, however its names are written."""
        return uuid5(self.memory_id, json.dumps([folded(self.subject), self.predicate, folded(self.object)]))

    def holds(self, now: datetime) -> bool:
        """Whether it is true at a moment."""
        begun = self.valid_from is None or self.valid_from <= now
        ended = self.valid_to is not None and self.valid_to <= now
        return begun and not ended and not self.superseded


@dataclass(frozen=True, slots=True)
class Support:
    """All that one memory adds."""

    mentions: tuple[Mention, ...] = ()
    edges: tuple[Edge, ...] = ()


def folded(name: str) -> str:
    """The form in which names are compared: without case, cut to ``LONGEST``."""
    return name.casefold()[:LONGEST]


def spellings(counts: Iterable[tuple[str, int]]) -> dict[str, str]:
    """By the name as it is compared, how it is written most often; of equally frequent ones the first by alphabet."""
    best: dict[str, tuple[int, str]] = {}
    for name, count in sorted(counts):
        if count > best.get(folded(name), (0, ""))[0]:
            best[folded(name)] = (count, name)
    return {place: name for place, (_, name) in best.items()}


def support_of(memory: Memory) -> Support:
    """What a memory adds to the graph; nothing once it is deleted, or while it is quarantined."""
    if memory.status is Status.DELETED or memory.trust is Trust.QUARANTINED:
        return Support()
    return Support(_mentions(memory), _edges(memory))


def _mentions(memory: Memory) -> tuple[Mention, ...]:
    """Each name once, as the type it is mentioned as first."""
    said = memory.key is None or memory.provenance.source is not ProvenanceSource.AGENT_INFERRED
    at = memory.told_at or memory.written_at
    found: dict[str, Mention] = {}
    for one in memory.entities:
        if one.type not in NO_NAMES and len(one.name) <= LONGEST:
            mention = Mention(memory_id=memory.id, name=one.name, type=one.type, at=at, said=said)
            found.setdefault(folded(one.name), mention)
    return tuple(found.values())


def _edges(memory: Memory) -> tuple[Edge, ...]:
    """The keyed fact, and the relations read from the text; a name the text mentions is the one it was resolved to."""
    triples: list[tuple[str, str, str, float]] = []
    if memory.key is not None and memory.value is not None:
        subject, _, attribute = memory.key.partition(":")
        triples.append((subject, attribute, memory.value, memory.confidence))
    triples += [(one.subject, one.predicate, one.object, one.confidence) for one in memory.relations]
    names = {mention.text.casefold(): mention.name for mention in memory.entities}
    edges = [
        Edge(
            memory_id=memory.id,
            subject=names.get(subject.casefold(), subject),
            predicate=predicate,
            object=names.get(target.casefold(), target),
            confidence=confidence,
            valid_from=memory.valid_from,
            valid_to=memory.valid_to,
            superseded=memory.status is Status.SUPERSEDED,
        )
        for subject, predicate, target, confidence in triples
    ]
    return tuple({edge.id: edge for edge in reversed(edges)}.values())[::-1]  # of the same ones, the first counts
