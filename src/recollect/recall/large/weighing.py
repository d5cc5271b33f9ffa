"""Weighing: what a memory's words and nearness will be worth in its score, told before the memory is read.

The score itself needs the memory and the turns around it. What candidates are chosen by is its part that an index can
tell: the words that are the question's own (``words``), and those that mean nearly the same (``pieces``).
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from recollect.domain.words import stem_key, word_key
from recollect.ports.candidates import Candidate
from recollect.recall.profile import Profile
from recollect.recall.resident.corpus import Corpus
from recollect.recall.resident.meanings import Meanings
from recollect.recall.resident.snapshot import rarity
from recollect.recall.signals.meaning import SPAN
from recollect.recall.signals.pieces import RARITY

RELATED: Final = 0.25
"""Squared cosine from which a word is looked for in place of the question's own."""
MOST_RELATED: Final = 12
"""Words that are looked for in place of one, the nearest ones."""
TYPICAL_WORTH: Final = 0.5
"""What a word that stands in a memory once is worth there: as ``words`` counts; for ``pieces`` it is there or not."""
ENTRIES: Final = 20_000
"""Entries of the index of words that one question may read."""


def related_words(pieces: Sequence[int], meanings: Meanings, tokens: Sequence[str]) -> list[dict[int, float]]:
    """For each of a question's word pieces the keys of words close to it, each with how close it is.

    Args:
        pieces: the question's.
        meanings: of the word-piece table.
        tokens: the table's pieces.
    """
    found: list[dict[int, float]] = []
    for ids, closeness in meanings.near(pieces):
        chosen = np.flatnonzero(closeness >= RELATED)
        chosen = chosen[np.argsort(-closeness[chosen], kind="stable")][:MOST_RELATED]
        keys: dict[int, float] = {}
        for piece, close in zip(ids[chosen].tolist(), closeness[chosen].tolist(), strict=True):
            word = tokens[int(piece)]
            key = -1 if word.startswith("##") else word_key(word)
            if key >= 0:
                keys.setdefault(key, close)  # the closest of one stem comes first
        found.append(keys)
    return found


def weighed_words(
    stems: Sequence[str], related: Mapping[int, Mapping[int, float]], corpus: Corpus, profile: Profile
) -> Mapping[int, float]:
    """What each word adds to the score of a memory that has it, by key; those that add little are left out.

    Args:
        stems: the question's.
        related: its word pieces, and the words close to each.
        corpus: what is counted over all memories.
        profile: the weights of the signals.
    """
    by_words, by_pieces = (profile.weights.get(name, 0.0) for name in ("words", "pieces"))
    if not by_words and not by_pieces:
        return {}
    keys = dict.fromkeys(map(stem_key, stems))
    rare = {key: rarity(corpus.with_stem.get(key, 0), corpus.passages) for key in keys}
    whole = sum(rare.values()) or 1.0
    own = {key: by_words * value / whole for key, value in rare.items()}
    shares = [rarity(corpus.with_piece.get(piece, 0), corpus.passages) ** RARITY for piece in related]
    for share, words in zip(shares, related.values(), strict=True):
        for key, close in words.items():
            own[key] = own.get(key, 0.0) + by_pieces * share / (sum(shares) or 1.0) * close / TYPICAL_WORTH
    return _affordable(own, corpus.with_stem)


def _affordable(weights: Mapping[int, float], counts: Mapping[int, int]) -> dict[int, float]:
    """The weightiest, the rarer first among equals, until enough would be read; one at least."""
    chosen: dict[int, float] = {}
    entries = 0
    for key in sorted(weights, key=lambda key: (-weights[key], counts.get(key, 0), key)):
        count = counts.get(key, 0)
        if not count or weights[key] <= 0.0 or (chosen and entries + count > ENTRIES):
            continue
        entries += count
        chosen[key] = weights[key]
    return chosen


def in_order(found: Sequence[Candidate], profile: Profile) -> list[Candidate]:
    """The candidates, best first, as far as can be told before they are read."""
    lowest, highest = SPAN
    weight = profile.weights.get("meaning", 0.0) / (highest - lowest)
    worths = np.array([weight * max(0.0, one.near - lowest) + one.worded + one.besides for one in found], np.float64)
    return [found[place] for place in np.argsort(-worths, kind="stable").tolist()]
