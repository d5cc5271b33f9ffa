"""The policy book: the tenant's active policies at hand, so that a search need not ask the database for them."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from recollect.domain.policy import Policy
from recollect.ports.store import Store

KEPT_SECONDS: Final = 1.0
"""How long another process may go on with the policies it knows; this one's own changes count at once."""


class PolicyBook:
    """Reads the active policies and keeps them for a moment."""

    def __init__(self, store: Store, seconds: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._seconds = seconds
        self._kept: dict[str, tuple[float, Sequence[Policy]]] = {}
        self._changes = 0

    async def active(self, tenant_id: str) -> Sequence[Policy]:
        """The tenant's active policies.

        Raises:
            StoreError: the database cannot be asked; then nothing may be read or written either.
        """
        kept = self._kept.get(tenant_id)
        if kept is not None and self._seconds() < kept[0]:
            return kept[1]
        changes, until = self._changes, self._seconds() + KEPT_SECONDS
        policies = await self._store.things(Policy, tenant_id, {"active": True})
        if changes == self._changes:  # what was read before a change is not kept beyond it
            self._kept[tenant_id] = (until, policies)
        return policies

    def forget(self, tenant_id: str) -> None:
        """Called after a policy was changed here."""
        self._changes += 1
        self._kept.pop(tenant_id, None)
