"""Person: who has memories in a tenant: users, and the agents and conversations whose memories they are too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PersonKind(StrEnum):
    """What is listed: users, agents that remember, or conversations (mem0: runs)."""

    USER = "user"
    AGENT = "agent"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSummary:
    """Who it is, and how much there is of theirs.

    Attributes:
        id: the user's, agent's or conversation's. kind: which of these.
        user_id: whose conversation it is; of a user the same as ``id``, of an agent None.
        memories: living ones, neither superseded nor deleted; of a conversation its turns.
        first_at, last_at: when the first was stored and something last changed; of a conversation when it was said.
    """

    id: str
    kind: PersonKind = PersonKind.USER
    user_id: str | None
    memories: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDetail:
    """One user in numbers.

    Attributes:
        user_id: whose. memories: all of them, deleted ones left out.
        by_type, by_tier, by_status: the same by these; under ``by_status`` also the deleted ones.
        log_length: lines of the log, those that erasure made unreadable included.
        first_at, last_at: when the first was stored and something last changed; None for one who was erased.
        erased: whether the user was erased, and nothing was stored since. erased_at: when, then.
    """

    user_id: str
    memories: int = 0
    by_type: Mapping[str, int] = field(default_factory=dict[str, int])
    by_tier: Mapping[str, int] = field(default_factory=dict[str, int])
    by_status: Mapping[str, int] = field(default_factory=dict[str, int])
    log_length: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    erased: bool = False
    erased_at: datetime | None = None
