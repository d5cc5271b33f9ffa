"""Finding: a user's own memories and, in a project, those that its members share, as one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.condition import needs_store
from recollect.domain.condition_parser import parse_condition
from recollect.domain.hearing import Occasion
from recollect.domain.packet import Packet
from recollect.domain.project import Role
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope, project_scope
from recollect.domain.search import Hit, Origin, SearchFilter, SearchResult
from recollect.errors import NotFound
from recollect.memory import group_chat, rights
from recollect.memory.arguments import check_limit, filter_of, optional_time, scope_of
from recollect.memory.asking import ABOUT_THE_ANSWER, conduct_by, plain, profile_by, tokens_by
from recollect.memory.core import reader_in, role_in
from recollect.memory.explaining import explained_hits, within
from recollect.memory.overlaid import overlaid
from recollect.memory.parts import Parts
from recollect.memory.turn import packet_of
from recollect.recall.pipeline import Ask
from recollect.writing.steps.admit import check_text


async def scopes_of(parts: Parts, user_id: str, given: Mapping[str, Any], *, to_write: bool = False) -> list[Scope]:
    """Where to look: the user's own stream, and the project's if one is named whose members share memories.

    Args:
        parts: what to ask.
        user_id: who asks.
        given: the arguments.
        to_write: whether what is found is to be changed; then the membership is asked for anew.

    Raises:
        NotAllowed: the user is no member of that project.
    """
    own = scope_of(parts.tenant_id, user_id, given)
    if own.project_id is None:
        return [own]
    asked = (
        role_in(parts, own.project_id, user_id, Role.VIEWER) if to_write else reader_in(parts, own.project_id, user_id)
    )
    if await asked is None:
        return [own]
    return [own, replace(project_scope(parts.tenant_id, own.project_id), agent_id=own.agent_id)]


async def places_of(parts: Parts, user_id: str, given: Mapping[str, Any], occasion: Occasion) -> list[Scope]:
    """Where to look on an occasion: in a channel it is its link, not the caller, that names the project."""
    if occasion.private:
        return await scopes_of(parts, user_id, given)
    return group_chat.scopes_in_channel(scope_of(parts.tenant_id, user_id, given), occasion)


async def asks_of(
    parts: Parts, query: str, user_id: str, given: Mapping[str, Any], method: str = "search"
) -> list[Ask]:
    """The question, once for each place to look, confined to what policies let the user read."""
    profile, now = profile_by(given), optional_time("now", given) or parts.clock.now()
    conduct_by(given, profile)  # what is wrong is said before anything is asked
    limit = check_limit("limit", given.get("limit", 10))
    occasion = await group_chat.occasion_of(parts, user_id, given)
    scopes = await places_of(parts, user_id, given, occasion)
    may_read = await rights.reading(parts, user_id, method)
    chosen = rights.confined(await chosen_by(parts, user_id, given), may_read)
    if chosen.condition is not None and needs_store(chosen.condition):
        found = [await parts.store.ids_where(scope, chosen.condition) for scope in scopes]
        chosen = replace(chosen.and_also(only=frozenset(i for ids in found for i in ids)), condition=None)
    return [
        Ask(
            scope=scope,
            query=query,
            chosen=group_chat.confined(chosen, scope, occasion),
            limit=limit,
            profile=profile,
            now=now,
            rights=may_read,
            occasion=occasion,
            conduct=conduct_by(given, profile),
        )
        for scope in scopes
    ]


async def chosen_by(parts: Parts, user_id: str, given: Mapping[str, Any]) -> SearchFilter:
    """The filter that the arguments describe, a collection's members looked up.

    Raises:
        ValidationError: an argument cannot be used. NotFound: the user has no such collection.
    """
    chosen = filter_of(given)
    if given.get("filters") is not None:
        chosen = chosen.and_also(parse_condition(given["filters"]))
    if given.get("collection") is not None:
        chosen = chosen.and_also(only=await _members(parts, user_id, given["collection"]))
    return chosen


async def _members(parts: Parts, user_id: str, collection: object) -> frozenset[UUID]:
    name = check_text("collection", collection)
    found = await parts.store.things(Collection, parts.tenant_id, {"user_id": user_id, "name": name})
    if not found:
        raise NotFound(f"user {user_id!r} has no collection {name[:80]!r}")
    members = await parts.store.things(CollectionMember, parts.tenant_id, {"collection_id": found[0].id})
    return frozenset(member.memory_id for member in members)


async def search(parts: Parts, asks: Sequence[Ask], given: Mapping[str, Any] | None = None) -> SearchResult:
    """The best of all places; what is found is labile for a while.

    Args:
        parts: what to ask.
        asks: the question, for each place.
        given: the arguments of the call.
    """
    given, own = given or {}, asks[0]
    most_tokens = tokens_by(given)
    result = overlaid([found.result for found in await parts.recaller.find_each(asks)], own.limit)
    if own.conduct.explaining is not None:
        result = explained_hits(result, asks)
    if most_tokens is not None:
        result = within(result, most_tokens, parts.counter)
    mark_recalled(parts, [hit.memory for hit in result])
    return replace(result, origin=_origin(parts, own, given))


async def search_each(parts: Parts, query: str, asked: Sequence[tuple[str, Mapping[str, Any]]]) -> SearchResult:
    """What is found for each of these users, asked with these arguments, as one answer."""
    answers = [await search(parts, await asks_of(parts, query, user_id, given), given) for user_id, given in asked]
    return answers[0] if len(answers) == 1 else _together(answers, asked[0][1].get("limit", 10))


def _together(answers: Sequence[SearchResult], limit: int) -> SearchResult:
    """The best of what was found for several users."""
    best = sorted((hit for found in answers for hit in found), key=_worth, reverse=True)
    shown = best[:limit]
    return replace(
        answers[0],
        hits=tuple(replace(hit, rank=rank) for rank, hit in enumerate(shown, start=1)),
        searched=sum(found.searched for found in answers),
        note="" if shown else answers[0].note,
        degraded=tuple(dict.fromkeys(problem for found in answers for problem in found.degraded)),
        left_out=sum(found.left_out for found in answers),
        origin=None,
        seqs={stream: seq for found in answers for stream, seq in found.seqs.items()},
    )


def _worth(hit: Hit) -> tuple[float, float]:
    return (hit.score if hit.relevance is None else hit.relevance), hit.score


def _origin(parts: Parts, ask: Ask, given: Mapping[str, Any]) -> Origin:
    """What was asked, so that it can be asked again."""
    return Origin(
        tenant_id=parts.tenant_id,
        user_id=ask.occasion.reader if ask.occasion is not None else ask.scope.user_id,
        arguments={name: plain(value) for name, value in given.items() if name not in ABOUT_THE_ANSWER},
        weights=ask.profile.all_weights,
        now=ask.now,
        model_id=parts.embedder.model_id,
    )


async def context(parts: Parts, asks: Sequence[Ask]) -> Packet:
    """The user's own packet, with what the project brings up for the question."""
    own = asks[0]
    if group_chat.overheard_nothing(own):
        return group_chat.nothing_to_tell(own.query, parts.clock.now())
    packet = await packet_of(parts, asks)
    if own.occasion is not None and own.occasion.bystander:
        packet = group_chat.for_bystander(packet)
    mark_recalled(parts, [item.memory for item in packet.items if item.memory is not None])
    return packet


