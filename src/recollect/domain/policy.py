"""Policy: a Rego module that decides on writes and reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy. ``name`` is unique within the tenant; ``version`` grows with every change of ``module``."""

    KIND: ClassVar[str] = "policy"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    tenant_id: str
    name: str
    module: str
    version: int = 1
    active: bool = True
    created_at: datetime
    updated_at: datetime
