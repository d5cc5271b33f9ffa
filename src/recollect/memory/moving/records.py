"""Records: lines that are memories, stored as they are said to be, ids, times and all; their vectors are made anew."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

import anyio.to_thread
import numpy as np
import numpy.typing as npt

from recollect.domain.difference import MOVING, changed_fields
from recollect.domain.event import EventType
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.errors import NotAllowed, ValidationError
from recollect.memory import rights
from recollect.memory.moving.checks import memory_of
from recollect.memory.moving.form import MEMORY, ids_in, with_ids
from recollect.memory.moving.run import REASON, Run, in_halves
from recollect.memory.moving.source import Line
from recollect.memory.parts import Parts
from recollect.memory.past_state import vectors_of
from recollect.memory.rights import Guard
from recollect.ports.embedder import ContextEmbedder
from recollect.ports.store import Change, Wanted

Pair = tuple[Line, Memory]
Vectors = Mapping[UUID, npt.NDArray[np.float32]]
LIVING = frozenset(Status) - {Status.SUPERSEDED, Status.DELETED}
LIVES_ON = MOVING | {
    "access_count",
    "last_accessed_at",
    "reinforcements",
    "labile",
    "told_at",
    "provenance",
    "stale_since",
}
"""Fields that go on changing while a memory is in use: one that differs in nothing else is the same one."""
LIGHT = 250
"""Memories that are embedded at once after the turns before them were read in."""


async def load_memories(run: Run, scope: Scope, lines: Sequence[Line]) -> None:
    """Stores lines that are memories of one user."""
    parts = await run.core.ready()
    asked = {one for line in lines for one in ids_in(MEMORY, line.body)} - run.ids.keys()
    owners = await parts.store.owners_of(scope.tenant_id, asked)
    run.replace_ids(scope, [one for one, owner in owners.items() if owner != scope.user_id])
    pairs = await anyio.to_thread.run_sync(_read, run, scope, lines, parts.content_limit)
    for line in lines:
        if line.problem:
            run.failed(line, line.problem)
    there = await parts.store.fetch(scope, [memory.id for _, memory in pairs])
    sorting = Sorting(run, there)
    fresh = sorting.fresh(pairs)
    sorting.note()
    for agent_id, several in _by_agent(fresh).items():
        place = replace(scope, agent_id=agent_id)
        await in_halves(several, partial(_write, run, place), lambda pair, problem: run.failed(pair[0], problem))


def _read(run: Run, scope: Scope, lines: Sequence[Line], content_limit: int) -> list[Pair]:
    pairs: list[Pair] = []
    for line in lines:
        try:
            body = with_ids(MEMORY, line.body, run.ids) if run.ids else line.body
            pairs.append((line, memory_of(body, scope, content_limit)))
        except ValidationError as error:
            line.problem = str(error)
    return pairs


def _by_agent(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair[1].agent_id, []).append(pair)
    return found


@dataclass(slots=True)
class Sorting:
    """Which memories are new, beside those that are there; what is to be said of the others is said once it is sure."""

    run: Run
    there: Mapping[UUID, Memory]
    _notes: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def fresh(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Those whose id is free."""
        found, fresh = dict(self.there), list[Pair]()
        for line, memory in pairs:
            known = found.get(memory.id)
            if known is None and (MEMORY, memory.id) not in self.run.pretended:
                found[memory.id] = memory
                fresh.append((line, memory))
            else:
                self._notes.append(partial(_already, self.run, line, memory, known or memory))
        return fresh

    def unsaid(self, pairs: Iterable[Pair], agent_id: str) -> list[Pair]:
        """Those whose words the user does not have yet; the others stand for those that are there."""
        living = {m.content_hash: m.id for m in self.there.values() if m.status in LIVING and m.agent_id == agent_id}
        unsaid: list[Pair] = []
        for line, memory in pairs:
            same = living.get(memory.content_hash) if memory.status in LIVING else None
            if same is None:
                unsaid.append((line, memory))
                if memory.status in LIVING:
                    living[memory.content_hash] = memory.id
            else:
                self.run.ids[memory.id] = same
                self._notes.append(partial(self.run.merged, line))
        return unsaid

    def refused(self, line: Line, problem: str) -> None:
        """A policy forbids it."""
        self._notes.append(partial(self.run.failed, line, problem))

    def note(self) -> None:
        """Says it."""
        for say in self._notes:
            say()


