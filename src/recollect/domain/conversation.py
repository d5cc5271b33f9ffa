"""Conversation: what was said in which order, and which tools were called."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One telling: where a memory's words were said. The same words said twice are one memory and two turns.

    Attributes:
        conversation_id, index: its place; the first turn has index 0.
        memory_id: the memory that holds the words. role: user, assistant, system or tool. speaker: the name, if any.
        said_at: when it was said, None if unknown. written_at: when it was stored. tokens: estimated length.
    """

    KIND: ClassVar[str] = "turn"
    KEY: ClassVar[tuple[str, ...]] = ("user_id", "conversation_id", "index")

    tenant_id: str
    user_id: str
    conversation_id: str
    index: int
    memory_id: UUID
    role: str
    speaker: str | None = None
    said_at: datetime | None = None
    written_at: datetime
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTurn:
    """A turn and its words; None where they are deleted, erased or not to be shown."""

    turn: Turn
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation.

    Attributes:
        id: the caller's. title: a name for people, or None. extra: the caller's own metadata (JSON).
        started_at, last_turn_at: the earliest and latest time at which something was said, None while unknown.
        turn_count: how many turns there are.
    """

    KIND: ClassVar[str] = "conversation"
    KEY: ClassVar[tuple[str, ...]] = ("user_id", "id")

    tenant_id: str
    user_id: str
    id: str
    agent_id: str = ""
    project_id: str | None = None
    title: str | None = None
    started_at: datetime | None = None
    last_turn_at: datetime | None = None
    turn_count: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def with_turn(self, turn: Turn) -> "Conversation":
        """The conversation after this turn."""
        if turn.said_at is None:
            return replace(self, turn_count=turn.index + 1)
        return replace(
            self,
            turn_count=turn.index + 1,
            started_at=min(self.started_at or turn.said_at, turn.said_at),
            last_turn_at=max(self.last_turn_at or turn.said_at, turn.said_at),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolInvocation:
    """One call of a tool.

    Attributes:
        tool: its name. task: what kind of task it was called for, or None.
        arguments, output: JSON. succeeded: None while it is unknown. latency_ms: milliseconds. error: its message.
    """

    KIND: ClassVar[str] = "tool_invocation"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    user_id: str
    id: UUID
    conversation_id: str | None = None
    turn_index: int | None = None
    tool: str
    task: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    output: Any = None
    succeeded: bool | None = None
    latency_ms: float | None = None
    error: str | None = None
    invoked_at: datetime
