"""Asked: one question put to one user's memories, which is all that a signal gets to see."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from recollect.recall.plan import Question
from recollect.recall.resident.question_pieces import AskedPieces
from recollect.recall.resident.snapshot import Snapshot

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one user's memories.

    Attributes:
        snapshot: the memories. question: as read by ``plan``. pieces: its word pieces. now: the moment of asking.
        allowed: bool, shape (slots,): the memories that may be found; no other may lend them anything.
        all_allowed: whether these are all.
    """

    snapshot: Snapshot
    question: Question
    pieces: AskedPieces
    now: datetime
    allowed: npt.NDArray[np.bool_]
    all_allowed: bool = False
