"""Collections: named groups of a user's memories."""

from collections.abc import Collection as Several
from dataclasses import replace
from typing import Any
from uuid import UUID

from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.event import EventType
from recollect.domain.ids import new_id, parse_id
from recollect.domain.record import Status, Trust
from recollect.domain.scope import Scope, check_id
from recollect.errors import Conflict, NotFound
from recollect.memory import rights
from recollect.memory.arguments import check_flag, check_limit, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import needs_one, several_ids, short_text
from recollect.memory.listing import Listing, listing
from recollect.memory.page import Page
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.memory.ties import all_living
from recollect.ports.store import ThingChange, Wanted, WriteTransaction

CREATED, UPDATED, DELETED = (
    EventType.COLLECTION_CREATED,
    EventType.COLLECTION_UPDATED,
    EventType.COLLECTION_DELETED,
)
ADDED, REMOVED = EventType.COLLECTION_MEMBER_ADDED, EventType.COLLECTION_MEMBER_REMOVED


class CollectionsDesk:
    """Groups of memories. A memory may be in any number of them; deleting it takes it out of all."""

    AREA: str = "collections."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def create(
        self, name: str, *, user_id: str, collection_type: str = "general", description: str | None = None
    ) -> Collection:
        """Makes an empty collection.

        Args:
            name: unique within the user.
            user_id: whose it is.
            collection_type: any word of the caller's.
            description: what it is for.

        Raises:
            Conflict: the user has one of that name.

        Example:
            >>> trip = await memory.collections.create("Peru", user_id="ana")
            >>> (await memory.collections.add(trip.id, [receipt.id], user_id="ana"))[0].memory_id == receipt.id
            True
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        now = parts.clock.now()
        made = Collection(
            tenant_id=scope.tenant_id,
            user_id=user_id,
            id=new_id(),
            collection_type=check_id("collection_type", collection_type),
            name=check_id("name", name),
            description=None if description is None else short_text("description", description),
            created_at=now,
            updated_at=now,
        )
        async with parts.store.writing(scope, Wanted()) as transaction:
            await _check_free(transaction, user_id, made.name)
            await transaction.commit([ThingChange(type=CREATED, after=made)])
        return made

    @recorded
    async def get(self, collection_id: UUID | str, *, user_id: str) -> Collection:
        """Returns a collection.

        Raises:
            NotFound: the user has no such collection.
        """
        parts = await self.core.ready()
        return await _collection(parts, scope_of(parts.tenant_id, user_id, {}), collection_id)

    @recorded
    async def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[Collection]:
        """Lists the user's collections, newest first; ``cursor`` is ``next_cursor`` of the page before."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        after = None if cursor is None else [parse_id("cursor", cursor)]
        found = await parts.store.things(
            Collection,
            scope.tenant_id,
            {"user_id": user_id},
            limit=check_limit("limit", limit) + 1,
            after=after,
            newest=True,
        )
        return listing(found, limit, lambda shown: str(shown.id))

    @recorded
    async def update(
        self,
        collection_id: UUID | str,
        *,
        user_id: str,
        name: str | None = None,
        description: str | None = None,
        collection_type: str | None = None,
    ) -> Collection:
        """Changes what a collection is called, what it is for, or its type.

        Raises:
            NotFound: the user has no such collection.
            Conflict: the user has another one of that name.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        needs_one("name", name, description, collection_type)
        changes: dict[str, Any] = {}
        if name is not None:
            changes["name"] = check_id("name", name)
        if description is not None:
            changes["description"] = short_text("description", description)
        if collection_type is not None:
            changes["collection_type"] = check_id("collection_type", collection_type)
        wanted = parse_id("collection_id", collection_id)
        async with parts.store.writing(scope, Wanted()) as transaction:
            before = await _locked(transaction, user_id, wanted)
            if changes.get("name", before.name) != before.name:
                await _check_free(transaction, user_id, changes["name"])
            after = replace(before, **changes, updated_at=parts.clock.now())
            await transaction.commit([ThingChange(type=UPDATED, before=before, after=after)])
        return after

    @recorded
    async def delete(self, collection_id: UUID | str, *, user_id: str) -> None:
        """Removes a collection; its memories stay.

        Raises:
            NotFound: the user has no such collection.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        wanted = parse_id("collection_id", collection_id)
        async with parts.store.writing(scope, Wanted()) as transaction:
            before = await _locked(transaction, user_id, wanted)
            places = await transaction.things(CollectionMember, {"collection_id": wanted})
            reason = "the collection is gone"
            changes = [ThingChange(type=REMOVED, before=place, reason=reason) for place in places]
            await transaction.commit([*changes, ThingChange(type=DELETED, before=before)])

    @recorded
    async def add(
        self, collection_id: UUID | str, memory_ids: Several[UUID | str] | UUID | str, *, user_id: str
    ) -> tuple[CollectionMember, ...]:
        """Puts memories into a collection; those that are in it already stay as they are.

        Args:
            collection_id: which collection.
            memory_ids: one id, or up to 1000.
            user_id: whose they are.

        Returns:
            Each memory's place in the collection, in the order asked.

        Raises:
            NotFound: the user has no such collection, or lacks one of the memories; none was put in then.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        wanted, ids = parse_id("collection_id", collection_id), several_ids("memory_ids", memory_ids)
        async with parts.store.writing(scope, Wanted(ids=ids)) as transaction:
            await _locked(transaction, user_id, wanted)
            all_living(transaction.existing, ids, user_id)
            places = await _places(transaction, wanted, ids)
            fresh = {
                memory_id: CollectionMember(
                    tenant_id=scope.tenant_id,
                    user_id=user_id,
                    collection_id=wanted,
                    memory_id=memory_id,
                    added_at=parts.clock.now(),
                )
                for memory_id in ids
                if memory_id not in places
            }
            await transaction.commit([ThingChange(type=ADDED, after=place) for place in fresh.values()])
        return tuple({**places, **fresh}[memory_id] for memory_id in ids)

    @recorded
    async def remove(
        self, collection_id: UUID | str, memory_ids: Several[UUID | str] | UUID | str, *, user_id: str
    ) -> None:
        """Takes memories out of a collection.

        Raises:
            NotFound: the user has no such collection, or one of the memories is not in it; none was taken out then.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        wanted, ids = parse_id("collection_id", collection_id), several_ids("memory_ids", memory_ids)
        async with parts.store.writing(scope, Wanted()) as transaction:
            await _locked(transaction, user_id, wanted)
            places = await _places(transaction, wanted, ids)
            for memory_id in ids:
                if memory_id not in places:
                    raise NotFound(f"collection {wanted} does not hold memory {memory_id}")
            await transaction.commit([ThingChange(type=REMOVED, before=places[memory_id]) for memory_id in ids])

    @recorded
    async def memories(
        self,
        collection_id: UUID | str,
        *,
        user_id: str,
        limit: int = 50,
        cursor: str | None = None,
        include_quarantined: bool = False,
    ) -> Page:
        """Lists a collection's memories, newest first.

        Args:
            collection_id: which.
            user_id: whose.
            limit: how many on a page, 1 to 1000; it is shorter when some of them may not be read.
            cursor: ``next_cursor`` of the page before.
            include_quarantined: show quarantined ones too.

        Raises:
            NotFound: the user has no such collection.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        check_limit("limit", limit)
        hidden = not check_flag("include_quarantined", include_quarantined)
        before = None if cursor is None else parse_id("cursor", cursor)
        may_read = await rights.reading(parts, user_id, "collections.memories")
        found = await _collection(parts, scope, collection_id)
        after = None if before is None else [found.id, before]
        where = {"collection_id": found.id}
        places = await parts.store.things(
            CollectionMember, scope.tenant_id, where, limit=limit + 1, after=after, newest=True
        )
        page = listing(places, limit, lambda place: str(place.memory_id))
        held = await parts.store.fetch(scope, [place.memory_id for place in page])
        kept = [held[place.memory_id] for place in page if place.memory_id in held]
        shown = [
            memory
            for memory in kept
            if memory.status is not Status.DELETED and not (hidden and memory.trust is Trust.QUARANTINED)
        ]
        return Page(tuple(await rights.readable(may_read, shown)), page.next_cursor)


async def _collection(parts: Parts, scope: Scope, collection_id: object) -> Collection:
    wanted = parse_id("collection_id", collection_id)
    found = await parts.store.things(Collection, scope.tenant_id, {"id": wanted, "user_id": scope.user_id})
    return _one(found, scope.user_id, wanted)


async def _locked(transaction: WriteTransaction, user_id: str, wanted: UUID) -> Collection:
    return _one(await transaction.things(Collection, {"id": wanted, "user_id": user_id}), user_id, wanted)


def _one(found: "list[Collection]", user_id: str, wanted: UUID) -> Collection:
    if not found:
        raise NotFound(f"user {user_id!r} has no collection {wanted}")
    return found[0]


async def _places(
    transaction: WriteTransaction, collection_id: UUID, ids: "list[UUID]"
) -> dict[UUID, CollectionMember]:
    found = await transaction.things(CollectionMember, {"collection_id": collection_id, "memory_id": ids})
    return {place.memory_id: place for place in found}


async def _check_free(transaction: WriteTransaction, user_id: str, name: str) -> None:
    if await transaction.things(Collection, {"user_id": user_id, "name": name}):
        raise Conflict(f"user {user_id!r} has a collection {name!r} already")
