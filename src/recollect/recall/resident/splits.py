"""Splits: each word's pieces, remembered for the whole process, since most words of a text were seen before.

Splitting a text word by word gives the pieces of the whole text but for its punctuation, which nobody asks for, and
takes a thirtieth of the time.
"""

from collections.abc import Sequence
from typing import Final

from recollect.ports.word_pieces import WordPieces

REMEMBERED: Final = 50_000
"""Words whose pieces are kept, about 200 bytes each."""


class Splits:
    """The pieces of words. Safe to call from several threads."""

    def __init__(self, pieces: WordPieces) -> None:
        self._pieces = pieces
        self._known: dict[str, tuple[int, ...]] = {}
        # A word that is a piece is split into itself, for the longest piece goes first.
        self._whole = {token: (piece,) for piece, token in enumerate(pieces.tokens) if _is_word(token)}

    def of(self, texts: Sequence[Sequence[str]]) -> list[list[int]]:
        """For each text, given as its words in lower case, the ids of its pieces in order."""
        known = self._with({word for text in texts for word in text})
        return [[piece for word in text for piece in known[word]] for text in texts]

    def _with(self, wanted: set[str]) -> dict[str, tuple[int, ...]]:
        """A dictionary that has all these words; never changed for another call's sake but by adding."""
        known = self._known
        unknown = [word for word in wanted if word not in known]
        if not unknown:
            return known
        if len(known) + len(unknown) > REMEMBERED:
            kept = {word: known[word] for word in wanted if word in known}
            known = self._known = kept
        known.update((word, self._whole[word]) for word in unknown if word in self._whole)
        missing = [word for word in unknown if word not in self._whole]
        split = self._pieces.split(missing) if missing else []
        known.update((word, tuple(ids.tolist())) for word, ids in zip(missing, split, strict=True))
        return known


def _is_word(token: str) -> bool:
    """Whether a piece is a word by itself, of letters that no tokenizer changes."""
    return token.isascii() and token.isalpha() and token.islower()
