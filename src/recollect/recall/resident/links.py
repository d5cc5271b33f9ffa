"""Links: which turn came just before which in its conversation.

Ids are UUIDv7 and made in the order things were said, so a conversation's order is the order of its ids. Facts derived
from turns stand outside of it. Only the link backwards is kept: it never changes when turns are appended.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recollect.recall.resident.records import Records

Int32s = npt.NDArray[np.int32]
Table = npt.NDArray[np.void]


def appended(slots: Sequence[int], new: Table, newest: dict[int, int], records: Records) -> tuple[Int32s, bool]:
    """The links of new rows, as long as each one's id is the highest of its conversation.

    Args:
        slots: of the new rows.
        new: their records.
        newest: per conversation its newest turn's slot; updated.
        records: all records, the new ones included.

    Returns:
        The previous turn's slot, or -1, for each; and whether all were in order (if not, the links must be rebuilt).
    """
    previous = np.full(len(slots), -1, np.int32)
    in_order = True
    conversations, derived = new["conversation"].tolist(), new["derived"].tolist()
    for place, (slot, conversation) in enumerate(zip(slots, conversations, strict=True)):
        if conversation < 0 or derived[place]:
            continue
        last = newest.get(conversation)
        if last is not None:
            previous[place] = last
            in_order = in_order and _id(records, last) < _id(records, slot)
        newest[conversation] = slot
    return previous, in_order


def rebuilt(records: Records) -> tuple[Int32s, dict[int, int]]:
    """All links, and per conversation its newest turn's slot, from the living records."""
    previous = np.full(len(records), -1, np.int32)
    told = np.flatnonzero(records["alive"] & ~records["derived"] & (records["conversation"] >= 0))
    conversations = records["conversation"][told]
    order = np.lexsort((records["id_low"][told], records["id_high"][told], conversations))
    told, conversations = told[order], conversations[order]
    same = conversations[1:] == conversations[:-1]
    previous[told[1:][same]] = told[:-1][same]
    return previous, dict(zip(conversations.tolist(), told.tolist(), strict=True))  # the last of each stays


def _id(records: Records, slot: int) -> tuple[int, int]:
    return int(records["id_high"][slot]), int(records["id_low"][slot])
