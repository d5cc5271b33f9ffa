"""Hot: what every turn loads, and how much of each kind there may be.

What must survive stands in the log: identity, rules, profile, session, goals, and every memory that working memory
points at.
The rest is allowed to fade:

- ``working``: what was just said, until its feeling has faded (30 minutes to 6 hours); what is below the write gate
  lives nowhere else. ``context``: values that a caller put there for a while. Both survive a crash.
- ``thought``: an agent's last reasoning steps. ``sensed``: raw input of the last half minute. A crash may take them.
- ``recent``: the ids of the newest memories; read from the records themselves where they are at hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from recollect.domain.goal import Goal
from recollect.domain.record import Memory
from recollect.domain.session import Session
from recollect.domain.user_profile import UserProfile


class HotKind(StrEnum):
    """The kinds of what fades."""

    WORKING = "working"
    CONTEXT = "context"
    THOUGHT = "thought"
    SENSED = "sensed"
    RECENT = "recent"


DURABLE = frozenset({HotKind.WORKING, HotKind.CONTEXT})
"""What survives a crash of the database; ``recent`` is read from the records."""


MOST_ALWAYS = 200
"""Identity facts and rules that are loaded on every turn, the most important first."""
MOST_GOALS = 50
"""Open goals that are loaded on every turn, the most important first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotLimits:
    """How much there may be of each kind, for one user; the oldest go first.

    Attributes:
        working: items of working memory (AMA: 50). chunks: groups of them in a packet (CML: 10).
        context: values by name. thoughts: reasoning steps (AMA: 100), each for ``thought_ttl``.
        recent: ids of memories (CTX: 50). sensed_tokens, sensed_for: the sensory buffer (CML: 500 tokens, 30 s).
    """

    working: int = 50
    chunks: int = 10
    context: int = 100
    thoughts: int = 100
    thought_ttl: timedelta = timedelta(hours=1)
    recent: int = 50
    sensed_tokens: int = 500
    sensed_for: timedelta = timedelta(seconds=30)

    def most(self, kind: HotKind) -> int:
        """How many items of a kind there may be; what is sensed is bounded by its tokens, and by this too."""
        return {
            HotKind.WORKING: self.working,
            HotKind.CONTEXT: self.context,
            HotKind.THOUGHT: self.thoughts,
            HotKind.SENSED: self.sensed_tokens,
            HotKind.RECENT: self.recent,
        }[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class HotItem:
    """One thing that fades.

    Attributes:
        kind: which. name: identifies it among its kind: a context value's name, otherwise an id.
        value: JSON; of ``working`` see ``WorkingItem``. memory_id: the record it is a reminder of, or None.
        at: when it was said or set. expires_at: from then on it is gone; None only for ``recent``.
    """

    kind: HotKind
    name: str
    value: Mapping[str, Any] = field(default_factory=dict[str, Any])
    memory_id: UUID | None = None
    at: datetime
    expires_at: datetime | None = None

    def there_at(self, now: datetime) -> bool:
        """Whether it is still there."""
        return self.expires_at is None or self.expires_at > now


def holds_at(memory: Memory, now: datetime) -> bool:
    """Whether what the record states is valid at ``now``."""
    return (memory.valid_from is None or memory.valid_from <= now) and (
        memory.valid_to is None or memory.valid_to > now
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HotState:
    """Everything hot of one user, as it is at the moment of reading.

    Attributes:
        version: grows with every change of it; 0 for a user of whom nothing is known.
        always: identity facts and rules that hold, see ``kinds/identity.py``.
        profile: what the caller set of the user, or None.
        session: the open session, or None. used_at: when it was last used.
        goals: open ones, the most important first. recent: ids of the newest memories, newest first.
        items: what has not faded, oldest first. degraded: what could not be asked, and why.
    """

    version: int = 0
    always: tuple[Memory, ...] = ()
    profile: UserProfile | None = None
    session: Session | None = None
    used_at: datetime | None = None
    goals: tuple[Goal, ...] = ()
    recent: tuple[UUID, ...] = ()
    items: tuple[HotItem, ...] = ()
    degraded: tuple[str, ...] = ()

    def at(self, now: datetime) -> "HotState":
        """The state as it is to be read at ``now``: without what has faded, expired, or does not hold (yet)."""
        session = self.session
        return replace(
            self,
            always=tuple(memory for memory in self.always if holds_at(memory, now)),
            session=session if session is not None and session.open_at(now, self.used_at) else None,
            items=tuple(item for item in self.items if item.there_at(now)),
        )

    def of(self, kind: HotKind) -> tuple[HotItem, ...]:
        """The items of one kind, oldest first."""
        return tuple(item for item in self.items if item.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingItem:
    """What an item of working memory says.

    Attributes:
        text, speaker, role: what was said and by whom. emotion: 0..1. salience: 0..1, what the write gate judged.
        reason: why it is only here, or "" when a record holds it too. content_hash: what makes two of them the same.
        times: how often it came up. agent_id, conversation_id, project_id, channel_id, audience: as of ``Memory``.
        sensitivity, trust: as of ``Memory``, by value.
    """

    text: str
    speaker: str | None = None
    role: str = "user"
    emotion: float = 0.0
    salience: float = 0.0
    reason: str = ""
    content_hash: str = ""
    times: int = 1
    agent_id: str = ""
    conversation_id: str | None = None
    project_id: str | None = None
    channel_id: str | None = None
    audience: tuple[str, ...] = ()
    sensitivity: str = "normal"
    trust: str = "trusted"
