"""Keeps the vectors of the texts that were embedded last, for embedders that cost a request."""

from collections import OrderedDict
from threading import Lock

import numpy as np
import numpy.typing as npt


class VectorCache:
    """A bounded map from text to vector that forgets what was used longest ago. Safe to use from several threads.

    Args:
        size: vectors kept; 0 keeps none.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._vectors: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> npt.NDArray[np.float32] | None:
        """Returns the text's vector, if it is kept."""
        with self._lock:
            vector = self._vectors.get(text)
            if vector is not None:
                self._vectors.move_to_end(text)
            return vector

    def put(self, text: str, vector: npt.NDArray[np.float32]) -> None:
        """Keeps a vector."""
        with self._lock:
            self._vectors[text] = vector
            self._vectors.move_to_end(text)
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
