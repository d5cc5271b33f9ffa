"""What a packet finds at odds with itself: warnings about conflicting facts, and questions that only the user settles.

Both speak of nothing but what the packet holds. What was just said counts as said, not as a fact.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from recollect.domain.goal import Goal
from recollect.domain.packet_form import Category, quoted
from recollect.domain.packet_items import PacketItem
from recollect.domain.record import Memory, MemoryType, ProvenanceSource

UNSURE = 0.5
"""A fact that is less certain than this is asked about."""
MOST = 8
"""Warnings, and questions, of one packet."""

STATED = frozenset({Category.IDENTITY, Category.CONSTRAINTS, Category.PREFERENCES, Category.FACTS, Category.PROJECT})
"""Categories whose items state facts."""

_PLACE = {category: place for place, category in enumerate(Category)}


def conflicts(items: Iterable[PacketItem]) -> tuple[str, ...]:
    """A warning for each key of one value whose items state several: a present and a past one, or two present ones."""
    warnings: list[str] = []
    for key, stated in _by_key(items).items():
        present, past = _values(stated, past=False), _values(stated, past=True)
        if len(present) > 1:
            warnings.append(f"{key} is told in {len(present)} ways: {_either(present, 'and')}")
        for name, (memory, value) in past.items():
            if len(present) != 1 or name in present:
                continue
            until = f" until {memory.valid_to:%Y-%m-%d}" if memory.valid_to else ""
            now = next(iter(present.values()))[1]
            warnings.append(f"{key} was {_quote(value)}{until}, and is {_quote(now)} now")
    return tuple(warnings[:MOST])


def open_questions(items: Iterable[PacketItem], goals: Sequence[Goal], now: datetime) -> tuple[str, ...]:
    """What to ask the user when there is a moment for it: which of two values, what is unsure, what is overdue."""
    items = sorted(items, key=lambda item: (_PLACE[item.category], item.place))
    questions: list[str] = []
    undecided: set[str] = set()
    for key, stated in _by_key(items).items():
        present = _values(stated, past=False)
        if len(present) > 1:
            undecided.add(key)
            questions.append(f"{_subject(key)}: is it {_either(present, 'or')}?")
    questions += [asked for item in items if (asked := _doubt(item, undecided))]
    late = sorted((goal for goal in goals if goal.deadline and goal.deadline < now), key=_by_deadline)
    questions += [f"{quoted(goal.title)}: it was due on {goal.deadline:%Y-%m-%d}; is it done?" for goal in late]
    return tuple(dict.fromkeys(questions))[:MOST]


def is_single(memory: Memory) -> bool:
    """Whether the record's key has one value at a time: it was told so, it is a field of identity, or it took a place.

    A record whose tellings say otherwise adds to a list, such as of languages.
    """
    tellings = memory.provenance.tellings
    if tellings:
        return any(telling.single for telling in tellings)
    return memory.value is not None and (memory.type is MemoryType.IDENTITY or memory.supersedes is not None)


def _doubt(item: PacketItem, undecided: set[str]) -> str | None:
    memory = item.memory
    if memory is None or memory.key in undecided or item.past or item.category not in STATED:
        return None
    if item.category is Category.IDENTITY and memory.provenance.source is ProvenanceSource.CONSOLIDATION:
        return f"Gathered from what was said, never confirmed: {quoted(memory.text)}"
    if memory.type is MemoryType.HYPOTHESIS:
        return f"Only supposed so far: {quoted(memory.text)}"
    if memory.key is not None and memory.confidence < UNSURE:
        return f"Not sure of this: {quoted(memory.text)}"
    return None


def _by_key(items: Iterable[PacketItem]) -> dict[str, list[PacketItem]]:
    """Items that state the same fact, by its key, where the key has one value at a time; in order of the keys."""
    found: dict[str, list[PacketItem]] = {}
    for item in items:
        if item.memory is not None and item.category in STATED and item.memory.key and item.memory.value:
            found.setdefault(item.memory.key, []).append(item)
    several = sorted(key for key, stated in found.items() if len(stated) > 1)
    return {key: found[key] for key in several if any(map(is_single, _memories(found[key])))}


def _memories(items: Iterable[PacketItem]) -> list[Memory]:
    return [item.memory for item in items if item.memory is not None]


def _values(items: Iterable[PacketItem], *, past: bool) -> dict[str, tuple[Memory, str]]:
    """By how it is compared: a record, and its value as it is written. The newest first, then in a fixed order."""
    found: dict[str, tuple[Memory, str]] = {}
    for memory in sorted(_memories(item for item in items if item.past is past), key=_newest):
        value = memory.value or ""
        found.setdefault(" ".join(value.casefold().split()), (memory, value))
    return found


def _newest(memory: Memory) -> tuple[float, str]:
    return -(memory.told_at or memory.written_at).timestamp(), str(memory.id)


def _by_deadline(goal: Goal) -> tuple[str, str]:
    return (goal.deadline.isoformat() if goal.deadline else ""), str(goal.id)


def _either(values: dict[str, tuple[Memory, str]], word: str) -> str:
    *some, last = (_quote(value) for _, value in values.values())
    return f"{', '.join(some)} {word} {last}"


def _quote(value: str) -> str:
    return f"'{quoted(value, 60)}'"


def _subject(key: str) -> str:
    who, _, attribute = key.partition(":")
    named = attribute.replace("_", " ") or who
    return f"The user's {named}" if who == "user" else f"{who}'s {named}" if attribute else named
