"""Relationships: typed ties between two of a user's memories."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.ids import parse_id
from recollect.domain.relationship import Direction, Relationship, RelationshipType
from recollect.errors import NotFound, ValidationError
from recollect.memory import finding
from recollect.memory.arguments import check_limit, member, members, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import fraction
from recollect.memory.listing import Listing, listing
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.memory.ties import all_living
from recollect.ports.store import ThingChange, Wanted

Key = tuple[UUID, UUID, str]


class RelationshipsDesk:
    """Ties between memories: references, contradicts, supports, follows, related, derived_from.

    A tie goes with either of its ends: deleting a memory removes its ties.
    """

    AREA: str = "relationships."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def add(
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
            >>> tie = await memory.relationships.add(first.id, second.id, "supports", user_id="ana")
            >>> tie.type.value
            'supports'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        source, target, kind = _key(source_id, target_id, type)
        sure = fraction("confidence", confidence)
        async with parts.store.writing(scope, Wanted(ids=[source, target])) as transaction:
            all_living(transaction.existing, [source, target], user_id)
            known = await transaction.things(Relationship, _where(user_id, source, target, kind))
            before = known[0] if known else None
            if before is not None and before.confidence == sure:
                return before
            after = Relationship(
                tenant_id=scope.tenant_id,
                user_id=user_id,
                source_id=source,
                target_id=target,
                type=kind,
                confidence=sure,
                created_at=parts.clock.now(),
            )
            done = EventType.RELATIONSHIP_ADDED
            if before is not None:
                done, after = EventType.RELATIONSHIP_UPDATED, replace(before, confidence=sure)
            await transaction.commit([ThingChange(type=done, before=before, after=after)])
        return after

    @recorded
    async def list(
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
        parts = await self.core.ready()
        wanted = parse_id("memory_id", memory_id)
        kinds = [kind.value for kind in members("types", RelationshipType, types)]
        after = None if cursor is None else _from_cursor(cursor)
        check_limit("limit", limit)
        if direction not in ("both", "outgoing", "incoming"):
            raise ValidationError("direction", f"must be both, outgoing or incoming, not {str(direction)[:60]!r}")
        await finding.one(parts, wanted, user_id)
        where: dict[str, Any] = {"user_id": user_id} | ({"type": kinds} if kinds else {})
        ends = [end for end, other in (("source_id", "incoming"), ("target_id", "outgoing")) if direction != other]
        found = [tie for end in ends for tie in await _ties(parts, {**where, end: wanted}, limit + 1, after)]
        return listing(sorted(found, key=_sorted_by), limit, lambda tie: ":".join(map(str, _sorted_by(tie))))

    @recorded
    async def remove(
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
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        source, target, kind = _key(source_id, target_id, type)
        async with parts.store.writing(scope, Wanted()) as transaction:
            known = await transaction.things(Relationship, _where(user_id, source, target, kind))
            if not known:
                raise NotFound(f"user {user_id!r} has no tie {kind.value} from {source} to {target}")
            await transaction.commit([ThingChange(type=EventType.RELATIONSHIP_REMOVED, before=known[0])])


def _key(source_id: object, target_id: object, kind: object) -> tuple[UUID, UUID, RelationshipType]:
    source, target = parse_id("source_id", source_id), parse_id("target_id", target_id)
    if source == target:
        raise ValidationError("target_id", "is the source itself; a memory has no tie to itself")
    return source, target, member("type", RelationshipType, kind)


def _where(user_id: str, source: UUID, target: UUID, kind: RelationshipType) -> Mapping[str, Any]:
    return {"user_id": user_id, "source_id": source, "target_id": target, "type": kind.value}


async def _ties(parts: Parts, where: Mapping[str, Any], limit: int, after: Key | None) -> list[Relationship]:
    return await parts.store.things(Relationship, parts.tenant_id, where, limit=limit, after=after)


def _sorted_by(tie: Relationship) -> Key:
    return tie.source_id, tie.target_id, tie.type.value


def _from_cursor(cursor: object) -> Key:
    source, _, rest = str(cursor).partition(":")
    target, _, kind = rest.partition(":")
    return parse_id("cursor", source), parse_id("cursor", target), member("cursor", RelationshipType, kind).value
