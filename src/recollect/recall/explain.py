"""Explain: takes down what each stage of a ranking did to the memories that somebody asks about."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.explanation import Explanation, SignalScore
from recollect.domain.record import Memory
from recollect.domain.search import Hit
from recollect.domain.words import STOP_WORDS, stem, words
from recollect.recall.asked import Asked, Floats
from recollect.recall.fuse import Scored

ALONE = ("meaning", "words")
"""The signals of which it is told what they alone would have made of the order."""

Slots = Sequence[int]


class Judged(Protocol):
    """One memory with its score and its signals."""

    @property
    def memory_id(self) -> UUID:
        """Which."""
        ...

    @property
    def score(self) -> float:
        """The sum of the contributions."""
        ...

    @property
    def signals(self) -> Mapping[str, SignalScore]:
        """By name."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of one memory: its score, its signals, its rank by stage, and the rank that it has in the end."""

    score: float
    signals: Mapping[str, SignalScore]
    ranks: Mapping[str, int]
    rank: int


@dataclass(frozen=True, slots=True)
class Stages:
    """The scores of all memories after each stage.

    Attributes:
        parts: each signal's. fused: their sum. smoothed: with a share of what stands around.
        order: all slots that passed the filter as they stand in the end, best first.
        diversified: whether other conversations were given a turn.
    """

    parts: Sequence[Scored]
    fused: Floats
    smoothed: Floats
    order: Slots
    diversified: bool


@dataclass(slots=True)
class Explaining:
    """Watches one ranking.

    Attributes:
        watched: memories that are asked about, wherever they stand. limit: the first so many are told of too.
        standings: by memory, once it was ranked. searched: how many were ranked. ms: by stage of the ranking.
    """

    watched: Collection[UUID] = ()
    standings: dict[UUID, Standing] = field(default_factory=dict[UUID, Standing])
    searched: int = 0
    ms: dict[str, float] = field(default_factory=dict[str, float])

    def see(self, asked: Asked, stages: Stages, limit: int, judge: Callable[[Slots], Sequence[Judged]]) -> None:
        """Takes down what became of the first ``limit`` and of those that are watched.

        Args:
            asked: the question and the memories it was put to.
            stages: the scores after each stage.
            limit: how many there are in the answer.
            judge: gives slots their score and signals.
        """
        place = {slot: rank for rank, slot in enumerate(stages.order, start=1)}
        own = np.flatnonzero(asked.snapshot.holding(self.watched) & asked.allowed).tolist() if self.watched else []
        slots = list(dict.fromkeys([*stages.order[:limit], *own]))
        ranks = _ranks(asked, stages, np.array(slots, np.intp))
        self.searched = len(stages.order)
        self.standings = {
            judged.memory_id: Standing(
                judged.score,
                judged.signals,
                {
                    **{stage: given[number] for stage, given in ranks.items()},
                    **({"diversified": place[slot]} if stages.diversified else {}),
                },
                place[slot],
            )
            for number, (slot, judged) in enumerate(zip(slots, judge(slots), strict=True))
        }

    def move(self, hits: Mapping[UUID, Hit], stage: str) -> None:
        """Takes down what a stage did to the hits that are told of: their score, their signals and their rank."""
        for memory_id, hit in hits.items():
            known = self.standings.get(memory_id)
            if known is not None:
                ranks = {**known.ranks, stage: hit.rank}
                self.standings[memory_id] = Standing(hit.score, hit.signals, ranks, hit.rank)


def explained(standing: Standing, memory: Memory, query: str, *, profile: str, of: int) -> Explanation:
    """A memory's standing in words and numbers.

    Args:
        standing: what became of it.
        memory: its record.
        query: the question.
        profile: by which weights.
        of: how many memories were ranked.
    """
    shared = standing.signals.get("words")
    return Explanation(
        profile=profile,
        rank=standing.rank,
        of=of,
        score=standing.score,
        signals=standing.signals,
        ranks=standing.ranks,
        words=tuple(shared.reason.split(", ")) if shared is not None and shared.reason else (),
        entities=named_in(memory, query),
    )


def named_in(memory: Memory, query: str) -> tuple[str, ...]:
    """The entities of a memory one of whose words the question has."""
    asked = {stem(word) for word in words(query) if word not in STOP_WORDS}
    names = dict.fromkeys(entity.name for entity in memory.entities)
    return tuple(name for name in names if any(stem(word) in asked for word in words(name)))


def _ranks(asked: Asked, stages: Stages, slots: npt.NDArray[np.intp]) -> dict[str, list[int]]:
    """Each stage's ranks of the slots."""
    alone = {part.signal.name: part.raw for part in stages.parts if part.signal.name in ALONE}
    scores = {**alone, "fused": stages.fused, "smoothed": stages.smoothed}
    return {stage: _rank(asked, values, slots) for stage, values in scores.items()}


def _rank(asked: Asked, scores: Floats, slots: npt.NDArray[np.intp]) -> list[int]:
    """How many of the allowed score more, or as much under a smaller id, and one."""
    ordered = np.flatnonzero(asked.allowed)
    records = asked.snapshot.records
    order = ordered[np.lexsort((records["id_low"][ordered], records["id_high"][ordered], -scores[ordered]))]
    rank = np.zeros(len(asked.allowed), np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    return rank[slots].tolist()
