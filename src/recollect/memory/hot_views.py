"""Hot views: what fades, as callers see it: working memory, context values, thoughts, and what was just sensed."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from recollect.domain.condition import AUDIENCE, comparisons
from recollect.domain.decision import WRITTEN_MONTH
from recollect.domain.hot import HotItem, HotKind, HotLimits, HotState, WorkingItem
from recollect.domain.record import Memory, MemoryType, Sensitivity, Status, Trust
from recollect.domain.scope import Scope
from recollect.domain.tokens import estimate_tokens
from recollect.memory import rights
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading

_said = TypeAdapter(WorkingItem)
_WORD = re.compile(r"\S+")
JUDGED = frozenset(
    {
        *("type", "status", "trust", "sensitivity", "user_id", "owner", "author_id", "agent_id", "project_id"),
        *("conversation_id", "channel_id", AUDIENCE, "speaker", "text", "emotion", WRITTEN_MONTH, "written_at"),
    }
)
"""What working memory knows of something that is no record; policies that look at more than this hide it."""
LONGEST_TOKEN = 20
"""Characters; what is before the last so many of each token is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """One thing in working memory.

    Attributes:
        id: of the record it is a reminder of, or the id that the record would have.
        said: what was said, by whom, how strongly it was felt; ``said.reason`` tells why it is only here.
        memory_id: the record that holds it too, or None when it lives nowhere else.
        at: when it was said. expires_at: from then on it is gone. seconds_left: until then.
    """

    id: str
    said: WorkingItem
    memory_id: UUID | None
    at: datetime
    expires_at: datetime | None
    seconds_left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """One step of an agent's reasoning.

    Attributes:
        id: UUIDv7. text: the step. conversation_id: where it was thought, or None.
        at: when. expires_at: from then on it is gone.
    """

    id: str
    text: str
    conversation_id: str | None
    at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextValue:
    """A value that a caller put aside for a while.

    Attributes:
        name: under which it is found. value: any JSON. at: when it was set. expires_at: from then on it is gone.
    """

    name: str
    value: Any
    at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensed:
    """A piece of raw input.

    Attributes:
        id: UUIDv7. text: as it came in. tokens: an estimate of its length. at: when. expires_at: when it is gone.
    """

    id: str
    text: str
    tokens: int
    at: datetime
    expires_at: datetime | None


async def hot_of(parts: Parts, scope: Scope, now: datetime) -> HotState:
    """Everything hot of the user at ``now``; of a user of whom nothing is known, nothing."""
    return await parts.hot.load(scope, now) or HotState()


def said_in(item: HotItem) -> WorkingItem:
    """What an item of working memory says; of one that another version wrote, as much as is understood."""
    known = {name: value for name, value in item.value.items() if name in WorkingItem.__dataclass_fields__}
    return _said.validate_python({"text": "", **known})


async def readable_items(
    parts: Parts, scope: Scope, items: Sequence[HotItem], may_read: Reading | None
) -> list[HotItem]:
    """The items of working memory that policies let the user read: by the record, or by what it would be."""
    if may_read is None or not items:
        return list(items)
    ids = [item.memory_id for item in items if item.memory_id is not None]
    records = await parts.store.fetch(scope, ids) if ids else {}
    known = _looked_at(may_read) <= JUDGED
    judged = [
        records.get(item.memory_id) if item.memory_id else as_memory(scope, item, said_in(item)) if known else None
        for item in items
    ]
    allowed = {memory.id for memory in await rights.readable(may_read, [one for one in judged if one is not None])}
    return [item for item, memory in zip(items, judged, strict=True) if memory is not None and memory.id in allowed]


def as_memory(scope: Scope, item: HotItem, said: WorkingItem) -> Memory:
    """What lives in working memory alone, as policies look at it."""
    return Memory(
        id=_id_of(item.name),
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        agent_id=said.agent_id,
        project_id=said.project_id,
        conversation_id=said.conversation_id,
        type=_type_of(item),
        status=Status.ACTIVE,
        text=said.text,
        speaker=said.speaker,
        told_at=item.at,
        written_at=item.at,
        updated_at=item.at,
        emotion=said.emotion,
        content_hash=said.content_hash,
        trust=Trust(said.trust),
        sensitivity=Sensitivity(said.sensitivity),
        channel_id=said.channel_id,
        audience=tuple(said.audience),
    )


def _looked_at(may_read: Reading) -> set[str]:
    """The fields of memories that these policies name."""
    return {*may_read.fields, *(one.field for part in may_read.decision.conditions for one in comparisons(part))}


def _type_of(item: HotItem) -> MemoryType:
    try:
        return MemoryType(item.value.get("type", MemoryType.TURN))
    except ValueError:
        return MemoryType.TURN


def _id_of(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        return UUID(int=0)


def working_view(item: HotItem, now: datetime) -> Working:
    """An item of working memory as callers see it."""
    left = (item.expires_at - now).total_seconds() if item.expires_at is not None else 0.0
    return Working(
        id=item.name,
        said=said_in(item),
        memory_id=item.memory_id,
        at=item.at,
        expires_at=item.expires_at,
        seconds_left=max(left, 0.0),
    )


def thought_view(item: HotItem) -> Thought:
    """A thought as callers see it."""
    return Thought(
        id=item.name,
        text=item.value.get("text", ""),
        conversation_id=item.value.get("conversation_id"),
        at=item.at,
        expires_at=item.expires_at,
    )


def context_view(item: HotItem) -> ContextValue:
    """A context value as callers see it."""
    return ContextValue(name=item.name, value=item.value.get("value"), at=item.at, expires_at=item.expires_at)


def sensed_view(item: HotItem) -> Sensed:
    """A piece of raw input as callers see it."""
    text, tokens = item.value.get("text", ""), item.value.get("tokens", 0)
    return Sensed(id=item.name, text=text, tokens=tokens, at=item.at, expires_at=item.expires_at)


def newest_within(text: str, most: int) -> str:
    """The end of a text that takes at most ``most`` tokens, cut between words; the whole text if it fits."""
    end = text[-most * LONGEST_TOKEN :]
    if end == text and estimate_tokens(text) <= most:
        return text
    starts = [word.start() for word in _WORD.finditer(end)]
    first = bisect_left(starts, True, key=lambda start: estimate_tokens(end[start:]) <= most)
    return end[starts[first] :] if first < len(starts) else ""


def within_tokens(state: HotState, limits: HotLimits) -> list[Sensed]:
    """What was sensed, oldest first, from the first piece on after which everything fits into the buffer."""
    kept: list[Sensed] = []
    total = 0
    for piece in map(sensed_view, reversed(state.of(HotKind.SENSED))):
        total += piece.tokens
        if total > limits.sensed_tokens:
            break
        kept.append(piece)
    return kept[::-1]
