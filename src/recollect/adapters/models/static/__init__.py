"""The static table: an embedder and a word-piece table that need no model at run time."""

from recollect.adapters.models.static.embedder import StaticEmbedder
from recollect.adapters.models.static.pieces import StaticWordPieces, static_word_pieces

__all__ = ["StaticEmbedder", "StaticWordPieces", "static_word_pieces"]
