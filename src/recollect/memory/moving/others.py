"""Others: lines that are what the log speaks of beside memories, stored as they are said to be."""

from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, cast
from uuid import UUID

import anyio.to_thread

from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.conversation import Conversation, Turn
from recollect.domain.difference import MOVING, changed_fields
from recollect.domain.event import EventType
from recollect.domain.relationship import Relationship
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.domain.state import Key, key_of
from recollect.domain.thing import Thing
from recollect.errors import ValidationError
from recollect.memory.moving.checks import thing_of
from recollect.memory.moving.form import HAPPENED, MEMORY, THINGS, ids_in, with_ids
from recollect.memory.moving.run import REASON, Run, in_halves
from recollect.memory.moving.source import Line
from recollect.memory.parts import Parts
from recollect.ports.store import ThingChange, Wanted, WriteTransaction

Pair = tuple[Line, Thing]
BESIDE: Final = "imported beside an open one"
"""Why a session ends that was open in the file: at most one of a user is."""


async def load_others(run: Run, scope: Scope, kind: str, lines: Sequence[Line]) -> None:
    """Stores lines of one kind, of one user."""
    parts = await run.core.ready()
    asked = {one for line in lines for one in ids_in(kind, line.body)} - run.ids.keys()
    owners = await parts.store.owners_of(scope.tenant_id, asked)
    taken = {one for one, owner in owners.items() if owner != scope.user_id}
    if THINGS[kind].KEY == ("id",):
        found = await parts.store.things(THINGS[kind], scope.tenant_id, {"id": list(asked)})
        taken |= {cast(Any, thing).id for thing in found if cast(Any, thing).user_id != scope.user_id}
    run.replace_ids(scope, taken)
    pairs = await anyio.to_thread.run_sync(_read, run, scope, kind, lines)
    for line in lines:
        if line.problem:
            run.failed(line, line.problem)
    await in_halves(pairs, partial(_write, run, scope, kind), lambda pair, problem: run.failed(pair[0], problem))


def _read(run: Run, scope: Scope, kind: str, lines: Sequence[Line]) -> list[Pair]:
    pairs: list[Pair] = []
    for line in lines:
        try:
            pairs.append((line, thing_of(kind, with_ids(kind, line.body, run.ids), scope)))
        except ValidationError as error:
            line.problem = str(error)
    return pairs


async def _write(run: Run, scope: Scope, kind: str, pairs: Sequence[Pair]) -> None:
    if pairs:
        await run.written(partial(_stored, run, scope, kind, pairs))


async def _stored(run: Run, scope: Scope, kind: str, pairs: Sequence[Pair], parts: Parts) -> None:
    things = [thing for _, thing in pairs]
    ends = list({end for thing in things for end in _ends(thing)})
    async with parts.store.writing(scope, Wanted(ids=ends, deleted_too=True), run.cause) as transaction:
        memories = {memory.id for memory in transaction.existing}
        beside = Beside(run, await _there(transaction, scope, THINGS[kind], things), memories)
        await beside.look(transaction, scope, things)
        sorted_out = [(line, beside.judged(thing)) for line, thing in pairs]
        new = [judged.thing for _, judged in sorted_out if judged.thing is not None]
        if not run.dry_run:
            changes = [_change(None, thing) for thing in new] + beside.grown(new)
            await transaction.commit(changes, settled=True)
    if transaction.hot is not None:
        await parts.hot.follow(scope, transaction.hot)
    for line, judged in sorted_out:
        judged.tell(run, line)


async def _there(
    transaction: WriteTransaction, scope: Scope, kind: type[Thing], things: Iterable[Thing]
) -> dict[Key, Thing]:
    """What is there under the keys of these things, and perhaps more."""
    where: dict[str, Any] = {"user_id": scope.user_id}
    for name in kind.KEY:
        if name != "user_id":
            where[name] = list({getattr(thing, name) for thing in things})
    return {key_of(thing): thing for thing in await transaction.things(kind, where)}


@dataclass(slots=True)
class Judged:
    """What becomes of a line: the thing to store, or why it is not."""

    thing: Thing | None = None
    there: bool = False
    kept: str = ""
    problem: str = ""
    merged_into: tuple[UUID, UUID] | None = None

    def tell(self, run: Run, line: Line) -> None:
        """Counts it."""
        if self.thing is not None:
            run.imported(line)
            if run.dry_run:
                run.pretended.add((self.thing.KIND, key_of(self.thing)))
        elif self.problem:
            run.failed(line, self.problem)
        elif self.merged_into is not None:
            run.ids[self.merged_into[0]] = self.merged_into[1]
            run.merged(line)
        elif self.kept:
            run.kept(line, self.kept)
        else:
            run.skipped(line)


