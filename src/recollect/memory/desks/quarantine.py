"""Quarantine: what sources that are not believed have said, until a person releases or drops it."""

from uuid import UUID

from recollect.domain.condition_parser import parse_condition
from recollect.domain.ids import parse_id
from recollect.domain.record import Memory, Trust
from recollect.domain.search import SearchFilter
from recollect.errors import Conflict, ValidationError
from recollect.memory import changing, finding, rights
from recollect.memory.arguments import cause_of, check_limit, member
from recollect.memory.core import Core
from recollect.memory.page import Page
from recollect.memory.recorded import recorded

QUARANTINED = SearchFilter(
    include_quarantined=True, condition=parse_condition({"trust": Trust.QUARANTINED.value}, "filters")
)


class QuarantineDesk:
    """Quarantined memories: stored apart, states no facts, never loaded unasked."""

    AREA: str = "quarantine."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def list(
        self, *, user_id: str, project_id: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page:
        """Lists quarantined memories, newest first: the user's own or, with ``project_id``, those shared there.

        Raises:
            NotAllowed: the user is no member of the project.
        """
        check_limit("limit", limit)
        after = parse_id("cursor", cursor) if cursor is not None else None
        parts = await self.core.ready()
        scope = (await finding.scopes_of(parts, user_id, {"project_id": project_id}))[-1]
        may_read = await rights.reading(parts, user_id, "quarantine.list")
        chosen = rights.confined(QUARANTINED, may_read)
        found = await parts.store.page(scope, chosen, limit=limit + 1, after=after)
        shown = await rights.readable(may_read, found[:limit])
        return Page(tuple(shown), str(found[limit - 1].id) if len(found) > limit else None)

    @recorded
    async def release(
        self,
        memory_id: UUID | str,
        *,
        user_id: str,
        project_id: str | None = None,
        trust: Trust | str = Trust.KNOWN,
        actor: str = "user",
    ) -> Memory:
        """Believes a memory from now on: ``known``, or ``trusted`` so that its facts count like the user's own.

        Raises:
            NotFound: there is no such memory. NotAllowed: it is another member's.
            Conflict: it is not quarantined, or the same content is known already.

        Example:
            >>> (await memory.quarantine.release(doubted.id, user_id="ben")).trust.value
            'known'
        """
        believed = member("trust", Trust, trust)
        if believed not in (Trust.KNOWN, Trust.TRUSTED):
            raise ValidationError("trust", f"must be known or trusted, not {believed.value}")
        parts = await self.core.ready()
        return await changing.release(
            parts, memory_id, user_id, project_id, trust=believed, cause=cause_of({"actor": actor})
        )

    @recorded
    async def drop(
        self, memory_id: UUID | str, *, user_id: str, project_id: str | None = None, actor: str = "user"
    ) -> None:
        """Deletes a quarantined memory.

        Raises:
            NotFound: there is no such memory. NotAllowed: it is another member's. Conflict: it is not quarantined.
        """
        parts = await self.core.ready()
        found = await finding.one(parts, parse_id("memory_id", memory_id), user_id, project_id)
        if found.trust is not Trust.QUARANTINED:
            raise Conflict(f"memory {found.id} is not quarantined; delete() takes it out")
        cause = cause_of({"actor": actor})
        await changing.delete(parts, found.id, user_id, project_id, cause=cause, reason="dropped from quarantine")
