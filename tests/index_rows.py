"""Rows for ranking tests, and a table of word pieces small enough to reason about."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.record import MemoryType, Status, Tier
from recollect.domain.search import SearchFilter
from recollect.domain.words import words
from recollect.ports.index import IndexRow
from recollect.recall.plan import plan
from recollect.recall.profile import PROFILES, Profile
from recollect.recall.rank import Ranking
from recollect.recall.resident.index import ResidentIndex

DIMENSION = 8
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
VOCABULARY = [
    "[UNK]",
    "painting",
    "art",
    "sunset",
    "museum",
    "dog",
    "puppy",
    "walk",
    "park",
    "beach",
    "guitar",
    "music",
    "concert",
    "job",
    "work",
    "nurse",
    "hospital",
    "london",
    "paris",
    "coffee",
    "tea",
    "birthday",
    "party",
    "cake",
    "camping",
    "tent",
    "mountain",
    "river",
    "lake",
    "caroline",
    "melanie",
    "what",
    "is",
    "my",
    "when",
    "did",
    "go",
    "to",
    "the",
    "a",
]
CLOSE_WORDS = (("painting", "art"), ("dog", "puppy"), ("job", "work"), ("music", "concert"))


class Pieces:
    """A vocabulary of whole words: each is like itself alone, but for the pairs in ``CLOSE_WORDS`` (cosine 0.8)."""

    def __init__(self) -> None:
        vectors = np.eye(len(VOCABULARY), dtype=np.float32)
        self._id = {token: number for number, token in enumerate(VOCABULARY)}
        for word, other in CLOSE_WORDS:
            vectors[self._id[other]] = 0.8 * vectors[self._id[word]] + 0.6 * vectors[self._id[other]]
        vectors[0] = 0.0
        self._vectors = vectors

    @property
    def tokens(self) -> Sequence[str]:
        return VOCABULARY

    @property
    def vectors(self) -> npt.NDArray[np.float32]:
        return self._vectors

    def split(self, texts: Sequence[str]) -> list[npt.NDArray[np.int32]]:
        return [np.array([self._id.get(word, 0) for word in words(text)], np.int32) for text in texts]


PIECES = Pieces()


def memory_id(number: int) -> UUID:
    """A UUIDv7-like id; a higher number is a later id."""
    return UUID(int=0x0190 << 112 | 7 << 76 | 2 << 62 | number)


def row(number: int, text: str, **fields: Any) -> IndexRow:
    """A row with plain fields, but for those given."""
    values: dict[str, Any] = {
        "type": MemoryType.TURN,
        "tier": Tier.PERSONAL,
        "status": Status.ACTIVE,
        "agent_id": "",
        "project_id": None,
        "conversation_id": None,
        "speaker": None,
        "key": None,
        "value": None,
        "occurred_at": None,
        "written_at": datetime(2026, 1, 1, tzinfo=UTC),
        "valid_from": None,
        "valid_to": None,
        "confidence": 0.5,
        "importance": 0.5,
        "emotion": 0.0,
        "access_count": 0,
        "reinforcements": 0,
        "entities": (),
        "sources": (),
        "vectors": vectors_for(text),
    }
    return IndexRow(id=memory_id(number), text=text, **{**values, **fields})


def vectors_for(text: str, chunks: int = 1) -> npt.NDArray[np.float32]:
    """Unit vectors that depend on the text alone."""
    draw = np.random.default_rng(list(text.encode()))
    vectors = draw.standard_normal((chunks, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def sentence(draw: random.Random, length: int = 6) -> str:
    """Some words of the vocabulary."""
    return " ".join(draw.choices(VOCABULARY[1:], k=length))


def index_of(rows: Sequence[IndexRow]) -> ResidentIndex:
    """An index of these rows."""
    index = ResidentIndex(PIECES, DIMENSION)
    index.apply(rows, len(rows))
    return index


def ask(
    index: ResidentIndex,
    text: str,
    chosen: SearchFilter | None = None,
    *,
    limit: int = 10,
    profile: Profile = PROFILES["relevance"],
    vector: npt.NDArray[np.float32] | None = None,
) -> Ranking:
    """Ranks for a question."""
    question = replace(plan(text, NOW, index.speakers), vector=vector)
    return index.rank(question, chosen or SearchFilter(), limit=limit, profile=profile, now=NOW)


def numbers(ranking: Ranking) -> list[int]:
    """The numbers of the memories found, best first."""
    return [ranked.memory_id.int & 0xFFFF_FFFF for ranked in ranking.ranked]
