"""mem0's methods that are not ours by another name: ``get_all``, ``delete_all`` and ``reset``.

``add``, ``search``, ``get``, ``update``, ``delete`` and ``history`` are the facade's own, which takes mem0's argument
names too (``mem0_words.py``); ``docs/mem0.md`` says what each of them means here.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final, Unpack
from uuid import UUID

from recollect.domain.ids import new_id
from recollect.domain.mem0_form import Form
from recollect.domain.record import Memory, Status
from recollect.errors import NotFound
from recollect.memory import changing, erasing, finding
from recollect.memory.arguments import cause_of, check_known, check_limit
from recollect.memory.core import Core
from recollect.memory.mem0_words import Asked, ListedArguments, in_all_states, in_our_words, places
from recollect.memory.page import Page
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded

MOST_AT_ONCE: Final = 1_000
"""Memories of one page."""
MOST_LISTED: Final = 100_000
LISTED: Final = 100
EVERY_STATUS: Final = tuple(status for status in Status if status is not Status.DELETED)


class Mem0Methods:
    """What the facade has for code that was written for mem0."""

    AREA: str = ""
    core: Core

    @recorded
    async def get_all(self, *, user_id: str | None = None, **given: Unpack[ListedArguments]) -> Page:
        """Lists memories as mem0 does, newest first; ``list`` does so a page at a time.

        Args:
            user_id: whose; it may also stand in ``filters``.
            **given: see ``ListedArguments``.

        Raises:
            ValidationError: an argument cannot be used, or nobody is named.

        Example:
            >>> _ = await memory.add("I like tea", user_id="fay")
            >>> (await memory.get_all(user_id="fay"))["results"][0]["memory"]
            'I like tea'
        """
        check_known(given, ListedArguments.__annotations__, "get_all")
        told = in_our_words(given)
        most = check_limit("limit", told.pop("limit", None) or LISTED, most=MOST_LISTED)
        parts = await self.core.ready()
        asked = in_all_states(user_id, given, told, parts.clock.now())
        found = [memory for one in asked for memory in await _listed(parts, one, most)]
        newest = sorted(found, key=lambda memory: memory.id, reverse=True)
        return Page(tuple(newest[:most]), None)

    @recorded
    async def delete_all(
        self,
        *,
        user_id: str | None = None,
        agent_id: str | None = None,
        run_id: str | None = None,
        filters: Mapping[str, Any] | None = None,
        actor: str = "user",
    ) -> Form:
        """Deletes all memories that the ids name, as one run: ``rollback(job=...)`` takes it back.

        Args:
            user_id: whose.
            agent_id: only those of this agent; without a user, those of no user.
            run_id: only those of this conversation; without a user, those of no user.
            filters: in mem0's grammar.
            actor: who does it.

        Returns:
            mem0's ``message``, and ``deleted`` (how many) and ``job_id``.

        Raises:
            ValidationError: nobody is named.

        Example:
            >>> (await memory.delete_all(user_id="zoe"))["deleted"]
            0
        """
        given = {"agent_id": agent_id, "run_id": run_id, "filters": filters}
        asked = places(user_id, given, {"statuses": list(EVERY_STATUS), **in_our_words(given)})
        parts, job_id = await self.core.ready(), new_id()
        cause, deleted = {"job_id": job_id, "actor": actor}, 0
        for one in asked:
            while found := await _listed(parts, one, MOST_AT_ONCE):
                gone = [await _deleted(parts, memory, one.user_id, cause) for memory in found]
                if not any(gone):
                    break
                deleted += sum(gone)
        return {"message": "Memories deleted successfully!", "deleted": deleted, "job_id": str(job_id)}

    @recorded
    async def reset(self) -> Form:
        """Erases every user of the tenant for good, as mem0's ``reset`` empties its store; there is no way back.

        Projects, policies, sources and keys stay.

        Example:
            >>> (await memory.reset())["message"]
            'All users and memories were erased.'
        """
        parts = await self.core.ready()
        users = [user_id async for user_id in _users(parts)]
        for user_id in users:
            await erasing.erase_user(parts, user_id)
        return {"message": "All users and memories were erased.", "users": len(users)}


async def _users(parts: Parts) -> AsyncGenerator[str]:
    """Everybody who has memories."""
    after = ""
    while page := await parts.store.users(parts.tenant_id, after=after, limit=MOST_AT_ONCE):
        for user in page:
            yield user.id
        after = page[-1].id


async def _listed(parts: Parts, asked: Asked, most: int) -> list[Memory]:
    """The newest memories of one user."""
    found: list[Memory] = []
    after: UUID | None = None
    while len(found) < most:
        size = min(MOST_AT_ONCE, most - len(found))
        shown, after = await finding.page(parts, asked.user_id, asked.given, size, after)
        found += shown
        if after is None:
            break
    return found


async def _deleted(parts: Parts, memory: Memory, user_id: str, cause: Mapping[str, Any]) -> bool:
    """Whether it was still there to be deleted; what rested on one that went before is gone with it."""
    try:
        await changing.delete(parts, memory.id, user_id, cause=cause_of(cause), reason="deleted with all others")
    except NotFound:
        return False
    return True
