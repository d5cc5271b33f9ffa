"""Entity names: which entity a name means, through aliases and merges."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from recollect.domain.entity import Entity


class EntityNames:
    """The names of the entities that one user has described or merged; names are compared without case."""

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        self._entities = {entity.name.casefold(): entity for entity in entities}
        self._owners: dict[str, str] = {}
        for entity in self._entities.values():
            for alias in entity.aliases:
                self._owners.setdefault(alias.casefold(), entity.name)
        for place, entity in self._entities.items():  # a name of its own wins over another's alias
            self._owners[place] = entity.name

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._entities.values())

    def entity(self, name: str) -> Entity | None:
        """The entity of that very name, merged or not."""
        return self._entities.get(name.casefold())

    def owner(self, name: str) -> str | None:
        """The name of the entity whose name or alias this is."""
        return self._owners.get(name.casefold())

    def target(self, name: str) -> str:
        """The entity that this name means after all merges, or the name itself if it is no entity's."""
        seen: set[str] = set()
        while True:
            name = self._owners.get(name.casefold(), name)
            entity = self._entities.get(name.casefold())
            if entity is None or entity.merged_into is None or name in seen:
                return name
            seen.add(name)
            name = entity.merged_into

    def spelled(self, place: str, written: Mapping[str, str]) -> str:
        """How a name in lower case is written: by hand, or else as ``written`` says."""
        entity = self._entities.get(place)
        return written.get(place, place) if entity is None else entity.name

    def all_of(self, target: str) -> frozenset[str]:
        """Every name, in lower case, that means the entity which ``target`` means; the name itself is one."""
        meant = self.target(target).casefold()
        return self._all.get(meant, frozenset()) | {meant}

    @cached_property
    def _all(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name in self._owners:
            found.setdefault(self.target(name).casefold(), set()).add(name)
        return {target: frozenset(names) for target, names in found.items()}

    def leads_to(self, name: str, end: str) -> bool:
        """Whether ``name`` is ``end``, or was merged into it, directly or through others."""
        seen: set[str] = set()
        while name.casefold() not in seen:
            if name.casefold() == end.casefold():
                return True
            seen.add(name.casefold())
            entity = self.entity(self._owners.get(name.casefold(), name))
            name = name if entity is None or entity.merged_into is None else entity.merged_into
        return False
