"""Undoing one run: each field that it set goes back to the value before, unless others have changed it since.

A record that the run made is deleted, unless others vouched for it since: told it again, changed its words, released
it. Facts with a key are then put in their places among what is left, as if the run had told nothing. A turn of a
conversation that the run told is removed; the conversation counts what is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from recollect.domain.conversation import Conversation, Turn
from recollect.domain.difference import MEMORY, Item, changed_fields, id_of, kind_of, same
from recollect.domain.event import Event, EventType
from recollect.domain.record import Memory, Status
from recollect.domain.rollback import Kept
from recollect.domain.state import Key, State, place_of
from recollect.domain.thing import Thing
from recollect.memory.rollback_plan import ENDED, MemoryStep, Plan, moved_on, thing_moved_on
from recollect.ports.store import Change
from recollect.writing.placing import settled

Place = tuple[str, Key]
PLACE_FIELDS = frozenset({"status", "valid_from", "valid_to", "supersedes"})
UNVOUCHING = PLACE_FIELDS | {"version", "updated_at", "access_count", "last_accessed_at", "labile"}
"""Fields that others may set without having said anything for a record."""
WORDS = frozenset({"text", "content_hash", "entities", "relations", "key", "value", "emotion", "importance"})
"""Fields that follow from a text: they go back together or not at all."""


@dataclass(slots=True)
class Touch:
    """What a run did to one item.

    Attributes:
        origin: the item before the run first touched it. left: as the run left it last.
        set: by field, the value before the run set it and the value that it set last.
    """

    origin: Item | None
    left: Item | None = None
    set: dict[str, tuple[Any, Any]] = field(default_factory=dict[str, tuple[Any, Any]])

    def take(self, before: Item | None, after: Item | None) -> None:
        """Takes in one more of the run's events."""
        self.left = after
        for change in changed_fields(before, after) if before is not None and after is not None else ():
            known = self.set.get(change.name)
            old = known[0] if known is not None and known[1] == change.old else change.old
            self.set[change.name] = (old, change.new)


@dataclass(slots=True)
class Trail:
    """A log as it is read from its first event on, and what one run did in it."""

    job_id: UUID
    state: State = field(default_factory=State)
    touches: dict[Place, Touch] = field(default_factory=dict[Place, Touch])
    vouched: set[UUID] = field(default_factory=set[UUID])

    def take(self, events: Iterable[Event]) -> None:
        """Takes in the next events."""
        for event in events:
            payload = event.payload or {}
            if event.job_id != self.job_id:
                if (MEMORY, (event.subject_id,)) in self.touches and set(payload.get("memory", ())) - UNVOUCHING:
                    self.vouched.add(event.subject_id)
                self.state.apply(event)
                continue
            before = {place: self.item(place) for place in _places(event, payload)}
            self.state.apply(event)
            for place, old in before.items():
                self.touches.setdefault(place, Touch(old)).take(old, self.item(place))
            self.vouched.discard(event.subject_id)

    def item(self, place: Place) -> Item | None:
        """The memory or thing in its present state."""
        kind, key = place
        return self.state.memories.get(key[0]) if kind == MEMORY else self.state.things.get(place)


def plan_undo(trail: Trail, moment: datetime) -> Plan:
    """How to undo what the run did."""
    plan = Plan(trail.state.seq)
    changes: list[Change] = []
    for place, touch in trail.touches.items():
        now = trail.item(place)
        if place[0] == Conversation.KIND:
            continue
        if isinstance(now, Memory):
            wanted = _memory_undone(now, touch, now.id in trail.vouched, plan.kept)
            if not same(now, wanted):
                undone = moved_on(now, wanted, moment)
                changes.append(Change(type=EventType.MEMORY_RESTORED, before=now, after=undone))
        elif place[0] != MEMORY:
            wanted = _thing_undone(now, touch, plan.kept)
            if not same(now, wanted):
                plan.things.append((now, thing_moved_on(now, wanted, moment)))
        else:
            plan.erased.append(place[1][0])
    free = _without_collisions(trail.state, changes, plan.kept)
    plan.memories = _placed(trail.state, free, moment)
    plan.things += _conversations(trail, plan)
    return plan


def _memory_undone(now: Memory, touch: Touch, vouched: bool, kept: list[Kept]) -> Memory:
    if touch.origin is not None:
        return cast(Memory, _fields_undone(now, touch, kept))
    if vouched and now.status is not Status.DELETED:
        kept.append(Kept(kind=MEMORY, id=now.id, why="others told it again or changed its words since"))
        return now
    return replace(now, status=Status.DELETED)


