"""Profile: what is known of a user as a whole, set by the caller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class UserProfile:
    """A user's profile.

    Attributes:
        preferences: by name, any JSON. expertise: by area, any JSON (a level, years, ...).
        communication_style: by trait, any JSON. extra: the caller's own metadata.
        version: 1 at first; 0 for the empty profile of a user who has none.
    """

    KIND: ClassVar[str] = "profile"
    KEY: ClassVar[tuple[str, ...]] = ("user_id",)

    tenant_id: str
    user_id: str
    preferences: Mapping[str, Any] = field(default_factory=dict[str, Any])
    expertise: Mapping[str, Any] = field(default_factory=dict[str, Any])
    communication_style: Mapping[str, Any] = field(default_factory=dict[str, Any])
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    version: int = 1
    created_at: datetime
    updated_at: datetime
