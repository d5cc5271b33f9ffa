"""The synchronous face of ``recollect.memory.desks.entities``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Collection
from functools import partial

from recollect.domain.entity import Duplicate, EntityRelation, KnownEntity, Neighbour, Related
from recollect.domain.pagerank import DAMPING
from recollect.domain.record import EntityType
from recollect.memory.background import LOOP
from recollect.memory.desks.entities import EntitiesDesk
from recollect.memory.listing import Listing


class SyncEntitiesDesk:
    """Everything that the user's living memories mention, with what was said about it by hand.

    Names are compared without case. Aliases and merges also decide under which name new memories mention an entity.
    """

    def __init__(self, inner: EntitiesDesk) -> None:
        self._inner = inner

    def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[KnownEntity]:
        """Lists the entities, the most salient first; ``cursor`` is ``next_cursor`` of the page before."""
        return LOOP.call(partial(self._inner.list, user_id=user_id, limit=limit, cursor=cursor))

    def get(self, name: str, *, user_id: str) -> KnownEntity:
        """Returns the entity that goes by a name: its own, a part of it, an alias, or one that was merged into it.

        Raises:
            NotFound: no memory of the user mentions it, and it was not described.

        Example:
            >>> memory.entities.get("Anna", user_id="ben").type.value
            'person'
        """
        return LOOP.call(partial(self._inner.get, name, user_id=user_id))

    def describe(
        self,
        name: str,
        *,
        user_id: str,
        type: EntityType | str | None = None,  # noqa: A002 - what the field is called
        aliases: Collection[str] | None = None,
        description: str | None = None,
        salience: float | None = None,
    ) -> KnownEntity:
        """Says something about an entity; it need not be mentioned yet.

        Args:
            name: any of its names.
            user_id: whose.
            type: person, place, organisation or other.
            aliases: other names it goes by, in place of those it had.
            description: in words, at most 4,000 characters.
            salience: 0..1, in place of the one that follows from the mentions.

        Raises:
            Conflict: an alias is another entity's name or alias.
        """
        return LOOP.call(
            partial(
                self._inner.describe,
                name,
                user_id=user_id,
                type=type,
                aliases=aliases,
                description=description,
                salience=salience,
            )
        )

    def merge(self, name: str, into: str, *, user_id: str) -> KnownEntity:
        """Says that an entity turned out to be another one.

        From now on its memories count for the other one, and new ones mention that one. ``unmerge`` takes it back.

        Args:
            name: the entity that ends.
            into: the one that it is.
            user_id: whose.

        Returns:
            The other one, with everything that is now its own.

        Raises:
            NotFound: one of them is not known.
            Conflict: it is merged already, it is only an alias, or the other one was merged into it.

        Example:
            >>> memory.entities.merge("Annie", "Anna Schmidt", user_id="ben").merged
            ('Annie',)
        """
        return LOOP.call(partial(self._inner.merge, name, into, user_id=user_id))

    def unmerge(self, name: str, *, user_id: str) -> None:
        """Takes a merge back: the entity is again what it was before it.

        What was written meanwhile keeps the name under which it was written.

        Raises:
            NotFound: no entity of that name was merged.
        """
        return LOOP.call(partial(self._inner.unmerge, name, user_id=user_id))

    def duplicates(self, *, user_id: str, limit: int = 50) -> tuple[Duplicate, ...]:
        """Finds entities whose names say that they may be one, the surest first; nothing is merged.

        Short forms, initials, titles, slips of the pen and a company's form are looked through. What was merged already
        is one entity and is not listed.

        Args:
            user_id: whose.
            limit: how many pairs at most, 1 to 1000.

        Example:
            >>> (memory.entities.duplicates(user_id="ben"))[0].why
            'a short form'
        """
        return LOOP.call(partial(self._inner.duplicates, user_id=user_id, limit=limit))

    def relations(
        self, name: str, *, user_id: str, limit: int = 50, cursor: str | None = None
    ) -> Listing[EntityRelation]:
        """Lists what memories say of an entity and another name, or a value: what holds now first, then the newest.

        Args:
            name: any of its names; ``user`` for the user.
            user_id: whose.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.

        Raises:
            NotFound: the entity is not known.

        Example:
            >>> (memory.entities.relations("Anna", user_id="ben"))[0].object
            'Siemens'
        """
        return LOOP.call(partial(self._inner.relations, name, user_id=user_id, limit=limit, cursor=cursor))

    def neighbours(self, name: str, *, user_id: str, depth: int = 1, limit: int = 20) -> tuple[Neighbour, ...]:
        """Finds the names that are tied to an entity, also through others, the strongest first.

        Args:
            name: any of its names; ``user`` for the user.
            user_id: whose.
            depth: how many hops at most, 1 to 3.
            limit: how many at most, 1 to 1000.

        Returns:
            Each name with the strongest path to it, over relations that hold now and over being mentioned together.

        Raises:
            NotFound: the entity is not known.
        """
        return LOOP.call(partial(self._inner.neighbours, name, user_id=user_id, depth=depth, limit=limit))

    def related(
        self, name: str | Collection[str], *, user_id: str, damping: float = DAMPING, limit: int = 20
    ) -> tuple[Related, ...]:
        """Finds the names that lie closest to one or several, over all ways at once: personalised PageRank.

        Args:
            name: any names of entities.
            user_id: whose.
            damping: the chance that a walk goes on rather than back to where it began, 0 to below 1.
            limit: how many at most, 1 to 1000.

        Returns:
            Each name with its share of the walks, the names asked for among them.

        Raises:
            NotFound: one of the entities is not known.

        Example:
            >>> (memory.entities.related(["Anna", "Ben"], user_id="ben"))[0].name
            'Anna'
        """
        return LOOP.call(partial(self._inner.related, name, user_id=user_id, damping=damping, limit=limit))
