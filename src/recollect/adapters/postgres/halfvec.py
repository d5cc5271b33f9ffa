"""pgvector's ``halfvec`` in its binary form: int16 dimension, int16 zero, then big-endian float16 numbers."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from psycopg import pq
from psycopg.adapt import Dumper

_HEAD: Final = 2
"""So many int16 numbers stand before a vector's own."""


class Halfvec(bytes):
    """One vector as pgvector sends and receives it."""

    __slots__ = ()

    @classmethod
    def of(cls, vector: npt.NDArray[np.float32]) -> "Halfvec":
        """The binary form of ``vector``, shape (dimension,)."""
        return cls(len(vector).to_bytes(2, "big") + b"\x00\x00" + vector.astype(">f2").tobytes())


class HalfvecDumper(Dumper):
    """Sends a ``Halfvec`` as it is; the server takes the type from the column it goes to."""

    format = pq.Format.BINARY
    oid = 0

    def dump(self, obj: Halfvec) -> bytes:
        """The bytes to send."""
        return bytes(obj)


def vectors_from_halves(halves: Sequence[bytes] | None, dimension: int) -> npt.NDArray[np.float32]:
    """The vectors of one memory from ``halfvec_send``'s bytes, one a chunk; shape (chunks, dimension)."""
    if not halves:
        return np.empty((0, dimension), dtype=np.float32)
    numbers = np.frombuffer(halves[0] if len(halves) == 1 else b"".join(halves), dtype=">f2")
    return numbers.reshape(len(halves), -1)[:, _HEAD:].astype(np.float32)
