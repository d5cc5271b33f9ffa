"""Answer: does it hold a thing of the kind that the question asks for: a name for "Who?", a number for "How many?"."""

from functools import cache

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.said import Said
from recollect.recall.signals.signal import Signal, Slots


def score(asked: Asked) -> Floats | None:
    """1 where such a thing is said in few words, less the longer it is: in a long text there is one of every kind."""
    kind = asked.question.kind
    if not kind:
        return None
    snapshot = asked.snapshot

    def work_out() -> Floats:
        return ((snapshot.records["said"] & np.uint8(kind)) > 0) * snapshot.brevity[:-1]

    return snapshot.kept(("answer", kind), work_out)


def reasons(asked: Asked, slots: Slots) -> list[str]:
    """The kinds of things that are asked for and said."""
    said = asked.snapshot.records["said"][slots] & np.uint8(asked.question.kind)
    return [_named(kinds) for kinds in said.tolist()]


@cache
def _named(kinds: int) -> str:
    return ", ".join(kind.name.lower() for kind in Said(kinds) if kind.name)


ANSWER = Signal("answer", scaled=False, score=score, reasons=reasons)
