"""Entities: the people, places and organisations that a user's memories speak of, and what ties them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

from recollect.domain.entity import Duplicate, Entity, EntityRelation, KnownEntity, Neighbour, Related
from recollect.domain.entity_names import EntityNames
from recollect.domain.event import EventType
from recollect.domain.pagerank import DAMPING
from recollect.domain.record import EntityType
from recollect.domain.scope import Scope, check_id
from recollect.errors import NotFound, ValidationError
from recollect.memory.arguments import check_limit, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import needs_one, whole
from recollect.memory.entity_changes import (
    below_one,
    check_aliases,
    check_names,
    description_of,
    place_of,
    position_of,
    to_merge,
)
from recollect.memory.entity_duplicates import duplicates
from recollect.memory.known_entities import KnownEntities, order
from recollect.memory.listing import Listing, listing
from recollect.memory.parts import Parts
from recollect.memory.readable_knowledge import knowledge, walks
from recollect.memory.recorded import recorded
from recollect.ports.knowledge import Knowledge
from recollect.ports.store import ThingChange, Wanted

MAX_DEPTH = 3


class EntitiesDesk:
    """Everything that the user's living memories mention, with what was said about it by hand.

    Names are compared without case. Aliases and merges also decide under which name new memories mention an entity.
    """

    AREA: str = "entities."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[KnownEntity]:
        """Lists the entities, the most salient first; ``cursor`` is ``next_cursor`` of the page before."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        check_limit("limit", limit)
        after = None if cursor is None else place_of(cursor)
        known = [one for one in await _known(parts, scope, "entities.list") if after is None or order(one) > after]
        return listing(known, limit, lambda shown: f"{shown.salience!r}:{shown.name}")

    @recorded
    async def get(self, name: str, *, user_id: str) -> KnownEntity:
        """Returns the entity that goes by a name: its own, a part of it, an alias, or one that was merged into it.

        Raises:
            NotFound: no memory of the user mentions it, and it was not described.

        Example:
            >>> (await memory.entities.get("Anna", user_id="ben")).type.value
            'person'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        return _one(await _known(parts, scope, "entities.get"), check_id("name", name), user_id)

    @recorded
    async def describe(
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
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        wanted = check_id("name", name)
        needs_one("description", type, aliases, description, salience)
        changes = description_of(type, aliases, description, salience)
        mentioned = await (await knowledge(parts, scope, "entities.describe")).mentioned(scope)
        async with parts.store.writing(scope, Wanted()) as transaction:
            entities = await transaction.things(Entity, {"user_id": user_id})
            known = KnownEntities(mentioned, entities)
            now = parts.clock.now()
            spelled = known.spelled(wanted)
            before = known.names.entity(spelled)
            fresh = Entity(tenant_id=scope.tenant_id, user_id=user_id, name=spelled, created_at=now, updated_at=now)
            check_aliases(known, spelled, changes.get("aliases", ()))
            after = replace(before or fresh, **changes)
            if after != before:
                after = replace(after, updated_at=now)
                change = ThingChange(type=EventType.ENTITY_DESCRIBED, before=before, after=after)
                await transaction.commit([change])
        parts.writer.forget((scope.tenant_id, user_id))
        rest = [one for one in entities if one is not before]
        return _one(KnownEntities(mentioned, [*rest, after]), spelled, user_id)

    @recorded
    async def merge(self, name: str, into: str, *, user_id: str) -> KnownEntity:
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
            >>> (await memory.entities.merge("Annie", "Anna Schmidt", user_id="ben")).merged
            ('Annie',)
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        given, other = check_id("name", name), check_id("into", into)
        if given.casefold() == other.casefold():
            raise ValidationError("into", "is the same name; an entity is not merged into itself")
        mentioned = await (await knowledge(parts, scope, "entities.merge")).mentioned(scope)
        async with parts.store.writing(scope, Wanted()) as transaction:
            entities = await transaction.things(Entity, {"user_id": user_id})
            known = KnownEntities(mentioned, entities)
            before, own, target = to_merge(known, given, other, user_id)
            now = parts.clock.now()
            fresh = Entity(tenant_id=scope.tenant_id, user_id=user_id, name=own, created_at=now, updated_at=now)
            after = replace(before or fresh, merged_into=target)
            await transaction.commit([ThingChange(type=EventType.ENTITY_MERGED, before=before, after=after)])
        parts.writer.forget((scope.tenant_id, user_id))
        rest = [one for one in entities if one is not before]
        return _one(KnownEntities(mentioned, [*rest, after]), target, user_id)

    @recorded
    async def unmerge(self, name: str, *, user_id: str) -> None:
        """Takes a merge back: the entity is again what it was before it.

        What was written meanwhile keeps the name under which it was written.

        Raises:
            NotFound: no entity of that name was merged.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        wanted = check_id("name", name)
        async with parts.store.writing(scope, Wanted()) as transaction:
            before = KnownEntities((), await transaction.things(Entity, {"user_id": user_id})).names.entity(wanted)
            if before is None or before.merged_into is None:
                raise NotFound(f"user {user_id!r} has no merged entity {wanted!r}")
            restored = replace(before, merged_into=None)
            after = None if restored.says_nothing else restored
            await transaction.commit([ThingChange(type=EventType.ENTITY_UNMERGED, before=before, after=after)])
        parts.writer.forget((scope.tenant_id, user_id))

    @recorded
    async def duplicates(self, *, user_id: str, limit: int = 50) -> tuple[Duplicate, ...]:
        """Finds entities whose names say that they may be one, the surest first; nothing is merged.

        Short forms, initials, titles, slips of the pen and a company's form are looked through. What was merged already
        is one entity and is not listed.

        Args:
            user_id: whose.
            limit: how many pairs at most, 1 to 1000.

        Example:
            >>> (await memory.entities.duplicates(user_id="ben"))[0].why
            'a short form'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        check_limit("limit", limit)
        return tuple(duplicates(await _known(parts, scope, "entities.duplicates"))[:limit])

    @recorded
    async def relations(
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
            >>> (await memory.entities.relations("Anna", user_id="ben"))[0].object
            'Siemens'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        check_limit("limit", limit)
        skipped = 0 if cursor is None else position_of(cursor)
        says = await knowledge(parts, scope, "entities.relations")
        known, found = await _related(parts, scope, says)
        own = _subject(known, found, check_id("name", name), user_id)
        mine = [one for one in found if own in (one.subject.casefold(), one.object.casefold())]
        mine.sort(key=lambda one: (one.holds, one.memory_id, one.predicate, one.object), reverse=True)
        rest = mine[skipped:]
        return listing(rest, limit, lambda _: str(skipped + limit))

    @recorded
    async def neighbours(self, name: str, *, user_id: str, depth: int = 1, limit: int = 20) -> tuple[Neighbour, ...]:
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
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        whole("depth", depth, least=1, most=MAX_DEPTH)
        check_limit("limit", limit)
        says, graph = await walks(parts, scope, "entities.neighbours")
        names = EntityNames(await parts.store.things(Entity, scope.tenant_id, {"user_id": scope.user_id}))
        walk = partial(graph.neighbours, scope, names=names, now=parts.clock.now(), depth=depth, limit=limit)
        found = await walk(check_id("name", name))
        if not found:  # it may be a part of a name, or known but tied to nothing
            known, relations = await _related(parts, scope, says)
            found = await walk(_subject(known, relations, name, user_id))
        return tuple(found)

    @recorded
    async def related(
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
            >>> (await memory.entities.related(["Anna", "Ben"], user_id="ben"))[0].name
            'Anna'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        check_limit("limit", limit)
        chance = below_one("damping", damping)
        given = check_names("name", [name] if isinstance(name, str) else name)
        says, graph = await walks(parts, scope, "entities.related")
        known = await _folded(parts, scope, says)
        seeds = Counter(_one(known, one, user_id).name for one in given)
        found = await graph.ppr(scope, seeds, names=known.names, now=parts.clock.now(), damping=chance, limit=limit)
        return tuple(found)


async def _known(parts: Parts, scope: Scope, method: str) -> KnownEntities:
    return await _folded(parts, scope, await knowledge(parts, scope, method))


async def _folded(parts: Parts, scope: Scope, says: Knowledge) -> KnownEntities:
    entities = await parts.store.things(Entity, scope.tenant_id, {"user_id": scope.user_id})
    return KnownEntities(await says.mentioned(scope), entities)


async def _related(parts: Parts, scope: Scope, says: Knowledge) -> tuple[KnownEntities, list[EntityRelation]]:
    known, now = await _folded(parts, scope, says), parts.clock.now()
    return known, [known.relation(stated, now) for stated in await says.stated(scope)]


def _one(known: KnownEntities, name: str, user_id: str) -> KnownEntity:
    found = known.find(name)
    if found is None:
        raise NotFound(f"user {user_id!r} has no entity {name!r}")
    return found


def _subject(known: KnownEntities, relations: Sequence[EntityRelation], name: str, user_id: str) -> str:
    """The name in lower case: an entity's, or one of which something is said, such as the user."""
    own = known.spelled(name).casefold()
    if any(own in (one.subject.casefold(), one.object.casefold()) for one in relations):
        return own
    return _one(known, name, user_id).name.casefold()
