"""Score: how strongly it was felt and how much it matters."""

from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.reading.importance import importance
from recollect.domain.record import MemoryType
from recollect.ports.scorer import EmotionScorer
from recollect.writing.draft import Draft


def score(drafts: Sequence[Draft], scorer: EmotionScorer) -> list[Draft]:
    """Fills in emotion and importance, both 0..1."""
    emotions = scorer.score([draft.text for draft in drafts])
    return [
        replace(
            draft,
            emotion=emotion,
            importance=draft.importance
            if draft.importance is not None
            else importance(draft.text, draft.type or MemoryType.TURN, emotion, draft.facts, draft.entities),
        )
        for draft, emotion in zip(drafts, emotions, strict=True)
    ]
