"""History: what happened to one memory, each line with its words before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from recollect.domain.event import Event, EventType
from recollect.domain.mem0_form import Form, Keyed, event_form

ENDS = frozenset({EventType.MEMORY_DELETED, EventType.MEMORY_ERASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent(Event, Keyed):
    """One line of a memory's log.

    Attributes:
        text_before, text_after: its words; None before there was one, after its end, and of what was erased.
    """

    text_before: str | None = None
    text_after: str | None = None

    def mem0_form(self) -> Form:
        """The row that mem0's ``history`` has: ``row["event"]``, ``row["old_memory"]``, ``row["new_memory"]``."""
        return event_form(self)


def told_in_order(events: Sequence[Event]) -> tuple[HistoryEvent, ...]:
    """A memory's events, oldest first, with its words before and after each."""
    told: list[HistoryEvent] = []
    text: str | None = None
    for event in events:
        changed: dict[str, Any] = (event.payload or {}).get("memory", {})
        before, text = text, None if event.type is EventType.MEMORY_ERASED else changed.get("text", text)
        after = None if event.type in ENDS else text
        told.append(HistoryEvent(**_fields(event), text_before=before, text_after=after))
    return tuple(told)


def _fields(event: Event) -> dict[str, Any]:
    return {field.name: getattr(event, field.name) for field in fields(Event)}
