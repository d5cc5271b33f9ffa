"""Projects: groups of users who share memories, each with a role."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from recollect.domain.chunking import views
from recollect.domain.event import EventType
from recollect.domain.ids import new_id, parse_id
from recollect.domain.project import Project, ProjectMember, Role
from recollect.domain.record import Memory, Provenance, Trust
from recollect.domain.scope import check_id, project_scope, tenant_scope
from recollect.errors import Conflict, NotAllowed, NotFound, ValidationError
from recollect.memory import finding
from recollect.memory.arguments import check_limit, member, scope_of
from recollect.memory.core import Core, require_role
from recollect.memory.erasing import unless_erased
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.memory.rights import guard
from recollect.ports.embedder import embedded
from recollect.ports.store import Cause, Change, ThingChange, Wanted
from recollect.writing.steps.admit import check_extra, check_text

MAX_PROJECT_ID = 200


class ProjectsDesk:
    """Projects. Viewers read what is shared, members add to it, admins look after members, the owner does everything.

    ``user_id`` is always the one who acts.
    """

    AREA: str = "projects."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def create(
        self, project_id: str, *, user_id: str, name: str | None = None, settings: Mapping[str, Any] | None = None
    ) -> Project:
        """Creates a project and makes ``user_id`` its owner.

        Raises:
            Conflict: the tenant has a project of that id.

        Example:
            >>> (await memory.projects.create("atlas", user_id="ben", name="Atlas")).name
            'Atlas'
        """
        parts = await self.core.ready()
        owner = scope_of(parts.tenant_id, user_id, {}).user_id
        if len(check_id("project_id", project_id)) > MAX_PROJECT_ID:
            raise ValidationError(
                "project_id", f"has {len(project_id)} characters; at most {MAX_PROJECT_ID} are allowed"
            )
        check_extra("settings", settings or {})
        now = parts.clock.now()
        project = Project(
            tenant_id=parts.tenant_id,
            id=project_id,
            name=check_text("name", name) if name is not None else project_id,
            settings=dict(settings or {}),
            created_at=now,
            updated_at=now,
        )
        first = ProjectMember(
            tenant_id=parts.tenant_id, project_id=project_id, user_id=owner, role=Role.OWNER, joined_at=now
        )
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), Cause(actor=owner)) as transaction:
            if await transaction.things(Project, {"id": project_id}):
                raise Conflict(f"there is a project {project_id!r} already")
            created = ThingChange(type=EventType.PROJECT_CREATED, after=project)
            await transaction.commit([created, ThingChange(type=EventType.MEMBER_ADDED, after=first)])
        parts.rights.forget(parts.tenant_id)
        return project

    @recorded
    async def get(self, project_id: str, *, user_id: str) -> Project:
        """Returns a project to one of its members.

        Raises:
            NotAllowed: the user is no member.
        """
        parts = await self.core.ready()
        await require_role(parts, check_id("project_id", project_id), user_id, Role.VIEWER)
        return (await parts.store.things(Project, parts.tenant_id, {"id": project_id}))[0]

    @recorded
    async def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> list[Project]:
        """Lists the projects of which the user is a member, by id; ``cursor`` is the last id of the page before."""
        parts = await self.core.ready()
        check_limit("limit", limit)
        after = [check_id("cursor", cursor)] if cursor is not None else None
        mine = await parts.store.things(ProjectMember, parts.tenant_id, {"user_id": check_id("user_id", user_id)})
        ids = [membership.project_id for membership in mine]
        return await parts.store.things(Project, parts.tenant_id, {"id": ids}, limit=limit, after=after)

    @recorded
    async def update(
        self,
        project_id: str,
        *,
        user_id: str,
        name: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Project:
        """Changes a project's name or settings; needs the role admin."""
        parts = await self.core.ready()
        await require_role(parts, check_id("project_id", project_id), user_id, Role.ADMIN)
        changes: dict[str, Any] = {"updated_at": parts.clock.now()}
        if name is not None:
            changes["name"] = check_text("name", name)
        if settings is not None:
            check_extra("settings", settings)
            changes["settings"] = dict(settings)
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), Cause(actor=user_id)) as transaction:
            (before,) = await transaction.things(Project, {"id": project_id})
            after = replace(before, **changes)
            await transaction.commit([ThingChange(type=EventType.PROJECT_UPDATED, before=before, after=after)])
        return after

    @recorded
    async def members(self, project_id: str, *, user_id: str) -> Sequence[ProjectMember]:
        """Lists a project's members and their roles."""
        parts = await self.core.ready()
        await require_role(parts, check_id("project_id", project_id), user_id, Role.VIEWER)
        return await parts.store.things(ProjectMember, parts.tenant_id, {"project_id": project_id})

    @recorded
    async def set_member(
        self, project_id: str, member_id: str, *, user_id: str, role: Role | str = Role.MEMBER
    ) -> ProjectMember:
        """Adds a member, or changes a member's role; needs the role admin, and owner to make or unmake an owner.

        Raises:
            NotAllowed: the acting user may not.
            Conflict: the project would be left without an owner.
        """
        parts = await self.core.ready()
        wanted, target = member("role", Role, role), scope_of(parts.tenant_id, member_id, {}).user_id
        check_id("user_id", user_id)
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), Cause(actor=user_id)) as transaction:
            members = await transaction.things(ProjectMember, {"project_id": check_id("project_id", project_id)})
            known = next((m for m in members if m.user_id == target), None)
            _check_may_change(members, user_id, project_id, known, wanted)
            after = ProjectMember(
                tenant_id=parts.tenant_id,
                project_id=project_id,
                user_id=target,
                role=wanted,
                joined_at=known.joined_at if known else parts.clock.now(),
            )
            kind = EventType.MEMBER_CHANGED if known else EventType.MEMBER_ADDED
            await transaction.commit([ThingChange(type=kind, before=known, after=after)])
        parts.rights.forget(parts.tenant_id)
        return after

    @recorded
    async def remove_member(self, project_id: str, member_id: str, *, user_id: str) -> None:
        """Ends a membership, and with it all access at once; members may leave by themselves.

        Raises:
            NotAllowed: the acting user may not. NotFound: there is no such member.
            Conflict: the project would be left without an owner.
        """
        parts = await self.core.ready()
        target = check_id("member_id", member_id)
        check_id("user_id", user_id)
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), Cause(actor=user_id)) as transaction:
            members = await transaction.things(ProjectMember, {"project_id": check_id("project_id", project_id)})
            known = next((m for m in members if m.user_id == target), None)
            _check_may_change(members, user_id, project_id, known, None)
            if known is None:
                raise NotFound(f"user {target!r} is not a member of project {project_id!r}")
            await transaction.commit([ThingChange(type=EventType.MEMBER_REMOVED, before=known)])
        parts.rights.forget(parts.tenant_id)

    @recorded
    async def promote(self, memory_id: UUID | str, project_id: str, *, user_id: str) -> Memory:
        """Copies one of the user's memories to those that a project shares; needs the role member.

        Returns:
            The shared record; its evidence names the personal one, which stays as it is.

        Raises:
            NotFound: the user has no such memory. NotAllowed: the user may not, or the memory is quarantined or was
                said aside.
            Conflict: the project has this content already.
        """
        parts = await self.core.ready()
        await require_role(parts, check_id("project_id", project_id), user_id, Role.MEMBER)
        wanted = parse_id("memory_id", memory_id)
        original = await finding.one(parts, wanted, user_id)
        if original.trust is Trust.QUARANTINED:
            raise NotAllowed(f"memory {wanted} is quarantined; release it before it is shared")
        if original.audience:
            raise NotAllowed(f"memory {wanted} was said aside; what is to be shared must be said to all")
        shared = _shared_copy(parts, original, project_id)
        (vectors,) = await embedded(parts.embedder, [views(shared.speaker, shared.text)])  # under another speaker
        place = replace(project_scope(parts.tenant_id, project_id), agent_id=shared.agent_id)
        check = await guard(parts, user_id, "promote")
        async with parts.store.writing(
            place, Wanted(hashes=[shared.content_hash]), Cause(actor=user_id)
        ) as transaction:
            if transaction.existing:
                raise Conflict(f"project {project_id!r} has this content already, as {transaction.existing[0].id}")
            reason = f"promoted from {original.id} of its author"
            promoted = Change(type=EventType.MEMORY_PROMOTED, after=shared, reason=reason, vectors=vectors)
            await check([promoted])
            await transaction.commit([promoted])
        await unless_erased(parts, original, shared, user_id)
        return shared


