"""Reflect: turns the outcomes in the queue into memories: what happened, and which way of doing the task worked.

What is written, and that it was written, stand in one transaction under the user's lock, where the reflection's status
is read once more. So whoever is killed in between has done nothing, and of two that process the same outcome one finds
it done. Everything carries the reflection's id as its run, so that ``rollback(job=...)`` can undo it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import views
from recollect.domain.condition import AllOf, Compare, Op
from recollect.domain.content import content_hash
from recollect.domain.conversation import ToolInvocation
from recollect.domain.event import EventType, canonical_json
from recollect.domain.ids import new_id
from recollect.domain.record import Memory, MemoryType, Provenance, ProvenanceSource, Trust
from recollect.domain.reflection import Reflection, ReflectionStatus
from recollect.domain.scope import Scope
from recollect.domain.strategy import IMPORTANCE, STRATEGY, Lesson, strategy_of, tried
from recollect.errors import Conflict, ModelSwitched, StoreFull, StoreReadOnly, StoreUnavailable
from recollect.ports.embedder import embedded
from recollect.ports.store import Cause, Change, ThingChange, Wanted, WriteTransaction
from recollect.upkeep.job import JobReport, Work

BATCH: Final = 50
MOST_ATTEMPTS: Final = 5
"""After so many failures a reflection waits for a person."""
MOST_CALLS: Final = 200
"""Tool calls that are looked at for one outcome, the latest."""
MOST_TOOLS: Final = 50
OUTCOME_SHOWN: Final = 1_000
"""Characters of the outcome that the memory quotes."""
EVIDENCE_KEPT: Final = 64
CONFIDENCE: Final = 0.7
Vectors = npt.NDArray[np.float32]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReflectJob:
    """Works off the queue of one tenant."""

    name: str = "reflect"
    every: timedelta = timedelta(seconds=5)

    async def run(self, work: Work) -> JobReport:
        """Processes every outcome that is due."""
        processed = errors = 0
        while due := await work.store.due_reflections(work.tenant_id, work.clock.now(), BATCH):
            for reflection in due:
                try:
                    processed += await process(work, reflection)
                except (ModelSwitched, StoreUnavailable, StoreFull, StoreReadOnly):
                    raise  # nothing is wrong with it: it is made later, with the new model or once the database is back
                except Exception as error:  # noqa: BLE001 - the queue must go on: logged, counted and visible
                    _log.warning("upkeep: reflection %s failed: %s", reflection.id, type(error).__name__)
                    errors += await failed(work, reflection, error)
        return JobReport(processed=processed, errors=errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What an outcome is turned into, before it is known what is there already."""

    reflection: Reflection
    scope: Scope
    record: Memory
    lesson: Lesson | None
    provenance: Provenance
    now: datetime

    @property
    def texts(self) -> list[str]:
        return [self.record.text, *([self.lesson.text] if self.lesson is not None else [])]

    @property
    def hashes(self) -> list[str]:
        return [self.record.content_hash, *([self.lesson.content_hash] if self.lesson is not None else [])]


async def process(work: Work, reflection: Reflection) -> bool:
    """Turns one outcome into records; returns False if it was done, or erased, meanwhile."""
    calls = await _calls(work, reflection)
    run = _run(reflection, calls, work.clock.now())
    taught = await _taught(work, run)
    vectors = await embedded(work.embedder, [views(None, text) for text in run.texts])
    check = await work.guard(reflection.user_id)
    cause = Cause(actor="upkeep", job_id=reflection.id)
    async with work.store.writing(run.scope, Wanted(hashes=run.hashes, ids=taught), cause) as transaction:
        before = await _still_queued(transaction, reflection)
        if before is None:
            return False
        changes = [_remembered(run, transaction.existing, vectors[0])]
        if run.lesson is not None:
            changes += _learned(run, run.lesson, transaction.existing, vectors[1], changes[0].after.id)
        await check(changes)
        after = replace(
            before,
            status=ReflectionStatus.DONE,
            error=None,
            memory_ids=tuple(change.after.id for change in changes),
            processed_at=run.now,
        )
        done = ThingChange(type=EventType.REFLECTION_PROCESSED, before=before, after=after)
        await transaction.commit([*changes, done])
    if transaction.hot is not None:
        await work.hot.follow(run.scope, transaction.hot)
    return True


