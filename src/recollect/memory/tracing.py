"""Tracing: keeps a question with its answer, and asks it again as of its time."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.ids import new_id
from recollect.domain.search import SearchResult
from recollect.domain.trace import Replayed, Trace, TracedHit
from recollect.errors import NotFound, ValidationError
from recollect.memory import finding
from recollect.memory.arguments import scope_of
from recollect.memory.asking import profile_by
from recollect.memory.parts import Parts
from recollect.memory.past_state import PastStates
from recollect.memory.past_view import PastView
from recollect.ports.store import ThingChange, Wanted
from recollect.recall.profile import SMOOTHING, Profile

CLOSE: Final = 1e-4
"""Scores nearer than this are the same: sums over the same numbers in another order differ so much."""
TOLD: Final = 5
"""How many differences are told one by one."""


async def save(parts: Parts, result: SearchResult) -> Trace:
    """Keeps an answer.

    Raises:
        ValidationError: it is no answer of ``search`` as of the present, or nothing was looked up for it.
    """
    origin = result.origin
    if origin is None:
        raise ValidationError("result", "does not say what was asked; only what search answers of the present is kept")
    if origin.tenant_id != parts.tenant_id:
        raise ValidationError("result", "is another tenant's answer")
    if not result.seqs:
        raise ValidationError("result", "has nothing to keep: for small talk nothing is looked up")
    scope = scope_of(parts.tenant_id, origin.user_id, {})
    trace = Trace(
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        id=new_id(),
        query=result.query,
        arguments=origin.arguments,
        weights=origin.weights,
        asked_at=origin.now,
        seqs=result.seqs,
        model_id=origin.model_id,
        hits=tuple(TracedHit(hit.memory.id, hit.score) for hit in result),
        searched=result.searched,
        created_at=parts.clock.now(),
    )
    async with parts.store.writing(scope, Wanted()) as transaction:
        await transaction.commit([ThingChange(type=EventType.TRACE_SAVED, after=trace)])
    return trace


async def one(parts: Parts, trace_id: UUID, user_id: str) -> Trace:
    """The user's trace of that id.

    Raises:
        NotFound: there is none.
    """
    scope = scope_of(parts.tenant_id, user_id, {})
    found = await parts.store.things(Trace, scope.tenant_id, {"user_id": scope.user_id, "id": trace_id})
    if not found:
        raise NotFound(f"user {user_id!r} has no trace {trace_id}")
    return found[0]


async def replay(parts: Parts, states: PastStates, trace: Trace) -> Replayed:
    """Asks the question again as of the trace's time, and tells what is not the same."""
    own = scope_of(parts.tenant_id, trace.user_id, {})
    view = PastView(parts, states, own, trace.created_at, "search", trace.seqs)
    then = view.then()
    today = profile_by(trace.arguments)
    given = {**trace.arguments, "now": trace.asked_at, "profile": _as_then(today, trace.weights)}
    asks = await finding.asks_of(then, trace.query, trace.user_id, given)
    result = await finding.search(then, asks, given)
    differences = (*_circumstances(parts, trace), *_differences(trace, result))
    return Replayed(trace=trace, result=replace(result, origin=None), differences=differences)


def _as_then(today: Profile, weights: Mapping[str, float]) -> Profile:
    """The profile with the weights of then."""
    around = {name: weights.get(name, 0.0) for name in SMOOTHING}
    signals = {name: weight for name, weight in weights.items() if name not in SMOOTHING}
    return replace(today, weights=signals, **around)


def _circumstances(parts: Parts, trace: Trace) -> list[str]:
    """What is not as it was then, beside the answer."""
    if parts.embedder.model_id == trace.model_id:
        return []
    return [f"the embedding model was {trace.model_id}, now it is {parts.embedder.model_id}"]


def _differences(trace: Trace, result: SearchResult) -> list[str]:
    """What is not the same in the answer."""
    before, after = [hit.memory_id for hit in trace.hits], list(result.ids)
    told = [f"memory {gone} was {place}. and is missing" for place, gone in enumerate(before, 1) if gone not in after]
    told += [f"memory {new} is {place}. and was not there" for place, new in enumerate(after, 1) if new not in before]
    scores = {hit.memory_id: hit.score for hit in trace.hits}
    for place, hit in enumerate(result, start=1):
        known = scores.get(hit.memory.id)
        if known is not None and abs(known - hit.score) > CLOSE:
            told.append(f"memory {hit.memory.id} had {known:.4f} points and has {hit.score:.4f}")
        elif known is not None and not told and before[place - 1] != hit.memory.id:
            told.append(f"memory {hit.memory.id} is {place}. and was {before.index(hit.memory.id) + 1}.")
    if told and trace.searched != result.searched:
        told.append(f"{trace.searched:,} memories were ranked, now {result.searched:,}")
    return told if len(told) <= TOLD else [*told[:TOLD], f"and {len(told) - TOLD} more"]
