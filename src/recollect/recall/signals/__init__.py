"""The signals: each is one reason why a memory may be relevant; ``SIGNALS`` lists them in order."""

from recollect.recall.signals.answer import ANSWER
from recollect.recall.signals.emotion import EMOTION
from recollect.recall.signals.entity import ENTITY
from recollect.recall.signals.fact import FACT
from recollect.recall.signals.importance import IMPORTANCE
from recollect.recall.signals.meaning import MEANING
from recollect.recall.signals.pieces import PIECES
from recollect.recall.signals.recency import RECENCY
from recollect.recall.signals.reinforcement import REINFORCEMENT
from recollect.recall.signals.signal import Signal
from recollect.recall.signals.speaker import SPEAKER
from recollect.recall.signals.standing import STANDING
from recollect.recall.signals.time import TIME
from recollect.recall.signals.told import TOLD
from recollect.recall.signals.when import WHEN
from recollect.recall.signals.words import WORDS

SIGNALS: tuple[Signal, ...] = (
    MEANING,
    WORDS,
    PIECES,
    SPEAKER,
    TIME,
    WHEN,
    ANSWER,
    TOLD,
    STANDING,
    FACT,
    ENTITY,
    RECENCY,
    EMOTION,
    REINFORCEMENT,
    IMPORTANCE,
)
