"""Channel: a place where several people talk, linked to the project whose members share what is said there."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel. ``id`` is the caller's, unique within the tenant; ``linked_by`` is who linked it."""

    KIND: ClassVar[str] = "channel"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    id: str
    project_id: str
    name: str | None = None
    linked_by: str
    created_at: datetime
    updated_at: datetime
