"""Memory: one typed, versioned, bitemporal record, and the enumerations it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from recollect.domain.mem0_form import Form, Keyed, memory_form

CORRECTED: Final = "recollect:corrected"
"""Under this name a record's metadata says which facts its words state that were put right since, by their keys."""


class MemoryType(StrEnum):
    """What kind of thing is remembered; each kind's rules stand in ``domain/kinds``."""

    EPISODIC_EVENT = "episodic_event"
    SEMANTIC_FACT = "semantic_fact"
    PREFERENCE = "preference"
    TASK_STATE = "task_state"
    PROCEDURE = "procedure"
    CONSTRAINT = "constraint"
    HYPOTHESIS = "hypothesis"
    IDENTITY = "identity"
    GOAL = "goal"
    REFLECTION = "reflection"
    SUMMARY = "summary"
    TURN = "turn"


class Status(StrEnum):
    """Where a record stands in its life. Only ``active`` is found without a special reason."""

    ACTIVE = "active"
    SILENT = "silent"  # needs a strong cue
    COMPRESSED = "compressed"
    ARCHIVED = "archived"
    SUPERSEDED = "superseded"
    DELETED = "deleted"


FOUND_BY_DEFAULT = frozenset({Status.ACTIVE, Status.COMPRESSED})
"""What a search or a list shows unless it asks for more."""


class Tier(StrEnum):
    """How long a record is kept: personal for ever, project for the medium term, task 30 days after its last access."""

    PERSONAL = "personal"
    PROJECT = "project"
    TASK = "task"


class SourceType(StrEnum):
    """Where a text came from."""

    CONVERSATION = "conversation"
    TOOL_OUTPUT = "tool_output"
    DOCUMENT = "document"
    OBSERVATION = "observation"
    EXTERNAL = "external"


class Trust(StrEnum):
    """How far a source is believed.

    Trusted: like the user. Known: found by recall, never loaded unasked. Quarantined: stored apart until a person
    releases or drops it. Refused: not stored.
    """

    TRUSTED = "trusted"
    KNOWN = "known"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


class Sensitivity(StrEnum):
    """How carefully a record is to be handled; policies decide what that means."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"
    RESTRICTED = "restricted"

    def at_least(self, other: "Sensitivity") -> "Sensitivity":
        """The higher of the two."""
        order = list(Sensitivity)
        return max(self, other, key=order.index)


class ProvenanceSource(StrEnum):
    """Who vouches for a record."""

    USER_EXPLICIT = "user_explicit"
    USER_CONFIRMED = "user_confirmed"
    AGENT_INFERRED = "agent_inferred"
    TOOL_RESULT = "tool_result"
    CONSOLIDATION = "consolidation"
    RECONSOLIDATION = "reconsolidation"
    MIGRATION = "migration"


class EntityType(StrEnum):
    """What an entity mention names."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    DATE = "date"
    NUMBER = "number"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EntityMention:
    """An entity named in a text.

    Attributes:
        text: as it is written there.
        name: its canonical form.
        type: what it names.
        start: first character's position in the text.
        end: position after the last character.
    """

    text: str
    name: str
    type: EntityType
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relation:
    """A triple read from a text, with the reader's confidence in 0..1."""

    subject: str
    predicate: str
    object: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One time that a record's fact was told: what its place among the other values of its key rests on.

    Attributes:
        told_at: when it was said, or None when unknown. written_at: when it arrived.
        since: from when on it is said to hold, or None when unknown.
        evidence: ids of the events, turns or memories that told it.
        single: its key has one value at a time.
        denied: the value that a negation says has ended; None for a value, and for one that ends whatever holds.
    """

    told_at: datetime | None
    written_at: datetime
    since: datetime | None = None
    evidence: tuple[str, ...] = ()
    single: bool = False
    denied: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a record came from.

    Attributes:
        source: who vouches for it.
        evidence: ids of the events, turns or memories it rests on.
        tool_calls: ids of the tool calls it rests on.
        model_version: the model that extracted it, if one did.
        prompt_hash: SHA-256 of the prompt that model was given.
        tellings: each time its fact was told; empty for a record that states no fact.
    """

    source: ProvenanceSource = ProvenanceSource.USER_EXPLICIT
    evidence: tuple[str, ...] = ()
    tool_calls: tuple[str, ...] = ()
    model_version: str | None = None
    prompt_hash: str | None = None
    tellings: tuple[Telling, ...] = ()


