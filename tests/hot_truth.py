"""A small truth for the tests of projections: the hot state of users in a dictionary, with the rules of the port."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import anyio

from recollect.domain.goal import Goal
from recollect.domain.hot import HotItem, HotKind, HotLimits, HotState
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.domain.user_profile import UserProfile
from recollect.ports.hot_tier import HotChange, HotWrite, Swept, Written


@dataclass
class User:
    """What is known of one user."""

    version: int = 0
    always: list[Memory] = field(default_factory=list[Memory])
    profile: UserProfile | None = None
    session: Session | None = None
    used_at: datetime | None = None
    goals: list[Goal] = field(default_factory=list[Goal])
    recent: list[UUID] = field(default_factory=list[UUID])
    items: dict[tuple[HotKind, str], HotItem] = field(default_factory=dict[tuple[HotKind, str], HotItem])

    def bump(self) -> int:
        """The next version; the first is the time, so that no version comes twice."""
        self.version = self.version + 1 if self.version else int(datetime.now(UTC).timestamp() * 1_000_000)
        return self.version


class HotTruth:
    """See ``recollect.ports.hot_tier.HotTier``. Everything that it gives out is a copy.

    Attributes:
        loads: how often it was asked. slow_s: how long each answer takes. full: how often it gave a whole state.
    """

    def __init__(self, limits: HotLimits | None = None, *, slow_s: float = 0.0) -> None:
        self.limits = limits or HotLimits()
        self.data: defaultdict[tuple[str, str], User] = defaultdict(User)
        self.loads = self.full = 0
        self.slow_s = slow_s

    def of(self, scope: Scope) -> User:
        """The user's own entry, to be changed by tests."""
        return self.data[scope.tenant_id, scope.user_id]

    def derive(self, scope: Scope, **changes: Any) -> HotChange:
        """Changes what stands in the log, as a transaction of the store would."""
        user = self.of(scope)
        for name, value in changes.items():
            setattr(user, name, value)
        return HotChange(version=user.bump(), derived=True)

    def remember(self, scope: Scope, memory_id: UUID, at: datetime) -> HotChange:
        """A new memory, as a transaction of the store would tell of it."""
        user = self.of(scope)
        user.recent = sorted([memory_id, *user.recent], reverse=True)[: self.limits.recent]
        write = HotWrite(kind=HotKind.RECENT, name=str(memory_id), memory_id=memory_id, at=at)
        return HotChange(version=user.bump(), writes=(write,))

    def erase(self, scope: Scope) -> None:
        """Everything of a user is gone, as after an erasure."""
        self.data.pop((scope.tenant_id, scope.user_id), None)

    async def load(
        self, scope: Scope, now: datetime, *, unless: int | None = None, whole: bool = False
    ) -> HotState | None:
        """The state at one moment, told after a while."""
        self.loads += 1
        user = self.data.get((scope.tenant_id, scope.user_id), User())
        state = HotState(
            version=user.version,
            always=tuple(user.always),
            profile=user.profile,
            session=user.session,
            used_at=user.used_at,
            goals=tuple(user.goals),
            recent=tuple(user.recent),
            items=tuple(sorted(user.items.values(), key=lambda item: (item.at, item.name, item.kind))),
        )
        await anyio.sleep(self.slow_s)
        if unless is not None and unless == state.version:
            return None
        self.full += 1
        return state if whole else state.at(now)

    async def write(self, scope: Scope, writes: Sequence[HotWrite], now: datetime) -> Written:
        """Puts, removes, and trims, and tells of all three."""
        if not writes:
            return Written()
        user = self.of(scope)
        for write in writes:
            if write.value is None:
                user.items.pop((write.kind, write.name), None)
            else:
                value = json.loads(json.dumps(write.value))
                user.items[write.kind, write.name] = HotItem(
                    kind=write.kind,
                    name=write.name,
                    value=value,
                    memory_id=write.memory_id,
                    at=write.at,
                    expires_at=write.expires_at,
                )
        trimmed = [
            HotWrite(kind=item.kind, name=item.name, value=None, at=now)
            for kind in {write.kind for write in writes}
            for item in self._beyond(user, kind, now)
        ]
        for removal in trimmed:
            del user.items[removal.kind, removal.name]
        return Written(change=HotChange(version=user.bump(), writes=(*writes, *trimmed)))

    def _beyond(self, user: User, kind: HotKind, now: datetime) -> list[HotItem]:
        there = [item for item in user.items.values() if item.kind is kind and item.there_at(now)]
        there.sort(key=lambda item: (item.at, item.name), reverse=True)
        tokens = [sum(item.value.get("tokens", 0) for item in there[: place + 1]) for place in range(len(there))]
        limit = self.limits.sensed_tokens if kind is HotKind.SENSED else None
        return [
            item
            for place, item in enumerate(there)
            if place >= self.limits.most(kind) or (limit is not None and tokens[place] > limit)
        ]

    async def clear(self, scope: Scope, kinds: Collection[HotKind]) -> int:
        """Removes every item of these kinds."""
        user = self.of(scope)
        gone = [key for key in user.items if key[0] in kinds]
        for key in gone:
            del user.items[key]
        user.bump()
        return len(gone)

    async def touch(self, scope: Scope, now: datetime) -> Written:
        """Notes that the user's session was used, once a minute."""
        user = self.of(scope)
        if user.used_at is not None and now < user.used_at + timedelta(minutes=1):
            return Written()
        user.used_at = now
        return Written(change=HotChange(version=user.bump(), used_at=user.used_at))

    async def follow(self, scope: Scope, change: HotChange) -> tuple[str, ...]:  # noqa: ARG002 - the port's
        """Nothing is left to do."""
        return ()

    async def forget(self, scope: Scope) -> None:
        """Nothing is left to do."""

    async def sweep(self, tenant_id: str, now: datetime) -> Swept:
        """Removes what has faded."""
        users: list[str] = []
        for (tenant, user_id), user in self.data.items():
            if tenant == tenant_id:
                faded = [key for key, item in user.items.items() if not item.there_at(now)]
                users += [user_id] * len(faded)
                user.items = {key: item for key, item in user.items.items() if item.there_at(now)}
        return Swept(items=len(users), users=tuple(sorted(set(users))))

    async def rebuild(self, scope: Scope, now: datetime) -> None:
        """Nothing is left to do."""

    async def users(self, tenant_id: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The tenant's users."""
        return sorted(user for tenant, user in self.data if tenant == tenant_id and user > after)[:limit]

    async def close(self) -> None:
        """Nothing is open."""


def without_notes(state: HotState | None) -> HotState | None:
    """The state without what could not be asked, which two adapters may differ in."""
    return None if state is None else replace(state, degraded=())
