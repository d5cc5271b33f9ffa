"""Records: what filters and simple signals read of each memory, one array a field."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from recollect.recall.resident.growing import Growing

Column = npt.NDArray[Any]
Slots = npt.NDArray[np.intp]


class Records:
    """The fields of some memories: ``records["occurred"]`` is one contiguous array, in the order of their slots.

    Args:
        columns: by name, see ``columns.RECORD``; all of one length.
    """

    __slots__ = ("_columns",)

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns

    def __getitem__(self, name: str) -> Any:
        return self._columns[name]

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    @property
    def columns(self) -> Mapping[str, Column]:
        """The arrays by name."""
        return self._columns

    def where(self, kept: npt.NDArray[np.bool_]) -> "Records":
        """Those that are kept."""
        return Records({name: column[kept] for name, column in self._columns.items()})


class GrowingRecords:
    """Records that rows are appended to; those handed out never change."""

    def __init__(self, records: Records) -> None:
        self._columns = {name: Growing(column) for name, column in records.columns.items()}

    @staticmethod
    def empty(shape: np.dtype[np.void]) -> "GrowingRecords":
        """None, with the fields of this type."""
        return GrowingRecords(Records({name: np.zeros(0, shape[name]) for name in shape.names or ()}))

    @property
    def rows(self) -> Records:
        """What there is."""
        return Records({name: column.rows for name, column in self._columns.items()})

    @property
    def nbytes(self) -> int:
        """Bytes held, spare room included."""
        return sum(column.nbytes for column in self._columns.values())

    def append(self, table: npt.NDArray[np.void]) -> None:
        """Appends rows of the type that has all fields."""
        for name, column in self._columns.items():
            column.append(table[name])

    def put(self, slots: Slots, values: Mapping[str, Column]) -> None:
        """Writes other values of some fields; a field in which nothing differs is left as it is."""
        for name, given in values.items():
            present = self._columns[name].rows
            if not np.array_equal(present[slots], given):
                changed = present.copy()  # readers keep the old ones
                changed[slots] = given
                self._columns[name] = Growing(changed)
