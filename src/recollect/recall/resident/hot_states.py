"""The hot states of the users who talk to this process, held beside their indexes and checked before every use.

A state that is held is used only when the tier below says that it is still the version: one cheap statement in place of
reading and decoding everything. So it is never wrong, whichever process writes; it can be dropped at any time.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from recollect.domain.hot import HotKind, HotState
from recollect.domain.scope import Scope
from recollect.ports.hot_health import HotHealth, TellsHealth
from recollect.ports.hot_tier import HotChange, HotTier, HotWrite, Swept, Written

MOST_USERS = 1_000
"""States held at most, about 100 kB each; the least recently used goes first."""


class ResidentHotTier:
    """See ``recollect.ports.hot_tier.HotTier``.

    Args:
        truth: the database's tier, or one that follows it; closed with it. most_users: how many states are held.
        notes: what is degraded below; a state that is held does not go on saying what was so when it was read.
    """

    def __init__(
        self, truth: HotTier, *, most_users: int = MOST_USERS, notes: Callable[[], tuple[str, ...]] = tuple
    ) -> None:
        self._truth = truth
        self._notes = notes
        self._most = most_users
        self._states: OrderedDict[tuple[str, str], HotState] = OrderedDict()
        self._hits = self._misses = 0

    def __len__(self) -> int:
        return len(self._states)

    async def load(
        self, scope: Scope, now: datetime, *, unless: int | None = None, whole: bool = False
    ) -> HotState | None:
        """The user's hot state at ``now``, or None if it is still at version ``unless``."""
        owner = (scope.tenant_id, scope.user_id)
        held = self._states.get(owner)
        state = await self._truth.load(scope, now, unless=None if held is None else held.version, whole=True)
        if state is None:
            state = held
            self._hits += 1
        else:
            self._misses += 1
        if state is None or 0 < state.version == unless:
            return None
        self._keep(owner, state)
        state = replace(state, degraded=self._notes())
        return state if whole else state.at(now)

    async def write(self, scope: Scope, writes: Sequence[HotWrite], now: datetime) -> Written:
        """Changes what fades, in the truth."""
        return await self._truth.write(scope, writes, now)

    async def clear(self, scope: Scope, kinds: Collection[HotKind]) -> int:
        """Removes every item of these kinds; returns how many were there."""
        return await self._truth.clear(scope, kinds)

    async def touch(self, scope: Scope, now: datetime) -> Written:
        """Notes that the user's session was used."""
        return await self._truth.touch(scope, now)

    async def follow(self, scope: Scope, change: HotChange) -> tuple[str, ...]:
        """Nothing is left to do: the next load sees that the version is another."""
        return await self._truth.follow(scope, change)

    async def forget(self, scope: Scope) -> None:
        """Drops what is held of a user who was erased."""
        self._states.pop((scope.tenant_id, scope.user_id), None)
        await self._truth.forget(scope)

    async def sweep(self, tenant_id: str, now: datetime) -> Swept:
        """Removes what has faded for all of a tenant's users; here it has faded by itself."""
        return await self._truth.sweep(tenant_id, now)

    async def rebuild(self, scope: Scope, now: datetime) -> None:
        """Reads the user's state anew with the next load."""
        self._states.pop((scope.tenant_id, scope.user_id), None)
        await self._truth.rebuild(scope, now)

    async def users(self, tenant_id: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The tenant's users who have a hot state, in order of their ids."""
        return await self._truth.users(tenant_id, after=after, limit=limit)

    def health(self) -> HotHealth:
        """How often a state that was held was still the version, and how the tier below is."""
        below = self._truth.health() if isinstance(self._truth, TellsHealth) else HotHealth()
        missed = self._misses if below.misses is None else below.misses
        return replace(below, hits=self._hits + (below.hits or 0), misses=missed)

    async def close(self) -> None:
        """Drops everything, and closes the truth."""
        self._states.clear()
        await self._truth.close()

    def _keep(self, owner: tuple[str, str], state: HotState) -> None:
        """Holds a state; there is nothing to hold of a user of whom nothing is known, and names nobody has are many."""
        if not state.version:
            self._states.pop(owner, None)
            return
        self._states[owner] = state
        self._states.move_to_end(owner)
        if len(self._states) > self._most:
            self._states.popitem(last=False)
