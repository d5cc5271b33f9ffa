"""Chunks: what was just said, in the few groups that a mind holds at once.

Items that follow each other in one conversation and channel, within two minutes or about the same name, are one group.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from recollect.domain.hot import HotItem

TOGETHER: timedelta = timedelta(minutes=2)
"""How long after a group's first item the next may follow without naming what it is about."""
ONE_PLACE = ("conversation_id", "channel_id", "audience")
"""What the items of a group have in common."""
LONGEST = 1_200
"""Characters of a group that may grow still: a packet leaves a group out as a whole."""

_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[^\W\d_a-z][^\W\d_]{2,}")
"""A capitalised word inside a sentence; one that opens a sentence may be any word."""
_ENDS = (".", "!", "?", "…", "。", "！", "？")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A group of items of working memory, oldest first.

    Attributes:
        items: what it holds. text: their words, with the speaker where the speaker changes.
    """

    items: tuple[HotItem, ...]
    text: str


def chunked(items: Iterable[HotItem], most: int) -> tuple[Chunk, ...]:
    """The newest ``most`` groups of these items of working memory, oldest first."""
    groups: list[_Group] = []
    for item in sorted(items, key=lambda item: (item.at, item.name)):
        said = str(item.value.get("text", ""))
        names = {name for name in _NAME.findall(said) if name[0].isupper()}
        place = tuple(item.value.get(field) for field in ONE_PLACE)
        if groups and groups[-1].takes(item, said, names, place):
            groups[-1].add(item, said, names)
        else:
            groups.append(_Group([item], names, place, len(said)))
    return tuple(Chunk(tuple(group.items), _text(group.items)) for group in groups[-most:]) if most > 0 else ()


@dataclass(slots=True)
class _Group:
    """A group that may grow still: its items, the names in them, where they were said, their characters."""

    items: list[HotItem]
    names: set[str]
    place: tuple[object, ...]
    length: int

    def takes(self, item: HotItem, said: str, names: set[str], place: tuple[object, ...]) -> bool:
        """Whether the next item belongs to it."""
        if place != self.place or self.length + len(said) > LONGEST:
            return False
        return item.at - self.items[0].at <= TOGETHER or not self.names.isdisjoint(names)

    def add(self, item: HotItem, said: str, names: set[str]) -> None:
        """Takes the item in."""
        self.items.append(item)
        self.names |= names
        self.length += len(said)


def _text(group: Sequence[HotItem]) -> str:
    parts: list[str] = []
    before: object = None
    for item in group:
        who, said = item.value.get("speaker") or None, str(item.value.get("text", "")).rstrip()
        if len(group) > 1 and not said.endswith(_ENDS):
            said += "."
        parts.append(f"{who}: {said}" if who and who != before else said)
        before = who
    return " ".join(parts)
