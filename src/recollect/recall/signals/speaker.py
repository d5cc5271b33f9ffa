"""Speaker: was it said by the one the question is about, or by the side of the talk it is after?"""

from typing import Final

import numpy as np

from recollect.domain.chunking import ROLE_NAMES
from recollect.recall.asked import Asked, Floats
from recollect.recall.plan import Voice
from recollect.recall.signals.signal import Signal, Slots

ASKER_ROLES: Final = frozenset({"user", "human", "customer"})


def score(asked: Asked) -> Floats | None:
    """1 for the only speaker the question names, or the role whose words it is after; else 0."""
    value = _value_by_speaker(asked)
    if not value.any():
        return None
    return value[asked.snapshot.records["speaker"]]  # "no speaker" is -1: the last entry, which is 0


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
            value[code] = float(name == named[0])
    return value


SPEAKER = Signal("speaker", scaled=False, score=score, reasons=reasons)
