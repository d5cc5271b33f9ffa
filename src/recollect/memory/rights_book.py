"""The rights book: active policies, memberships and channels' links at hand, so that a turn need not ask for them.

Whether a user may read in a project goes by it, and what policies are told of a caller. Whether one may write there
does not: writes look memberships and links up anew.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar, cast

from recollect.domain.channel import Channel
from recollect.domain.policy import Policy
from recollect.domain.project import Project, ProjectMember
from recollect.domain.thing import Thing
from recollect.ports.store import Store

T = TypeVar("T", bound=Thing)

KEPT_ENTRIES: Final = 10_000
KEPT_SECONDS: Final = 1.0
"""How long another process may go on with what it knows; this one's own changes count at once.

So a user who is removed from a project by another process may read there for up to one second more, and a channel that
another process unlinks shows what its project shares for as long.
"""


class _Wanted(NamedTuple):
    """Things of a kind: where some field, of which there is one in the name, has this value."""

    kind: type[Thing]
    field: str
    value: Any

    @property
    def where(self) -> Mapping[str, Any]:
        return {self.field: self.value}


_Name = tuple[str, _Wanted]
_POLICIES: Final = _Wanted(Policy, "active", True)


class RightsBook:
    """Reads what decides who may read, and keeps it for a moment."""

    def __init__(self, store: Store, seconds: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._seconds = seconds
        self._kept: OrderedDict[_Name, tuple[float, Sequence[Thing]]] = OrderedDict()
        self._changes = 0

    async def active(self, tenant_id: str) -> Sequence[Policy]:
        """The tenant's active policies.

        Raises:
            StoreError: the database cannot be asked; then nothing may be read or written either.
        """
        (policies,) = await self._read(tenant_id, _POLICIES)
        return cast(Sequence[Policy], policies)

    async def memberships(self, tenant_id: str, user_id: str) -> Sequence[ProjectMember]:
        """The user's places in projects, for policies that look at roles.

        Raises:
            StoreError: the database cannot be asked.
        """
        (memberships,) = await self._read(tenant_id, _places_of(user_id))
        return cast(Sequence[ProjectMember], memberships)

    async def place(self, tenant_id: str, user_id: str, project_id: str) -> tuple[ProjectMember | None, bool]:
        """The user's place in a project, and whether there is such a project.

        Raises:
            StoreError: the database cannot be asked.
        """
        # The policies, which every call asks for next, come in the same round trip.
        found = await self._read(tenant_id, _places_of(user_id), _Wanted(Project, "id", project_id), _POLICIES)
        memberships = cast(Sequence[ProjectMember], found[0])
        return next((one for one in memberships if one.project_id == project_id), None), bool(found[1])

    async def channel(
        self, tenant_id: str, user_id: str, channel_id: str
    ) -> tuple[Channel | None, Sequence[ProjectMember]]:
        """A channel's link, or None if it has none, and the user's places in projects.

        Raises:
            StoreError: the database cannot be asked.
        """
        found = await self._read(tenant_id, _places_of(user_id), _Wanted(Channel, "id", channel_id), _POLICIES)
        links = cast(Sequence[Channel], found[1])
        return (links[0] if links else None), cast(Sequence[ProjectMember], found[0])

    def forget(self, tenant_id: str) -> None:
        """Called after a policy, a membership, a project or a channel's link was changed here."""
        self._changes += 1
        for name in [name for name in self._kept if name[0] == tenant_id]:
            del self._kept[name]

    async def _read(self, tenant_id: str, *wanted: _Wanted) -> list[Sequence[Thing]]:
        """The things for each of these, those that are not at hand in one round trip."""
        now = self._seconds()
        kept = {one: self._kept.get((tenant_id, one)) for one in wanted}
        known = {one: entry[1] for one, entry in kept.items() if entry is not None and now < entry[0]}
        missing = [one for one in wanted if one not in known]
        if missing:
            changes = self._changes
            found = await self._store.things_each(tenant_id, [(one.kind, one.where) for one in missing])
            known |= dict(zip(missing, found, strict=True))
            if changes == self._changes:  # what was read before a change is not kept beyond it
                self._keep(tenant_id, {one: known[one] for one in missing}, now + KEPT_SECONDS)
        return [known[one] for one in wanted]

    def _keep(self, tenant_id: str, found: Mapping[_Wanted, Sequence[Thing]], until: float) -> None:
        for one, things in found.items():
            self._kept[tenant_id, one] = (until, things)
            self._kept.move_to_end((tenant_id, one))
        while len(self._kept) > KEPT_ENTRIES:
            self._kept.popitem(last=False)


def _places_of(user_id: str) -> _Wanted:
    return _Wanted(ProjectMember, "user_id", user_id)
