"""Question pieces: the word pieces of a question, those of stop words apart."""

from dataclasses import dataclass
from functools import lru_cache

from recollect.domain.words import STOP_WORDS, words
from recollect.ports.word_pieces import WordPieces
from recollect.recall.resident.meanings import meanings_of


@dataclass(frozen=True, slots=True)
class AskedPieces:
    """A question's word pieces, each once, in order: ``telling`` ones, and the ``silent`` ones of stop words."""

    telling: tuple[int, ...]
    silent: tuple[int, ...]


class QuestionPieces:
    """Splits questions; remembers the last ones, since embedding and ranking ask for the same. Thread-safe."""

    def __init__(self, pieces: WordPieces) -> None:
        self._tokens = pieces.tokens
        self._splits = meanings_of(pieces).splits
        self.of = lru_cache(maxsize=16)(self._split)

    def name(self, piece: int) -> str:
        """The piece as text."""
        return self._tokens[piece]

    def _split(self, text: str) -> AskedPieces:
        asked = words(text)
        told = [word for word in asked if word not in STOP_WORDS]
        untold = [word for word in asked if word in STOP_WORDS]
        telling, silent = (dict.fromkeys(ids) for ids in self._splits.of([told, untold]))
        return AskedPieces(tuple(telling), tuple(piece for piece in silent if piece not in telling))
