"""Identity fields: what a user is known by, as callers read it: typed values, from whom they are, since when.

A field is the fact of key ``user:<field>``: of an attribute that is always loaded, or of type ``identity``, as set by
hand. A value that is no string stands in the record as canonical JSON, with a mark in the record's metadata.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from recollect.domain.event import canonical_json
from recollect.domain.hearing import standing
from recollect.domain.kinds.identity import is_identity
from recollect.domain.record import Memory, MemoryType, ProvenanceSource, Trust
from recollect.errors import ValidationError
from recollect.memory.desk_arguments import small_json
from recollect.writing.timeline import tellings_of

PREFIX: Final = "user:"
MARK: Final = "identity"
"""Under this name a record's metadata says that its value is JSON: ``{"identity": {"json": true}}``."""
SEVERAL: Final = frozenset(
    {
        *("allergy", "condition", "medication", "eats", "drinks", "likes", "dislikes", "prefers", "hobby"),
        *("plays", "owns", "language", "school", "degree", "daughter", "son", "brother", "sister", "friend", "pet"),
    }
)
"""Attributes of which a person has several values, each a fact of its own, as when they are told in conversation."""
MAX_VALUE: Final = 8_000
"""Bytes of a value as JSON."""
LONGEST_SENTENCE: Final = 2_000
_NAME = re.compile(r"[a-z0-9_]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityField:
    """One field of a user's identity, as it holds now.

    Attributes:
        name: the field. value: a string, number, boolean, list, object or null; a list of them all when several hold.
        confidence: how sure we are, 0..1; of several, the least.
        source: who vouches for it: ``user_explicit``, ``agent_inferred``, ``consolidation``, ...
        memory_id: the record that says so. since: from when on it is said to hold, or None when unknown.
        version: of the record. derived: a pattern over many memories, not something that was said.
        each: the values one by one when several hold; otherwise empty.
    """

    name: str
    value: Any
    confidence: float
    source: ProvenanceSource
    memory_id: UUID
    since: datetime | None
    version: int
    derived: bool = False
    each: tuple["IdentityField", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityValue:
    """A value that a field has or had.

    Attributes:
        value: as of ``IdentityField``; None where it was said that a value has ended, see ``ended``.
        ended: the value that was said to have ended, or None.
        memory_id: the record. source, confidence: as of ``IdentityField``. holds: whether it is the value now.
        since, until: when it held; None is open or unknown. told_at: when it was last told. times: how often.
        told_by: who said it, by name, or who wrote it. evidence: ids of the memories or messages that it rests on.
    """

    value: Any
    ended: Any
    memory_id: UUID
    source: ProvenanceSource
    confidence: float
    holds: bool
    since: datetime | None
    until: datetime | None
    told_at: datetime | None
    times: int
    told_by: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity(Mapping[str, IdentityField]):
    """What a user is known by: ``identity["location"].value``.

    Attributes:
        fields: by name, in order of the names. degraded: what could not be asked, and why.
    """

    fields: Mapping[str, IdentityField] = field(default_factory=dict[str, IdentityField])
    degraded: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> IdentityField:
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    @property
    def plain(self) -> dict[str, Any]:
        """The values alone, by name."""
        return {name: one.value for name, one in self.fields.items()}


def field_key(name: object) -> str:
    """The key of a field that is set by hand.

    Raises:
        ValidationError: it is no name of 1 to 60 small letters, digits and underscores.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        shown = repr(name)[:80]
        raise ValidationError("field", f"must be 1 to 60 small letters, digits or underscores, not {shown}")
    return PREFIX + name


def checked_value(value: object) -> Any:
    """Returns any JSON value of at most 8,000 bytes as plain values, as it will be read back.

    Raises:
        ValidationError: it is something else, or an empty string.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValidationError("value", "is empty; to take a field away, remove it")
    return small_json("value", value, most=MAX_VALUE)


def written(value: Any) -> str:
    """A value as it stands in a record."""
    return value.strip() if isinstance(value, str) else canonical_json(value).decode()


def marked(extra: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """A record's metadata with the mark that its value needs, or without it."""
    rest = {name: entry for name, entry in extra.items() if name != MARK}
    return rest if isinstance(value, str) else {**rest, MARK: {"json": True}}


def typed(text: str | None, extra: Mapping[str, Any]) -> Any:
    """The value in a record's text, typed again."""
    mark = extra.get(MARK)
    if text is None or not isinstance(mark, Mapping) or not cast(Mapping[str, Any], mark).get("json"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def sentence(name: str, value: Any) -> str:
    """A field in words: ``family: children Madeline, Anne, Thomas``."""
    text = f"{name.replace('_', ' ')}: {_in_words(value)}"
    return text if len(text) <= LONGEST_SENTENCE else text[: LONGEST_SENTENCE - 1] + "…"


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        entries = cast(Mapping[str, Any], value).items()
        return "; ".join(f"{name.replace('_', ' ')} {_in_words(entry)}" for name, entry in entries) or "nothing"
    if isinstance(value, list):
        return ", ".join(_in_words(entry) for entry in cast(list[Any], value)) or "nothing"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "unknown"}[value]
    return str(value)


def is_field(memory: Memory) -> bool:
    """Whether a record states a field of the user's identity; what is not trusted is never loaded unasked."""
    own = (memory.key or "").startswith(PREFIX) and memory.value is not None and memory.trust is Trust.TRUSTED
    return own and (is_identity(memory.key) or memory.type is MemoryType.IDENTITY)


def identity_of(memories: Sequence[Memory], degraded: tuple[str, ...] = ()) -> Identity:
    """The identity that records state."""
    found: dict[str, list[IdentityField]] = {}
    for memory in sorted(standing(filter(is_field, memories)), key=lambda one: (one.key or "", one.id)):
        one = field_of(memory)
        found.setdefault(one.name, []).append(one)
    return Identity({name: several(values) for name, values in found.items()}, degraded)


def field_of(memory: Memory) -> IdentityField:
    """The field that one record states."""
    return IdentityField(
        name=(memory.key or "").removeprefix(PREFIX),
        value=typed(memory.value, memory.extra),
        confidence=memory.confidence,
        source=memory.provenance.source,
        memory_id=memory.id,
        since=memory.valid_from,
        version=memory.version,
        derived=memory.provenance.source is ProvenanceSource.CONSOLIDATION,
    )


def several(values: Sequence[IdentityField]) -> IdentityField:
    """One field for all the values that hold at once."""
    first = values[0]
    if len(values) == 1 and first.name not in SEVERAL:
        return first
    return IdentityField(
        name=first.name,
        value=[one.value for one in values],
        confidence=min(one.confidence for one in values),
        source=first.source,
        memory_id=first.memory_id,
        since=min((one.since for one in values if one.since is not None), default=None),
        version=max(one.version for one in values),
        derived=any(one.derived for one in values),
        each=tuple(values),
    )


def past_value(memory: Memory, told_by: str, now: datetime) -> IdentityValue:
    """A record of a field as a line of its history."""
    tellings = tellings_of(memory)
    denied = tellings[-1].denied or None
    started = memory.valid_from is None or memory.valid_from <= now
    living = memory.value is not None and memory.status.value != "superseded"
    return IdentityValue(
        value=typed(memory.value, memory.extra),
        ended=typed(denied, memory.extra) if memory.value is None else None,
        memory_id=memory.id,
        source=memory.provenance.source,
        confidence=memory.confidence,
        holds=living and started and (memory.valid_to is None or memory.valid_to > now),
        since=memory.valid_from,
        until=memory.valid_to,
        told_at=memory.told_at,
        times=memory.reinforcements + 1,
        told_by=told_by,
        evidence=memory.provenance.evidence,
    )
