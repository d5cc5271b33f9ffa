"""When: does a memory tell a time, for a question that asks for one?"""

from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats | None:
    """1 for brief memories that tell a time ("last week", "in May"), less for long ones, which always do.

    None unless the question asks when or how long.
    """
    if not asked.question.asks_when:
        return None
    snapshot = asked.snapshot
    return snapshot.kept("when", lambda: snapshot.records["tells_time"] * snapshot.brevity[:-1])


WHEN = Signal("when", scaled=False, score=score)
