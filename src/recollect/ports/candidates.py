"""What searching a large user needs of the database: rows that follow his log, and the candidates that they give.

The rows are a projection: derived from the memories alone, dropped and filled again at any time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.decision import Seen
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.ports.index import IndexRow

Floats = npt.NDArray[np.float32]
BESIDES = ("recency", "importance", "emotion", "reinforcement")
"""Signals that no index is ordered by, but that tell apart memories by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a user's search rows count together.

    Attributes:
        memories, passages: how many. stems: in all passages together. unembedded: memories without vectors.
        speakers: how many memories each has said.
    """

    memories: int = 0
    passages: int = 0
    stems: int = 0
    unembedded: int = 0
    speakers: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the rows have followed the log, under the model in use.

    Attributes:
        seq: where the rows stand; 0 when there are none that can be used. log_seq: where the log stands.
        vanished_seq: the log's note of when rows were last taken out of it.
        totals: see there. centres: float32 (cells, dimension), the middles of the cells; none for a single cell.
        counts: of the terms that were asked for, in how many passages each stands; absent is 0.
        stale: there are rows, but they must be dropped: the log went back, rows left it, or the model changed.
    """

    seq: int
    log_seq: int
    vanished_seq: int
    totals: Totals
    centres: Floats
    counts: Mapping[int, int]
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """One memory, read.

    Attributes:
        row: the memory. cells: for each of its vectors, the cell it lies in.
        passages, stems: how many it has. terms: every term once a passage, for counting.
        worths: by stem or fact key, what it is worth in this memory: BM25 without the rarity.
        packed: what ranking reads of it.
    """

    row: IndexRow
    cells: Sequence[int]
    passages: int
    stems: int
    terms: Sequence[int]
    worths: Mapping[int, float]
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept in one step of following the log.

    Attributes:
        rows: memories to keep, in place of what is kept of them. gone: memories of which nothing is kept any more.
        since: where the rows must stand for this to be kept. until: where they stand then.
        vanished_seq, centres: see ``Standing``.
    """

    rows: Sequence[Searchable]
    gone: Sequence[UUID]
    since: int
    until: int
    vanished_seq: int
    centres: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What candidates are wanted for.

    Attributes:
        chosen, now: the filter, and the moment that validity refers to. It is applied before anything is cut off.
        vector: the question's, or None. cells: where to look for what is near, None for everywhere.
        words: by stem key, what each of the question's words weighs. facts: by fact key, the same.
        spans: times, from and until, that the question names.
        near, worded, others: how many candidates at most by nearness, by words, by each of the rest.
        best: how many of those by words are taken, the best by nearness and words together.
        procedures: whether procedures are wanted besides.
        meaning: what nearness weighs. besides: what ``BESIDES`` weigh; with any, nearness alone does not choose.
    """

    chosen: SearchFilter
    now: datetime
    vector: Floats | None
    cells: Sequence[int] | None
    words: Mapping[int, float]
    facts: Mapping[int, float]
    spans: Sequence[tuple[datetime, datetime]] = ()
    near: int = 600
    worded: int = 300
    others: int = 100
    best: int = 400
    procedures: bool = False
    meaning: float = 1.0
    besides: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A memory that may be among the best: about the cosine of its vector, what its words and ``BESIDES`` are worth."""

    memory_id: UUID
    near: float
    worded: float
    besides: float = 0.0


@dataclass(frozen=True, slots=True)
class Gathered:
    """Candidates, each once; ``complete`` when they are all that pass the filter where nearness was looked for."""

    candidates: Sequence[Candidate]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is to be read for ranking.

    Attributes:
        ids: the candidates. turns_of: those whose neighbours are wanted too, so many turns to each side.
        mates_of: those in whose conversations to look for what is near the question too, ``mates`` in each.
    """

    ids: Sequence[UUID]
    turns_of: Sequence[UUID] = ()
    turns: int = 2
    mates_of: Sequence[UUID] = ()
    mates: int = 60


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What ranking reads of each memory, packed, and which turn was said just before which."""

    packed: Mapping[UUID, bytes]
    before: Mapping[UUID, UUID]


class Candidates(Protocol):
    """See the module's first lines. Every method may raise ``StoreError``."""

    async def sizes(self, scopes: Sequence[Scope], limit: int) -> list[int]:
        """How many memories each user has, counted no further than ``limit``; of one tenant."""
        ...

    async def standing(self, scope: Scope, terms: Collection[int]) -> Standing:
        """How far the user's rows have followed, and the counts of these terms.

        Raises:
            ModelSwitched: another embedding model answers by now.
        """
        ...

    async def changed(self, scope: Scope, after: int, limit: int) -> list[tuple[int, IndexRow]]:
        """The memories that log lines after ``after`` touched last, in that order, with that line."""
        ...

    async def sample(self, scope: Scope, limit: int) -> Floats:
        """Vectors of the user's memories, drawn evenly."""
        ...

    async def keep(self, scope: Scope, kept: Kept) -> bool:
        """Keeps one step, in one transaction; False, and nothing kept, when somebody else was faster."""
        ...

    async def forget(self, scope: Scope) -> None:
        """Drops all of the user's rows."""
        ...

    async def gather(self, scope: Scope, sought: Sought) -> Gathered:
        """Candidates that pass the filter."""
        ...

    async def surroundings(self, scope: Scope, around: Around, sought: Sought) -> Surroundings:
        """The candidates' rows, and those around them."""
        ...

    async def looks(self, scope: Scope, fields: Sequence[str]) -> list[Seen]:
        """The different things that reading policies see of the user's memories, when they look at these fields."""
        ...
