"""A packet as JSON, for the doors: plain values only, and each item with where it came from."""

from datetime import datetime
from typing import Any, TypedDict

from recollect.domain.goal import Goal
from recollect.domain.packet_items import PacketItem
from recollect.domain.record import Memory
from recollect.domain.session import Session


class OriginJson(TypedDict):
    """See ``Origin``."""

    kind: str
    ids: list[str]
    told_at: str | None
    source: str
    source_id: str | None
    evidence: list[str]
    confidence: float | None


class MemoryJson(TypedDict):
    """What a caller needs of a record to show and cite it; the rest is had by its id."""

    id: str
    type: str
    tier: str
    status: str
    text: str
    speaker: str | None
    key: str | None
    value: str | None
    occurred_at: str | None
    valid_from: str | None
    valid_to: str | None
    confidence: float
    importance: float
    version: int


class ItemJson(TypedDict):
    """See ``PacketItem``."""

    category: str
    text: str
    line: str
    tokens: int
    value: float
    score: float | None
    past: bool
    origin: OriginJson
    memory: MemoryJson | None


class SessionJson(TypedDict):
    """See ``Session``."""

    id: str
    agent_id: str
    conversation_id: str | None
    state: dict[str, Any]
    active_goal_id: str | None
    started_at: str
    updated_at: str


class GoalJson(TypedDict):
    """See ``Goal``."""

    id: str
    title: str
    description: str | None
    status: str
    priority: int
    deadline: str | None
    parent_id: str | None
    blocked_by: list[str]
    project_id: str | None


class PacketJson(TypedDict):
    """See ``Packet``; ``tokens`` are those of the whole packet, ``token_count`` by category, both by ``counter``."""

    query: str
    retrieved_at: str
    items: list[ItemJson]
    session: SessionJson | None
    goals: list[GoalJson]
    warnings: list[str]
    open_questions: list[str]
    counter: str
    tokens: int
    token_count: dict[str, int]
    ms: dict[str, float]
    round_trips: int
    note: str
    degraded: list[str]


def item_json(item: PacketItem, tokens: int) -> ItemJson:
    """An item, with the length of its line by the packet's counter."""
    origin = item.origin
    return ItemJson(
        category=item.category.value,
        text=item.text,
        line=item.line(),
        tokens=tokens,
        value=round(item.value, 6),
        score=item.score,
        past=item.past,
        origin=OriginJson(
            kind=origin.kind,
            ids=list(origin.ids),
            told_at=_time(origin.told_at),
            source=origin.source,
            source_id=origin.source_id,
            evidence=list(origin.evidence),
            confidence=origin.confidence,
        ),
        memory=_memory(item.memory) if item.memory is not None else None,
    )


def session_json(session: Session) -> SessionJson:
    """A session."""
    return SessionJson(
        id=str(session.id),
        agent_id=session.agent_id,
        conversation_id=session.conversation_id,
        state=dict(session.state),
        active_goal_id=str(session.active_goal_id) if session.active_goal_id else None,
        started_at=session.started_at.isoformat(),
        updated_at=session.updated_at.isoformat(),
    )


def goal_json(goal: Goal) -> GoalJson:
    """A goal."""
    return GoalJson(
        id=str(goal.id),
        title=goal.title,
        description=goal.description,
        status=goal.status.value,
        priority=goal.priority,
        deadline=_time(goal.deadline),
        parent_id=str(goal.parent_id) if goal.parent_id else None,
        blocked_by=[str(blocker) for blocker in goal.blocked_by],
        project_id=goal.project_id,
    )


def _memory(memory: Memory) -> MemoryJson:
    return MemoryJson(
        id=str(memory.id),
        type=memory.type.value,
        tier=memory.tier.value,
        status=memory.status.value,
        text=memory.text,
        speaker=memory.speaker,
        key=memory.key,
        value=memory.value,
        occurred_at=_time(memory.occurred_at),
        valid_from=_time(memory.valid_from),
        valid_to=_time(memory.valid_to),
        confidence=memory.confidence,
        importance=memory.importance,
        version=memory.version,
    )


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
