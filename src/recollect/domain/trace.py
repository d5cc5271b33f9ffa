"""Trace: a question and its answer, kept so that it can be asked again as of its time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from recollect.domain.search import SearchResult


@dataclass(frozen=True, slots=True)
class TracedHit:
    """One hit of a kept answer."""

    memory_id: UUID
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One question with its answer.

    Attributes:
        id: UUIDv7. user_id: who asked.
        query: the question. arguments: the other arguments of ``search``, as JSON values.
        weights: of the profile at that time, by name. asked_at: the moment of asking, for relative times and validity.
        seqs: by stream that was searched, where its log stood. model_id: the embedding model.
        hits: the answer, best first. searched: how many memories were ranked.
        created_at: when it was kept.
    """

    KIND: ClassVar[str] = "trace"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    user_id: str
    id: UUID
    query: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    asked_at: datetime
    seqs: Mapping[str, int] = field(default_factory=dict[str, int])
    model_id: str
    hits: tuple[TracedHit, ...] = ()
    searched: int = 0
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A trace asked again as of its time.

    Attributes:
        trace: as it was kept. result: the answer now. differences: what is not the same, in words; normally nothing.
    """

    trace: Trace
    result: SearchResult
    differences: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the answer is the one that was kept."""
        return not self.differences
