"""Working memory, as writing fills it: what was just said, for as long as its feeling lasts.

What the gate held back lives here and nowhere else. When it comes up again before it has faded, it weighs more, and at
the gate's threshold it is promoted: it becomes a record after all. Small talk never does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from recollect.domain.emotion import working_ttl_s
from recollect.domain.hearing import place_of_item
from recollect.domain.hot import HotItem, HotKind, WorkingItem
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.receipt import Outcome, ReceiptItem
from recollect.domain.record import MemoryType, SourceType, Trust
from recollect.domain.scope import is_reserved
from recollect.domain.words import STOP_WORDS, stem, words
from recollect.ports.hot_tier import HotWrite
from recollect.writing.draft import Draft

WEIGHT_OF_AGAIN = 0.15
"""What is said once more gains so much salience each time."""
ALIKE = 0.6
"""Two texts speak of the same if at least this share of their words of content, by stem, is common to both."""


def promoted(held: Sequence[Draft], there: Sequence[HotItem], threshold: float, now: datetime) -> list[Draft]:
    """The held drafts; what came up again often enough is not held any more, the others count how often they came.

    What came up before in the same batch counts as what is there.
    """
    found: list[Draft] = []
    seen = list(there)
    for draft in held:
        before = None if not draft.held or small_talk(draft.text) else _same(draft, seen)
        judged = draft if before is None else _again(draft, before, threshold)
        if before is not None:
            seen.remove(before)
        if judged.held:
            name, value = judged.working_name or str(judged.id), _value(judged, held=True)
            seen.append(HotItem(kind=HotKind.WORKING, name=name, value=value, at=judged.told_at or now))
        found.append(judged)
    return found


def _again(draft: Draft, before: HotItem, threshold: float) -> Draft:
    """The draft, which is in working memory already, counted once more, or promoted, or with its record told again."""
    if before.memory_id is not None:
        return replace(draft, held=False, reason="")
    times = int(before.value.get("times", 1)) + 1
    if draft.salience + WEIGHT_OF_AGAIN * (times - 1) < threshold:
        return replace(draft, times=times, working_name=before.name)
    reason = f"came up {times} times while it was in working memory: promoted"
    return replace(draft, held=False, times=times, working_name=before.name, reason=reason)


def may_be_promoted(drafts: Iterable[Draft]) -> bool:
    """Whether working memory has to be looked at: small talk alone is no reason."""
    return any(draft.held and not small_talk(draft.text) for draft in drafts)


def writes_of(drafts: Iterable[Draft], stored_as: Mapping[UUID, UUID], now: datetime) -> list[HotWrite]:
    """What goes into working memory: live words of sources that are believed, as reminders of their records."""
    writes: list[HotWrite] = []
    for draft in drafts:
        deadline = fades_at(draft, now)
        if deadline is None or deadline <= now or draft.derived_from is not None or not _belongs(draft):
            continue
        memory_id = stored_as.get(draft.id)
        name = str(memory_id or draft.working_name or draft.id)
        if memory_id is not None and draft.working_name not in (None, name):
            writes.append(HotWrite(kind=HotKind.WORKING, name=draft.working_name or "", value=None, at=now))
        writes.append(
            HotWrite(
                kind=HotKind.WORKING,
                name=name,
                value=_value(draft, held=memory_id is None),
                memory_id=memory_id,
                at=min(draft.told_at or now, now),
                expires_at=deadline,
            )
        )
    return writes


def fades_at(draft: Draft, now: datetime) -> datetime | None:
    """When it is gone from working memory; None when nobody knows when it was said.

    What a caller dates later than now stays no longer than what is said now.
    """
    if draft.told_at is None:
        return None
    return min(draft.told_at, now) + timedelta(seconds=working_ttl_s(draft.emotion))


def held_item(draft: Draft, now: datetime) -> ReceiptItem:
    """The receipt of what the gate held back."""
    deadline = fades_at(draft, now)
    lives = deadline is not None and deadline > now and _belongs(draft)
    faded = draft.reason.replace("in working memory only", "and too long ago for working memory")
    return ReceiptItem(
        outcome=Outcome.WORKING if lives else Outcome.REJECTED,
        reason=draft.reason if lives else faded,
        memory_id=None,
        type=draft.type or MemoryType.TURN,
        text=draft.text,
        occurred_at=draft.occurred_at,
        emotion=draft.emotion,
        importance=draft.importance or 0.0,
        working_ttl_s=working_ttl_s(draft.emotion),
    )


def _belongs(draft: Draft) -> bool:
    return (
        draft.trust is Trust.TRUSTED
        and draft.source_type is not SourceType.DOCUMENT
        and not is_reserved(draft.scope.user_id)
        and not draft.quotes_wrong
    )


def _value(draft: Draft, *, held: bool) -> dict[str, Any]:
    scope = draft.scope
    item = WorkingItem(
        text=draft.text,
        speaker=draft.speaker,
        role=draft.role,
        emotion=draft.emotion,
        salience=draft.salience,
        reason=draft.reason if held else "",
        content_hash=draft.content_hash,
        times=draft.times,
        agent_id=scope.agent_id,
        conversation_id=scope.conversation_id,
        project_id=scope.project_id,
        channel_id=draft.channel_id,
        audience=draft.audience,
        sensitivity=draft.sensitivity.value,
        trust=draft.trust.value,
    )
    return asdict(item) | {"type": (draft.type or MemoryType.TURN).value}


def _same(draft: Draft, there: Sequence[HotItem]) -> HotItem | None:
    mine, heard_in = _stems(draft.text), (draft.channel_id, draft.audience)
    for item in reversed(there):
        if item.kind is not HotKind.WORKING:
            continue
        if item.value.get("agent_id", "") != draft.scope.agent_id or place_of_item(item) != heard_in:
            continue
        same = item.value.get("content_hash") == draft.content_hash
        if same or (item.memory_id is None and _alike(mine, _stems(str(item.value.get("text", ""))))):
            return item
    return None


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and len(one & other) >= ALIKE * len(one | other)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS)
