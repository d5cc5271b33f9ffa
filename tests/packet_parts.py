"""What packets are made of, for tests: memories, goals, a session, what was just said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from recollect.domain.goal import Goal
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.packet_items import PacketItem, always_item, memory_item
from recollect.domain.record import Memory, MemoryType, Provenance, Telling
from recollect.domain.search import Hit
from recollect.domain.session import Session

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=60)
SINGLE = Provenance(tellings=(Telling(told_at=NOW, written_at=NOW, single=True),))


def memory(number: int, text: str, kind: MemoryType = MemoryType.TURN, **more: Any) -> Memory:
    fields: dict[str, Any] = {"occurred_at": NOW, "written_at": NOW, "updated_at": NOW, "content_hash": str(number)}
    return Memory(id=UUID(int=number), tenant_id="t", user_id="u", type=kind, text=text, **{**fields, **more})


def fact(number: int, key: str, value: str, **more: Any) -> Memory:
    fields: dict[str, Any] = {"provenance": SINGLE, "confidence": 0.9, "kind": MemoryType.SEMANTIC_FACT}
    return memory(number, f"{key} is {value}", key=key, value=value, **{**fields, **more})


def goal(number: int, title: str, **more: Any) -> Goal:
    return Goal(
        tenant_id="t", user_id="u", id=UUID(int=number), title=title, created_at=BEFORE, updated_at=BEFORE, **more
    )


def session(**state: Any) -> Session:
    return Session(tenant_id="t", user_id="u", id=UUID(int=77), state=state, started_at=NOW, updated_at=NOW)


def hot(kind: HotKind, number: int, text: str, *, memory_id: UUID | None = None, **more: Any) -> HotItem:
    at = NOW - timedelta(minutes=100 - number)
    return HotItem(kind=kind, name=f"{number:04}", value={"text": text, **more}, memory_id=memory_id, at=at)


def hit(found: Memory, score: float, rank: int = 1) -> Hit:
    return Hit(memory=found, rank=rank, score=score, signals={})


def packet_item(memory: Memory, *, score: float | None) -> PacketItem:
    """A memory as it is shown: what was found under its kind; what is always loaded has no score."""
    return always_item(memory) if score is None else memory_item(memory, score=score)
