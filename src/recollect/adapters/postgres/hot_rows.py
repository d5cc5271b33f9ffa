"""Hot rows: what a transaction does to a user's hot state, as statements of its own or among those of the log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from recollect.adapters.postgres.queries import QUERIES
from recollect.domain.event import EventType
from recollect.domain.hot import DURABLE, HotKind, HotLimits
from recollect.domain.kinds.identity import always_loaded
from recollect.domain.scope import Scope, is_reserved
from recollect.ports.hot_tier import HotChange, HotWrite
from recollect.ports.store import Change

Row = dict[str, Any]
Statement = tuple[sql.SQL | sql.Composed, list[Row]]


@dataclass(slots=True)
class HotRows:
    """Collects what is to be written; ``statements`` gives it in order.

    Attributes:
        writes: what fades. derived: whether something that is loaded on every turn and stands in the log changed.
    """

    writes: list[HotWrite] = field(default_factory=list[HotWrite])
    derived: bool = False
    _recent: list[HotWrite] = field(default_factory=list[HotWrite])
    _changed: list[UUID] = field(default_factory=list[UUID])

    def note(self, change: Change) -> None:
        """Takes in a change of a memory: it may be among the newest, be reminded of, be always loaded."""
        after, before = change.after, change.before
        if before is None:
            write = HotWrite(kind=HotKind.RECENT, name=str(after.id), memory_id=after.id, at=after.written_at)
            self._recent.append(write)
        elif change.type not in (EventType.MEMORY_REINFORCED, EventType.MEMORY_USED):
            self._changed.append(after.id)
            self.derived = True
        if always_loaded(after) or (before is not None and always_loaded(before)):
            self.derived = True

    def touched(self, scope: Scope) -> bool:
        """Whether the user's hot state has another version after this."""
        return not is_reserved(scope.user_id) and bool(self.writes or self._recent or self.derived)

    def change(self, version: int, limits: HotLimits, trimmed: Iterable[tuple[str, str]]) -> HotChange:
        """What is told to projections; ``trimmed`` is what went beyond the limits."""
        newest = self._recent[-limits.recent :]
        return HotChange(version=version, writes=(*newest, *self.writes, *removals(trimmed)), derived=self.derived)

    def statements(self, scope: Scope) -> Iterator[Statement]:
        """What is to be executed, in order, before what is beyond the limits is trimmed."""
        owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
        if self._changed and self.touched(scope):
            yield QUERIES["forget_reminders"], [{**owner, "ids": self._changed}]
        yield from put(scope, self.writes)


def put(scope: Scope, writes: Iterable[HotWrite]) -> Iterator[Statement]:
    """The statements that put and remove items, by table; what is recent is read from the records."""
    owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
    rows: dict[str, list[Row]] = {}
    for write in {(write.kind, write.name): write for write in writes}.values():  # the last one of a name counts
        if write.kind is not HotKind.RECENT:
            table = "hot_item" if write.kind in DURABLE else "hot_scratch"
            verb = "remove" if write.value is None else "put"
            rows.setdefault(f"{verb}_{table}", []).append({**owner, **_parameters(write)})
    for name, several in rows.items():
        yield QUERIES[name], several


def trims(
    scope: Scope, writes: Iterable[HotWrite], now: datetime, limits: HotLimits
) -> Iterator[tuple[sql.SQL, dict[str, Any]]]:
    """What removes what went beyond the limits of each kind, and what has faded; each gives kind and name."""
    for kind in dict.fromkeys(w.kind for w in writes if w.value is not None and w.kind is not HotKind.RECENT):
        yield (
            QUERIES["trim_hot_item" if kind in DURABLE else "trim_hot_scratch"],
            {
                "tenant_id": scope.tenant_id,
                "user_id": scope.user_id,
                "kind": kind.value,
                "now": now,
                "most": limits.most(kind),
                "most_tokens": limits.sensed_tokens if kind is HotKind.SENSED else None,
            },
        )


def removals(trimmed: Iterable[tuple[str, str]]) -> Iterator[HotWrite]:
    """What the trims gave, as removals."""
    for kind, name in trimmed:
        yield HotWrite(kind=HotKind(kind), name=name, value=None, at=datetime.now(UTC))


def _parameters(write: HotWrite) -> Row:
    return {
        "kind": write.kind.value,
        "name": write.name,
        "memory_id": write.memory_id,
        "value": None if write.value is None else Jsonb(dict(write.value)),
        "at": write.at,
        "expires_at": write.expires_at,
    }
