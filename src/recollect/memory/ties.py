"""Ties: what hangs on memories: relationships and places in collections; and which memories may have them."""

from collections.abc import Sequence
from uuid import UUID

from recollect.domain.collection import CollectionMember
from recollect.domain.event import EventType
from recollect.domain.record import Memory, Status
from recollect.domain.relationship import Relationship
from recollect.errors import NotFound
from recollect.ports.store import ThingChange, WriteTransaction


async def ties_of(transaction: WriteTransaction, memory_ids: Sequence[UUID]) -> list[ThingChange]:
    """The changes that take every relationship and every place in a collection away from memories that go.

    Args:
        transaction: the one in which the memories go.
        memory_ids: which.
    """
    if not memory_ids:
        return []
    ids = list(memory_ids)
    outgoing = await transaction.things(Relationship, {"source_id": ids})
    incoming = await transaction.things(Relationship, {"target_id": ids})
    places = await transaction.things(CollectionMember, {"memory_id": ids})
    ties = dict.fromkeys([*outgoing, *incoming])
    reason = "one of its ends is gone"
    removed = [ThingChange(type=EventType.RELATIONSHIP_REMOVED, before=tie, reason=reason) for tie in ties]
    reason = "the memory is gone"
    return removed + [
        ThingChange(type=EventType.COLLECTION_MEMBER_REMOVED, before=place, reason=reason) for place in places
    ]


def all_living(found: Sequence[Memory], wanted: Sequence[UUID], user_id: str) -> list[Memory]:
    """The wanted ones among the memories that were found, in the wanted order.

    Raises:
        NotFound: one is missing, or was deleted.
    """
    known = {memory.id: memory for memory in found if memory.status is not Status.DELETED}
    for memory_id in wanted:
        if memory_id not in known:
            raise NotFound(f"user {user_id!r} has no memory {memory_id}")
    return [known[memory_id] for memory_id in wanted]
