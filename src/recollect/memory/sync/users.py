"""The synchronous face of ``recollect.memory.desks.users``; made by tools/generate_sync.py, do not edit."""

from functools import partial

from recollect.domain.certificate import Certificate
from recollect.domain.person import PersonKind, UserDetail, UserSummary
from recollect.memory.background import LOOP
from recollect.memory.desks.users import UsersDesk
from recollect.memory.listing import Listing


class SyncUsersDesk:
    """Who has memories in the tenant.

    ``list`` is an operator's, as ``access`` and ``audit`` are: it tells names and numbers of everybody, and no words. A
    door offers it to administrators only. ``get`` is asked as the user, so it counts what that user may read.
    """

    def __init__(self, inner: UsersDesk) -> None:
        self._inner = inner

    def list(
        self, *, kind: PersonKind | str = PersonKind.USER, limit: int = 50, cursor: str | None = None
    ) -> Listing[UserSummary]:
        """Lists users, agents or conversations by name, with the number of living memories of each.

        Projects' shared memories belong to no user and are not listed; nor is who was erased.

        Args:
            kind: ``user``, ``agent`` (by which any user's memories are held) or ``conversation`` (by user, then id).
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.

        Example:
            >>> [(one.id, one.memories > 0) for one in memory.users.list(limit=1)]
            [('ana', True)]
        """
        return LOOP.call(partial(self._inner.list, kind=kind, limit=limit, cursor=cursor))

    def get(self, *, user_id: str) -> UserDetail:
        """Returns a user in numbers: memories by type, tier and status, the log's length, whether erased.

        What policies hide from the user is not counted.

        Raises:
            NotFound: nothing of the user was ever stored. NotAllowed: a policy forbids the user to read at all.

        Example:
            >>> memory.users.get(user_id="ben").erased
            False
        """
        return LOOP.call(partial(self._inner.get, user_id=user_id))

    def delete(self, *, user_id: str, actor: str = "user") -> Certificate:
        """Erases a user for good, with a certificate: another name of ``erasure.user``, see there.

        Nothing can be brought back; ``rollback(user_id=..., to=0)`` is what only empties a memory.

        Raises:
            NotFound: nothing of the user was ever stored.
        """
        return LOOP.call(partial(self._inner.delete, user_id=user_id, actor=actor))
