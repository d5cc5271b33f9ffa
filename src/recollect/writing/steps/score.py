"""Score: how strongly it was felt, how much it matters, and whether it weighs on who said it."""

from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.reading.importance import importance as importance_of
from recollect.domain.record import MemoryType
from recollect.ports.scorer import EmotionScorer
from recollect.writing.draft import Draft
from recollect.writing.stressors import with_stressor


def score(drafts: Sequence[Draft], scorer: EmotionScorer) -> list[Draft]:
    """Fills in emotion and importance, both 0..1, and notes what weighs on the user in the metadata."""
    emotions = scorer.score([draft.text for draft in drafts])
    return [_scored(draft, emotion) for draft, emotion in zip(drafts, emotions, strict=True)]


def _scored(draft: Draft, emotion: float) -> Draft:
    importance = draft.importance
    if importance is None:
        importance = importance_of(draft.text, draft.type or MemoryType.TURN, emotion, draft.facts, draft.entities)
    return replace(draft, emotion=emotion, importance=importance, extra=with_stressor(draft, emotion))
