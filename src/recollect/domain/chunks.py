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
    groups: list[list[HotItem]] = []
    names: list[set[str]] = []
    for item in sorted(items, key=lambda item: (item.at, item.name)):
        named = _names(item)
        if groups and _belongs(item, named, groups[-1], names[-1]):
            groups[-1].append(item)
            names[-1] |= named
        else:
            groups.append([item])
            names.append(named)
    return tuple(Chunk(tuple(group), _text(group)) for group in groups[-most:]) if most > 0 else ()


def _belongs(item: HotItem, named: set[str], group: Sequence[HotItem], names: set[str]) -> bool:
    last = group[-1]
    if any(item.value.get(field) != last.value.get(field) for field in ONE_PLACE):
        return False
    if sum(len(_said(one)) for one in group) + len(_said(item)) > LONGEST:
        return False
    return item.at - group[0].at <= TOGETHER or not names.isdisjoint(named)


def _names(item: HotItem) -> set[str]:
    return {name for name in _NAME.findall(_said(item)) if name[0].isupper()}


def _said(item: HotItem) -> str:
    return str(item.value.get("text", ""))


def _text(group: Sequence[HotItem]) -> str:
    parts: list[str] = []
    before: object = None
    for item in group:
        who, said = item.value.get("speaker") or None, _said(item).rstrip()
        if len(group) > 1 and not said.endswith(_ENDS):
            said += "."
        parts.append(f"{who}: {said}" if who and who != before else said)
        before = who
    return " ".join(parts)
