"""Corpus: what is counted over all of a user's passages, for arrays that hold only some of them.

A snapshot of everything counts by itself. One that holds only candidates is given these counts from where all is, so
that a word is as telling among a hundred candidates as it is among all of the user's memories.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Counts over all passages of a user's living memories.

    Attributes:
        passages: how many there are. average_length: the mean number of stems in one.
        with_stem: by stem key (``domain.words.stem_key``), in how many passages the stem stands. with_piece: the same
            by word-piece id. What is not named stands in none.
        speakers: who said any of the memories; None for those of the candidates.
        unembedded: how many memories have no vectors.
    """

    passages: int
    average_length: float
    with_stem: Mapping[int, int] = field(default_factory=dict[int, int])
    with_piece: Mapping[int, int] = field(default_factory=dict[int, int])
    speakers: tuple[str, ...] | None = None
    unembedded: int = 0
