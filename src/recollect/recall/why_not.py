"""Why not: which rules of a filter keep one record out; ``recall/filter.py`` says the same of all at once.

The arrays hold confidence in single precision and times to the microsecond, and so it is compared here.
"""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from recollect.domain.condition import AllOf, Compare, Condition, Not, matches
from recollect.domain.record import FOUND_BY_DEFAULT, Memory, Status, Trust
from recollect.domain.search import SearchFilter
from recollect.domain.why_not import Absence, Obstacle


def obstacles(memory: Memory, chosen: SearchFilter, now: datetime) -> list[Obstacle]:
    """Everything in the filter that keeps the memory out, what decides first; nothing when it passes.

    Args:
        memory: the record.
        chosen: the caller's filter, without what policies and channels demand.
        now: the moment of asking.
    """
    status = list(_of_status(memory, chosen))
    superseded = any(one.rule is Absence.SUPERSEDED for one in status)  # which is why it does not hold any more
    return [
        *status,
        *(() if superseded else _of_validity(memory, chosen, now)),
        *_of_trust(memory, chosen),
        *_of_kind(memory, chosen),
        *_of_scope(memory, chosen),
        *_of_event_time(memory, chosen),
        *_of_rest(memory, chosen),
    ]


def _of_status(memory: Memory, chosen: SearchFilter) -> Iterator[Obstacle]:
    statuses = chosen.statuses or FOUND_BY_DEFAULT
    if (chosen.as_of is not None or chosen.with_former) and not chosen.statuses:
        statuses |= {Status.SUPERSEDED}
    if memory.status is Status.DELETED:
        yield Obstacle(rule=Absence.DELETED, text=f"It was deleted on {_day(memory.updated_at)}.", at=memory.updated_at)
    elif memory.status in statuses:
        return
    elif chosen.statuses:
        yield _filtered("statuses", f"its status is {memory.status.value}, which is not among those asked for")
    elif memory.status is Status.SUPERSEDED:
        ended = memory.valid_to or memory.updated_at
        yield Obstacle(rule=Absence.SUPERSEDED, text=f"It was superseded on {_day(ended)}.", at=ended)
    else:
        yield Obstacle(
            rule=Absence.STATUS,
            text=f"It is {memory.status.value}, and such memories are found only when statuses asks for them.",
        )


def _of_validity(memory: Memory, chosen: SearchFilter, now: datetime) -> Iterator[Obstacle]:
    if chosen.as_of is None and chosen.statuses:
        return  # these as they are, valid or not
    if chosen.with_former and chosen.as_of is None and memory.status is Status.SUPERSEDED:
        return  # the question is for what was so before
    at = chosen.as_of or now
    when = "now" if chosen.as_of is None else f"at {at.isoformat()}"
    if memory.valid_from is not None and memory.valid_from > at:
        text = f"It is not valid {when}: it holds from {memory.valid_from.isoformat()} on."
        yield Obstacle(rule=Absence.NOT_YET_VALID, text=text, at=memory.valid_from)
    if memory.valid_to is not None and memory.valid_to <= at:
        text = f"It is not valid {when}: it expired at {memory.valid_to.isoformat()}."
        yield Obstacle(rule=Absence.EXPIRED, text=text, at=memory.valid_to)


def _of_trust(memory: Memory, chosen: SearchFilter) -> Iterator[Obstacle]:
    if memory.trust is Trust.QUARANTINED and not chosen.include_quarantined:
        text = "Its source is quarantined: it is found only with include_quarantined, or once it is released."
        yield Obstacle(rule=Absence.QUARANTINED, text=text)


def _of_kind(memory: Memory, chosen: SearchFilter) -> Iterator[Obstacle]:
    if chosen.types and memory.type not in chosen.types:
        yield _filtered("types", f"its type is {memory.type.value}")
    if chosen.tiers and memory.tier not in chosen.tiers:
        yield _filtered("tiers", f"its tier is {memory.tier.value}")
    if chosen.min_confidence > 0 and np.float32(memory.confidence) < np.float32(chosen.min_confidence):
        yield _filtered("min_confidence", f"its confidence is {memory.confidence:g}, below {chosen.min_confidence:g}")


def _of_scope(memory: Memory, chosen: SearchFilter) -> Iterator[Obstacle]:
    for field, wanted, there in (
        ("agent_id", chosen.agent_id, memory.agent_id),
        ("project_id", chosen.project_id, memory.project_id),
        ("conversation_id", chosen.conversation_id, memory.conversation_id),
    ):
        if wanted is not None and there != wanted:
            yield _filtered(field, f"its own is {there!r}" if there else "it has none")


def _of_event_time(memory: Memory, chosen: SearchFilter) -> Iterator[Obstacle]:
    start, end = chosen.occurred_from, chosen.occurred_to
    if memory.occurred_at is None:
        if start is not None or end is not None:
            field = "occurred_from" if start is not None else "occurred_to"
            yield _filtered(field, "it is not known when it happened")
        return
    if start is not None and memory.occurred_at < start:
        yield _filtered("occurred_from", f"it happened at {memory.occurred_at.isoformat()}, before that")
    if end is not None and memory.occurred_at >= end:
        yield _filtered("occurred_to", f"it happened at {memory.occurred_at.isoformat()}, not before that")


def _of_rest(memory: Memory, chosen: SearchFilter) -> Iterator[Obstacle]:
    if chosen.condition is not None and not matches(chosen.condition, memory):
        names = ", ".join(dict.fromkeys(_failing(chosen.condition, memory)))
        yield _filtered("filters", f"what it demands of {names} does not hold" if names else "nothing passes it")
    if chosen.only is not None and memory.id not in chosen.only:
        yield _filtered("collection", "it is not a member")


def _failing(condition: Condition, memory: Memory) -> Iterator[str]:
    """The fields in the parts of a condition that do not hold."""
    if isinstance(condition, Compare):
        yield condition.field
    elif isinstance(condition, Not):
        yield from _failing(condition.part, memory)
    else:
        wanted = isinstance(condition, AllOf)
        for part in condition.parts:
            if not wanted or not matches(part, memory):
                yield from _failing(part, memory)


def _filtered(field: str, why: str) -> Obstacle:
    return Obstacle(rule=Absence.FILTER, field=field, text=f"The filter {field} leaves it out: {why}.")


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
