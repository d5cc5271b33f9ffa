"""Turn: what one turn of an agent needs: what is hot, what its message brings up, and how such things are done.

What is hot takes one round trip. Only a message that needs memory takes one more, however many places are looked at: it
brings the records and tells whether the indexes were current. Where something was written since, it takes two: one to
bring the indexes up to date, one for the records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from recollect.domain.goal import Goal
from recollect.domain.hearing import heard, own_condition, standing
from recollect.domain.hot import MOST_ALWAYS, HotItem, HotKind, HotState, holds_at
from recollect.domain.kinds.identity import always_loaded
from recollect.domain.packet import Packet
from recollect.domain.record import Memory, MemoryType, Trust
from recollect.domain.scope import is_shared
from recollect.domain.search import Hit, SearchFilter, SearchResult
from recollect.domain.strategy import ranked, strategy_of
from recollect.memory.overlaid import overlaid
from recollect.memory.parts import Parts
from recollect.ports.stop_watch import StopWatch
from recollect.recall.decide import decide
from recollect.recall.need import Need, Verdict
from recollect.recall.pack import PackParts, pack
from recollect.recall.pipeline import PIPELINE, Ask, Found, readable

PROCEDURES_LOOKED_AT = 20
STRATEGIES_SHOWN = 3
STRATEGY_NEAR = 0.3
"""A strategy is shown if its words are at least this similar to the message."""
TOUCHED_EVERY = timedelta(minutes=1)
TASK_FIELDS = ("active_task", "current_topic")
"""What a session's state calls the work at hand."""


async def packet_of(parts: Parts, asks: Sequence[Ask]) -> Packet:
    """The packet for a turn.

    Args:
        parts: what to ask.
        asks: the message, for the user's own memories first, then for shared ones.
    """
    own, now, watch = asks[0], parts.clock.now(), StopWatch(PIPELINE, parts.telemetry)
    state = await _hot(parts, own, now)
    watch.lap("hot")
    state = heard(state, own.occasion) if own.occasion else state
    need = await _need(parts, own, state)
    watch.lap("need")
    found = await _found(parts, asks) if need.verdict is not Verdict.NO else []
    if found:
        result, chosen = overlaid([one.result for one in found], own.limit), found[0].chosen
    else:
        result, chosen = SearchResult(hits=(), query=own.query, note=need.reason), None
    chosen = chosen if chosen is not None else await _chosen(parts, own)
    shared = [hit for hit in result if is_shared(hit.memory.user_id)]
    hot = await _shown(parts, own, state, chosen)
    stands = {memory.id for memory in standing([*hot.always, *(hit.memory for hit in result)])}
    ms = {**watch.ms, **result.ms}
    packing = StopWatch(PIPELINE, parts.telemetry)
    packet = pack(
        PackParts(
            query=own.query,
            now=own.now,
            retrieved_at=now,
            hot=hot,
            limits=parts.limits,
            hits=[hit for hit in result if hit not in shared and hit.memory.id in stands],
            strategies=_strategies(found[0].procedures) if found else (),
            project=shared,
            counter=parts.counter,
            note=result.note,
            degraded=result.degraded,
        )
    )
    packing.lap("pack")
    return replace(packet, ms={**ms, **packing.ms})


async def _hot(parts: Parts, ask: Ask, now: datetime) -> HotState:
    """What every turn loads; of a past moment only what was known then."""
    if ask.chosen.as_of is not None or not parts.is_present:
        return HotState(always=await _always_then(parts, ask))
    state = await parts.hot.load(ask.scope, now)
    assert state is not None  # noqa: S101 - it is only None when it is asked about a version
    if state.session is not None and now - (state.used_at or state.session.updated_at) >= TOUCHED_EVERY:
        await parts.hot.touch(ask.scope, now)
    return state


async def _always_then(parts: Parts, ask: Ask) -> tuple[Memory, ...]:
    """The identity facts and rules that held at a past moment."""
    facts = await parts.store.facts(ask.scope, ask.chosen.as_of)
    rules = SearchFilter(types=frozenset({MemoryType.CONSTRAINT}), as_of=ask.chosen.as_of)
    found = await parts.store.page(ask.scope, rules, limit=MOST_ALWAYS, after=None)
    known = [*filter(always_loaded, facts), *(rule for rule in found if holds_at(rule, ask.chosen.as_of or ask.now))]
    return tuple({memory.id: memory for memory in known}.values())


async def _need(parts: Parts, ask: Ask, state: HotState) -> Need:
    if not ask.query:
        return Need(Verdict.NO, "")
    return await decide(ask.query, _task(state), parts.chat, deadline_s=parts.chat_s)


