"""The plan of a rollback: which memories and things become what, and the changes in the order that the tables allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.difference import Item, same
from recollect.domain.event import EventType
from recollect.domain.record import Memory, Status
from recollect.domain.rollback import Kept
from recollect.domain.state import THINGS, Key, State
from recollect.domain.thing import Thing
from recollect.ports.store import NO_VECTORS, Change, ThingChange

MemoryStep = tuple[Memory | None, Memory]
ThingStep = tuple[Thing | None, Thing | None]
ENDED = frozenset({Status.SUPERSEDED, Status.DELETED})
_ORDER = {kind.KIND: place for place, kind in enumerate(THINGS)}
"""What others refer to stands before what refers to it."""


@dataclass(slots=True)
class Plan:
    """What a rollback changes: each memory and thing as it is and as it will be.

    Attributes:
        from_seq: the line of the log that the plan was made at. to_seq: the line it leads to, None for a run's undoing.
        kept, erased: see ``RollbackReport``.
    """

    from_seq: int
    to_seq: int | None = None
    memories: list[MemoryStep] = field(default_factory=list[MemoryStep])
    things: list[ThingStep] = field(default_factory=list[ThingStep])
    kept: list[Kept] = field(default_factory=list[Kept])
    erased: list[UUID] = field(default_factory=list[UUID])

    @property
    def steps(self) -> list[tuple[Item | None, Item | None]]:
        """Everything that changes."""
        return [*self.memories, *self.things]

    @property
    def returning(self) -> list[Memory]:
        """The memories that need vectors: they come back, or get back other words."""
        return [
            after
            for before, after in self.memories
            if after.status is not Status.DELETED
            and (before is None or before.status is Status.DELETED or before.text != after.text)
        ]


def plan_to(now: State, then: State, moment: datetime) -> Plan:
    """How to get from the present state back to an earlier one of the same log.

    Records that did not exist then become deleted; nothing that was erased since comes back.
    """
    plan = Plan(now.seq, then.seq, erased=sorted(now.erased - then.erased))
    for memory in now.memories.values():
        before = then.memories.get(memory.id)
        wanted = before if before is not None else replace(memory, status=Status.DELETED)
        if not same(memory, wanted):
            plan.memories.append((memory, moved_on(memory, wanted, moment)))
    for place in now.things | then.things:
        old, new = now.things.get(place), then.things.get(place)
        if same(old, new) or (new is not None and not _can_stand(new, now, then)):
            continue
        plan.things.append((old, thing_moved_on(old, new, moment)))
    return plan


def moved_on(now: Memory, wanted: Memory, moment: datetime) -> Memory:
    """A record with earlier contents and a version that goes on growing."""
    return replace(wanted, version=now.version + 1, updated_at=moment)


def thing_moved_on(old: Thing | None, new: Thing | None, moment: datetime) -> Thing | None:
    """A thing with earlier contents and, where it has them, a version and a time that go on growing."""
    if old is None or new is None:
        return new
    moved: dict[str, Any] = {}
    if hasattr(new, "updated_at"):
        moved["updated_at"] = moment
    if hasattr(new, "version"):
        moved["version"] = cast(Any, old).version + 1
    return replace(cast(Any, new), **moved) if moved else new


def changes_of(plan: Plan, vectors: Mapping[UUID, npt.NDArray[np.float32]], reason: str) -> list[Change | ThingChange]:
    """The plan as changes, in an order in which no unique key is taken twice and nothing lacks what it refers to."""
    return [*_memory_changes(plan.memories, vectors, reason), *_thing_changes(plan.things, reason)]


def _memory_changes(
    steps: Sequence[MemoryStep], vectors: Mapping[UUID, npt.NDArray[np.float32]], reason: str
) -> list[Change]:
    """First what goes, then what makes room for a moment, then the rest."""
    going = [step for step in steps if step[1].status in ENDED]
    rest = [step for step in steps if step[1].status not in ENDED]
    taken = {_content(after): after.id for _, after in rest}
    parked: list[Change] = []
    settled: list[MemoryStep] = []
    for before, after in rest:
        in_the_way = before is not None and before.status not in ENDED
        if before is None or not in_the_way or taken.get(_content(before), before.id) == before.id:
            settled.append((before, after))
            continue
        aside = replace(before, status=Status.DELETED, version=before.version + 1, updated_at=after.updated_at)
        why = f"{reason}; out of the way for a moment"
        parked.append(Change(type=EventType.MEMORY_RESTORED, before=before, after=aside, reason=why))
        settled.append((aside, replace(after, version=after.version + 1)))
    gone = [_memory_change(step, vectors, reason) for step in going]
    return [*gone, *parked, *(_memory_change(step, vectors, reason) for step in settled)]


def _memory_change(step: MemoryStep, vectors: Mapping[UUID, npt.NDArray[np.float32]], reason: str) -> Change:
    before, after = step
    found = NO_VECTORS if after.status is Status.DELETED else vectors.get(after.id)
    return Change(type=EventType.MEMORY_RESTORED, before=before, after=after, reason=reason, vectors=found)


def _content(memory: Memory) -> tuple[str, str]:
    """What only one living record may have."""
    return memory.agent_id, memory.content_hash


def _thing_changes(steps: Sequence[ThingStep], reason: str) -> list[ThingChange]:
    """First what goes, members before their groups; then what comes or changes, groups before their members."""
    ordered = sorted(steps, key=lambda step: _ORDER[cast(Thing, step[0] or step[1]).KIND])
    gone = [(old, new) for old, new in reversed(ordered) if new is None]
    rest = [(old, new) for old, new in ordered if new is not None]
    wanted = {new.name: new.id for _, new in rest if isinstance(new, Collection)}
    changes: list[ThingChange] = [_thing_change(old, None, reason) for old, _ in gone]
    settled: list[ThingStep] = []
    for old, new in rest:
        if isinstance(old, Collection) and wanted.get(old.name, old.id) != old.id:  # two swap their names
            aside = replace(old, name=str(old.id))
            changes.append(_thing_change(old, aside, f"{reason}; out of the way for a moment"))
            settled.append((aside, new))
        else:
            settled.append((old, new))
    return [*changes, *(_thing_change(old, new, reason) for old, new in settled)]


def _thing_change(old: Thing | None, new: Thing | None, reason: str) -> ThingChange:
    return ThingChange(type=EventType.THING_RESTORED, before=old, after=new, reason=reason)


def _can_stand(thing: Thing, now: State, then: State) -> bool:
    """Whether what a thing refers to is there; a memory that was erased is not."""
    ends = [getattr(thing, name, None) for name in ("source_id", "target_id", "memory_id")]
    if any(isinstance(end, UUID) and end not in now.memories for end in ends):
        return False
    group: tuple[str, Key] | None = None
    if isinstance(thing, CollectionMember):
        group = (Collection.KIND, (thing.collection_id,))
    return group is None or group in then.things