async def failed(work: Work, reflection: Reflection, error: Exception) -> bool:
    """Notes that the outcome could not be processed; after ``MOST_ATTEMPTS`` it is given up.

    When the database is what failed, no attempt is counted: the run breaks off instead.
    """
    scope = _scope(reflection)
    async with work.store.writing(scope, Wanted(), Cause(actor="upkeep", job_id=reflection.id)) as transaction:
        before = await _still_queued(transaction, reflection)
        if before is None:
            return False
        attempts = before.attempts + 1
        after = replace(
            before,
            status=ReflectionStatus.FAILED if attempts >= MOST_ATTEMPTS else ReflectionStatus.QUEUED,
            attempts=attempts,
            error=f"{type(error).__name__}: {error}"[:1_000],
            processed_at=work.clock.now(),
        )
        reason = f"attempt {attempts} of {MOST_ATTEMPTS} failed"
        await transaction.commit(
            [ThingChange(type=EventType.REFLECTION_PROCESSED, before=before, after=after, reason=reason)]
        )
    return True


def _scope(reflection: Reflection) -> Scope:
    return Scope(tenant_id=reflection.tenant_id, user_id=reflection.user_id, conversation_id=reflection.conversation_id)


async def _still_queued(transaction: WriteTransaction, reflection: Reflection) -> Reflection | None:
    found = await transaction.things(Reflection, {"id": reflection.id, "user_id": reflection.user_id})
    return found[0] if found and found[0].status is ReflectionStatus.QUEUED else None


async def _calls(work: Work, reflection: Reflection) -> list[ToolInvocation]:
    """The tool calls that the outcome is about, in order: since the last outcome of the same conversation or task."""
    owner: dict[str, Any] = {"user_id": reflection.user_id}
    place = {"task": reflection.task}
    if reflection.conversation_id is not None:
        place = {"conversation_id": reflection.conversation_id}
    latest = await work.store.things(
        ToolInvocation, work.tenant_id, owner | place, limit=MOST_CALLS, after=[reflection.id], newest=True
    )
    earlier = await work.store.things(
        Reflection, work.tenant_id, owner | place, limit=1, after=[reflection.id], newest=True
    )
    calls = [call for call in reversed(latest) if not earlier or call.id > earlier[0].id]
    named = [call for call in calls if call.task == reflection.task]
    return named or calls


def _run(reflection: Reflection, calls: Sequence[ToolInvocation], now: datetime) -> _Run:
    tools = tuple(name for name, _ in groupby(call.tool for call in calls))[:MOST_TOOLS]
    provenance = Provenance(
        source=ProvenanceSource.CONSOLIDATION,
        evidence=(str(reflection.id),),
        tool_calls=tuple(str(call.id) for call in calls),
    )
    lesson = None
    if tools and reflection.succeeded is not None:
        way = f"use {', then '.join(tools)}"
        lesson = Lesson(task=reflection.task, description=way, tools=tools, succeeded=reflection.succeeded)
    text = _words(reflection, calls, tools)
    scope = _scope(reflection)
    record = Memory(
        id=new_id(),
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        conversation_id=scope.conversation_id,
        type=MemoryType.REFLECTION,
        text=text,
        occurred_at=reflection.queued_at,
        told_at=reflection.queued_at,
        written_at=now,
        updated_at=now,
        confidence=CONFIDENCE,
        importance=IMPORTANCE,
        content_hash=content_hash(None, text),
        provenance=provenance,
        extra={"reflection": _told(reflection, tools)},
    )
    return _Run(reflection=reflection, scope=scope, record=record, lesson=lesson, provenance=provenance, now=now)


