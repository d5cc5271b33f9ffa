"""Cascade: what a batch of changes makes stale, or no longer stale, as changes of the same transaction.

The rules stand in ``domain/staleness.py``; here is what they look at: what hangs on the memories that change, read by
one recursive statement under the user's lock, before anything of the batch is written.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from recollect.adapters.postgres.codec import memory_from_row
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Connection, note_round_trip
from recollect.domain.event import EventType
from recollect.domain.record import Memory
from recollect.domain.relationship import Relationship, RelationshipType
from recollect.domain.scope import Scope
from recollect.domain.staleness import ENDED, Hanging, Tie, Turning, turning
from recollect.ports.store import Change, Note, ThingChange

Changes = Sequence[Change | ThingChange | Note]


@dataclass(slots=True)
class Cascade:
    """What hangs on the memories of one stream, as it is before a batch is written.

    Attributes:
        connection: in the transaction, under the lock. scope: the stream.
        existing: the memories that were read under the lock. salts: of those that are read here, by id.
    """

    connection: Connection
    scope: Scope
    existing: Sequence[Memory] = ()
    salts: dict[UUID, bytes] = field(default_factory=dict[UUID, bytes])

    async def follows(self, changes: Changes, now: datetime, unleaned: Collection[UUID] = ()) -> list[Change]:
        """What follows from the changes, to be written after them.

        Args:
            changes: the batch.
            now: the time.
            unleaned: memories on which nothing hangs and because of which nothing is stale.
        """
        turned = self._unsound(turned_by(changes), changes)
        if not self._matters(turned, unleaned):
            return []
        hanging = await self.below(turned.ids)
        _lay_over(hanging, changes, turned)
        return marks(hanging.outdated(turned, now))

    def _unsound(self, turned: Turning, changes: Changes) -> Turning:
        """Without new ties to premises that hold; what was not looked at under the lock is taken to hold."""
        seen = {memory.id: memory for memory in self.existing}
        seen |= {change.after.id: change.after for change in changes if isinstance(change, Change)}
        doubtful = {one for one, memory in seen.items() if memory.status in ENDED or memory.stale_because}
        return replace(turned, tied=frozenset(tie for tie in turned.tied if tie[1] in doubtful))

    def _matters(self, turned: Turning, unleaned: Collection[UUID]) -> bool:
        known = frozenset(unleaned)
        return bool((turned.fallen | turned.risen) - known or turned.confirmed or turned.tied or turned.untied)

    async def below(self, ids: Iterable[UUID]) -> Hanging:
        """The memories with these ids, and all that hangs on them or is stale because of them."""
        owner: dict[str, Any] = {"tenant_id": self.scope.tenant_id, "user_id": self.scope.user_id}
        asked = {**owner, "ids": list(ids)}
        async with self.connection.pipeline():
            below = await self.connection.execute(QUERIES["hanging_ids"], asked, binary=True)
            stale = await self.connection.execute(QUERIES["stale_because_of"], asked, binary=True)
        note_round_trip()
        found = {one for cursor in (below, stale) for (one,) in await cursor.fetchall()}
        asked = {**owner, "ids": list(found)}
        async with self.connection.pipeline():
            rows = await self.connection.execute(QUERIES["hanging"], asked, binary=True)
            ties = await self.connection.execute(QUERIES["ties_of_derivation"], asked, binary=True)
        note_round_trip()
        hanging = Hanging({}, {(one, premise) for one, premise in await ties.fetchall()})
        for *row, salt in await rows.fetchall():
            memory = memory_from_row(row)
            hanging.memories[memory.id] = memory
            if salt is not None:
                self.salts[memory.id] = bytes(salt)
        return hanging


def turned_by(changes: Changes) -> Turning:
    """What a batch does to premises."""
    steps = [(change.before, change.after) for change in changes if isinstance(change, Change)]
    things = [change for change in changes if isinstance(change, ThingChange)]
    tied = [tie for change in things if change.before is None and (tie := _tie(change.after))]
    untied = [tie for change in things if change.after is None and (tie := _tie(change.before))]
    return turning(steps, tied, untied)


def marks(steps: Iterable[tuple[Memory, Memory]]) -> list[Change]:
    """The changes that say what may be outdated, and what no longer is."""
    return [
        Change(
            type=EventType.MEMORY_OUTDATED if after.stale_because else EventType.MEMORY_UPHELD,
            before=before,
            after=after,
            reason=_reason(after),
        )
        for before, after in steps
    ]


def _reason(after: Memory) -> str:
    if not after.stale_because:
        return "what it was derived from holds, or it was confirmed"
    return f"derived from what has ended: {', '.join(map(str, after.stale_because))}"


def _tie(thing: object) -> Tie | None:
    if isinstance(thing, Relationship) and thing.type is RelationshipType.DERIVED_FROM:
        return thing.source_id, thing.target_id
    return None


def _lay_over(hanging: Hanging, changes: Changes, turned: Turning) -> None:
    """Brings what was read to the state that the batch leaves."""
    for change in changes:
        if isinstance(change, Change):
            hanging.memories[change.after.id] = change.after
    hanging.ties -= turned.untied
    hanging.ties |= turned.tied
