"""Past rows: a replayed memory as ranking and filters see it; for the present, the store does the same in SQL."""

from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.condition import matches, single
from recollect.domain.ids import ids_among
from recollect.domain.record import FOUND_BY_DEFAULT, Memory, ProvenanceSource, Status, Trust
from recollect.domain.search import SearchFilter
from recollect.domain.state import State
from recollect.ports.index import IndexRow


def facts_of(state: State, at: datetime | None, moment: datetime) -> list[Memory]:
    """The keyed facts that held at ``at`` (None: at ``moment``, when the state was the present), ordered by key."""
    statuses = {Status.ACTIVE} if at is None else {Status.ACTIVE, Status.SUPERSEDED}
    found = [
        memory
        for memory in state.memories.values()
        if memory.key is not None
        and memory.value is not None
        and memory.status in statuses
        and holds_at(memory, at or moment)
    ]
    return sorted(found, key=_by_key)


def holds_at(memory: Memory, moment: datetime) -> bool:
    """Whether the memory is true at that time."""
    begun = memory.valid_from is None or memory.valid_from <= moment
    return begun and (memory.valid_to is None or memory.valid_to > moment)


def listed(memory: Memory, chosen: SearchFilter) -> bool:
    """Whether a list shows the memory: what ``page_query`` of the store says in SQL."""
    statuses = (chosen.statuses or FOUND_BY_DEFAULT) - {Status.DELETED}
    if chosen.as_of is not None and not chosen.statuses:
        statuses |= {Status.SUPERSEDED}
    return (
        memory.status in statuses
        and _has_kind(memory, chosen)
        and _has_scope(memory, chosen)
        and _happened(memory, chosen)
        and (chosen.as_of is None or holds_at(memory, chosen.as_of))
        and (chosen.include_quarantined or memory.trust is not Trust.QUARANTINED)
        and (chosen.condition is None or matches(chosen.condition, memory))
        and (chosen.only is None or memory.id in chosen.only)
    )


def _has_kind(memory: Memory, chosen: SearchFilter) -> bool:
    return (
        (not chosen.types or memory.type in chosen.types)
        and (not chosen.tiers or memory.tier in chosen.tiers)
        and single(memory.confidence) >= single(chosen.min_confidence)
    )


def _has_scope(memory: Memory, chosen: SearchFilter) -> bool:
    return (
        chosen.agent_id in (None, memory.agent_id)
        and chosen.project_id in (None, memory.project_id)
        and chosen.conversation_id in (None, memory.conversation_id)
    )


def _happened(memory: Memory, chosen: SearchFilter) -> bool:
    if chosen.occurred_from is None and chosen.occurred_to is None:
        return True
    if memory.occurred_at is None:
        return False
    late = chosen.occurred_to is not None and memory.occurred_at >= chosen.occurred_to
    return not late and (chosen.occurred_from is None or memory.occurred_at >= chosen.occurred_from)


def index_row_of(memory: Memory, vectors: npt.NDArray[np.float32]) -> IndexRow:
    """What ranking must know of a memory."""
    derived = memory.key is not None and memory.provenance.source is ProvenanceSource.AGENT_INFERRED
    return IndexRow(
        id=memory.id,
        type=memory.type,
        tier=memory.tier,
        status=memory.status,
        agent_id=memory.agent_id,
        project_id=memory.project_id,
        conversation_id=memory.conversation_id,
        text=memory.text,
        speaker=memory.speaker,
        key=memory.key,
        value=memory.value,
        occurred_at=memory.occurred_at,
        written_at=memory.written_at,
        valid_from=memory.valid_from,
        valid_to=memory.valid_to,
        confidence=memory.confidence,
        importance=memory.importance,
        emotion=memory.emotion,
        access_count=memory.access_count,
        reinforcements=memory.reinforcements,
        entities=tuple(entity.name for entity in memory.entities),
        sources=ids_among(memory.provenance.evidence) if derived else (),
        vectors=vectors,
        trust=memory.trust,
        sensitivity=memory.sensitivity,
        source_id=memory.source_id,
        author_id=memory.author_id,
        channel_id=memory.channel_id,
        audience=memory.audience,
        told_at=memory.told_at,
    )


def _by_key(memory: Memory) -> tuple[str, bool, float, UUID]:
    start = memory.valid_from
    return memory.key or "", start is not None, start.timestamp() if start is not None else 0.0, memory.id