@dataclass(slots=True)
class Beside:
    """What things are stored beside, as it is under the lock.

    Attributes:
        there: things of their kind, by key. memories: those of the user that they refer to.
        groups: what must be there for them: collections, or conversations, by key. named: collections by name.
        open: the user's open session.
    """

    run: Run
    there: dict[Key, Thing]
    memories: Several[UUID]
    groups: dict[Key, Thing] = field(default_factory=dict[Key, Thing])
    named: dict[str, UUID] = field(default_factory=dict[str, UUID])
    open: UUID | None = None

    async def look(self, transaction: WriteTransaction, scope: Scope, things: Sequence[Thing]) -> None:
        """Reads what else they need."""
        own: Mapping[str, Any] = {"user_id": scope.user_id}
        found: Sequence[Thing] = ()
        if isinstance(things[0], Turn):
            ids = {thing.conversation_id for thing in things if isinstance(thing, Turn)}
            found = await transaction.things(Conversation, {**own, "id": list(ids)})
        elif isinstance(things[0], CollectionMember):
            groups = {thing.collection_id for thing in things if isinstance(thing, CollectionMember)}
            found = await transaction.things(Collection, {**own, "id": list(groups)})
        elif isinstance(things[0], Collection):
            names = {thing.name for thing in things if isinstance(thing, Collection)}
            same = await transaction.things(Collection, {**own, "name": list(names)})
            self.named = {group.name: group.id for group in same}
        elif isinstance(things[0], Session):
            now = await transaction.things(Session, {**own, "ended_at": None})
            self.open = now[0].id if now else None
        self.groups = {key_of(thing): thing for thing in found}

    def judged(self, thing: Thing) -> Judged:
        """What becomes of it; things that come after it see it as stored."""
        key = key_of(thing)
        known = self.there.get(key)
        if known is not None or (thing.KIND, key) in self.run.pretended:
            return _already(thing, known)
        missing = self._missing(thing)
        if missing:
            return Judged(problem=missing)
        if isinstance(thing, Collection) and thing.name in self.named:
            return Judged(merged_into=(thing.id, self.named[thing.name]))
        thing = self._fitted(thing)
        self.there[key] = thing
        return Judged(thing)

    def grown(self, things: Iterable[Thing]) -> list[ThingChange]:
        """The conversations that got turns beyond their end."""
        grown: dict[Key, Conversation] = {}
        for thing in things:
            key = (thing.user_id, thing.conversation_id) if isinstance(thing, Turn) else ()
            known = grown.get(key) or self.groups.get(key)
            if isinstance(thing, Turn) and isinstance(known, Conversation) and thing.index >= known.turn_count:
                grown[key] = known.with_turn(thing)
        return [_change(self.groups[key], after) for key, after in grown.items()]

    def _missing(self, thing: Thing) -> str:
        """What it refers to that is not there, in words."""
        for end in _ends(thing):
            if end not in self.memories and (MEMORY, end) not in self.run.pretended:
                return f"memory {end} is not there"
        group: tuple[str, Key] | None = None
        if isinstance(thing, Turn):
            group = Conversation.KIND, (thing.user_id, thing.conversation_id)
        elif isinstance(thing, CollectionMember):
            group = Collection.KIND, (thing.collection_id,)
        if group is None or group[1] in self.groups or group in self.run.pretended:
            return ""
        return f"{group[0]} {group[1][-1]} is not there"

    def _fitted(self, thing: Thing) -> Thing:
        """The thing as it can stand beside what is there."""
        if isinstance(thing, Collection):
            self.named[thing.name] = thing.id
        if isinstance(thing, Session) and thing.ended_at is None:
            if self.open is not None:
                return replace(thing, ended_at=thing.updated_at, ended_because=BESIDE)
            self.open = thing.id
        return thing


def _already(thing: Thing, known: Thing | None) -> Judged:
    if known is None:
        return Judged(there=True)
    differing = {change.name for change in changed_fields(known, thing)} - MOVING
    if isinstance(thing, Session) and isinstance(known, Session) and known.ended_because == BESIDE:
        differing -= {"ended_at", "ended_because"}
    if not differing:
        return Judged(there=True)
    named = " ".join(map(str, key_of(thing)[-2:] if isinstance(thing, Turn) else key_of(thing)[-1:]))
    return Judged(kept=f"{thing.KIND} {named} is there with another {', another '.join(sorted(differing))}")


def _ends(thing: Thing) -> tuple[UUID, ...]:
    if isinstance(thing, Relationship):
        return thing.source_id, thing.target_id
    return (thing.memory_id,) if isinstance(thing, Turn | CollectionMember) else ()


def _change(before: Thing | None, after: Thing) -> ThingChange:
    kind = HAPPENED[after.KIND]
    if getattr(after, "merged_into", None) is not None:
        kind = EventType.ENTITY_MERGED
    return ThingChange(type=kind, before=before, after=after, reason=REASON)