def _thing_undone(now: Thing | None, touch: Touch, kept: list[Kept]) -> Thing | None:
    made, removed = touch.origin is None, touch.left is None
    if not made and not removed and now is not None:
        return cast(Thing, _fields_undone(now, touch, kept))
    if same(now, touch.left):
        return cast("Thing | None", touch.origin)
    known = now if now is not None else touch.left
    if known is not None:
        kept.append(Kept(kind=kind_of(known), id=id_of(known), why="others changed or removed it since"))
    return now


def _fields_undone(now: Item, touch: Touch, kept: list[Kept]) -> Item:
    later = {name for name, (_, value) in touch.set.items() if getattr(now, name) != value}
    if later & {"text", "content_hash"}:
        later |= WORDS & set(touch.set)
    told = sorted(later - PLACE_FIELDS if isinstance(now, Memory) and now.key is not None else later)
    if told:
        kept.append(Kept(kind=kind_of(now), id=id_of(now), fields=tuple(told), why="others changed it since"))
    back = {name: old for name, (old, _) in touch.set.items() if name not in later}
    return replace(cast(Any, now), **back)


def _without_collisions(state: State, changes: list[Change], kept: list[Kept]) -> list[Change]:
    """The changes without those that would bring back a text which another living record holds by now."""
    after = {change.after.id: change.after for change in changes}
    holders: dict[tuple[str, str], list[UUID]] = {}
    for memory in ({**state.memories, **after}).values():
        if memory.status not in ENDED:
            holders.setdefault((memory.agent_id, memory.content_hash), []).append(memory.id)
    free: list[Change] = []
    for change in changes:
        memory = change.after
        held = memory.status not in ENDED and len(holders[memory.agent_id, memory.content_hash]) > 1
        if held:
            kept.append(Kept(kind=MEMORY, id=memory.id, why="another record says the same by now"))
        else:
            free.append(change)
    return free


def _placed(state: State, changes: list[Change], moment: datetime) -> list[MemoryStep]:
    """The changes and what they do to the places of other facts of the same keys."""
    keys = {(m.key, m.agent_id) for c in changes for m in (c.before, c.after) if m is not None and m.key is not None}
    existing = [memory for memory in state.memories.values() if (memory.key, memory.agent_id) in keys]
    ids = {memory.id for memory in existing}
    existing += [c.before for c in changes if c.before is not None and c.before.id not in ids]
    return [
        (change.before, change.after)
        for change in settled(existing, changes, moment)
        if change.before is None or not same(change.before, change.after)
    ]


def _conversations(trail: Trail, plan: Plan) -> list[tuple[Thing | None, Thing | None]]:
    """The conversations that the run spoke in, without its turns."""
    removed = {(t.conversation_id, t.index) for t, left in plan.things if isinstance(t, Turn) and left is None}
    steps: list[tuple[Thing | None, Thing | None]] = []
    for place, touch in trail.touches.items():
        now = trail.item(place)
        if place[0] != Conversation.KIND or not isinstance(now, Conversation):
            continue
        turns = [
            thing
            for thing in trail.state.things.values()
            if isinstance(thing, Turn) and thing.conversation_id == now.id and (now.id, thing.index) not in removed
        ]
        wanted = _recounted(now, touch, turns)
        if not same(now, wanted):
            steps.append((now, wanted))
    return steps


def _recounted(now: Conversation, touch: Touch, turns: list[Turn]) -> Conversation | None:
    if touch.origin is None and not turns and same(now, touch.left):
        return None
    known = touch.origin if isinstance(touch.origin, Conversation) else None
    if not turns and known is not None:
        return replace(now, turn_count=known.turn_count, started_at=known.started_at, last_turn_at=known.last_turn_at)
    times = [turn.said_at for turn in turns if turn.said_at is not None]
    count = max((turn.index + 1 for turn in turns), default=0)
    first, last = min(times, default=None), max(times, default=None)
    return replace(now, turn_count=count, started_at=first, last_turn_at=last)


def _places(event: Event, payload: Mapping[str, Any]) -> list[Place]:
    """What an event is about: a memory and perhaps its turn, or another thing."""
    places: list[Place] = []
    if "memory" in payload:
        places.append((MEMORY, (event.subject_id,)))
    if "turn" in payload:
        turn = payload["turn"]
        places.append((Turn.KIND, (turn["user_id"], turn["conversation_id"], turn["index"])))
        places.append((Conversation.KIND, (turn["user_id"], turn["conversation_id"])))
    if "thing" in payload:
        places.append(place_of(payload))
    return places
