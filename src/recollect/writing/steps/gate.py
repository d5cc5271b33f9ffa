"""Gate: is it worth keeping for good? What is below the threshold goes to the task tier, which is pruned."""

from dataclasses import replace

from recollect.domain.reading.salience import salience
from recollect.domain.record import Tier
from recollect.writing.draft import Draft


def gate(draft: Draft, threshold: float) -> Draft:
    """Puts a text of low salience into the task tier, which is pruned, and says why."""
    judged = salience(draft.text, draft.facts, draft.entities, draft.emotion)
    if judged.score >= threshold or draft.derived_from is not None:
        return draft
    return replace(
        draft,
        tier=Tier.TASK,
        importance=min(draft.importance or 0.0, judged.score),
        reason=f"salience {judged.score:.2f} is below {threshold:.2f} ({judged.reason}): kept for the task only",
    )
