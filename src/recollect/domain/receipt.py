"""Receipt: what ``add`` answers: what became of each item, and why."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from recollect.domain.mem0_form import Form, Keyed, receipt_rows
from recollect.domain.record import MemoryType


class Outcome(StrEnum):
    """What became of one item."""

    ACCEPTED = "accepted"  # a new record
    MERGED = "merged"  # the same content was there; it was reinforced
    SUPERSEDED = "superseded"  # a new record that closed an older value's validity
    REJECTED = "rejected"  # not stored; the reason says why
    WORKING = "working"  # below the write gate: in working memory only, until it fades or comes up again
    QUEUED = "queued"  # stored; something is still to be done


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptItem:
    """What became of one item.

    Attributes:
        outcome: what happened. reason: why, in one sentence.
        memory_id: the record it is or was merged into; None when there is none (rejected, working).
        type, text, key, value: as stored.
        derived_from: the record whose text stated this fact, or None for what was said itself.
        superseded_id: the record whose place it took, or None.
        occurred_at: event time, if one was given or read from the text.
        emotion, importance: 0..1. working_ttl_s: seconds it stays in working memory.
    """

    outcome: Outcome
    reason: str
    memory_id: UUID | None
    type: MemoryType
    text: str
    key: str | None = None
    value: str | None = None
    derived_from: UUID | None = None
    superseded_id: UUID | None = None
    occurred_at: datetime | None = None
    emotion: float = 0.0
    importance: float = 0.0
    working_ttl_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a call cost: wall-clock milliseconds, database round trips, chat-model calls and their tokens."""

    ms: float = 0.0
    round_trips: int = 0
    model_calls: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Keyed):
    """The answer to ``add``.

    Attributes:
        items: one per thing said and per fact derived from it, in order.
        event_ids: the log lines that were written.
        cost: what it took.
        degraded: what could not be done now and why, e.g. the embedder was down; empty when all went well.
    """

    items: tuple[ReceiptItem, ...]
    event_ids: tuple[UUID, ...] = ()
    cost: Cost = field(default_factory=Cost)
    degraded: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The ids of the records that now hold what was said; not of the facts derived from it."""
        return tuple(i.memory_id for i in self.items if i.memory_id is not None and i.derived_from is None)

    @property
    def id(self) -> UUID | None:
        """The first of ``ids``, or None if everything was rejected."""
        return self.ids[0] if self.ids else None

    def mem0_form(self) -> Form:
        """The dict that mem0's ``add`` answers with: ``receipt["results"][0]["event"]``."""
        return {"results": receipt_rows(self)}

    def __repr__(self) -> str:
        lines = [f"<Receipt {self.cost.ms:.1f} ms"]
        for item in self.items:
            text = item.text if len(item.text) <= 60 else item.text[:57] + "..."
            lines.append(f"  {item.outcome.value:10} {item.type.value:14} {text!r} ({item.reason})")
        return "\n".join(lines) + ">"
