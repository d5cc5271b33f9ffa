"""Teaching: a strategy is learned, or counts one more trial."""

from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.record import Memory, MemoryType, Provenance, ProvenanceSource
from recollect.domain.scope import Scope
from recollect.domain.strategy import Lesson, Strategy, strategy_of, tried
from recollect.errors import Conflict
from recollect.memory import finding
from recollect.memory.changing import existing_one, stream_of
from recollect.memory.parts import Parts
from recollect.memory.rights import guard
from recollect.ports.store import Change, Wanted
from recollect.writing.draft import Draft
from recollect.writing.steps.embed import embed

CONFIDENCE = 0.8


async def learn(parts: Parts, scope: Scope, lesson: Lesson) -> Strategy:
    """What ``procedures.learn`` does; raises as it says."""
    drafts, _ = await embed([Draft(scope=scope, text=lesson.text)], parts.embedder)
    check = await guard(parts, scope.user_id, "learn")
    async with parts.store.writing(scope, Wanted(hashes=[lesson.content_hash])) as transaction:
        now = parts.clock.now()
        same = next((known for known in transaction.existing if known.content_hash == lesson.content_hash), None)
        if same is None:
            provenance = Provenance(source=ProvenanceSource.AGENT_INFERRED)
            after = lesson.record(scope, now, provenance, CONFIDENCE)
            reason = f"learned for a task: it {_went(lesson.succeeded)}"
            change = Change(type=EventType.MEMORY_ADDED, after=after, reason=reason, vectors=drafts[0].vectors)
        else:
            _check_procedure(same)
            after = tried(same, now, succeeded=lesson.succeeded, lesson=lesson)
            change = _trial(same, after, succeeded=lesson.succeeded)
        await check([change])
        await transaction.commit([change])
    if transaction.hot is not None:
        await parts.hot.follow(scope, transaction.hot)
    return strategy_of(after)


async def reinforce(parts: Parts, strategy_id: UUID, user_id: str, *, succeeded: bool) -> Strategy:
    """What ``procedures.reinforce`` does; raises as it says."""
    old = await finding.one(parts, strategy_id, user_id)
    _check_procedure(old)
    check = await guard(parts, user_id, "reinforce")
    async with parts.store.writing(stream_of(old), Wanted(ids=[old.id])) as transaction:
        before = existing_one(transaction, old.id, user_id)
        after = tried(before, parts.clock.now(), succeeded=succeeded)
        change = _trial(before, after, succeeded=succeeded)
        await check([change])
        await transaction.commit([change])
    if transaction.hot is not None:
        await parts.hot.follow(stream_of(old), transaction.hot)
    return strategy_of(after)


def _trial(before: Memory, after: Memory, *, succeeded: bool) -> Change:
    reason = f"one more trial: it {_went(succeeded)}"
    return Change(type=EventType.MEMORY_UPDATED, before=before, after=after, reason=reason)


def _went(succeeded: bool) -> str:
    return "worked" if succeeded else "failed"


def _check_procedure(memory: Memory) -> None:
    if memory.type is not MemoryType.PROCEDURE:
        raise Conflict(f"memory {memory.id} is of type {memory.type.value}, no procedure")
