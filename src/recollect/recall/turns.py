"""Turns: after so many hits of one conversation others have their turn; the list stays complete."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.search import Hit


def in_turn(hits: Sequence[Hit], most: int | None) -> tuple[Hit, ...]:
    """The hits in order, what is beyond ``most`` of one conversation moved to the end.

    ``rank.py`` does the same over arrays; this is for what was put in another order since.

    Args:
        hits: best first.
        most: how many of one conversation; None is any number.
    """
    if most is None:
        return tuple(hits)
    seen: Counter[str] = Counter()
    kept: list[Hit] = []
    late: list[Hit] = []
    for hit in hits:
        conversation = hit.memory.conversation_id
        if conversation is not None:
            seen[conversation] += 1
        (late if conversation is not None and seen[conversation] > most else kept).append(hit)
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate([*kept, *late], start=1))
