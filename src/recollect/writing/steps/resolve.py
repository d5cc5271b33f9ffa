"""Resolve: names to the entities the user is known to speak of, so that "Anna" and "Anna Schmidt" are one."""

from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.record import EntityMention, EntityType
from recollect.writing.draft import Draft

NAMED = frozenset({EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION})


class KnownNames:
    """The names that one user's memories mention; a name in full answers for its parts while only one has them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._full: dict[str, str] = {}
        self._parts: dict[str, set[str]] = {}
        for name in names:
            self.learn(name)

    def learn(self, name: str) -> None:
        """Adds a name."""
        self._full.setdefault(name.casefold(), name)
        parts = name.casefold().split()
        if len(parts) > 1:
            for part in parts:
                self._parts.setdefault(part, set()).add(name)

    def resolve(self, name: str) -> str:
        """The name under which this one is known, or the name itself."""
        owners = self._parts.get(name.casefold(), set())
        if len(owners) == 1:
            return next(iter(owners))
        return self._full.get(name.casefold(), name)


def resolve(draft: Draft, known: KnownNames) -> Draft:
    """Replaces the canonical names of the draft's entities by the known ones."""
    if not draft.entities:
        return draft
    return replace(draft, entities=tuple(_resolved(mention, known) for mention in draft.entities))


def _resolved(mention: EntityMention, known: KnownNames) -> EntityMention:
    if mention.type not in NAMED:
        return mention
    name = known.resolve(mention.name)
    return mention if name == mention.name else replace(mention, name=name)
