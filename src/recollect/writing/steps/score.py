"""Score: how strongly it was felt, how much it matters, and whether it weighs on who said it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from recollect.domain.reading.importance import importance as importance_of
from recollect.domain.reading.stressor import read_stressor
from recollect.domain.record import MemoryType
from recollect.ports.scorer import EmotionScorer
from recollect.writing.draft import Draft

STRESSOR: Final = "stressor"
"""What the metadata of such a text says: ``{"stressor": true, "emotion": "fear", "category": "academic"}``."""


def score(drafts: Sequence[Draft], scorer: EmotionScorer) -> list[Draft]:
    """Fills in emotion and importance, both 0..1, and notes what weighs on the user in the metadata."""
    emotions = scorer.score([draft.text for draft in drafts])
    return [_scored(draft, emotion) for draft, emotion in zip(drafts, emotions, strict=True)]


def _scored(draft: Draft, emotion: float) -> Draft:
    importance = draft.importance
    if importance is None:
        importance = importance_of(draft.text, draft.type or MemoryType.TURN, emotion, draft.facts, draft.entities)
    return replace(draft, emotion=emotion, importance=importance, extra=_with_stressor(draft, emotion))


def _with_stressor(draft: Draft, emotion: float) -> Mapping[str, Any]:
    """The metadata with what weighs on the user: its emotion and area of life; a caller's own word on it stands."""
    if not draft.reads_facts or STRESSOR in draft.extra:
        return draft.extra
    return {**_stressor_in(draft.text, emotion), **draft.extra}


def without_stressor(extra: Mapping[str, Any], text: str, emotion: float) -> Mapping[str, Any]:
    """The metadata of a text without what was read from it: for another text that takes its place or is cut from it."""
    if STRESSOR not in extra:
        return extra
    noted = _stressor_in(text, emotion)
    return {name: value for name, value in extra.items() if name not in noted or noted[name] != value}


def _stressor_in(text: str, emotion: float) -> dict[str, Any]:
    found = read_stressor(text, emotion)
    return {} if found is None else {STRESSOR: True, "emotion": found.emotion, "category": found.category}
