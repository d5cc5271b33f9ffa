"""The synchronous face of ``recollect.memory.desks.relationships``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Collection
from functools import partial
from uuid import UUID

from recollect.domain.relationship import Direction, Relationship, RelationshipType
from recollect.memory.background import LOOP
from recollect.memory.desks.relationships import RelationshipsDesk
from recollect.memory.listing import Listing


class SyncRelationshipsDesk:
    """Ties between memories: references, contradicts, supports, follows, related, derived_from.

    A tie goes with either of its ends: deleting a memory removes its ties.
    """

    def __init__(self, inner: RelationshipsDesk) -> None:
        self._inner = inner

    def add(
        self,
        source_id: UUID | str,
        target_id: UUID | str,
        type: RelationshipType | str,  # noqa: A002 - what the field is called
        *,
        user_id: str,
        confidence: float = 1.0,
    ) -> Relationship:
        """Ties two memories; a tie of the same type that is there already gets the new confidence.

        Raises:
            NotFound: the user has not both memories.
            ValidationError: they are the same one, or an argument cannot be used.

        Example:
            >>> tie = memory.relationships.add(first.id, second.id, "supports", user_id="ana")
            >>> tie.type.value
            'supports'
        """
        return LOOP.call(partial(self._inner.add, source_id, target_id, type, user_id=user_id, confidence=confidence))

    def list(
        self,
        memory_id: UUID | str,
        *,
        user_id: str,
        direction: Direction = "both",
        types: Collection[RelationshipType | str] = (),
        limit: int = 50,
        cursor: str | None = None,
    ) -> Listing[Relationship]:
        """Lists a memory's ties.

        Args:
            memory_id: the memory.
            user_id: whose it is.
            direction: ``outgoing`` (it is the source), ``incoming`` (it is the target) or ``both``.
            types: only these.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.

        Raises:
            NotFound: the user has no such memory.
        """
        return LOOP.call(
            partial(
                self._inner.list,
                memory_id,
                user_id=user_id,
                direction=direction,
                types=types,
                limit=limit,
                cursor=cursor,
            )
        )

    def remove(
        self,
        source_id: UUID | str,
        target_id: UUID | str,
        type: RelationshipType | str,  # noqa: A002 - what the field is called
        *,
        user_id: str,
    ) -> None:
        """Removes a tie.

        Raises:
            NotFound: there is none.
        """
        return LOOP.call(partial(self._inner.remove, source_id, target_id, type, user_id=user_id))
