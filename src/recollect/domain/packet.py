"""Packet: what ``context`` answers: what is known of the user, what was retrieved, and how to put it into a prompt.

Rendering is deterministic: what changes least stands first (identity, then rules and preferences, then facts, then
episodes in the order they happened), so that a prompt cache keeps its prefix. An item is never cut: when the budget is
too small the least valuable items are left out whole, and the text says how many.

The whole stands between two marker lines, so that it is recognised when it comes back (see ``domain/echo``). A text
that contains a marker itself cannot end the block: its bracket is shown full-width, which a reader sees as the same, a
search for markers does not, and a content hash (NFKC) does.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from recollect.domain.record import Memory, MemoryType
from recollect.domain.tokens import estimate_tokens
from recollect.errors import ValidationError


class Category(StrEnum):
    """The packet's parts, in the order they are rendered."""

    IDENTITY = "identity"
    CONSTRAINTS = "constraints"
    PREFERENCES = "preferences"
    PROCEDURES = "procedures"
    GOALS = "goals"
    FACTS = "facts"
    EPISODES = "episodes"


TITLES = {
    Category.IDENTITY: "About the user",
    Category.CONSTRAINTS: "Rules to keep",
    Category.PREFERENCES: "Preferences",
    Category.PROCEDURES: "How to do things",
    Category.GOALS: "Goals and tasks",
    Category.FACTS: "Facts",
    Category.EPISODES: "What was said and done",
}

CATEGORY_OF = {
    MemoryType.IDENTITY: Category.IDENTITY,
    MemoryType.CONSTRAINT: Category.CONSTRAINTS,
    MemoryType.PREFERENCE: Category.PREFERENCES,
    MemoryType.PROCEDURE: Category.PROCEDURES,
    MemoryType.GOAL: Category.GOALS,
    MemoryType.TASK_STATE: Category.GOALS,
    MemoryType.SEMANTIC_FACT: Category.FACTS,
    MemoryType.HYPOTHESIS: Category.FACTS,
}

Style = Literal["markdown", "xml", "plain"]
STYLES: tuple[Style, ...] = ("markdown", "xml", "plain")

CAREFUL = "Careful"
"""The title of the warnings."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketItem:
    """One memory in the packet.

    Attributes:
        memory: the record. category: where it is shown.
        score: its search score; None for what is always loaded.
        tokens: estimated length of its line.
    """

    memory: Memory
    category: Category
    score: float | None
    tokens: int

    def line(self) -> str:
        """The memory on one line: date, speaker, text. Line breaks become spaces, and markers are made harmless."""
        memory = self.memory
        when = f"[{memory.occurred_at:%Y-%m-%d}] " if memory.occurred_at and self.category is Category.EPISODES else ""
        who = f"{memory.speaker}: " if memory.speaker else ""
        return _on_one_line(f"{when}{who}{memory.text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What a turn needs to know.

    Attributes:
        query: what was asked, or "".
        items: identity first, then what was retrieved, best first.
        warnings: conflicts among the items. open_questions: what only the user can settle.
        retrieved_at: when (UTC). ms: wall-clock milliseconds by stage. round_trips: to the database.
        note: why nothing was retrieved, when nothing was. degraded: what was left out and why.
    """

    query: str
    items: tuple[PacketItem, ...]
    warnings: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    retrieved_at: datetime
    ms: dict[str, float] = field(default_factory=dict[str, float])
    round_trips: int = 0
    note: str = ""
    degraded: tuple[str, ...] = ()

    def by_category(self, category: Category) -> tuple[PacketItem, ...]:
        """The items of one category, in the order they are rendered."""
        return tuple(item for item in _ordered(self.items) if item.category is category)

    @property
    def tokens(self) -> int:
        """Estimated tokens of the whole packet, rendered without a limit."""
        return estimate_tokens(self.render(budget_tokens=1_000_000))

    def render(self, *, budget_tokens: int = 1_500, style: Style = "markdown") -> str:
        """The packet as text for a prompt, of at most ``budget_tokens`` estimated tokens; "" when it is empty.

        The text stands between two marker lines, which count: when it comes back in a message, ``add`` leaves it out.

        Args:
            budget_tokens: the limit; items that do not fit are left out whole, the least valuable first.
            style: ``markdown``, ``xml`` or ``plain``.

        Raises:
            ValidationError: an unknown style, or a budget below 1.
        """
        if style not in STYLES:
            raise ValidationError("style", f"must be one of {', '.join(STYLES)}, not {style!r}")
        if isinstance(budget_tokens, bool) or not isinstance(budget_tokens, int) or budget_tokens < 1:  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
            raise ValidationError("budget_tokens", f"must be a whole number of at least 1, not {budget_tokens!r}")
        kept = list(self.items)  # in order of value
        while kept:
            text = _rendered(kept, self.warnings, len(self.items) - len(kept), style)
            excess = estimate_tokens(text) - budget_tokens
            if excess <= 0:
                return text
            while kept and excess > 0:
                excess -= kept.pop().tokens
        return ""

    def __repr__(self) -> str:
        return f"<Packet {len(self.items)} items, {self.tokens} tokens, for {self.query[:60]!r}>\n{self.render()}"


def packet_item(memory: Memory, *, score: float | None) -> PacketItem:
    """The memory as an item of its category; what is always loaded (no score) is shown as identity."""
    category = Category.IDENTITY if score is None else CATEGORY_OF.get(memory.type, Category.EPISODES)
    item = PacketItem(memory=memory, category=category, score=score, tokens=0)
    return PacketItem(memory=memory, category=category, score=score, tokens=estimate_tokens(item.line()) + 2)


def _ordered(items: tuple[PacketItem, ...] | list[PacketItem]) -> list[PacketItem]:
    beginning = datetime.min.replace(tzinfo=UTC)
    order = list(Category)

    def place(item: PacketItem) -> tuple[int, str, datetime, str]:
        episode = item.category is Category.EPISODES
        when = item.memory.occurred_at or beginning
        return (order.index(item.category), "" if episode else item.memory.key or "~", when, str(item.memory.id))

    return sorted(items, key=place)


def _rendered(items: list[PacketItem], warnings: tuple[str, ...], dropped: int, style: Style) -> str:
    opening, closing = MARKERS[style]
    lines = [opening]
    ordered = _ordered(items)
    for category in Category:
        chosen = [item.line() for item in ordered if item.category is category]
        if chosen:
            lines += _section(TITLES[category], category.value, chosen, style)
    if warnings:
        lines += _section(CAREFUL, "warnings", [_on_one_line(warning) for warning in warnings], style)
    if dropped:
        left_out = f"{dropped} less relevant {'memory' if dropped == 1 else 'memories'} left out"
        lines.append(f"<!-- {left_out} -->" if style == "xml" else f"({left_out})")
    if not lines[-1]:
        lines.pop()
    return "\n".join([*lines, closing])


def _section(title: str, tag: str, lines: list[str], style: Style) -> list[str]:
    if style == "markdown":
        return [f"## {title}", *(f"- {line}" for line in lines), ""]
    if style == "xml":
        return [f"<{tag}>", *(f"  <item>{_escaped(line)}</item>" for line in lines), f"</{tag}>"]
    return [f"{title}:", *(f"  {line}" for line in lines), ""]


def _on_one_line(text: str) -> str:
    return MARKER.sub(_harmless, " ".join(text.split()))


def _harmless(marker: re.Match[str]) -> str:
    return ("\uff1c" if marker.group().startswith("<") else "\uff3b") + marker.group()[1:]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
