"""API keys: made once and shown once, listed with their last use, and taken back; see ``docs/api-keys.md``."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from recollect.domain.api_key import ApiKey, IssuedKey, StoredKey, Token, digest_of, new_secret
from recollect.domain.credential import Access
from recollect.domain.event import EventType
from recollect.domain.ids import new_id, parse_id
from recollect.domain.scope import tenant_scope
from recollect.domain.times import parse_time
from recollect.errors import ValidationError
from recollect.memory.arguments import cause_of, check_limit, member, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import short_text, whole
from recollect.memory.listing import Listing, listing, the_one
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.ports.store import ThingChange, Wanted

NAME = 255
"""Characters of a key's name."""
MOST_A_MINUTE = 1_000_000


class ApiKeysDesk:
    """The tenant's keys. What is kept of a key cannot open anything; only ``create`` ever tells the token."""

    AREA: str = "keys."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def create(
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
            >>> issued = await memory.keys.create("the website", access="read")
            >>> issued.token.startswith("rk_")
            True
        """
        parts = await self.core.ready()
        secret, bound = new_secret(), _bound(parts, user_id, project_id)
        now = parts.clock.now()
        key = StoredKey(
            tenant_id=parts.tenant_id,
            id=new_id(),
            name=short_text("name", name, most=NAME),
            digest=digest_of(secret),
            access=_access(access, user_id, project_id),
            user_id=bound[0],
            project_id=bound[1],
            requests_per_minute=_rate(requests_per_minute),
            created_at=now,
            expires_at=_expiry(expires_at, now),
        )
        cause = cause_of({"actor": actor})
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), cause) as transaction:
            await transaction.commit([ThingChange(type=EventType.API_KEY_CREATED, after=key)])
        parts.keys.forget(parts.tenant_id, key.id)
        token = Token(tenant_id=parts.tenant_id, key_id=key.id, secret=secret).text
        return IssuedKey(key=key.shown(), token=token)

    @recorded
    async def get(self, key_id: UUID | str) -> ApiKey:
        """Returns one key, revoked or not, with its last use.

        Raises:
            NotFound: there is none of that id.
        """
        parts, wanted = await self.core.ready(), parse_id("key_id", key_id)
        found = the_one(await parts.store.things(StoredKey, parts.tenant_id, {"id": wanted}), f"API key {wanted}")
        return (await _shown(parts, [found]))[0]

    @recorded
    async def list(self, *, limit: int = 50, cursor: str | None = None) -> Listing[ApiKey]:
        """Lists the keys, newest first, those that were revoked or have expired too.

        Args:
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
        """
        check_limit("limit", limit)
        after = None if cursor is None else [parse_id("cursor", cursor)]
        parts = await self.core.ready()
        found = await parts.store.things(StoredKey, parts.tenant_id, {}, limit=limit + 1, after=after, newest=True)
        return listing(await _shown(parts, found), limit, lambda key: str(key.id))

    @recorded
    async def revoke(self, key_id: UUID | str, *, actor: str = "user") -> ApiKey:
        """Takes a key back: here at once, in other processes within a second. Doing so again changes nothing.

        Raises:
            NotFound: there is none of that id.
        """
        parts, wanted, cause = await self.core.ready(), parse_id("key_id", key_id), cause_of({"actor": actor})
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), cause) as transaction:
            before = the_one(await transaction.things(StoredKey, {"id": wanted}), f"API key {wanted}")
            after = before if before.revoked_at else replace(before, revoked_at=parts.clock.now())
            if after is not before:
                await transaction.commit([ThingChange(type=EventType.API_KEY_REVOKED, before=before, after=after)])
        parts.keys.forget(parts.tenant_id, wanted)
        return (await _shown(parts, [after]))[0]


async def _shown(parts: Parts, found: "list[StoredKey]") -> "list[ApiKey]":
    """The keys as they are shown, each with its last use as the access log tells it."""
    await parts.access.flush()  # what this process let in a moment ago is to be seen
    used = await parts.access.last_used(parts.tenant_id, [key.id for key in found])
    return [key.shown(used.get(key.id)) for key in found]


def _bound(parts: Parts, user_id: str | None, project_id: str | None) -> tuple[str | None, str | None]:
    """The user and the project, checked as wherever else they are named."""
    scope = scope_of(parts.tenant_id, "nobody" if user_id is None else user_id, {"project_id": project_id})
    return (None if user_id is None else scope.user_id), scope.project_id


def _access(access: object, user_id: str | None, project_id: str | None) -> Access:
    wanted = member("access", Access, access)
    if wanted is Access.ADMIN and (user_id, project_id) != (None, None):
        raise ValidationError("access", "admin is for the whole tenant; a key of one user or project has read or write")
    return wanted


def _rate(requests_per_minute: object) -> int | None:
    if requests_per_minute is None:
        return None
    return whole("requests_per_minute", requests_per_minute, least=1, most=MOST_A_MINUTE)


def _expiry(expires_at: object, now: datetime) -> datetime | None:
    if expires_at is None:
        return None
    expiry = parse_time("expires_at", expires_at)
    if expiry <= now:
        raise ValidationError("expires_at", f"must lie ahead; {expiry.isoformat()} has passed")
    return expiry
