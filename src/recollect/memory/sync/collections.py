"""The synchronous face of ``recollect.memory.desks.collections``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Collection as Several
from functools import partial
from uuid import UUID

from recollect.domain.collection import Collection, CollectionMember
from recollect.memory.background import LOOP
from recollect.memory.desks.collections import CollectionsDesk
from recollect.memory.listing import Listing
from recollect.memory.page import Page


class SyncCollectionsDesk:
    """Groups of memories. A memory may be in any number of them; deleting it takes it out of all."""

    def __init__(self, inner: CollectionsDesk) -> None:
        self._inner = inner

    def create(
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
            >>> trip = memory.collections.create("Peru", user_id="ana")
            >>> (memory.collections.add(trip.id, [receipt.id], user_id="ana"))[0].memory_id == receipt.id
            True
        """
        return LOOP.call(
            partial(self._inner.create, name, user_id=user_id, collection_type=collection_type, description=description)
        )

    def get(self, collection_id: UUID | str, *, user_id: str) -> Collection:
        """Returns a collection.

        Raises:
            NotFound: the user has no such collection.
        """
        return LOOP.call(partial(self._inner.get, collection_id, user_id=user_id))

    def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[Collection]:
        """Lists the user's collections, newest first; ``cursor`` is ``next_cursor`` of the page before."""
        return LOOP.call(partial(self._inner.list, user_id=user_id, limit=limit, cursor=cursor))

    def update(
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
        return LOOP.call(
            partial(
                self._inner.update,
                collection_id,
                user_id=user_id,
                name=name,
                description=description,
                collection_type=collection_type,
            )
        )

    def delete(self, collection_id: UUID | str, *, user_id: str) -> None:
        """Removes a collection; its memories stay.

        Raises:
            NotFound: the user has no such collection.
        """
        return LOOP.call(partial(self._inner.delete, collection_id, user_id=user_id))

    def add(
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
        return LOOP.call(partial(self._inner.add, collection_id, memory_ids, user_id=user_id))

    def remove(self, collection_id: UUID | str, memory_ids: Several[UUID | str] | UUID | str, *, user_id: str) -> None:
        """Takes memories out of a collection.

        Raises:
            NotFound: the user has no such collection, or one of the memories is not in it; none was taken out then.
        """
        return LOOP.call(partial(self._inner.remove, collection_id, memory_ids, user_id=user_id))

    def memories(
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
        return LOOP.call(
            partial(
                self._inner.memories,
                collection_id,
                user_id=user_id,
                limit=limit,
                cursor=cursor,
                include_quarantined=include_quarantined,
            )
        )
