"""Smooth: what a memory is given of the scores around it, for an answer often stands beside what the question says.

A turn gets a share of the score of the turn before it and of the one after it, and a brief one a further share of the
turn before it when that asks: it replies. Then every memory gets a share of the best score in its conversation. Only
memories that may be found give anything.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import ASKER_ROLES, ROLE_NAMES
from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.snapshot import Snapshot
from recollect.recall.said import Said

RECAPPED: Final = 3.0
"""How often the share of a message's score counts for the answer to it, when a summary is asked for."""


def beside(snapshot: Snapshot, scores: Floats) -> tuple[Floats, Floats]:
    """The scores of the turn before and of the turn after; 0 where there is none.

    Args:
        snapshot: the memories.
        scores: fused scores, shape (slots,), 0 for memories that may not be found.
    """
    around = snapshot.beside
    if around.shifted is not None:
        before, after = np.zeros_like(scores), np.zeros_like(scores)
        np.multiply(scores[:-1], around.shifted, out=before[1:])
        np.multiply(scores[1:], around.shifted, out=after[:-1])
        return before, after
    wider = np.append(scores, np.float32(0.0))
    return wider[around.before], wider[around.after]


def replied(asked: Asked, before: Floats) -> Floats:
    """The scores of the turns before that ask, times how brief the turn itself is; 0 elsewhere.

    For a question after a summary, what an assistant answered counts too, however long it is, and ``RECAPPED`` times.

    Args:
        asked: the question and the memories.
        before: each one's score of the turn before.
    """
    snapshot = asked.snapshot

    def work_out() -> Floats:
        asks = ((snapshot.records["said"] & np.uint8(Said.ASKS)) > 0).astype(np.float32)
        return beside(snapshot, asks)[0] * snapshot.brevity[:-1]

    def with_answers() -> Floats:
        names = snapshot.speakers.names
        answering = [code for code, name in enumerate(names) if name.casefold() in ROLE_NAMES - ASKER_ROLES]
        answers = np.isin(snapshot.records["speaker"], answering) * np.float32(RECAPPED)
        return np.maximum(work_out(), answers)

    if asked.question.recaps:
        return before * snapshot.kept("replies and answers", with_answers)
    return before * snapshot.kept("replies", work_out)


def best_of_conversation(asked: Asked, scores: Floats) -> Floats:
    """The best score in each memory's conversation; a memory outside of any is a conversation of its own.

    Args:
        asked: the question and the memories.
        scores: fused scores, shape (slots,), at least 0, and 0 for memories that may not be found.
    """
    snapshot = asked.snapshot
    runs = snapshot.runs
    of_run = np.maximum.reduceat(scores, runs.starts)
    best = np.zeros(len(snapshot.conversations) + 1, np.float32)
    np.maximum.at(best, runs.codes, of_run)  # code -1, no conversation, is the last entry
    found = np.repeat(best[runs.codes], runs.lengths)
    own: npt.NDArray[np.bool_] | None = runs.outside if asked.all_allowed else _own(runs.outside, asked.allowed)
    return found if own is None else np.where(own, scores, found)


def _own(outside: npt.NDArray[np.bool_] | None, allowed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    return ~allowed if outside is None else outside | ~allowed
