"""Pack: puts what was gathered for a turn together as one packet; the last step of ``context``.

What was found and was also just said is shown once, with what was just said. A fact or a rule that is always loaded
stands in its own section too, where it does not fade.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from recollect.domain.goal import Goal
from recollect.domain.hot import HotItem, HotKind, HotLimits, HotState
from recollect.domain.packet import Packet
from recollect.domain.packet_conflicts import conflicts, open_questions
from recollect.domain.packet_form import Category
from recollect.domain.packet_items import (
    PacketItem,
    always_item,
    context_item,
    goal_item,
    memory_item,
    passing_item,
    profile_items,
    project_item,
    session_items,
    strategy_item,
    success_rate,
    working_items,
)
from recollect.domain.record import CORRECTED, Memory
from recollect.domain.search import Hit
from recollect.domain.tokens import ESTIMATE, TokenCounter

RELEVANT = 0.1
"""A context holds what scores at least this share of its best hit; the rest would only fill the prompt."""

TOLD = (Category.FACTS, Category.EPISODES)
"""What was found of these is left out where it was just said; preferences and the like are shown in both places."""


def _everything(_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class PackParts:
    """What was gathered for a turn.

    Attributes:
        query: what was asked, or "". now: the moment that what holds is judged at. retrieved_at: when it was gathered.
        hot: what every turn loads. limits: how much of it is shown.
        hits: what was found, best first. strategies: how to do things, as memories.
        project: what holds for the project, found or always shown.
        admits, admits_item, admits_goal: what may be shown of memories, of what fades, of goals.
        counter: counts tokens. ms, round_trips, note, degraded: see ``Packet``.
    """

    query: str
    now: datetime
    retrieved_at: datetime
    hot: HotState = field(default_factory=HotState)
    limits: HotLimits = field(default_factory=HotLimits)
    hits: Sequence[Hit] = ()
    strategies: Sequence[Memory] = ()
    project: Sequence[Hit | Memory] = ()
    admits: Callable[[Memory], bool] = _everything
    admits_item: Callable[[HotItem], bool] = _everything
    admits_goal: Callable[[Goal], bool] = _everything
    counter: TokenCounter = ESTIMATE
    ms: Mapping[str, float] = field(default_factory=dict[str, float])
    round_trips: int = 0
    note: str = ""
    degraded: tuple[str, ...] = ()


def pack(parts: PackParts) -> Packet:
    """The packet of these parts; the same parts make the same packet."""
    hot = replace(parts.hot, items=tuple(filter(parts.admits_item, parts.hot.items)))
    goals = tuple(filter(parts.admits_goal, hot.goals))
    always = _once(map(always_item, filter(parts.admits, hot.always)), set())
    taken = _ids(always)
    steady = [*_once(_project(parts), taken), *_once(_strategies(parts), taken)]
    found = _once(_found(parts), taken)
    working, found = _told_apart(hot.of(HotKind.WORKING), found, parts.limits.chunks)
    known = {goal.id: goal for goal in goals}
    items = [
        *always,
        *(profile_items(hot.profile) if hot.profile is not None else ()),
        *steady,
        *(goal_item(goal, not known.keys().isdisjoint(goal.blocked_by)) for goal in goals),
        *found,
        *(session_items(hot.session, known) if hot.session is not None else ()),
        *map(context_item, hot.of(HotKind.CONTEXT)),
        *working,
        *map(passing_item, (*hot.of(HotKind.SENSED), *hot.of(HotKind.THOUGHT))),
    ]
    return Packet(
        query=parts.query,
        items=tuple(items),
        session=hot.session,
        goals=goals,
        warnings=conflicts(items),
        open_questions=open_questions(items, goals, parts.now),
        retrieved_at=parts.retrieved_at,
        ms=parts.ms,
        round_trips=parts.round_trips,
        note="" if found or steady else parts.note,
        degraded=tuple(dict.fromkeys((*parts.hot.degraded, *parts.degraded))),
        counter=parts.counter,
    )


def _project(parts: PackParts) -> Iterable[PacketItem]:
    hits = [note for note in parts.project if isinstance(note, Hit) and parts.admits(note.memory)]
    notes = [note for note in parts.project if isinstance(note, Memory) and parts.admits(note)]
    best = max((hit.score for hit in hits), default=0.0)
    yield from map(project_item, notes)
    for hit in hits:
        yield memory_item(hit.memory, score=hit.score, best=best, now=parts.now, project=True)


def _strategies(parts: PackParts) -> Iterable[PacketItem]:
    return (strategy_item(memory, success_rate(memory)) for memory in filter(parts.admits, parts.strategies))


def _found(parts: PackParts) -> Iterable[PacketItem]:
    hits = [hit for hit in parts.hits if parts.admits(hit.memory) and CORRECTED not in hit.memory.extra]
    best = max((hit.score for hit in hits), default=0.0)
    for hit in hits:
        if hit.score >= RELEVANT * best:
            yield memory_item(hit.memory, score=hit.score, best=best, now=parts.now, replaced_at=hit.replaced_at)


def _told_apart(
    working: Sequence[HotItem], found: Sequence[PacketItem], most: int
) -> tuple[list[PacketItem], list[PacketItem]]:
    """What was just said, and what was found beside that; a group is worth no less than what it stands for.

    What was just said stands there whole, also where a fact of it is loaded in any case: half a talk is none.
    """
    worth = {str(item.memory.id): item.value for item in found if item.memory is not None}
    groups = [
        replace(group, value=max([group.value, *(worth[one] for one in group.origin.ids if one in worth)]))
        for group in working_items(working, most)
    ]
    said = {one for group in groups for one in group.origin.ids}
    return groups, [item for item in found if item.category not in TOLD or said.isdisjoint(item.origin.ids)]


def _once(items: Iterable[PacketItem], taken: set[UUID]) -> list[PacketItem]:
    """The items whose memory is not among ``taken`` yet, which then holds it."""
    kept: list[PacketItem] = []
    for item in items:
        if item.memory is None or item.memory.id not in taken:
            kept.append(item)
            taken |= {item.memory.id} if item.memory else set()
    return kept


def _ids(items: Iterable[PacketItem]) -> set[UUID]:
    return {item.memory.id for item in items if item.memory is not None}
