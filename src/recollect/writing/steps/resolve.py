"""Resolve: names to the entities the user is known to speak of, so that "Anna" and "Anna Schmidt" are one.

Aliases and merges come first: they were said by hand. They also decide under whose key a fact is kept, so that what is
told of an alias supersedes what was told of the entity.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from recollect.domain.entity import Entity
from recollect.domain.entity_match import key_of
from recollect.domain.entity_names import EntityNames
from recollect.domain.record import EntityMention, EntityType
from recollect.domain.scope import is_shared
from recollect.writing.draft import Draft

NAMED = frozenset({EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION})
NO_NAMES = frozenset({EntityType.DATE, EntityType.NUMBER})


class KnownNames:
    """The names that one user's memories mention; a name in full answers for its parts while only one has them.

    Args:
        names: what is mentioned. entities: what was described or merged.
    """

    def __init__(self, names: Sequence[str], entities: Iterable[Entity] = ()) -> None:
        self._full: dict[str, str] = {}
        self._parts: dict[str, set[str]] = {}
        self._keys: dict[str, set[str]] = {}
        self.follow(entities)
        for name in names:
            self.learn(name)

    def learn(self, name: str) -> None:
        """Adds a name."""
        self._keys.setdefault(key_of(name), set()).add(self._full.setdefault(name.casefold(), name))
        parts = name.casefold().split()
        if len(parts) > 1:
            for part in parts:
                self._parts.setdefault(part, set()).add(name)

    def follow(self, entities: Iterable[Entity]) -> None:
        """Takes the entities as they are now, in place of those it knew: a merge that was taken back ends here."""
        self._entities = EntityNames(entities)
        self._followed_at = time.monotonic()

    def followed_within(self, seconds: float) -> bool:
        """Whether the entities are from no longer ago than that."""
        return time.monotonic() - self._followed_at <= seconds

    def resolve(self, name: str) -> str:
        """The name under which this one is known, or the name itself."""
        if self._entities.owner(name) is not None:
            return self._entities.target(name)
        owners = self._parts.get(name.casefold(), set())
        if len(owners) == 1:
            return self._entities.target(next(iter(owners)))
        if name.casefold() in self._full:
            return self._full[name.casefold()]
        alike = self._keys.get(
            key_of(name) or name, set()
        )  # the same but for an accent, a possessive or a company's form
        return self._entities.target(next(iter(alike))) if len(alike) == 1 else name

    def described(self, name: str) -> str | None:
        """The entity that an alias or a merged name means; None for any other name."""
        target = self._entities.target(name)
        return None if target.casefold() == name.casefold() else target


def resolve(draft: Draft, known: KnownNames) -> Draft:
    """Replaces the canonical names of the draft's entities, and the subject of its key, by the known ones."""
    if draft.channel_id is not None and not is_shared(draft.scope.user_id):
        return draft  # who is meant in private, or was named aside, is nobody's to know in a channel
    key = None if draft.key is None else _resolved_key(draft.key, known)
    if not draft.entities and key == draft.key:
        return draft
    return replace(draft, entities=tuple(_resolved(mention, known) for mention in draft.entities), key=key)


def _resolved(mention: EntityMention, known: KnownNames) -> EntityMention:
    if mention.type in NO_NAMES:
        return mention
    name = known.resolve(mention.name) if mention.type in NAMED else known.described(mention.name) or mention.name
    return mention if name == mention.name else replace(mention, name=name)


def _resolved_key(key: str, known: KnownNames) -> str:
    subject, colon, attribute = key.partition(":")
    target = known.described(subject)
    return key if target is None else f"{target.casefold()}{colon}{attribute}"
