"""Places: in which slot a memory stands, by its id; twelve bytes a memory, and a dictionary for the newest ones.

The ids that stood there when it was last sorted are looked up by their lower halves, which nearly always differ; the
upper half is compared with the memory's record.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from recollect.recall.resident.records import Records

_LOW: Final = 0xFFFF_FFFF_FFFF_FFFF
SMALLEST: Final = 1_000
"""So many new ones are always kept apart; beyond, one in eight."""


class Places:
    """The slots of one user's living memories.

    Args:
        records: where each stands; those that are not alive have no place.
    """

    def __init__(self, records: Records) -> None:
        alive = np.flatnonzero(records["alive"])
        lower = records["id_low"][alive]
        order = np.argsort(lower, kind="stable")
        self._lower, self._slots = lower[order], alive[order].astype(np.int32)
        self._new: dict[int, int] = {}
        self._size = len(alive)

    def __len__(self) -> int:
        return self._size

    @property
    def crowded(self) -> bool:
        """Whether it should be made anew from the records."""
        return len(self._new) > max(SMALLEST, self._size // 8)

    def find(self, memory: int, records: Records) -> int | None:
        """The slot of the memory with this id, or None."""
        slot = self._new.get(memory)
        return slot if slot is not None or not len(self._lower) else self._sorted(memory, records)[1]

    def add(self, memories: Iterable[tuple[int, int]]) -> None:
        """Adds ids, none of which has a place yet, with their slots."""
        before = len(self._new)
        self._new.update(memories)
        self._size += len(self._new) - before

    def remove(self, memory: int, records: Records) -> None:
        """Takes away the place of a memory that has one."""
        self._size -= 1
        if self._new.pop(memory, None) is None:
            self._slots[self._sorted(memory, records)[0]] = -1

    def _sorted(self, memory: int, records: Records) -> tuple[int, int | None]:
        """The position among the sorted ones, and the slot."""
        low, high = memory & _LOW, memory >> 64
        at = int(self._lower.searchsorted(np.uint64(low)))
        while at < len(self._lower) and int(self._lower[at]) == low:
            slot = int(self._slots[at])
            if slot >= 0 and int(records["id_high"][slot]) == high:
                return at, slot
            at += 1
        return at, None