def _told(reflection: Reflection, tools: Sequence[str]) -> dict[str, Any]:
    goal = None if reflection.goal_id is None else str(reflection.goal_id)
    return {"task": reflection.task, "succeeded": reflection.succeeded, "goal_id": goal, "tools": list(tools)}


def _words(reflection: Reflection, calls: Sequence[ToolInvocation], tools: Sequence[str]) -> str:
    """What happened, in words, without a model."""
    how = {True: "It worked.", False: "It failed.", None: "Whether it worked is unknown."}[reflection.succeeded]
    said = [f"Task: {reflection.task}. {how}"]
    if tools:
        broken = sorted({call.tool for call in calls if call.succeeded is False})
        said.append(f"Tools used: {', then '.join(tools)}." + (f" Failed: {', '.join(broken)}." if broken else ""))
    if reflection.outcome:
        told = "; ".join(f"{name}: {_plain(value)}" for name, value in reflection.outcome.items())
        said.append(f"Outcome: {told if len(told) <= OUTCOME_SHOWN else told[: OUTCOME_SHOWN - 1] + '…'}")
    return " ".join(said)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else canonical_json(value).decode()


async def _taught(work: Work, run: _Run) -> list[Any]:
    """The ids of the user's strategies for this very task, of which one may be the way that was gone."""
    if run.lesson is None:
        return []
    same = Compare(f"metadata.{STRATEGY}.task", Op.EQ, run.lesson.task)
    return await work.store.ids_where(run.scope, AllOf((Compare("type", Op.EQ, MemoryType.PROCEDURE), same)))


def _remembered(run: _Run, existing: Sequence[Memory], vectors: Vectors) -> Change:
    """The record of what happened; the same words again reinforce the one that is there."""
    same = next((known for known in existing if known.content_hash == run.record.content_hash), None)
    if same is None:
        return Change(
            type=EventType.MEMORY_ADDED,
            after=run.record,
            reason=f"reflected on outcome {run.reflection.id}",
            vectors=vectors,
        )
    evidence = (*same.provenance.evidence, str(run.reflection.id))[-EVIDENCE_KEPT:]
    after = replace(
        same,
        reinforcements=same.reinforcements + 1,
        told_at=max(filter(None, (same.told_at, run.record.told_at)), default=None),
        updated_at=run.now,
        provenance=replace(same.provenance, evidence=evidence),
    )
    reason = f"outcome {run.reflection.id} was the same again"
    return Change(type=EventType.MEMORY_REINFORCED, before=same, after=after, reason=reason)


def _learned(
    run: _Run, lesson: Lesson, existing: Sequence[Memory], vectors: Vectors, learned_from: UUID
) -> list[Change]:
    """What the run does to the strategy of its tools: one that worked is learned, one that did not is weakened."""
    known = [r for r in existing if r.type is MemoryType.PROCEDURE and r.trust is not Trust.QUARANTINED]
    same = next((record for record in known if _is_way(record, lesson)), None)
    if same is not None:
        after = tried(same, run.now, succeeded=lesson.succeeded, lesson=lesson)
        reason = f"outcome {run.reflection.id}: it {'worked' if lesson.succeeded else 'failed'}"
        return [Change(type=EventType.MEMORY_UPDATED, before=same, after=after, reason=reason)]
    if not lesson.succeeded:
        return []
    if any(record.content_hash == lesson.content_hash for record in existing):
        raise Conflict("another memory, which is no procedure, has the strategy's words already")
    provenance = replace(run.provenance, evidence=(*run.provenance.evidence, str(learned_from)))
    after = lesson.record(run.scope, run.now, provenance, CONFIDENCE)
    reason = f"worked in outcome {run.reflection.id}"
    return [Change(type=EventType.MEMORY_ADDED, after=after, reason=reason, vectors=vectors)]


def _is_way(record: Memory, lesson: Lesson) -> bool:
    """Whether the procedure is for the same task and calls the same tools in the same order."""
    known = strategy_of(record)
    return record.content_hash == lesson.content_hash or (known.task, known.tools) == (lesson.task, lesson.tools)
