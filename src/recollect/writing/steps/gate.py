"""Gate: is it worth keeping for good? What is below the threshold lives in working memory only, and fades there."""

from dataclasses import replace

from recollect.domain.reading.salience import salience
from recollect.writing.draft import Draft


def gate(draft: Draft, threshold: float, *, wanted: bool = False) -> Draft:
    """Judges the draft's salience; below the threshold it is held back, and the reason says why.

    Args:
        draft: what was said.
        threshold: 0..1.
        wanted: the caller said what kind of memory it is to be, and so that it is to be one. A rule to keep always is.
    """
    judged = salience(draft.text, draft.facts, draft.entities, draft.emotion)
    if wanted or draft.rules or judged.score >= threshold or draft.derived_from is not None:
        return replace(draft, salience=judged.score)
    return replace(
        draft,
        salience=judged.score,
        held=True,
        reason=f"salience {judged.score:.2f} is below {threshold:.2f} ({judged.reason}): in working memory only",
    )
