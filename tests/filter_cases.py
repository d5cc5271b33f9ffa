"""Filters over memories with every field present or absent, and what plain Python says of them."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from condition_cases import NAMES, SCORES, START, conditions, memories, resident_comparisons, times
from recollect.domain.condition import single
from recollect.domain.condition_parser import parse_condition
from recollect.domain.decision import VISIBLE, Readable, seen_of
from recollect.domain.record import FOUND_BY_DEFAULT, Memory, MemoryType, Status, Tier
from recollect.domain.search import SearchFilter

NOW = START + timedelta(days=3)
"""The moment of asking: amid the times of the memories."""

many = st.integers(1, 5).flatmap(lambda count: st.tuples(*(memories(number) for number in range(1, count + 1))))

_parts: dict[str, st.SearchStrategy[Any]] = {
    "types": st.frozensets(st.sampled_from(MemoryType), min_size=1, max_size=6),
    "tiers": st.frozensets(st.sampled_from(Tier), min_size=1, max_size=3),
    "statuses": st.frozensets(st.sampled_from(Status), min_size=1, max_size=3),
    "agent_id": st.just("") | st.sampled_from(NAMES),
    "project_id": st.sampled_from(NAMES),
    "conversation_id": st.sampled_from(NAMES),
    "occurred_from": times,
    "occurred_to": times,
    "min_confidence": st.sampled_from(SCORES) | st.floats(0, 1),
    "as_of": times,
    "include_quarantined": st.booleans(),
    "with_former": st.booleans(),
}


@st.composite
def filters(
    draw: st.DrawFn,
    given: tuple[Memory, ...],
    leaves: st.SearchStrategy[dict[str, Any]] = resident_comparisons,
) -> SearchFilter:
    """A filter of a few parts, about these memories."""
    chosen = {name: draw(_parts[name]) for name in draw(st.sets(st.sampled_from(sorted(_parts)), max_size=4))}
    if draw(st.booleans()):
        chosen["condition"] = parse_condition(draw(conditions(leaves)))
    if draw(st.integers(0, 3)) == 0:
        chosen["only"] = frozenset(draw(st.sets(st.sampled_from([memory.id for memory in given]))))
    if draw(st.integers(0, 3)) == 0:
        fields = tuple(draw(st.lists(st.sampled_from(VISIBLE), unique=True, max_size=3)))
        seen = sorted({seen_of(memory, fields) for memory in given}, key=str)
        chosen["readable"] = Readable(fields, frozenset(draw(st.sets(st.sampled_from(seen)))))
    return SearchFilter(**chosen)


def passes(memory: Memory, chosen: SearchFilter, now: datetime) -> bool:
    """Whether ranking may find the memory, as the filter's own words say it."""
    if memory.status is Status.DELETED or not chosen.admits(memory):
        return False
    if chosen.types and memory.type not in chosen.types:
        return False
    if chosen.tiers and memory.tier not in chosen.tiers:
        return False
    if single(memory.confidence) < single(chosen.min_confidence):
        return False
    for wanted, held in (
        (chosen.agent_id, memory.agent_id),
        (chosen.project_id, memory.project_id),
        (chosen.conversation_id, memory.conversation_id),
    ):
        if wanted is not None and held != wanted:
            return False
    return _in_window(memory, chosen) and _in_force(memory, chosen, now)


def _in_window(memory: Memory, chosen: SearchFilter) -> bool:
    start, end, at = chosen.occurred_from, chosen.occurred_to, memory.occurred_at
    if start is None and end is None:
        return True
    return at is not None and (start is None or at >= start) and (end is None or at < end)


def _in_force(memory: Memory, chosen: SearchFilter, now: datetime) -> bool:
    if chosen.statuses and chosen.as_of is None:
        return memory.status in chosen.statuses
    former = chosen.with_former and not chosen.statuses and memory.status is Status.SUPERSEDED
    if former and chosen.as_of is None:
        return True
    usual = FOUND_BY_DEFAULT if chosen.as_of is None else FOUND_BY_DEFAULT | {Status.SUPERSEDED}
    statuses = chosen.statuses or usual
    at = chosen.as_of or now
    begun = memory.valid_from is None or memory.valid_from <= at
    return memory.status in statuses and begun and (memory.valid_to is None or memory.valid_to > at)