def _shared_copy(parts: Parts, original: Memory, project_id: str) -> Memory:
    now = parts.clock.now()
    return replace(
        original,
        id=new_id(),
        user_id=project_scope(parts.tenant_id, project_id).user_id,
        project_id=project_id,
        conversation_id=None,
        speaker=original.speaker or original.user_id,
        key=None,  # "user:..." would be another person for every reader
        value=None,
        author_id=original.user_id,
        written_at=now,
        updated_at=now,
        version=1,
        supersedes=None,
        access_count=0,
        reinforcements=0,
        provenance=Provenance(source=original.provenance.source, evidence=(str(original.id),)),
    )


def _check_may_change(
    members: Sequence[ProjectMember], actor: str, project_id: str, target: ProjectMember | None, role: Role | None
) -> None:
    """Whether the actor may give the target this role, or end the membership (None)."""
    acting = next((m for m in members if m.user_id == actor), None)
    if acting is None:
        raise NotAllowed(f"user {actor!r} is not a member of project {project_id!r}")
    leaves = role is None and target is acting
    touches_owner = role is Role.OWNER or (target is not None and target.role is Role.OWNER)
    least = Role.OWNER if touches_owner else Role.ADMIN
    if not leaves and acting.role.rank < least.rank:
        raise NotAllowed(f"user {actor!r} is {acting.role.value} of project {project_id!r}; this needs {least.value}")
    owners = [m for m in members if m.role is Role.OWNER]
    if target is not None and target.role is Role.OWNER and role is not Role.OWNER and len(owners) == 1:
        raise Conflict(f"project {project_id!r} would be left without an owner; make another member the owner first")
