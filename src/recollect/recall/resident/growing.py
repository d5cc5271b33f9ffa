"""Growing: an array that rows are appended to, while readers keep looking at the part they know."""

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

SPARE = 8
"""One part in so many is spare room, so that copying costs a constant for each row."""

Scalar = TypeVar("Scalar", bound=np.generic)


class Growing(Generic[Scalar]):
    """Rows in a buffer with spare room; a view taken before an append never changes, so readers need no lock."""

    def __init__(self, rows: npt.NDArray[Scalar]) -> None:
        self._buffer = rows
        self._size = len(rows)

    @property
    def rows(self) -> npt.NDArray[Scalar]:
        """What has been appended so far."""
        return self._buffer[: self._size]

    @property
    def nbytes(self) -> int:
        """Bytes held, spare room included."""
        return self._buffer.nbytes

    def append(self, rows: npt.NDArray[Any]) -> npt.NDArray[Scalar]:
        """Appends rows and returns all; an eighth as much room is added when there is none left."""
        size = self._size + len(rows)
        if size > len(self._buffer):
            buffer = np.empty((max(size + size // SPARE, 64), *self._buffer.shape[1:]), self._buffer.dtype)
            buffer[: self._size] = self._buffer[: self._size]
            self._buffer = buffer
        self._buffer[self._size : size] = rows
        self._size = size
        return self.rows
