"""Speaker: was it said by the one the question is about, or by the side of the talk it is after?"""

from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import ASKER_ROLES, ROLE_NAMES
from recollect.recall.asked import Asked, Floats
from recollect.recall.plan import Voice
from recollect.recall.resident.snapshot import Snapshot
from recollect.recall.said import Said
from recollect.recall.signals.signal import Signal, Slots

NAMED: Final = 0.5
"""What it is worth to be said by the one whom the question names; the rest is for speaking of oneself."""


def score(asked: Asked) -> Floats | None:
    """1 for the role whose words the question is after, or for the only speaker it names who speaks of himself.

    A named speaker who speaks of other things is worth ``NAMED``, everybody else 0.
    """
    value = _value_by_speaker(asked)
    if not value.any():
        return None
    value = np.roll(value, 1)  # nobody first: there may be more speakers by now than when ``_who`` was worked out
    of_self = np.minimum(value, NAMED) * np.float32(1.0 / NAMED)  # who speaks of himself has it all
    worth = np.stack([value, of_self], axis=1).ravel()
    return worth.take(asked.snapshot.kept("speakers", lambda: _who(asked.snapshot)))


def _who(snapshot: Snapshot) -> npt.NDArray[np.intp]:
    """Per slot, twice the speaker's number counted from 1 (nobody is 0), and one more where he speaks of himself."""
    records = snapshot.records
    return 2 * (records["speaker"].astype(np.intp) + 1) + ((records["said"] & np.uint8(Said.SELF)) > 0)


def reasons(asked: Asked, slots: Slots) -> list[str]:
    """Who said it, when that counted."""
    value, names = _value_by_speaker(asked), asked.snapshot.speakers.names
    codes = asked.snapshot.records["speaker"][slots].tolist()
    return [names[code] if value[code] > 0 else "" for code in codes]


def _value_by_speaker(asked: Asked) -> Floats:
    names = asked.snapshot.speakers.names
    value = np.zeros(len(names) + 1, np.float32)
    named = asked.question.speakers
    for code, name in enumerate(names):
        role = name.casefold()
        if role in ROLE_NAMES:
            wanted = Voice.ASKER if role in ASKER_ROLES else Voice.ANSWERER
            value[code] = float(asked.question.voice is wanted)
        elif len(named) == 1:
            value[code] = NAMED * (name == named[0])
    return value


SPEAKER = Signal("speaker", scaled=False, score=score, reasons=reasons)
