"""Tells by rules whether a message needs memory: small talk and steering of the work at hand do not.

Without a task at hand everything but small talk needs memory. Within one, what points backwards, to people or to
"my" and "our" needs it, "make it shorter" does not, and of the rest the rules are unsure: then memory is asked,
unless a chat model says otherwise (``recall/decide.py``).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from recollect.domain.reading.entities import read_entities
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.reading.small_talk_words import folded
from recollect.domain.reading.when import find_times
from recollect.domain.record import EntityType
from recollect.domain.words import stems
from recollect.recall.need_words import EARLIER, FILLERS, OURS, QUESTIONS, STEERING, TARGETS, TIMES

_LONGEST_STEERING: Final = 12
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"```.*?(?:```|$)|\"[^\"]*\"|“[^”]*”|«[^»]*»", re.DOTALL)
_READ: Final = 4_000
"""Of a longer message only the beginning is read by the rules."""


class Verdict(StrEnum):
    """Whether memory is needed."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Need:
    """Whether a message needs memory, and why."""

    verdict: Verdict
    reason: str


def needs_memory(message: str, task: str | None) -> Need:
    """Tells whether ``message`` needs memory.

    Args:
        message: what the user said.
        task: the work at hand as text: the session's active task, or else its topic; None or empty without one.
    """
    if small_talk(message):
        return Need(Verdict.NO, "small talk")
    if task is None or not task.strip():
        return Need(Verdict.YES, "no task is at hand")
    text = message[:_READ]
    plain = " ".join(_WORD.findall(folded(text)))
    if reason := _points_elsewhere(text, plain):
        return Need(Verdict.YES, reason)
    if _steers(plain):
        return Need(Verdict.NO, "steers the work at hand")
    if reason := _names(text, task):
        return Need(Verdict.YES, reason)
    shared = set(stems(text)) & set(stems(task))
    if shared and _asks(text, plain):
        return Need(Verdict.YES, f"asks about {', '.join(sorted(shared)[:3])} of the task")
    return Need(Verdict.UNSURE, "goes on with the task" if shared else "nothing tells")


def _points_elsewhere(text: str, plain: str) -> str:
    """Why the message is about something outside of what is on the table, or nothing."""
    for reason, pattern in (("refers to what was before", EARLIER), ("speaks of the user's own", OURS)):
        if found := pattern.search(plain):
            return f"{reason}: {found.group()}"
    if found := TIMES.search(plain):
        return f"tells a time: {found.group()}"
    if times := find_times(_QUOTED.sub(" ", text)):
        return f"tells a time: {_short(times[0].text)}"
    return ""


def _short(found: str) -> str:
    """What was found, on one line and not too long for a reason."""
    return " ".join(found.split())[:60]


def _steers(plain: str) -> bool:
    """Whether the message is made of nothing but words that steer: continue, shorter, again, in French."""
    words = plain.split()
    if not words or len(words) > _LONGEST_STEERING:
        return False
    left = STEERING.sub(" ", plain).split()
    known = all(word in FILLERS or word in TARGETS or word.isdigit() for word in left)
    return known and (left != words or any(word in TARGETS for word in words))


def _names(text: str, task: str) -> str:
    """Whom or what the message names that is no language, number or part of the task's own words."""
    known = set(_WORD.findall(folded(task)))
    for entity in read_entities(text, None):
        words = set(_WORD.findall(folded(entity.name)))
        if entity.type is not EntityType.NUMBER and not words <= known | TARGETS | FILLERS:
            return f"names {_short(entity.name)}"
    return ""


def _asks(text: str, plain: str) -> bool:
    return "?" in text or plain.split(" ", 1)[0] in QUESTIONS
