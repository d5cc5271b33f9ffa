"""Which turns a memory stands for: the one it holds, those merged into it, those a fact was read from."""

from collections.abc import Iterable
from uuid import UUID

from recollect.domain.receipt import Receipt


class Citations:
    """Built up from the receipts of the turns, in the order they were added."""

    def __init__(self) -> None:
        self._turns: dict[UUID, list[str]] = {}

    def note(self, turn_id: str, receipt: Receipt) -> bool:
        """Notes what became of a turn; False when no memory stands for it."""
        ids = [item.memory_id for item in receipt.items if item.memory_id is not None]
        for memory_id in ids:
            cited = self._turns.setdefault(memory_id, [])
            if turn_id not in cited:
                cited.append(turn_id)
        return bool(ids)

    def turns(self, memory_ids: Iterable[UUID]) -> list[str]:
        """The turns that ranked memories stand for, each at its best rank; a memory's own turns in their order."""
        ranked = (turn for memory_id in memory_ids for turn in self._turns.get(memory_id, ()))
        return list(dict.fromkeys(ranked))