def _task(state: HotState) -> str | None:
    """The work at hand, as the session tells it."""
    if state.session is None:
        return None
    told = [state.session.state.get(name) for name in TASK_FIELDS]
    return next((text for text in told if isinstance(text, str) and text.strip()), None)


async def _found(parts: Parts, asks: Sequence[Ask]) -> list[Found]:
    """What each place brings up; of the user's own also what is known of how to do such things."""
    types = asks[0].chosen.types
    wanted = not types or MemoryType.PROCEDURE in types
    return await parts.recaller.find_each(asks, procedures=PROCEDURES_LOOKED_AT if wanted else 0)


async def _chosen(parts: Parts, ask: Ask) -> SearchFilter:
    """What may be read, where nothing was looked up that would have told."""
    return ask.chosen if ask.rights is None else await readable(ask, await parts.recaller.indexes.current(ask.scope))


def _strategies(procedures: Sequence[Hit]) -> list[Memory]:
    """The strategies that come near and worked best; a procedure that was never tried is found as any memory is."""
    tried = [hit.memory for hit in procedures if strategy_of(hit.memory).trials]
    near = {hit.memory.id: hit.signals["meaning"].raw for hit in procedures if "meaning" in hit.signals}
    matches = ranked([(strategy_of(m), near.get(m.id, 0.0)) for m in tried], STRATEGIES_SHOWN)
    by_id = {memory.id: memory for memory in tried}
    return [by_id[match.memory_id] for match in matches if match.similarity >= STRATEGY_NEAR]


async def _shown(parts: Parts, ask: Ask, state: HotState, chosen: SearchFilter) -> HotState:
    """What of the hot state may be shown to this agent, under these policies."""
    judged = await _judged(parts, ask, state, chosen)
    return replace(
        state,
        always=tuple(standing(fact for fact in state.always if passes(fact, chosen))),
        goals=tuple(goal for goal in state.goals if _of_project(goal, chosen.project_id)),
        items=tuple(item for item in state.items if _belongs(item, chosen) and _admitted(item, judged)),
    )


async def _judged(parts: Parts, ask: Ask, state: HotState, chosen: SearchFilter) -> Mapping[UUID, bool] | None:
    """Whether the records that working memory reminds of may be read; None when there is nothing that forbids any."""
    rule = own_condition(ask.occasion) if ask.occasion is not None else None  # which the items have passed
    if ask.rights is None and chosen.condition in (None, rule) and chosen.only is None and not _narrowed(chosen):
        return None
    ids = [item.memory_id for item in state.of(HotKind.WORKING) if item.memory_id is not None]
    records = await parts.store.fetch(ask.scope, ids)
    return {record.id: _of_kind(record, chosen) and chosen.admits(record) for record in records.values()}


def _admitted(item: HotItem, judged: Mapping[UUID, bool] | None) -> bool:
    if judged is None or item.kind is not HotKind.WORKING:
        return True
    return item.memory_id is not None and judged.get(item.memory_id, False)


def _belongs(item: HotItem, chosen: SearchFilter) -> bool:
    """Whether what was just said was said to this agent, and about no other project."""
    if item.kind is not HotKind.WORKING:
        return True
    said_in = item.value.get("project_id")
    here = said_in is None or chosen.project_id in (None, said_in)
    return here and chosen.agent_id in (None, item.value.get("agent_id", ""))


def _narrowed(chosen: SearchFilter) -> bool:
    """Whether only some kinds of memories are asked for."""
    return bool(chosen.types or chosen.tiers or chosen.min_confidence)


def _of_kind(memory: Memory, chosen: SearchFilter) -> bool:
    return (
        (not chosen.types or memory.type in chosen.types)
        and (not chosen.tiers or memory.tier in chosen.tiers)
        and memory.confidence >= chosen.min_confidence
    )


def _of_project(goal: Goal, project_id: str | None) -> bool:
    return goal.project_id is None or project_id is None or goal.project_id == project_id


def passes(fact: Memory, chosen: SearchFilter) -> bool:
    """Whether what is always loaded may be shown; it need not come from the conversation at hand."""
    return (
        (chosen.agent_id is None or fact.agent_id == chosen.agent_id)
        and (chosen.project_id is None or fact.project_id in (None, chosen.project_id))
        and _of_kind(fact, chosen)
        and chosen.admits(fact)
        and fact.trust is Trust.TRUSTED  # what others say is found, but never told unasked
    )
