"""The written form of a packet: its sections and their order, its styles, and the marker lines it stands between.

What changes least stands first, so that a prompt cache keeps its prefix. The whole stands between two marker lines, so
that it is recognised when it comes back (see ``domain/echo``). A text that contains a marker itself cannot end the
block: its bracket is shown full-width, which a reader sees as the same, a search for markers does not, and a content
hash (NFKC) does.
"""

import re
from enum import StrEnum
from typing import Literal

from recollect.domain.content import without_controls


class Category(StrEnum):
    """The packet's parts, in the order they are rendered: what stays the same first, what changes each turn last."""

    IDENTITY = "identity"
    CONSTRAINTS = "constraints"
    PREFERENCES = "preferences"
    PROCEDURES = "procedures"
    GOALS = "goals"
    PROJECT = "project"
    FACTS = "facts"
    EPISODES = "episodes"
    SESSION = "session"
    WORKING = "working"
    SENSED = "sensed"
    THOUGHTS = "thoughts"


TITLES = {
    Category.IDENTITY: "About the user",
    Category.CONSTRAINTS: "Rules to keep",
    Category.PREFERENCES: "Preferences",
    Category.PROCEDURES: "How to do things",
    Category.GOALS: "Goals and tasks",
    Category.PROJECT: "The project",
    Category.FACTS: "Facts",
    Category.EPISODES: "What was said and done",
    Category.SESSION: "This session",
    Category.WORKING: "Just now",
    Category.SENSED: "Heard this moment",
    Category.THOUGHTS: "Last thoughts",
}

COUNTED = {
    Category.IDENTITY: ("identity fact", "identity facts"),
    Category.CONSTRAINTS: ("rule", "rules"),
    Category.PREFERENCES: ("preference", "preferences"),
    Category.PROCEDURES: ("procedure", "procedures"),
    Category.GOALS: ("goal", "goals"),
    Category.PROJECT: ("project note", "project notes"),
    Category.FACTS: ("fact", "facts"),
    Category.EPISODES: ("episode", "episodes"),
    Category.SESSION: ("session field", "session fields"),
    Category.WORKING: ("recent exchange", "recent exchanges"),
    Category.SENSED: ("sensed item", "sensed items"),
    Category.THOUGHTS: ("thought", "thoughts"),
}
"""One of a category, and several, in words."""

CAREFUL, QUESTIONS = "Careful", "Open questions"
"""The titles of the warnings and of what only the user can settle."""
ASIDE_TAGS = {CAREFUL: "warnings", QUESTIONS: "questions"}

Style = Literal["markdown", "xml", "plain"]
STYLES: tuple[Style, ...] = ("markdown", "xml", "plain")

MARKERS: dict[Style, tuple[str, str]] = {
    "markdown": ("<recalled-memory>", "</recalled-memory>"),
    "xml": ("<recalled-memory>", "</recalled-memory>"),
    "plain": ("[recalled memory]", "[end of recalled memory]"),
}
"""The lines that open and close a rendered packet."""

_GAP = r"[^\S\n\r]"
MARKER = re.compile(
    rf"(?P<angle><{_GAP}{{0,9}}(?P<ends_angle>/?){_GAP}{{0,9}}recalled[-_]memory{_GAP}{{0,9}}>)"
    rf"|(?P<square>\[{_GAP}{{0,9}}(?P<ends_square>end{_GAP}{{1,9}}of{_GAP}{{1,9}})?"
    rf"recalled{_GAP}{{1,9}}memory{_GAP}{{0,9}}\])",
    re.IGNORECASE,
)
"""A marker of any style, whatever its case and spacing."""


def section(title: str, tag: str, style: Style) -> tuple[str, str]:
    """What stands before a section's first line and after its last one, line breaks included."""
    if style == "markdown":
        return f"## {title}\n", "\n"
    if style == "xml":
        return f"<{tag}>\n", f"</{tag}>\n"
    return f"{title}:\n", "\n"


def entry(line: str, style: Style) -> str:
    """One line of a section, with its line break."""
    if style == "markdown":
        return f"- {line}\n"
    if style == "xml":
        return f"  <item>{_escaped(line)}</item>\n"
    return f"  {line}\n"


def left_out(counts: dict[Category, int], style: Style) -> str:
    """The line that says what was dropped, by category in the order they are rendered."""
    named = [f"{counts[one]} {COUNTED[one][counts[one] != 1]}" for one in Category if counts.get(one)]
    note = f"left out for space: {', '.join(named)}"
    return f"<!-- {note} -->\n" if style == "xml" else f"({note})\n"


def on_one_line(text: str) -> str:
    """The text without line breaks and control characters, and with its markers made harmless."""
    line = " ".join(without_controls(text).split())
    return MARKER.sub(_harmless, line) if "<" in line or "[" in line else line


def quoted(text: str, most: int = 120) -> str:
    """A text as it is quoted in a sentence: on one line, and cut at a word when it is long."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(".,;:") + " ..."


def _harmless(marker: re.Match[str]) -> str:
    return ("\uff1c" if marker.group().startswith("<") else "\uff3b") + marker.group()[1:]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
