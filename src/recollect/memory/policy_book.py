"""The policy book: the tenant's active policies at hand, so that a search need not ask the database for them."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from recollect.domain.policy import Policy
from recollect.domain.project import ProjectMember
from recollect.domain.thing import Thing
from recollect.ports.store import Store

T = TypeVar("T", bound=Thing)

KEPT_ENTRIES: Final = 10_000
KEPT_SECONDS: Final = 1.0
"""How long another process may go on with the policies it knows; this one's own changes count at once."""


class PolicyBook:
    """Reads the active policies and the callers' memberships, and keeps both for a moment."""

    def __init__(self, store: Store, seconds: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._seconds = seconds
        self._kept: OrderedDict[tuple[str, ...], tuple[float, Sequence[Any]]] = OrderedDict()
        self._changes = 0

    async def active(self, tenant_id: str) -> Sequence[Policy]:
        """The tenant's active policies.

        Raises:
            StoreError: the database cannot be asked; then nothing may be read or written either.
        """
        return await self._read((tenant_id,), Policy, {"active": True})

    async def memberships(self, tenant_id: str, user_id: str) -> Sequence[ProjectMember]:
        """The user's places in projects, for policies that look at roles.

        Raises:
            StoreError: the database cannot be asked.
        """
        return await self._read((tenant_id, user_id), ProjectMember, {"user_id": user_id})

    def forget(self, tenant_id: str) -> None:
        """Called after a policy or a membership was changed here."""
        self._changes += 1
        for name in [name for name in self._kept if name[0] == tenant_id]:
            del self._kept[name]

    async def _read(self, name: tuple[str, ...], kind: type[T], where: Mapping[str, Any]) -> Sequence[T]:
        kept = self._kept.get(name)
        if kept is not None and self._seconds() < kept[0]:
            return kept[1]
        changes, until = self._changes, self._seconds() + KEPT_SECONDS
        found = await self._store.things(kind, name[0], where)
        if changes == self._changes:  # what was read before a change is not kept beyond it
            self._kept[name] = (until, found)
            if len(self._kept) > KEPT_ENTRIES:
                self._kept.popitem(last=False)
        return found