def _already(run: Run, line: Line, memory: Memory, known: Memory) -> None:
    differing = {change.name for change in changed_fields(known, memory)} - LIVES_ON
    if differing:
        run.kept(line, f"memory {memory.id} is there with another {', another '.join(sorted(differing))}")
    else:
        run.skipped(line)


async def _write(run: Run, scope: Scope, pairs: Sequence[Pair]) -> None:
    """Stores memories of one agent in one transaction."""
    await run.written(partial(_stored, run, scope, pairs))


async def _stored(run: Run, scope: Scope, pairs: Sequence[Pair], parts: Parts) -> None:
    check = await rights.guard(parts, scope.user_id, "load")
    vectors = await _vectors(parts, [] if run.dry_run else [memory for _, memory in pairs])
    ids, hashes = [memory.id for _, memory in pairs], [memory.content_hash for _, memory in pairs]
    async with parts.store.writing(scope, Wanted(ids=ids, hashes=hashes, deleted_too=True), run.cause) as transaction:
        sorting = Sorting(run, {memory.id: memory for memory in transaction.existing})
        new = sorting.unsaid(sorting.fresh(pairs), scope.agent_id)
        allowed = await _allowed(sorting, check, new)
        if not run.dry_run:
            await transaction.commit([_change(memory, vectors) for _, memory in allowed], settled=True)
    if transaction.hot is not None:
        await parts.hot.follow(scope, transaction.hot)
    sorting.note()
    for line, memory in allowed:
        run.imported(line)
        if run.dry_run:
            run.pretended.add((MEMORY, memory.id))
        elif memory.status is not Status.DELETED and memory.id not in vectors:
            run.light.setdefault(scope.user_id, []).append(memory.id)


async def _vectors(parts: Parts, memories: Sequence[Memory]) -> Vectors:
    """The vectors of what is to be found; what was said in a conversation waits for what was said before it."""
    waits = isinstance(parts.embedder, ContextEmbedder)
    now = [m for m in memories if m.status is not Status.DELETED and not (waits and m.conversation_id)]
    return await vectors_of(parts, now)


async def _allowed(sorting: Sorting, check: Guard, pairs: list[Pair]) -> list[Pair]:
    """What policies let the user store."""
    try:
        await check([_change(memory, {}) for _, memory in pairs])
    except NotAllowed:
        found: list[Pair] = []
        for line, memory in pairs:
            try:
                await check([_change(memory, {})])
                found.append((line, memory))
            except NotAllowed as error:
                sorting.refused(line, str(error))
        return found
    return pairs


def _change(memory: Memory, vectors: Vectors) -> Change:
    return Change(type=EventType.MEMORY_ADDED, after=memory, reason=REASON, vectors=vectors.get(memory.id))


async def embed_in_light(run: Run) -> None:
    """Embeds what was said in conversations, now that what was said before it is there."""
    for user_id, ids in run.light.items():
        for start in range(0, len(ids), LIGHT):
            await run.written(partial(_embed, run, user_id, ids[start : start + LIGHT]))


async def _embed(run: Run, user_id: str, ids: Sequence[UUID], parts: Parts) -> None:
    scope = Scope(tenant_id=parts.tenant_id, user_id=user_id)
    found = await parts.store.fetch(scope, ids)
    vectors = await vectors_of(parts, [memory for memory in found.values() if memory.status is not Status.DELETED])
    async with parts.store.writing(scope, Wanted(ids=ids), run.cause) as transaction:
        changes = [
            Change(type=EventType.MEMORY_UPDATED, before=one, after=one, reason=REASON, vectors=vectors[one.id])
            for one in transaction.existing
            if one.id in vectors and one.text == found[one.id].text
        ]
        await transaction.commit(changes, settled=True)