def _no_extra() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory(Keyed):
    """One remembered thing. All times are timezone-aware; scores lie in 0..1.

    Attributes:
        id: UUIDv7.
        tenant_id, user_id, agent_id, project_id, conversation_id: its scope; ``agent_id`` is ``""`` when shared.
        type, tier, status: its kind, how long it is kept, where it stands.
        text: what is remembered, in words.
        speaker: who said it, or None.
        key: the fact it states, ``subject:attribute`` (``user:location``), or None.
        value: that fact's value (``Lyon``), or None.
        occurred_at: when it happened, or None when that is unknown; never guessed from the time of writing.
        told_at: when it was said, or None when unknown; the later telling of a fact wins, whenever it arrives.
        written_at: when it was stored. updated_at: when it last changed.
        valid_from, valid_to: the interval in which it is true; None is open.
        confidence: how sure we are that it is true. importance: how much it matters. emotion: how strongly it was felt.
        decay_rate: loss of salience per day.
        access_count, last_accessed_at: confirmed uses.
        reinforcements: how often the same content was told again.
        labile: it was just recalled and may be revised.
        version: 1 at first. supersedes: the record whose place it took.
        content_hash: SHA-256 over speaker and normalised text; unique per (tenant, user, agent) among living records.
        source_type, provenance: where it came from.
        entities, relations: what was read from the text.
        extra: the caller's own metadata (JSON).
        source_id: the registered source it came from, or None. trust: how far that is believed.
        sensitivity: see ``Sensitivity``.
        author_id: who put a project's memory there; None for a user's own.
        channel_id: where several people talk and it was said, or None.
        audience: to whom it was said aside, by user id; empty when it was said to all who were there.
        subject: whom or what it is about, as the caller says, or None. The owner is the author, or else the user.
        stale_since: since when it may be outdated, because what it was derived from has ended; None if it has not.
        stale_because: the premises that have ended, see ``domain/staleness.py``.
    """

    id: UUID
    tenant_id: str
    user_id: str
    agent_id: str = ""
    project_id: str | None = None
    conversation_id: str | None = None
    type: MemoryType
    tier: Tier = Tier.PERSONAL
    status: Status = Status.ACTIVE
    text: str
    speaker: str | None = None
    key: str | None = None
    value: str | None = None
    occurred_at: datetime | None = None
    told_at: datetime | None = None
    written_at: datetime
    updated_at: datetime
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    confidence: float = 0.5
    importance: float = 0.5
    emotion: float = 0.0
    decay_rate: float = 0.01
    access_count: int = 0
    last_accessed_at: datetime | None = None
    reinforcements: int = 0
    labile: bool = False
    version: int = 1
    supersedes: UUID | None = None
    content_hash: str
    source_type: SourceType = SourceType.CONVERSATION
    provenance: Provenance = field(default_factory=Provenance)
    entities: tuple[EntityMention, ...] = ()
    relations: tuple[Relation, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=_no_extra)
    source_id: str | None = None
    trust: Trust = Trust.TRUSTED
    sensitivity: Sensitivity = Sensitivity.NORMAL
    author_id: str | None = None
    channel_id: str | None = None
    audience: tuple[str, ...] = ()
    subject: str | None = None
    stale_since: datetime | None = None
    stale_because: tuple[UUID, ...] = ()

    def mem0_form(self) -> Form:
        """The dict that mem0's ``get`` answers with: ``memory["memory"]`` is its text."""
        return memory_form(self)

    def __repr__(self) -> str:
        when = f" on {self.occurred_at:%Y-%m-%d}" if self.occurred_at else ""
        who = f"{self.speaker}: " if self.speaker else ""
        text = self.text if len(self.text) <= 100 else self.text[:97] + "..."
        return f"<Memory {self.id} {self.type.value}/{self.status.value}{when}: {who}{text!r}>"
