"""Event: one immutable line of the log, chained by hash within its user.

The hash of an event is SHA-256 over the hash before it and the event's own fields in canonical JSON. Changing, dropping
or swapping events therefore breaks the chain at the first line that was touched.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

GENESIS = bytes(32)


class EventType(StrEnum):
    """What happened, in the past tense."""

    MEMORY_ADDED = "memory_added"
    MEMORY_REINFORCED = "memory_reinforced"
    MEMORY_SUPERSEDED = "memory_superseded"
    MEMORY_UPDATED = "memory_updated"
    MEMORY_DELETED = "memory_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a user's log.

    Attributes:
        id: UUIDv7. tenant_id, user_id: whose log. seq: 1, 2, 3, ... without gaps within the user.
        type: what happened. memory_id: the memory it happened to.
        payload: ``{"set": {field: new value, ...}, "reason": ...}``: all that is needed to apply it again (JSON).
        recorded_at: when it was written (UTC). actor: who caused it.
        previous_hash, hash: 32 bytes each; the first event's ``previous_hash`` is all zero.
    """

    id: UUID
    tenant_id: str
    user_id: str
    seq: int = 0
    type: EventType
    memory_id: UUID
    payload: Mapping[str, Any]
    recorded_at: datetime
    actor: str = "user"
    previous_hash: bytes = GENESIS
    hash: bytes = b""

    def chained(self, seq: int, previous_hash: bytes) -> "Event":
        """Returns this event in its place in the chain: numbered, linked and hashed."""
        linked = replace(self, seq=seq, previous_hash=previous_hash, hash=b"")
        return replace(linked, hash=linked.expected_hash())

    def expected_hash(self) -> bytes:
        """The hash this event must carry given its fields and ``previous_hash``."""
        fields = [
            str(self.id),
            self.tenant_id,
            self.user_id,
            self.seq,
            self.type.value,
            str(self.memory_id),
            self.payload,
            self.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
        ]
        return hashlib.sha256(self.previous_hash + canonical_json(fields)).digest()


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys and no spaces: the same bytes for the same value, also after a trip through ``jsonb``."""
    settled = _settled(value)
    return json.dumps(settled, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _settled(value: object) -> object:
    """The value as ``jsonb`` gives it back: it keeps numbers as decimals, so 1e16 returns whole and -0.0 as 0.0."""
    if isinstance(value, float):
        written = float.__repr__(value)
        return int(Decimal(written)) if "e+" in written else value + 0.0
    if isinstance(value, Mapping):
        return {key: _settled(item) for key, item in cast(Mapping[object, object], value).items()}
    if isinstance(value, list | tuple):
        return [_settled(item) for item in cast(Sequence[object], value)]
    return value
