"""Plan: what can be read from a question before anything is looked up: its words, the people and the times it names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import ROLE_NAMES
from recollect.domain.entity_names import EntityNames
from recollect.domain.words import STOP_WORDS, stem, words
from recollect.recall.asked_facts import asked_facts
from recollect.recall.asked_kind import asked_kind, recalls, recaps
from recollect.recall.framing import without_framing
from recollect.recall.tense import Tense, tense
from recollect.recall.time_anchor import Anchored, anchored
from recollect.recall.time_apart import topic_of
from recollect.recall.time_order import Order, order_of
from recollect.recall.time_span import Span
from recollect.recall.times import read_times

_LISTENER = re.compile(
    r"\b(?:did|have|had|do|would|could|what|how|that|which|as) you\b|\byour (?:advice|answer|suggestion)",
    re.IGNORECASE,
)
_ADVISED = re.compile(
    r"\b(?:did|have|had|that|which|what|as|how) you (?:\w+ )?"
    r"(?:recommend|suggest|advise|propose|explain|describe|outline|give|gave|list|provide|tell|told|say|said)",
    re.IGNORECASE,
)
_ASKS_WHEN = re.compile(
    r"^(?:since )?when\b|\bwhen (?:did|does|do|is|was|were|will|has|have)\b|\bhow long\b"
    r"|\b(?:what|which) (?:date|day|month|year|time)\b",
    re.IGNORECASE,
)
_ASKER = re.compile(r"\b(?:i|i'm|i've|i'd|my|me|mine|myself|we|our|us)\b", re.IGNORECASE)


class Voice(StrEnum):
    """Whose words the question is after, where one side of the talk is an assistant."""

    ASKER = "asker"  # what the user said: "did I mention"
    ANSWERER = "answerer"  # what the assistant said: "did you recommend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, read.

    Attributes:
        text: as asked. about: the text without what it says of its answer; it is what is embedded.
        vector: float32, shape (dimension,), or None when the embedder is down or was not asked.
        topic: what it is about, without words that only say when, "" when that is all of it.
        stems: the stems of its words, each once, without stop words. shown: the word each stem came from.
        speakers: the known speakers it names. spans: the times it names. voice: whose words it is after.
        asks_when: it asks for a time. facts: the keyed facts it asks for, such as ``user:location``.
        anchors: the times it counts from events. order: the end of time it asks for, by when things happened.
        tense: whether it asks for what is so now, was so before, or was so at first.
        names: aliases and merges of the user's entities; empty where no signal asks for them.
        kind: the kinds of things it asks for, as ``said.Said``.
        recalls: it asks for what was said or done so far. recaps: it asks for a summary of that.
    """

    text: str
    about: str = ""
    topic: str = ""
    vector: npt.NDArray[np.float32] | None = None
    stems: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    voice: Voice = Voice.ASKER
    asks_when: bool = False
    facts: tuple[str, ...] = ()
    anchors: tuple[Anchored, ...] = ()
    order: Order | None = None
    tense: Tense = Tense.ANY
    names: EntityNames = field(default_factory=EntityNames)
    kind: int = 0
    recalls: bool = False
    recaps: bool = False


def plan(text: str, now: datetime, speakers: Sequence[str] = ()) -> Question:
    """Reads a question.

    Args:
        text: the question.
        now: what "last week" refers to.
        speakers: who has ever said something.
    """
    asked = words(text)
    times, rest = read_times(text, now)
    anchors = anchored(rest)
    about = without_framing(text)
    topic = topic_of(about, times, anchors, now.date())
    stemmed: dict[str, str] = {}
    for word in asked if topic == text else words(topic):
        if word not in STOP_WORDS:
            stemmed.setdefault(stem(word), word)
    return Question(
        text=text,
        about=about,
        topic=topic,
        stems=tuple(stemmed),
        shown=tuple(stemmed.values()),
        speakers=named_speakers(asked, speakers),
        spans=times,
        voice=voice_of(text),
        asks_when=bool(_ASKS_WHEN.search(text)),
        facts=asked_facts(text, asked),
        anchors=anchors,
        order=order_of(text),
        tense=tense(text),
        kind=asked_kind(text),
        recalls=recalls(text),
        recaps=recaps(text),
    )


def named_speakers(asked: Sequence[str], speakers: Sequence[str]) -> tuple[str, ...]:
    """The speakers one of whose names is among the question's words; names of roles ("user") are nobody's.

    Of namesakes, those are meant of whose names the question has most: "Anna Schmidt" is not Ben Schmidt.
    """
    present = frozenset(asked)
    found = {
        speaker: present.intersection(name for name in words(speaker) if len(name) > 1)
        for speaker in speakers
        if speaker.casefold() not in ROLE_NAMES
    }
    return tuple(one for one, names in found.items() if names and not any(names < more for more in found.values()))


def voice_of(text: str) -> Voice:
    """Whose words a question to an assistant is after; the asker's unless it asks what "you" said.

    "What did you recommend for my app?" is after the answer, "What did you make of my app?" after what was asked.
    """
    if _ADVISED.search(text) or (_LISTENER.search(text) and not _ASKER.search(text)):
        return Voice.ANSWERER
    return Voice.ASKER
