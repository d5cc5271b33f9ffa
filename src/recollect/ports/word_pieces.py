"""What Recollect needs from a table of word pieces: how a text splits, and what each piece means."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class WordPieces(Protocol):
    """A fixed vocabulary of word pieces with one vector each. Safe to call from several threads."""

    @property
    def tokens(self) -> Sequence[str]:
        """The pieces by id; a continuation starts with ``##``."""
        ...

    @property
    def vectors(self) -> npt.NDArray[np.float32]:
        """float32, shape (len(tokens), dimension): each piece's vector, of length 1 (0 for special tokens)."""
        ...

    def split(self, texts: Sequence[str]) -> list[npt.NDArray[np.int32]]:
        """Returns, for each text, its pieces' ids in order, without special tokens and without truncation."""
        ...
