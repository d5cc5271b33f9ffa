"""Session: what is going on with a user right now; it ends by itself 24 hours after its last use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

SESSION_TTL: Final = timedelta(hours=24)
"""How long a session lives after its last use (Cortex technical design, section 5.3)."""
UNUSED: Final = f"it was not used for {SESSION_TTL.total_seconds() / 3600:.0f} hours"
"""Why a session ends by itself."""
KEPT_ABOVE: Final = 0.6
"""Working memories that were felt more strongly than this are kept when the session ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session. At most one of a user is open.

    Attributes:
        id: UUIDv7. agent_id: the agent that talks, or "". conversation_id: the conversation it is about, or None.
        state: by name, any JSON: ``current_topic``, ``active_task``, ``emotional_state``, ``context_summary``, ...
        active_goal_id: the goal that is worked on, or None.
        started_at, updated_at: when it began, when its state was last changed.
        ended_at: when it ended, None while it is open. ended_because: why, in one sentence.
    """

    KIND: ClassVar[str] = "session"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    user_id: str
    id: UUID
    agent_id: str = ""
    conversation_id: str | None = None
    state: Mapping[str, Any] = field(default_factory=dict[str, Any])
    active_goal_id: UUID | None = None
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None
    ended_because: str | None = None

    def expires_at(self, used_at: datetime | None) -> datetime:
        """When it ends by itself, given when it was last used."""
        return max(self.updated_at, used_at or self.updated_at) + SESSION_TTL

    def open_at(self, now: datetime, used_at: datetime | None = None) -> bool:
        """Whether it is open at ``now``."""
        return self.ended_at is None and self.expires_at(used_at) > now
