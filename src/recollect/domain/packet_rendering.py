"""Rendering: a packet's items as text of at most so many tokens.

The items are taken in order of their value while they fit; one that is too long for the room that is left is left out
whole, and the next may take that room. Each line is counted once: the text is put together when it is known what stands
in it. The same items, in whatever order they are given, make the same bytes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from recollect.domain.packet_form import (
    ASIDE_TAGS,
    CAREFUL,
    MARKERS,
    QUESTIONS,
    TITLES,
    Category,
    Style,
    entry,
    left_out,
    on_one_line,
    section,
)
from recollect.domain.packet_items import PacketItem
from recollect.domain.tokens import TokenCounter

WARNING_VALUE, QUESTION_VALUE = 3.99, 1.5
"""What an aside is worth, on the scale of the items: a warning stands above goals, a question among what was found."""
_PLACE = {category.value: place for place, category in enumerate(Category)} | {
    tag: len(Category) + place for place, tag in enumerate(ASIDE_TAGS.values())
}
_TITLE = {category.value: title for category, title in TITLES.items()} | {
    tag: title for title, tag in ASIDE_TAGS.items()
}
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A packet as text.

    Attributes:
        text: for a prompt; "" when nothing fits, or there is nothing.
        tokens: how many it takes, by the packet's counter. dropped: what was left out, the most valuable first.
    """

    text: str
    tokens: int
    dropped: tuple[PacketItem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may stand in the text, with its section, its place there, its length, and the item it shows."""

    text: str
    tag: str
    value: float
    place: tuple[str, datetime, str]
    tokens: int
    item: PacketItem | None

    @property
    def reading(self) -> tuple[object, ...]:
        """Its place in the text."""
        return _PLACE[self.tag], self.place, self.text

    @property
    def worth(self) -> tuple[object, ...]:
        """Its place among what is to be kept; the most valuable first."""
        return -self.value, _PLACE[self.tag], self.place, self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Asides:
    """What a packet says beside its items."""

    warnings: Sequence[str] = ()
    questions: Sequence[str] = ()


def rendering(
    items: Iterable[PacketItem], asides: Asides, *, budget: int, style: Style, counter: TokenCounter
) -> Rendering:
    """The items and what is said beside them, as text of at most ``budget`` tokens."""
    lines = sorted(_lines(items, asides, style, counter), key=lambda line: line.worth)
    if not any(line.item for line in lines):
        return Rendering(text="", tokens=0)
    kept, dropped = _chosen(lines, budget, style, counter)
    while any(line.item for line in kept):
        parts = _parts(kept, dropped, style)
        tokens = _counted(parts, kept, counter)
        if tokens <= budget:
            return Rendering(text="".join(parts), tokens=tokens, dropped=_items(dropped))
        dropped = [*dropped, kept.pop()]  # a counter whose sums do not bound the whole
    return Rendering(text="", tokens=0, dropped=_items(lines))


def _lines(items: Iterable[PacketItem], asides: Asides, style: Style, counter: TokenCounter) -> list[_Line]:
    lines: list[_Line] = []
    for item in items:
        text = entry(item.line(), style)
        lines.append(_Line(text, item.category.value, item.value, item.place, counter.count(text), item))
    said = ((CAREFUL, WARNING_VALUE, asides.warnings), (QUESTIONS, QUESTION_VALUE, asides.questions))
    for title, value, sentences in said:
        for place, sentence in enumerate(sentences):
            text = entry(on_one_line(sentence), style)
            at = (f"{place:06}", _NEVER, "")
            lines.append(_Line(text, ASIDE_TAGS[title], value, at, counter.count(text), None))
    return lines


def _chosen(
    lines: Sequence[_Line], budget: int, style: Style, counter: TokenCounter
) -> tuple[list[_Line], list[_Line]]:
    """What is kept and what is left out, both in order of their worth."""
    heads = {tag: sum(map(counter.count, section(_TITLE[tag], tag, style))) for tag in {line.tag for line in lines}}
    room = budget - counter.count(_opening(style)) - counter.count(MARKERS[style][1])
    if sum(line.tokens for line in lines) + sum(heads.values()) <= room:
        return list(lines), []
    room -= counter.count(_note(lines, style))
    kept: list[_Line] = []
    dropped: list[_Line] = []
    for line in lines:
        cost = line.tokens + heads.get(line.tag, 0)
        if cost > room:
            dropped.append(line)
            continue
        heads.pop(line.tag, None)
        room -= cost
        kept.append(line)
    return kept, dropped


def _parts(kept: Sequence[_Line], dropped: Sequence[_Line], style: Style) -> list[str]:
    """The text in parts, each of which but the last ends with a line break, or is empty."""
    parts = [_opening(style)]
    closing = tag = ""
    for line in sorted(kept, key=lambda line: line.reading):
        if line.tag != tag:
            tag = line.tag
            opening, following = section(_TITLE[tag], tag, style)
            parts += [closing, opening]
            closing = following
        parts.append(line.text)
    note = _note(dropped, style) if any(line.item for line in dropped) else ""
    parts.append(closing if closing.strip() or note else "")
    return [*parts, note, MARKERS[style][1]]


def _counted(parts: Sequence[str], kept: Iterable[_Line], counter: TokenCounter) -> int:
    if not counter.adds_up:
        return counter.count("".join(parts))
    known = {line.text: line.tokens for line in kept}
    return sum(known[part] if part in known else counter.count(part) for part in parts)


def _opening(style: Style) -> str:
    return f"{MARKERS[style][0]}\n"


def _note(lines: Iterable[_Line], style: Style) -> str:
    return left_out(Counter(line.item.category for line in lines if line.item), style)


def _items(lines: Iterable[_Line]) -> tuple[PacketItem, ...]:
    return tuple(line.item for line in lines if line.item)
