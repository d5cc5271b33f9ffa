"""Adding: where a text goes, how far its source is believed, and who may put it there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from recollect.domain.project import Role
from recollect.domain.receipt import Outcome, Receipt, ReceiptItem
from recollect.domain.record import MemoryType, Trust
from recollect.domain.scope import Scope, check_id, project_scope
from recollect.domain.source import Source
from recollect.errors import ValidationError
from recollect.memory.arguments import cause_of, check_flag, scope_of
from recollect.memory.core import role_in
from recollect.memory.parts import Parts
from recollect.memory.rights import guard
from recollect.memory.said import Content, Said
from recollect.writing.draft import Draft
from recollect.writing.request import request_of


@dataclass(frozen=True, slots=True)
class Origin:
    """Where texts come from: a registered source or none, and how far it is believed."""

    source_id: str | None
    trust: Trust


async def add(parts: Parts, content: Content, user_id: str, given: Mapping[str, Any]) -> Receipt:
    """What ``add`` does once its arguments are known to exist; raises as the facade says."""
    origin = await origin_of(parts, given.get("source"))
    scope, author = await place_of(parts, user_id, given)
    said = Said(
        scope,
        given if author is None else {"speaker": author, **given},
        parts.clock,
        parts.content_limit,
        source_id=origin.source_id,
        trust=origin.trust,
        author_id=author,
    )
    drafts = said.drafts(content)
    if not drafts:
        return Receipt(items=())
    if origin.trust is Trust.REFUSED:
        return refused(drafts, f"source {origin.source_id!r} is refused; nothing of it was stored")
    key = given.get("idempotency_key")
    request = request_of(
        check_id("idempotency_key", key) if key is not None else None,
        {"content": content, "given": dict(given), "author": author},  # a project's members do not share receipts
    )
    trips = parts.count_round_trips()
    receipt = await parts.writer.write(drafts, cause_of(given), request, await guard(parts, user_id, "add"))
    if await parts.policies.active(parts.tenant_id):
        receipt = replace(receipt, items=tuple(map(_discreet, receipt.items)))
    if origin.trust is Trust.QUARANTINED:
        receipt = replace(receipt, items=tuple(_doubted(item, origin) for item in receipt.items))
    return replace(receipt, cost=replace(receipt.cost, round_trips=trips[0]))


async def origin_of(parts: Parts, source: object) -> Origin:
    """The source of that name and its trust; one that is not on the allowlist has the trust that settings give it."""
    if source is None:
        return Origin(None, Trust.TRUSTED)
    name = check_id("source", source)
    found = await parts.store.things(Source, parts.tenant_id, {"name": name, "active": True})
    return Origin(name, found[0].trust if found else parts.unknown_sources)


async def place_of(parts: Parts, user_id: str, given: Mapping[str, Any]) -> tuple[Scope, str | None]:
    """Whose stream the texts go to, and, in a project's, who puts them there.

    Raises:
        NotAllowed: the project is known and the user may not add to it.
        ValidationError: it is to be shared, but with no project, or with one that does not exist.
    """
    scope = scope_of(parts.tenant_id, user_id, given)
    share = check_flag("share", given.get("share", False))
    if scope.project_id is None:
        if share:
            raise ValidationError("share", "needs a project_id to share it in")
        return scope, None
    membership = await role_in(parts, scope.project_id, user_id, Role.MEMBER)
    if membership is None and share:
        raise ValidationError("project_id", f"{scope.project_id!r} is no project; create it with projects.create()")
    if not share:
        return scope, None
    shared = project_scope(parts.tenant_id, scope.project_id)
    return replace(shared, agent_id=scope.agent_id, conversation_id=scope.conversation_id), user_id


def _discreet(item: ReceiptItem) -> ReceiptItem:
    """The item without another memory's value in its reason, for policies may hide that memory from who adds."""
    if item.superseded_id is None and not item.reason.startswith("told earlier"):
        return item
    return replace(item, reason=f"stored in its place among the values of {item.key}")


def _doubted(item: ReceiptItem, origin: Origin) -> ReceiptItem:
    why = f"quarantined: source {origin.source_id!r} is not believed, or not on the allowlist"
    return replace(item, reason=f"{item.reason}; {why}")


def refused(drafts: Sequence[Draft], reason: str) -> Receipt:
    """The receipt of texts that are not stored."""
    return Receipt(
        items=tuple(
            ReceiptItem(
                outcome=Outcome.REJECTED,
                reason=reason,
                memory_id=None,
                type=draft.type or MemoryType.TURN,
                text=draft.text,
            )
            for draft in drafts
        )
    )
