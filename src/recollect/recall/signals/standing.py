"""Standing: is it an instruction of the user that is to last, such as "Always give sources when I ask about history"?

Such an instruction bears on what is asked for now, though it has few of its words.
"""

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.said import Said
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats | None:
    """1 for short instructions that are to last; None when the question asks for what was, or there are none."""
    if asked.question.recalls:
        return None
    snapshot = asked.snapshot

    def work_out() -> Floats:
        return ((snapshot.records["said"] & np.uint8(Said.STANDS)) > 0) * snapshot.brevity[:-1]

    stands = snapshot.kept("standing", work_out)
    return stands if snapshot.kept("any standing", lambda: bool(stands.any())) else None


STANDING = Signal("standing", scaled=False, score=score)
