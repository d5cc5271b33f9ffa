"""Decision: what policies say about one write or one read, who asks, and what of a memory a reading policy sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from recollect.domain.condition import Condition, value_of
from recollect.domain.record import Memory


class Action(StrEnum):
    """What is to be done with a memory."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks.

    Attributes:
        user_id: the user who acts.
        roles: what the credential and memberships make of them, e.g. ``admin``.
        projects: their role by project.
    """

    user_id: str
    roles: frozenset[str] = frozenset()
    projects: Mapping[str, str] = field(default_factory=dict[str, str])


class Rule(StrEnum):
    """What of a policy decided."""

    ALLOW = "allow"
    DENY = "deny"
    DEFAULT_DENY = "default deny"
    FILTER = "filter"
    NOT_APPLICABLE = "not applicable"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One policy's answer.

    Attributes:
        policy: its name. version: which one answered. rule: what of it decided.
        allowed: whether it lets it pass; True when it does not govern the case.
        reason: what ``deny`` said, or what went wrong.
        condition: with ``rule`` FILTER, what must hold of each memory that is read.
    """

    policy: str
    version: int
    rule: Rule
    allowed: bool
    reason: str = ""
    condition: Condition | None = None

    def __str__(self) -> str:
        said = f": {self.reason}" if self.reason else ""
        return f"policy {self.policy!r} (version {self.version}): {self.rule.value}{said}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What all policies together say: everything that governs the case must let it pass."""

    verdicts: tuple[Verdict, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing forbids it."""
        return all(verdict.allowed for verdict in self.verdicts)

    @property
    def reason(self) -> str:
        """The first verdict that forbids it, in words; empty when it is allowed."""
        return next((str(verdict) for verdict in self.verdicts if not verdict.allowed), "")

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What must hold of each memory that is read."""
        return tuple(verdict.condition for verdict in self.verdicts if verdict.condition is not None)

    def explain(self) -> str:
        """A line for the outcome and one for each policy."""
        outcome = "allowed" if self.allowed else "denied"
        return "\n".join([outcome, *(f"  {verdict}" for verdict in self.verdicts)])


Seen = tuple[str | None, ...]
"""What a reading policy sees of a memory, in the order of the fields that it looks at."""


@dataclass(frozen=True, slots=True)
class Readable:
    """Which memories policies let pass by what they see of them; what looks like none of these is not read."""

    fields: tuple[str, ...]
    seen: frozenset[Seen]


OCCURRED_MONTH: Final = "occurred_month"
WRITTEN_MONTH: Final = "written_month"
VISIBLE: Final = (
    "type",
    "tier",
    "status",
    "trust",
    "sensitivity",
    "user_id",
    "owner",
    "author_id",
    "agent_id",
    "project_id",
    "conversation_id",
    "source_id",
    OCCURRED_MONTH,
    WRITTEN_MONTH,
)
"""The fields of ``input.memory`` when reading. They take few values, so that many memories share one evaluation."""


def seen_of(memory: Memory, fields: Sequence[str]) -> Seen:
    """What a policy that looks at these fields sees of the memory."""
    return tuple(_visible(memory, name) for name in fields)


def month_of(moment: datetime) -> str:
    """The month of a time in UTC, e.g. ``2026-05``."""
    utc = moment.astimezone(UTC)
    return f"{utc.year:04}-{utc.month:02}"


def _visible(memory: Memory, name: str) -> str | None:
    if name in (OCCURRED_MONTH, WRITTEN_MONTH):
        moment = memory.occurred_at if name == OCCURRED_MONTH else memory.written_at
        return None if moment is None else month_of(moment)
    value = value_of(memory, name)
    return None if value is None else str(value)


def asked(action: Action, caller: Caller, method: str, now: datetime) -> dict[str, Any]:
    """The ``input`` of a policy, without a memory; times are told to the minute, so that answers can be kept."""
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    return {
        "action": action.value,
        "method": method,
        "user": caller.user_id,
        "roles": sorted(caller.roles),
        "projects": dict(sorted(caller.projects.items())),
        "now": minute.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "clock": {
            "year": minute.year,
            "month": minute.month,
            "day": minute.day,
            "hour": minute.hour,
            "minute": minute.minute,
            "weekday": minute.strftime("%A"),
            "unix": int(minute.timestamp()),
        },
    }


def memory_as_input(memory: Memory) -> dict[str, Any]:
    """``input.memory`` when writing: the whole record."""
    plain = {name: value_of(memory, name) for name in _WRITTEN}
    times = {name: _iso(getattr(memory, name)) for name in _WRITTEN_TIMES}
    entities = [entity.name for entity in memory.entities]
    return {
        **{name: str(value) if isinstance(value, StrEnum) else value for name, value in plain.items()},
        **times,
        **dict(zip((OCCURRED_MONTH, WRITTEN_MONTH), seen_of(memory, (OCCURRED_MONTH, WRITTEN_MONTH)), strict=True)),
        "id": str(memory.id),
        "source_type": memory.source_type.value,
        "entities": entities,
        "metadata": dict(memory.extra),
    }


_WRITTEN: Final = (
    *VISIBLE[:-2],
    "text",
    "speaker",
    "key",
    "value",
    "confidence",
    "importance",
    "emotion",
)
_WRITTEN_TIMES: Final = ("occurred_at", "written_at", "valid_from", "valid_to")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