def mark_recalled(parts: Parts, memories: Sequence[Memory]) -> None:
    """Notes what was just recalled: for a while it may be revised."""
    now, by_user = parts.clock.now(), dict[str, list[UUID]]()
    for memory in memories:
        by_user.setdefault(memory.user_id, []).append(memory.id)
    for user_id, ids in by_user.items():
        parts.access.mark_recalled(Scope(tenant_id=parts.tenant_id, user_id=user_id), ids, now)


async def one(
    parts: Parts,
    memory_id: UUID,
    user_id: str,
    project_id: str | None = None,
    *,
    judged: bool = True,
    to_write: bool = False,
) -> Memory:
    """The user's memory of that id, or, in a project, a shared one; not one that was deleted.

    Args:
        parts: what to ask.
        memory_id: which.
        user_id: who asks.
        project_id: the project, if it may be a shared one.
        judged: whether policies decide too; what they forbid is not found.
        to_write: whether it is to be changed.

    Raises:
        NotFound: there is none. NotAllowed: the user is no member of the project.
    """
    may_read = await rights.reading(parts, user_id, "get") if judged else None
    for scope in await scopes_of(parts, user_id, {"project_id": project_id}, to_write=to_write):
        record = (await parts.store.fetch(scope, [memory_id])).get(memory_id)
        if record is not None and record.status is not Status.DELETED and await rights.readable(may_read, [record]):
            return record
    raise not_found(memory_id, user_id)


async def page(
    parts: Parts, user_id: str, given: Mapping[str, Any], limit: int, after: UUID | None
) -> tuple[list[Memory], UUID | None]:
    """The newest memories of all places that the user may read, older than ``after``.

    Returns:
        At most ``limit`` of them, and the last one looked at when more follow. A page is shorter than ``limit`` when
        a policy that looks at memories one by one has left some out.
    """
    occasion = await group_chat.occasion_of(parts, user_id, given)
    scopes = await places_of(parts, user_id, given, occasion)
    may_read = await rights.reading(parts, user_id, "list")
    chosen = rights.confined(await chosen_by(parts, user_id, given), may_read)
    filters = [group_chat.confined(chosen, scope, occasion) for scope in scopes]
    pages = [
        await parts.store.page(scope, one, limit=limit + 1, after=after)
        for scope, one in zip(scopes, filters, strict=True)
    ]
    rows = [memory for rows in pages for memory in rows]
    newest = sorted(rows, key=lambda memory: memory.id, reverse=True)
    shown = await rights.readable(may_read, newest[:limit])
    return group_chat.listed_once(shown), newest[limit - 1].id if len(newest) > limit else None


def not_found(memory_id: UUID, user_id: str) -> NotFound:
    """The error for an id that is nobody's, another's, or gone: which of these is not told."""
    return NotFound(f"user {user_id!r} has no memory {memory_id}")
