"""Group chat: which channel is meant, who hears the answer there, and how little an agent that overhears is given.

What may be told on an occasion is decided in ``domain/hearing.py``; here it is asked of every place that is looked at.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from recollect.domain.channel import Channel
from recollect.domain.content import normalised
from recollect.domain.hearing import Occasion, canonical_audience, own_condition, shared_condition
from recollect.domain.packet import Packet
from recollect.domain.project import ProjectMember
from recollect.domain.reading.filler_words import FILLERS
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.record import Memory
from recollect.domain.scope import Scope, check_id, is_shared, project_scope
from recollect.domain.search import SearchFilter, SearchResult
from recollect.domain.words import STOP_WORDS, words
from recollect.errors import ValidationError
from recollect.memory.arguments import check_flag
from recollect.memory.parts import Parts
from recollect.recall.pipeline import Ask

MOST_HEARERS: Final = 1_000
OVERHEARD: Final = 3
"""How many memories an agent is given that was not spoken to."""
NEAR_THE_BEST: Final = 0.5
"""And which share of the best one's score they must have."""
SOUND: Final = 2
"""Letters of a word that may be no more than a sound, such as "hm"."""
NOT_ASKED: Final = "overheard: the agent was not spoken to, and nothing was said that memory could help with"
NOT_SPOKEN_TO: Final = "overheard: the agent was not spoken to; only what the channel knows well is given"


@dataclass(frozen=True, slots=True)
class Talk:
    """Where something is said: the channel, to whom aside, and whom or what it is about."""

    channel_id: str | None = None
    audience: tuple[str, ...] = ()
    subject: str | None = None


ALONE: Final = Talk()
"""A private talk of a user with the agent."""


def talk_of(user_id: str, given: Mapping[str, Any]) -> Talk:
    """Where ``add`` is told that something was said.

    Raises:
        ValidationError: an id cannot be used, an audience has no channel, or what was said there is to be shared.
    """
    channel_id = _channel_id(given)
    audience = audience_of(user_id, given)
    if channel_id is not None and given.get("share"):
        raise ValidationError("share", "goes without channel_id: the channel's link says which project shares it")
    subject = given.get("subject")
    return Talk(channel_id, audience, None if subject is None else check_id("subject", subject))


def audience_of(user_id: str, given: Mapping[str, Any]) -> tuple[str, ...]:
    """The users who hear it aside, each once; empty for everybody in the channel.

    Raises:
        ValidationError: it is no list of ids, or there is no channel in which it would be aside.
    """
    value = given.get("audience")
    if value is None:
        return ()
    several: object = (value,) if isinstance(value, str) else value
    if not isinstance(several, list | tuple | set | frozenset):
        raise ValidationError("audience", f"must be a list of user ids, not {type(value).__name__}")
    listed = cast("Collection[object]", several)
    if len(listed) > MOST_HEARERS:
        raise ValidationError("audience", f"has {len(listed):,} users; at most {MOST_HEARERS:,} are allowed")
    if listed and _channel_id(given) is None:
        raise ValidationError("audience", "needs a channel_id: the channel in which it is said aside")
    return canonical_audience(user_id, [check_id("audience", who) for who in listed])


async def occasion_of(parts: Parts, user_id: str, given: Mapping[str, Any]) -> Occasion:
    """To whom an answer is given: in private without ``channel_id``, otherwise in that channel.

    Raises:
        ValidationError: an argument cannot be used.
    """
    mentioned = check_flag("mentioned", given.get("mentioned", False))
    personal = check_flag("personal", given.get("personal", False))
    channel_id, audience = _channel_id(given), audience_of(user_id, given)
    if channel_id is None and (mentioned or personal):
        field = "mentioned" if mentioned else "personal"
        raise ValidationError(field, "needs a channel_id: in a private talk it means nothing")
    if channel_id is None:
        return Occasion(reader=user_id)
    project_id = await _project_of_member(parts, channel_id, check_id("user_id", user_id))
    return Occasion(
        reader=user_id,
        channel_id=channel_id,
        audience=audience,
        project_id=project_id,
        mentioned=mentioned,
        personal=personal,
    )


