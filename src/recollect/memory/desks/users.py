"""Users: who there is in the tenant, how much there is of theirs, and their end."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, cast

from recollect.domain.certificate import Certificate
from recollect.domain.person import PersonKind, UserDetail, UserSummary
from recollect.domain.record import Status
from recollect.domain.scope import Scope, check_id
from recollect.errors import NotFound, ValidationError
from recollect.memory import erasing, rights
from recollect.memory.arguments import check_limit, member, scope_of
from recollect.memory.core import Core
from recollect.memory.listing import Listing, listing
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading
from recollect.memory.recorded import recorded

PAGE = 1_000
Counts = Sequence[tuple[str, str, str, int]]


class UsersDesk:
    """Who has memories in the tenant.

    ``list`` is an operator's, as ``access`` and ``audit`` are: it tells names and numbers of everybody, and no words. A
    door offers it to administrators only. ``get`` is asked as the user, so it counts what that user may read.
    """

    AREA: str = "users."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def list(
        self, *, kind: PersonKind | str = PersonKind.USER, limit: int = 50, cursor: str | None = None
    ) -> Listing[UserSummary]:
        """Lists users, agents or conversations by name, with the number of living memories of each.

        Projects' shared memories belong to no user and are not listed; nor is who was erased.

        Args:
            kind: ``user``, ``agent`` (by which any user's memories are held) or ``conversation`` (by user, then id).
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.

        Example:
            >>> [(one.id, one.memories > 0) for one in await memory.users.list(limit=1)]
            [('ana', True)]
        """
        wanted = member("kind", PersonKind, kind)
        most = check_limit("limit", limit) + 1
        parts = await self.core.ready()
        if wanted is PersonKind.CONVERSATION:
            place = ("", "") if cursor is None else _place(cursor)
            talks = await parts.store.talks(parts.tenant_id, after=place, limit=most)
            return listing(talks, limit, lambda last: json.dumps([last.user_id, last.id], ensure_ascii=False))
        asked = parts.store.users if wanted is PersonKind.USER else parts.store.agents
        after = "" if cursor is None else check_id("cursor", cursor)
        return listing(await asked(parts.tenant_id, after=after, limit=most), limit, lambda last: last.id)

    @recorded
    async def get(self, *, user_id: str) -> UserDetail:
        """Returns a user in numbers: memories by type, tier and status, the log's length, whether erased.

        What policies hide from the user is not counted.

        Raises:
            NotFound: nothing of the user was ever stored. NotAllowed: a policy forbids the user to read at all.

        Example:
            >>> (await memory.users.get(user_id="ben")).erased
            False
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        may_read = await rights.reading(parts, user_id, "users.get")
        standing = await parts.store.standing(scope)
        if standing is None:
            raise NotFound(f"nothing of user {user_id!r} was ever stored")
        counts = await parts.store.counts(scope) if may_read is None else await _readable(parts, scope, may_read)
        living = [row for row in counts if row[2] != Status.DELETED]
        erased = standing.since is None
        return UserDetail(
            user_id=user_id,
            memories=sum(count for *_, count in living),
            by_type=_by(0, living),
            by_tier=_by(1, living),
            by_status=_by(2, counts),
            log_length=standing.seq,
            first_at=standing.since,
            last_at=None if erased else standing.last_at,
            erased=erased,
            erased_at=standing.last_at if erased else None,
        )

    @recorded
    async def delete(self, *, user_id: str, actor: str = "user") -> Certificate:
        """Erases a user for good, with a certificate: another name of ``erasure.user``, see there.

        Nothing can be brought back; ``rollback(user_id=..., to=0)`` is what only empties a memory.

        Raises:
            NotFound: nothing of the user was ever stored.
        """
        return await erasing.erase_user(await self.core.ready(), user_id, actor=actor)


def _by(place: int, counts: Iterable[tuple[Any, ...]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in counts:
        found[row[place]] += row[-1]
    return dict(sorted(found.items()))


async def _readable(parts: Parts, scope: Scope, may_read: Reading) -> Counts:
    """The counts of what policies let the user read."""
    found: Counter[tuple[str, str, str]] = Counter()
    after = None
    while True:
        page = await parts.store.all_memories(scope, after=after, limit=PAGE)
        for memory in await rights.readable(may_read, page):
            found[memory.type.value, memory.tier.value, memory.status.value] += 1
        if len(page) < PAGE:
            return [(*key, count) for key, count in found.items()]
        after = page[-1].id


def _place(cursor: object) -> tuple[str, str]:
    """User and conversation that a cursor of conversations names."""
    try:
        found: object = json.loads(cursor) if isinstance(cursor, str) else None
    except (json.JSONDecodeError, RecursionError):
        found = None
    names = cast("list[object]", found) if isinstance(found, list) else []
    if len(names) != 2:
        raise ValidationError("cursor", f"must be next_cursor of the page before, not {str(cursor)[:60]!r}")
    return check_id("cursor", names[0]), check_id("cursor", names[1])
