"""Chunking: how a text is cut into the passages that are embedded and matched; together they count as one memory.

A passage ends where a paragraph, a line or a sentence ends. One of 120 words fits into what a small embedder reads
(256 word pieces) with room for the speaker's name, and says few enough things for its vector to stay sharp.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PASSAGE_WORDS = 120
TURNS_BEFORE = 2
"""Turns in whose light a turn is read: "yes, last week" says little without the question before it."""

_BREAKS = (re.compile(r"(?<=\n)\s*\n+"), re.compile(r"(?<=\n)"), re.compile(r"(?<=[.!?;:])\s+"), re.compile(r"(?<=\s)"))
"""Where a text may be cut, the best place first: paragraph, line, sentence, word."""

ROLE_NAMES = frozenset({"user", "human", "customer", "assistant", "ai", "agent", "bot", "system", "tool", "model"})
"""Speakers that name a role: the word says nothing about who is meant."""
ASKER_ROLES = frozenset({"user", "human", "customer"})
"""Those of them that stand for the user."""


def passages(text: str, limit: int = PASSAGE_WORDS) -> tuple[str, ...]:
    """Cuts a text into passages of at most ``limit`` words; a short one stays whole, an empty one is one passage.

    Neighbouring pieces are joined again as long as they fit, so no passage is a lone heading unless it must.
    """
    if len(text) <= limit or len(text.split()) <= limit:
        return (text,)
    joined: list[str] = []
    room = 0
    for piece in _pieces(text, limit, 0):
        size = len(piece.split())
        if joined and size <= room:
            joined[-1] += piece
            room -= size
        else:
            joined.append(piece)
            room = limit - size
    return tuple(part.strip() for part in joined if part.strip()) or (text,)


@dataclass(frozen=True, slots=True)
class View:
    """A text whose vector stands for a memory, or for a part of it.

    Attributes:
        lead: who says it, such as ``"Caroline: "``, or "". text: the passage.
        before: what was said right before it, oldest first, each with its own lead.
    """

    lead: str
    text: str
    before: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The passage as its speaker tells it."""
        return self.lead + self.text


def lead_of(speaker: str | None) -> str:
    """How what somebody says begins when it is read beside what others say; "" for the name of a role."""
    return f"{speaker}: " if speaker and speaker.casefold() not in ROLE_NAMES else ""


def views(speaker: str | None, text: str, before: Sequence[str] = ()) -> tuple[View, ...]:
    """The texts whose vectors stand for a memory: its passages, each told by its speaker when that is a name.

    Args:
        speaker: who said it.
        text: what.
        before: what was said right before it, oldest first; each later passage has the one before it instead.
    """
    lead = lead_of(speaker)
    cut = passages(text)
    return tuple(View(lead, one, (cut[at - 1],) if at else tuple(before)) for at, one in enumerate(cut))


def split_document(text: str, limit: int) -> list[str]:
    """Cuts a text too long for one memory into parts of at most ``limit`` characters, at the best break there is."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        window = rest[:limit]
        cut = max(_last_break(window), 1)
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [part for part in [*parts, rest] if part]


def _last_break(window: str) -> int:
    """Where to cut: after the last paragraph, line, sentence or word that leaves at least half of the window."""
    for mark in ("\n\n", "\n", ". ", " "):
        place = window.rfind(mark)
        if place >= len(window) // 2:
            return place + len(mark)
    return len(window)


def _pieces(text: str, limit: int, level: int) -> list[str]:
    """The text in pieces of at most ``limit`` words, whitespace kept at their ends, cut no finer than needed."""
    if level == len(_BREAKS) or len(text.split()) <= limit:
        return [text]
    cut: list[str] = []
    start = 0
    for match in _BREAKS[level].finditer(text):
        if match.end() > start:
            cut.append(text[start : match.end()])
            start = match.end()
    cut.append(text[start:])
    return [fine for piece in cut if piece for fine in _pieces(piece, limit, level + 1)]