async def channel_of(parts: Parts, channel_id: str) -> Channel | None:
    """The channel's link to a project, or None if it has none."""
    found = await parts.store.things(Channel, parts.tenant_id, {"id": channel_id})
    return found[0] if found else None


async def membership_of(parts: Parts, project_id: str, user_id: str) -> ProjectMember | None:
    """The user's place in a project, as it is now."""
    where = {"project_id": project_id, "user_id": user_id}
    found = await parts.store.things(ProjectMember, parts.tenant_id, where)
    return found[0] if found else None


async def _project_of_member(parts: Parts, channel_id: str, user_id: str) -> str | None:
    """The channel's project if the user is a member of it; for reading alone, both may be a moment old."""
    channel, memberships = await parts.rights.channel(parts.tenant_id, user_id, channel_id)
    projects = {membership.project_id for membership in memberships}
    return channel.project_id if channel is not None and channel.project_id in projects else None


def scopes_in_channel(own: Scope, occasion: Occasion) -> list[Scope]:
    """Where to look: the reader's own stream, and that of the channel's project if the reader is a member."""
    if occasion.project_id is None:
        return [own]
    return [own, replace(project_scope(own.tenant_id, occasion.project_id), agent_id=own.agent_id)]


def confined(chosen: SearchFilter, scope: Scope, occasion: Occasion) -> SearchFilter:
    """The filter with what may be told on the occasion, for one place that is looked at."""
    shared = is_shared(scope.user_id)
    return chosen.and_also(shared_condition(occasion) if shared else own_condition(occasion))


def told_once(results: Sequence[SearchResult]) -> list[SearchResult]:
    """The results, the first of which is the reader's own, without the project's copies of what is among that.

    A message in a linked channel is stored for its author and for the project; to its author it is one.
    """
    own = {content for hit in results[0] if (content := _content(hit.memory)) is not None}
    return [
        results[0],
        *(
            replace(result, hits=tuple(hit for hit in result.hits if _shared_content(hit.memory) not in own))
            for result in results[1:]
        ),
    ]


def listed_once(memories: Sequence[Memory]) -> list[Memory]:
    """A page's memories without the project's copies of the reader's own; a copy on the next page is not noticed."""
    own = {content for memory in memories if (content := _content(memory)) is not None}
    return [memory for memory in memories if memory.author_id is None or _shared_content(memory) not in own]


def overheard_nothing(ask: Ask) -> bool:
    """Whether the agent was not spoken to, and what it overheard asks memory nothing: not even a look is taken."""
    return ask.occasion is not None and ask.occasion.bystander and not has_content(ask.query)


def has_content(text: str) -> bool:
    """Whether a message says anything beside small talk and words that only keep a talk going."""
    return not small_talk(text) and any(
        word not in STOP_WORDS and word not in FILLERS and (len(word) > SOUND or word.isdigit()) for word in words(text)
    )


def nothing_to_tell(query: str, now: datetime) -> Packet:
    """The packet of an agent that overhears what does not concern it."""
    return Packet(query=query, items=(), retrieved_at=now, note=NOT_ASKED)


def for_bystander(packet: Packet) -> Packet:
    """What an agent that was not spoken to is given: the few memories that fit best, and nothing that is always loaded.

    What was found is the channel's and its project's already: ``confined`` lets nothing personal pass then.
    """
    found = sorted((item for item in packet.items if item.score is not None), key=_score, reverse=True)
    near = tuple(item for item in found[:OVERHEARD] if _score(item) >= NEAR_THE_BEST * _score(found[0]))
    return replace(
        packet,
        items=near,
        session=None,
        goals=(),
        warnings=(),
        open_questions=(),
        note=packet.note if packet.note and not near else NOT_SPOKEN_TO,
    )


def _score(item: Any) -> float:
    return item.score or 0.0


def _channel_id(given: Mapping[str, Any]) -> str | None:
    value = given.get("channel_id")
    return None if value is None else check_id("channel_id", value)


def _content(memory: Memory) -> tuple[str, str | None, str] | None:
    """What makes a reader's own memory the same as the project's copy of it."""
    if memory.channel_id is None or memory.audience:
        return None
    return memory.user_id, memory.channel_id, normalised(memory.text)


def _shared_content(memory: Memory) -> tuple[str | None, str | None, str]:
    return memory.author_id, memory.channel_id, normalised(memory.text)
