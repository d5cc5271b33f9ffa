"""Event: one immutable line of the log, chained by hash within its user.

The hash of an event is SHA-256 over the hash before it, the event's own fields in canonical JSON, and its payload as
it is stored. Changing, dropping or swapping events therefore breaks the chain at the first line that was touched.
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
    MEMORY_USED = "memory_used"
    MEMORY_SUPERSEDED = "memory_superseded"
    MEMORY_REOPENED = "memory_reopened"
    MEMORY_UPDATED = "memory_updated"
    MEMORY_REVISED = "memory_revised"
    MEMORY_DELETED = "memory_deleted"
    MEMORY_RESTORED = "memory_restored"
    MEMORY_RELEASED = "memory_released"
    MEMORY_PROMOTED = "memory_promoted"
    MEMORY_CORRECTED = "memory_corrected"
    MEMORY_OUTDATED = "memory_outdated"
    MEMORY_UPHELD = "memory_upheld"
    MEMORY_ERASED = "memory_erased"
    USER_ERASED = "user_erased"
    ROLLED_BACK = "rolled_back"
    RELATIONSHIP_ADDED = "relationship_added"
    RELATIONSHIP_UPDATED = "relationship_updated"
    RELATIONSHIP_REMOVED = "relationship_removed"
    COLLECTION_CREATED = "collection_created"
    COLLECTION_UPDATED = "collection_updated"
    COLLECTION_DELETED = "collection_deleted"
    COLLECTION_MEMBER_ADDED = "collection_member_added"
    COLLECTION_MEMBER_REMOVED = "collection_member_removed"
    CONVERSATION_UPDATED = "conversation_updated"
    TOOL_INVOKED = "tool_invoked"
    PROFILE_UPDATED = "profile_updated"
    ENTITY_DESCRIBED = "entity_described"
    ENTITY_MERGED = "entity_merged"
    ENTITY_UNMERGED = "entity_unmerged"
    SOURCE_ADDED = "source_added"
    SOURCE_UPDATED = "source_updated"
    SOURCE_REMOVED = "source_removed"
    PROJECT_CREATED = "project_created"
    PROJECT_UPDATED = "project_updated"
    MEMBER_ADDED = "member_added"
    MEMBER_CHANGED = "member_changed"
    MEMBER_REMOVED = "member_removed"
    POLICY_ADDED = "policy_added"
    POLICY_UPDATED = "policy_updated"
    POLICY_REMOVED = "policy_removed"
    MODEL_ADDED = "model_added"
    MODEL_SWITCHED = "model_switched"
    MODEL_DROPPED = "model_dropped"
    SESSION_STARTED = "session_started"
    SESSION_UPDATED = "session_updated"
    SESSION_ENDED = "session_ended"
    GOAL_ADDED = "goal_added"
    GOAL_UPDATED = "goal_updated"
    GOAL_REMOVED = "goal_removed"
    REFLECTION_QUEUED = "reflection_queued"
    REFLECTION_PROCESSED = "reflection_processed"
    CHANNEL_LINKED = "channel_linked"
    CHANNEL_UPDATED = "channel_updated"
    CHANNEL_UNLINKED = "channel_unlinked"
    API_KEY_CREATED = "api_key_created"
    API_KEY_REVOKED = "api_key_revoked"
    TRACE_SAVED = "trace_saved"
    TRACE_DELETED = "trace_deleted"
    THING_RESTORED = "thing_restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a log.

    Attributes:
        id: UUIDv7. tenant_id, user_id: whose log. seq: 1, 2, 3, ... without gaps within the user.
        type: what happened. subject_id: the memory it happened to, or the id of another thing (``thing.subject_id``).
        payload: all that is needed to apply it again, see ``domain/state.py``; None once it was erased.
        sealed: the payload as it is stored, encrypted; the hash covers these bytes, so it outlives their key.
        recorded_at: when it was written (UTC). actor: who caused it. job_id: the run it belongs to, or None.
        previous_hash, hash: 32 bytes each; the first event's ``previous_hash`` is all zero.
    """

    id: UUID
    tenant_id: str
    user_id: str
    seq: int = 0
    type: EventType
    subject_id: UUID
    payload: Mapping[str, Any] | None
    sealed: bytes = b""
    recorded_at: datetime
    actor: str = "user"
    job_id: UUID | None = None
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
            str(self.subject_id),
            self.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
            str(self.job_id) if self.job_id else None,
        ]
        return hashlib.sha256(self.previous_hash + canonical_json(fields) + self.sealed).digest()


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
