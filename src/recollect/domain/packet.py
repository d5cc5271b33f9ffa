"""Packet: what ``context`` answers: what is known of the user, what goes on, what was found, ready for a prompt.

What it can hold is in ``packet_items``, how it is written in ``packet_form``, how it is brought into a budget in
``packet_rendering``, what it finds at odds with itself in ``packet_conflicts``, its JSON in ``packet_json``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from recollect.domain.goal import Goal
from recollect.domain.packet_form import CAREFUL, MARKER, MARKERS, STYLES, TITLES, Category, Style, entry
from recollect.domain.packet_items import PacketItem
from recollect.domain.packet_json import PacketJson, goal_json, item_json, session_json
from recollect.domain.packet_rendering import Asides, Rendering, rendering
from recollect.domain.session import Session
from recollect.domain.tokens import ESTIMATE, TokenCounter
from recollect.errors import ValidationError

__all__ = [
    "CAREFUL",
    "MARKER",
    "MARKERS",
    "STYLES",
    "TITLES",
    "Category",
    "Packet",
    "PacketItem",
    "Rendering",
    "Style",
]

UNLIMITED = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What a turn needs to know.

    Attributes:
        query: what was asked, or "".
        items: all that it holds; how they are sorted does not matter.
        session: the open session, or None. goals: the open ones.
        warnings: conflicts among the items. open_questions: what only the user can settle.
        retrieved_at: when (UTC). ms: wall-clock milliseconds by stage. round_trips: to the database.
        note: why nothing was retrieved, when nothing was. degraded: what was left out and why.
        counter: counts its tokens.
    """

    query: str
    items: tuple[PacketItem, ...]
    session: Session | None = None
    goals: tuple[Goal, ...] = ()
    warnings: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    retrieved_at: datetime
    ms: Mapping[str, float] = field(default_factory=dict[str, float])
    round_trips: int = 0
    note: str = ""
    degraded: tuple[str, ...] = ()
    counter: TokenCounter = ESTIMATE

    def by_category(self, category: Category) -> tuple[PacketItem, ...]:
        """The items of one category, in the order they are rendered."""
        return tuple(sorted((item for item in self.items if item.category is category), key=lambda item: item.place))

    @property
    def working(self) -> tuple[PacketItem, ...]:
        """What was just said, in groups, the oldest first."""
        return self.by_category(Category.WORKING)

    @property
    def strategies(self) -> tuple[PacketItem, ...]:
        """How to do things, what worked best first."""
        return self.by_category(Category.PROCEDURES)

    @property
    def project(self) -> tuple[PacketItem, ...]:
        """What holds for the project as such."""
        return self.by_category(Category.PROJECT)

    @property
    def tokens(self) -> int:
        """Tokens of the whole packet, rendered as markdown without a limit."""
        return self.rendering(budget_tokens=UNLIMITED).tokens

    @property
    def token_count(self) -> dict[Category, int]:
        """Tokens of each category's lines as markdown, without headings; categories that hold nothing are left out."""
        counts: dict[Category, int] = {}
        for category in Category:
            lines = [entry(item.line(), "markdown") for item in self.items if item.category is category]
            if lines:
                counts[category] = sum(map(self.counter.count, lines))
        return counts

    def rendering(self, *, budget_tokens: int = 1_500, style: Style = "markdown") -> Rendering:
        """The packet as text, with its length and what was left out; for the arguments see ``render``."""
        if style not in STYLES:
            raise ValidationError("style", f"must be one of {', '.join(STYLES)}, not {style!r}")
        if isinstance(budget_tokens, bool) or not isinstance(budget_tokens, int) or budget_tokens < 1:  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
            raise ValidationError("budget_tokens", f"must be a whole number of at least 1, not {budget_tokens!r}")
        asides = Asides(warnings=self.warnings, questions=self.open_questions)
        return rendering(self.items, asides, budget=budget_tokens, style=style, counter=self.counter)

    def render(self, *, budget_tokens: int = 1_500, style: Style = "markdown") -> str:
        """The packet as text for a prompt, of at most ``budget_tokens`` tokens; "" when it is empty or nothing fits.

        The text stands between two marker lines, which count: when it comes back in a message, ``add`` leaves it out.

        Args:
            budget_tokens: the limit, by the packet's counter; items that do not fit are left out whole, the least
                valuable first, and the text ends with how many of each kind.
            style: ``markdown``, ``xml`` or ``plain``.

        Raises:
            ValidationError: an unknown style, or a budget below 1.
        """
        return self.rendering(budget_tokens=budget_tokens, style=style).text

    def to_dict(self) -> PacketJson:
        """The packet as JSON: times in ISO 8601, ids as text, the items in the order they are rendered."""
        ordered = [item for category in Category for item in self.by_category(category)]
        lengths = [self.counter.count(entry(item.line(), "markdown")) for item in ordered]
        by_category: dict[str, int] = {}
        for item, length in zip(ordered, lengths, strict=True):
            by_category[item.category.value] = by_category.get(item.category.value, 0) + length
        return PacketJson(
            query=self.query,
            retrieved_at=self.retrieved_at.isoformat(),
            items=[item_json(item, length) for item, length in zip(ordered, lengths, strict=True)],
            session=session_json(self.session) if self.session is not None else None,
            goals=[goal_json(goal) for goal in self.goals],
            warnings=list(self.warnings),
            open_questions=list(self.open_questions),
            counter=self.counter.name,
            tokens=self.tokens,
            token_count=by_category,
            ms=dict(self.ms),
            round_trips=self.round_trips,
            note=self.note,
            degraded=list(self.degraded),
        )

    def __repr__(self) -> str:
        return f"<Packet {len(self.items)} items, {self.tokens} tokens, for {self.query[:60]!r}>\n{self.render()}"
