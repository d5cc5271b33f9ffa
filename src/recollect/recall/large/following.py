"""Following: brings a large user's search rows up to date with his log before a search, a page at a time."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Final

import anyio
import anyio.to_thread
import numpy as np
import numpy.typing as npt

from recollect.domain.record import Status
from recollect.domain.scope import Scope
from recollect.ports.candidates import Candidates, Kept, Searchable, Standing, Totals
from recollect.ports.index import IndexRow
from recollect.recall.large.cells import SAMPLE, centres_of, outgrown, wanted
from recollect.recall.large.terms import TYPICAL, searchable
from recollect.recall.resident.meanings import Meanings

PAGE: Final = 2_000
SMALL: Final = 50
"""Memories that are read on the event loop; more on a worker thread."""


class Follower:
    """Brings one user's rows up to date; whoever else searches meanwhile waits for it.

    Args:
        candidates: where the rows are. scope: the user. meanings: of the word-piece table.
    """

    def __init__(self, candidates: Candidates, scope: Scope, meanings: Meanings) -> None:
        self._candidates = candidates
        self._scope = scope
        self._meanings = meanings
        self._lock = anyio.Lock()

    async def followed(self, terms: Collection[int]) -> Standing:
        """How the rows stand once they reflect everything that was committed before this call.

        Raises:
            StoreError: the store cannot be asked.
        """
        standing = await self._candidates.standing(self._scope, terms)
        if _current(standing):
            return standing
        async with self._lock:
            until = standing.log_seq
            while not _current(standing := await self._candidates.standing(self._scope, terms), until):
                await self._step(standing)
        return standing

    async def lines_behind(self) -> int:
        """How many lines of the log the rows do not reflect yet; all of them when they have to be filled anew.

        Raises:
            StoreError: the store cannot be asked.
        """
        standing = await self._candidates.standing(self._scope, ())
        anew = standing.stale or outgrown(standing.totals.memories, len(standing.centres))
        return standing.log_seq - (0 if anew else standing.seq)

    async def _step(self, standing: Standing) -> None:
        """All pages, each read while the one before it is being kept; somebody else's page ends it: then look again."""
        if standing.stale or outgrown(standing.totals.memories, len(standing.centres)):
            await self._candidates.forget(self._scope)
            return
        if not standing.seq:
            standing = replace(standing, centres=await self._centres(standing))
        kept = await self._page(standing)
        while kept.until < standing.log_seq:
            standing = replace(standing, seq=kept.until, totals=_with(standing.totals, kept))
            stored, ahead = await asyncio.gather(self._candidates.keep(self._scope, kept), self._page(standing))
            if not stored:
                return
            kept = ahead
        await self._candidates.keep(self._scope, kept)

    async def _page(self, standing: Standing) -> Kept:
        """The next page, read: what is to be kept when the rows stand where ``standing`` says."""
        changed = await self._candidates.changed(self._scope, standing.seq, PAGE)
        rows = [row for _, row in changed if row.status is not Status.DELETED]
        return Kept(
            rows=await self._read(rows, standing.centres, standing),
            gone=[row.id for _, row in changed if row.status is Status.DELETED],
            since=standing.seq,
            # What commits meanwhile has later lines than these, or is read again from where the log stood.
            until=changed[-1][0] if len(changed) == PAGE else max([standing.log_seq, *(seq for seq, _ in changed)]),
            vanished_seq=standing.vanished_seq,
            centres=standing.centres,
        )

    async def _centres(self, standing: Standing) -> npt.NDArray[np.float32]:
        (memories,) = await self._candidates.sizes([self._scope], standing.log_seq)
        cells = wanted(memories)
        vectors = await self._candidates.sample(self._scope, SAMPLE) if cells else standing.centres[:0]
        return await anyio.to_thread.run_sync(centres_of, vectors, cells) if cells else vectors

    async def _read(
        self, rows: list[IndexRow], centres: npt.NDArray[np.float32], standing: Standing
    ) -> list[Searchable]:
        totals = standing.totals
        average = totals.stems / totals.passages if totals.passages else TYPICAL
        if len(rows) <= SMALL:
            return searchable(rows, self._meanings, centres, average)
        return await anyio.to_thread.run_sync(searchable, rows, self._meanings, centres, average)


def _with(totals: Totals, kept: Kept) -> Totals:
    """The totals, as far as lengths go, with a page that is being kept."""
    return replace(
        totals,
        passages=totals.passages + sum(one.passages for one in kept.rows),
        stems=totals.stems + sum(one.stems for one in kept.rows),
    )


def _current(standing: Standing, until: int | None = None) -> bool:
    """Whether the rows reflect the log, at least as far as ``until``."""
    if standing.stale or outgrown(standing.totals.memories, len(standing.centres)):
        return False
    return standing.seq >= (standing.log_seq if until is None else min(until, standing.log_seq))
