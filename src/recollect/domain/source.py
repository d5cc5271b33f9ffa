"""Source: where texts may come from, and how far they are believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from recollect.domain.record import Trust


class SourceKind(StrEnum):
    """What kind of thing a source is."""

    API = "api"
    DATABASE = "database"
    FILE_SYSTEM = "file_system"
    WEBHOOK = "webhook"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An entry of the tenant's allowlist.

    Attributes:
        name: unique within the tenant. kind: what it is. uri: where it is, or None.
        trust: see ``Trust``. active: an inactive source counts as unknown. extra: the caller's own metadata.
    """

    KIND: ClassVar[str] = "source"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    tenant_id: str
    name: str
    kind: SourceKind = SourceKind.MANUAL
    uri: str | None = None
    trust: Trust = Trust.KNOWN
    active: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    created_at: datetime
    updated_at: datetime
