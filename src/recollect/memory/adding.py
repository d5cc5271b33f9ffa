"""Adding: where a text goes, how far its source is believed, and who may put it there.

What is said in a channel that is linked to a project goes to two places: to its author's memories and to those that the
project's members share. Each is a write of its own, in a transaction of its own; they share the request alone.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from recollect.domain.project import Role
from recollect.domain.receipt import Cost, Outcome, Receipt, ReceiptItem
from recollect.domain.record import MemoryType, Trust
from recollect.domain.scope import Scope, check_id, project_scope
from recollect.domain.source import Source
from recollect.errors import NotAllowed, RecollectError, StoreError, ValidationError
from recollect.memory.arguments import cause_of, check_flag, scope_of
from recollect.memory.core import role_in
from recollect.memory.group_chat import Talk, channel_of, membership_of, talk_of
from recollect.memory.parts import Parts
from recollect.memory.rights import guard
from recollect.memory.said import Content, Said
from recollect.ports.giving_way import aside, is_much
from recollect.writing.draft import Draft
from recollect.writing.request import Request, request_of


@dataclass(frozen=True, slots=True)
class Origin:
    """Where texts come from: a registered source or none, and how far it is believed."""

    source_id: str | None
    trust: Trust


@dataclass(frozen=True, slots=True)
class Place:
    """Where texts go.

    Attributes:
        scope: the stream. author: who puts them there, in a project's stream; None in the user's own.
        note: what the receipt says of this place.
    """

    scope: Scope
    author: str | None = None
    note: str = ""


async def add(parts: Parts, content: Content, user_id: str, given: Mapping[str, Any]) -> Receipt:
    """What ``add`` does once its arguments are known to exist; raises as the facade says."""
    talk = talk_of(user_id, given)
    origin = await origin_of(parts, given.get("source"))
    first, *others = await places_of(parts, user_id, given, talk)
    told = {**given, "at": parts.clock.now()} if given.get("at", "now") == "now" else given
    adding = Adding(parts, content, user_id, given, told, origin, talk)
    receipt = await adding.to(first)
    for place in others:
        try:
            receipt = _together(receipt, await adding.to(place))
        except RecollectError as error:
            raise _half_stored(error, receipt, place) from error
    return receipt


@dataclass(frozen=True, slots=True)
class Adding:
    """One request to add.

    Attributes:
        given: the arguments as the caller gave them. told: the same, with the time of a live conversation.
        origin, talk: what was read from them.
    """

    parts: Parts
    content: Content
    user_id: str
    given: Mapping[str, Any]
    told: Mapping[str, Any]
    origin: Origin
    talk: Talk

    async def to(self, place: Place) -> Receipt:
        """Writes what was said to one place."""
        drafts = await aside(is_much(self.content), self._drafts, place)
        if not drafts:
            return Receipt(items=())
        if self.origin.trust is Trust.REFUSED:
            return refused(drafts, f"source {self.origin.source_id!r} is refused; nothing of it was stored")
        request = self._request(place)
        trips = self.parts.count_round_trips()
        check = await guard(self.parts, self.user_id, "add")
        receipt = await self.parts.writer.write(drafts, cause_of(self.given), request, check)
        if await self.parts.rights.active(self.parts.tenant_id):
            receipt = replace(receipt, items=tuple(map(_discreet, receipt.items)))
        if self.origin.trust is Trust.QUARANTINED:
            receipt = replace(receipt, items=tuple(_doubted(item, self.origin) for item in receipt.items))
        if place.note:
            receipt = replace(receipt, items=tuple(_noted(item, place.note) for item in receipt.items))
        return replace(receipt, cost=replace(receipt.cost, round_trips=trips[0]))

    def _drafts(self, place: Place) -> list[Draft]:
        said = Said(
            place.scope,
            self.told if place.author is None else _spoken_by(place.author, self.told),
            self.parts.clock,
            self.parts.content_limit,
            source_id=self.origin.source_id,
            trust=self.origin.trust,
            author_id=place.author,
            talk=self.talk,
        )
        return said.drafts(self.content)

    def _request(self, place: Place) -> Request | None:
        """The idempotency key; in a channel's project the author's keys are apart from other members'."""
        given = self.given.get("idempotency_key")
        key = None if given is None else check_id("idempotency_key", given)
        if key is not None and place.author is not None and self.talk.channel_id is not None:
            key = hashlib.sha256(f"{place.author}\x1f{key}".encode()).hexdigest()
        asked = {"content": self.content, "given": dict(self.given), "author": place.author}
        return request_of(key, asked)  # a project's members do not share receipts


async def origin_of(parts: Parts, source: object) -> Origin:
    """The source of that name and its trust; one that is not on the allowlist has the trust that settings give it."""
    if source is None:
        return Origin(None, Trust.TRUSTED)
    name = check_id("source", source)
    found = await parts.store.things(Source, parts.tenant_id, {"name": name, "active": True})
    return Origin(name, found[0].trust if found else parts.unknown_sources)


async def places_of(parts: Parts, user_id: str, given: Mapping[str, Any], talk: Talk) -> list[Place]:
    """Where the texts go: for what is said in a linked channel, to its author and to the project.

    Raises:
        NotAllowed, ValidationError: as ``place_of``.
    """
    scope, author = await place_of(parts, user_id, given)
    if talk.channel_id is None:
        return [Place(scope, author)]
    if talk.audience:
        return [Place(scope, note="said aside, kept for its author alone")]
    channel = await channel_of(parts, talk.channel_id)
    if channel is None:
        return [Place(scope)]
    membership = await membership_of(parts, channel.project_id, user_id)
    if membership is None or membership.role.rank < Role.MEMBER.rank:
        role = "no member" if membership is None else f"only a {membership.role.value}"
        why = f"kept for its author alone: user {user_id!r} is {role} of the project that the channel is linked to"
        return [Place(scope, note=why)]
    shared = replace(
        project_scope(parts.tenant_id, channel.project_id),
        agent_id=scope.agent_id,
        conversation_id=scope.conversation_id,
    )
    own = scope if scope.project_id is not None else replace(scope, project_id=channel.project_id)
    return [Place(own), Place(shared, user_id, f"shared in project {channel.project_id!r}")]


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


def _spoken_by(author: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments with the author's name as the speaker, unless another was given."""
    return told if told.get("speaker") is not None else {**told, "speaker": author}


def _together(one: Receipt, other: Receipt) -> Receipt:
    cost = Cost(
        ms=one.cost.ms + other.cost.ms,
        round_trips=one.cost.round_trips + other.cost.round_trips,
        model_calls=one.cost.model_calls + other.cost.model_calls,
        tokens=one.cost.tokens + other.cost.tokens,
    )
    return replace(
        one,
        items=(*one.items, *other.items),
        event_ids=(*one.event_ids, *other.event_ids),
        cost=cost,
        degraded=tuple(dict.fromkeys((*one.degraded, *other.degraded))),
    )


def _half_stored(error: RecollectError, receipt: Receipt, place: Place) -> RecollectError:
    """The error of the second write, which says what the first one has stored."""
    stored = ", ".join(str(memory_id) for memory_id in dict.fromkeys(receipt.ids)) or "nothing"
    project = place.scope.project_id
    message = f"stored for its author ({stored}), but not in project {project!r}: {error}"
    if isinstance(error, NotAllowed):
        return NotAllowed(message)
    return StoreError(f"{message}; repeat the call to complete it, what is stored is not doubled")


def _noted(item: ReceiptItem, note: str) -> ReceiptItem:
    return item if item.outcome is Outcome.REJECTED else replace(item, reason=f"{item.reason}; {note}")


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
