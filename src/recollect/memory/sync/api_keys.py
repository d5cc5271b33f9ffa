"""The synchronous face of ``recollect.memory.desks.api_keys``; made by tools/generate_sync.py, do not edit."""

from datetime import datetime
from functools import partial
from uuid import UUID

from recollect.domain.api_key import ApiKey, IssuedKey
from recollect.domain.credential import Access
from recollect.memory.background import LOOP
from recollect.memory.desks.api_keys import ApiKeysDesk
from recollect.memory.listing import Listing


class SyncApiKeysDesk:
    """The tenant's keys. What is kept of a key cannot open anything; only ``create`` ever tells the token."""

    def __init__(self, inner: ApiKeysDesk) -> None:
        self._inner = inner

    def create(
        self,
        name: str,
        *,
        access: Access | str = Access.WRITE,
        user_id: str | None = None,
        project_id: str | None = None,
        expires_at: datetime | str | None = None,
        requests_per_minute: int | None = None,
        actor: str = "user",
    ) -> IssuedKey:
        """Makes a key. Keep the answer's ``token``: it is not stored, and never shown again.

        Args:
            name: what it is for, in your own words.
            access: read, write or admin; admin is for keys that are bound to neither a user nor a project.
            user_id: the only user it may act for; any if None. It goes when this user is erased.
            project_id: the only project it may act in; any if None.
            expires_at: from when on it opens nothing, timezone-aware and in the future; never if None.
            requests_per_minute: how often it may be used; as often as the server lets any key (RECOLLECT_RATE_LIMIT)
                if None.
            actor: who makes it.

        Raises:
            ValidationError: an argument cannot be used; nothing was written.

        Example:
            >>> issued = memory.keys.create("the website", access="read")
            >>> issued.token.startswith("rk_")
            True
        """
        return LOOP.call(
            partial(
                self._inner.create,
                name,
                access=access,
                user_id=user_id,
                project_id=project_id,
                expires_at=expires_at,
                requests_per_minute=requests_per_minute,
                actor=actor,
            )
        )

    def get(self, key_id: UUID | str) -> ApiKey:
        """Returns one key, revoked or not, with its last use.

        Raises:
            NotFound: there is none of that id.
        """
        return LOOP.call(partial(self._inner.get, key_id))

    def list(self, *, limit: int = 50, cursor: str | None = None) -> Listing[ApiKey]:
        """Lists the keys, newest first, those that were revoked or have expired too.

        Args:
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
        """
        return LOOP.call(partial(self._inner.list, limit=limit, cursor=cursor))

    def revoke(self, key_id: UUID | str, *, actor: str = "user") -> ApiKey:
        """Takes a key back: here at once, in other processes within a second. Doing so again changes nothing.

        Raises:
            NotFound: there is none of that id.
        """
        return LOOP.call(partial(self._inner.revoke, key_id, actor=actor))
