"""Entity duplicates: entities that may be one, by their names; only those that share a key are compared."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from recollect.domain.entity import UNTYPED, Duplicate, KnownEntity
from recollect.domain.entity_match import keys_of, match
from recollect.domain.record import EntityType

LIKELY = 0.6
"""How sure a pair is to be one, at least: below, every text with headings has hundreds."""
MOST_OF_A_KEY = 50
"""So many names under one key say nothing of each other."""


def duplicates(known: Iterable[KnownEntity]) -> list[Duplicate]:
    """The pairs that may be one, the surest first, then the most salient."""
    entities = list(known)
    by_key: dict[str, list[int]] = {}
    for place, entity in enumerate(entities):
        for key in keys_of(entity.name):
            by_key.setdefault(key, []).append(place)
    pairs = {pair for places in by_key.values() if len(places) <= MOST_OF_A_KEY for pair in combinations(places, 2)}
    found = [_alike(entities[one], entities[other]) for one, other in sorted(pairs)]
    return sorted((one for several in found for one in several), key=lambda one: -one.confidence)


def _alike(one: KnownEntity, other: KnownEntity) -> Iterator[Duplicate]:
    """The pair, if it may be one; ``one`` is the more salient, of equals the one with the longer name."""
    kind = _kind(one, other)
    if kind is None:
        return
    found = match(one.name, other.name, kind)
    if found.confidence >= LIKELY:
        into, name = (
            (other, one) if one.salience == other.salience and len(one.name) < len(other.name) else (one, other)
        )
        yield Duplicate(name=name.name, into=into.name, confidence=found.confidence, why=found.why)


def _kind(one: KnownEntity, other: KnownEntity) -> EntityType | None:
    """What both may be; None for a person and a place, and such."""
    if UNTYPED in (one.type, other.type):
        return one.type if other.type is UNTYPED else other.type
    return one.type if one.type is other.type else None
