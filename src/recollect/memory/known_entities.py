"""Known entities: what memories mention and what was said by hand, folded into one picture of each entity."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from recollect.domain.entity import UNTYPED, Entity, EntityRelation, KnownEntity
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import Edge
from recollect.domain.record import EntityType
from recollect.ports.knowledge import Mentioned

FULL = 100
"""So many mentions make an entity as salient as can be."""


@dataclass(slots=True)
class _Seen:
    """What the memories say of one entity, under any of its names."""

    spellings: Counter[str] = field(default_factory=Counter[str])
    types: Counter[EntityType] = field(default_factory=Counter[EntityType])
    first_at: datetime | None = None
    last_at: datetime | None = None

    def take(self, name: str, mentioned: Mentioned) -> None:
        self.spellings[name] += mentioned.memories
        self.types[mentioned.type] += mentioned.memories
        self.first_at = min(self.first_at or mentioned.first_at, mentioned.first_at)
        self.last_at = max(self.last_at or mentioned.last_at, mentioned.last_at)


class KnownEntities:
    """All of a user's entities, by any of their names.

    Args:
        mentioned: what memories mention. entities: what was described or merged.
    """

    def __init__(self, mentioned: Sequence[Mentioned], entities: Iterable[Entity]) -> None:
        self.names = EntityNames(entities)
        seen: dict[str, _Seen] = {}
        for one in mentioned:
            target = self.names.target(one.name)
            seen.setdefault(target.casefold(), _Seen()).take(target, one)
        for entity in self.names:
            if entity.merged_into is None:
                seen.setdefault(entity.name.casefold(), _Seen())
        self._merged: dict[str, list[Entity]] = {}
        for entity in self.names:
            if entity.merged_into is not None:
                self._merged.setdefault(self.names.target(entity.name).casefold(), []).append(entity)
        self._mentioned = {one.name.casefold(): one.name for one in sorted(mentioned, key=lambda one: one.memories)}
        self._all = {place: self._known(place, one) for place, one in seen.items()}

    def __iter__(self) -> Iterator[KnownEntity]:
        """The most salient first."""
        return iter(sorted(self._all.values(), key=order))

    def get(self, name: str) -> KnownEntity | None:
        """The entity that goes by this name, or None."""
        return self._all.get(self.names.target(name).casefold())

    def find(self, name: str) -> KnownEntity | None:
        """As ``get``; a part of one entity's name alone finds it too, as it does when texts are read."""
        found = self.get(name)
        if found is not None:
            return found
        owners = [one for place, one in self._all.items() if name.casefold() in place.split()]
        return owners[0] if len(owners) == 1 else None

    def spelled(self, name: str) -> str:
        """The entity's own spelling of its name; a name that is not known is left as it is."""
        target = self.names.target(name)
        known = self._all.get(target.casefold())
        return target if known is None else known.name

    def own_spelling(self, name: str) -> str | None:
        """How this very name, not what it means, is written by hand or in memories; None if it is in neither."""
        entity = self.names.entity(name)
        return entity.name if entity is not None else self._mentioned.get(name.casefold())

    def relation(self, stated: Edge, now: datetime) -> EntityRelation:
        """A triple with the names of the entities that it speaks of."""
        return EntityRelation(
            subject=self.spelled(stated.subject),
            predicate=stated.predicate,
            object=self.spelled(stated.object),
            confidence=stated.confidence,
            valid_from=stated.valid_from,
            valid_to=stated.valid_to,
            holds=stated.holds(now),
            memory_id=stated.memory_id,
        )

    def _known(self, place: str, seen: _Seen) -> KnownEntity:
        entity = self.names.entity(place)
        merged = self._merged.get(place, [])
        mentions = seen.types.total()
        by_hand = None if entity is None else entity.salience
        typed = None if entity is None or entity.type == UNTYPED else EntityType(entity.type)
        aliases = [alias for one in ([entity, *merged] if entity else merged) for alias in one.aliases]
        return KnownEntity(
            name=entity.name if entity is not None else seen.spellings.most_common(1)[0][0],
            type=typed or (seen.types.most_common(1)[0][0] if seen.types else UNTYPED),
            aliases=tuple(dict.fromkeys(aliases)),
            merged=tuple(sorted(one.name for one in merged)),
            description=None if entity is None else entity.description,
            salience=salience(mentions) if by_hand is None else by_hand,
            mentions=mentions,
            first_at=seen.first_at,
            last_at=seen.last_at,
        )


def order(entity: KnownEntity) -> tuple[float, str]:
    """The most salient first, then by name."""
    return -entity.salience, entity.name


def salience(mentions: int) -> float:
    """0..1 from the number of mentions, on a scale of logarithms."""
    return round(min(1.0, math.log1p(mentions) / math.log1p(FULL)), 4)
