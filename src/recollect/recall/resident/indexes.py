"""The resident indexes of all users: built on first use, brought up to date on every search, evicted by size.

An index is a projection: what it holds can be dropped at any time and is read again from the store. A search sees every
write that was committed before it began, whichever process made it: it is tried on the index at hand (``at_hand``), and
the round trip that brings the records tells where the log stands. Where it stands further, what changed since is
applied (``current_of``), and the search is made again.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID

import anyio
import anyio.to_thread

from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.ports.store import Delta, Head, Store
from recollect.ports.stored_arrays import ArrayStore
from recollect.ports.word_pieces import WordPieces
from recollect.recall.resident.index import ResidentIndex
from recollect.recall.resident.keeping import ArrayKeeper

LARGE_DELTA = 200
"""Rows from which an update runs on a worker thread, so that the event loop stays free."""


@dataclass(slots=True)
class _Resident:
    index: ResidentIndex
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    nbytes: int = 0
    behind: bool = True
    """Whether it is known to lack something: it was never filled, or this process has written since."""
    stored: int = 0
    """How many memories the stored arrays have."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Who keeps the arrays of large users, and where."""

    keeper: ArrayKeeper
    arrays: ArrayStore


@dataclass(frozen=True, slots=True)
class Attempt:
    """A search on the indexes at hand, whether or not they are what the store holds.

    Attributes:
        scopes: whose. indexes: theirs. seqs: the log positions that they reflected before anything was ranked.
    """

    store: Store
    scopes: Sequence[Scope]
    indexes: Sequence[ResidentIndex]
    seqs: Sequence[int]

    async def fetch(self, ids: Sequence[Sequence[UUID]]) -> Sequence[Mapping[UUID, Memory]] | None:
        """The records with these ids in each place; None when an index was not current, and the search void."""
        records, heads = await self.store.fetch_with_heads(list(zip(self.scopes, ids, strict=True)))
        return records if all(map(_is_current, self.seqs, heads)) else None


def _is_current(seq: int, head: Head) -> bool:
    return head.seq == seq and head.vanished_seq <= seq


class ResidentIndexes:
    """The indexes by user, the least recently used dropped when they outgrow ``max_bytes``.

    Args:
        store: the truth. pieces: the word-piece table. dimension: of the stored vectors.
        max_bytes: of all indexes together; one that is larger by itself is held alone.
        kept: stores the arrays of large users; None to read their memories one by one.
    """

    def __init__(
        self, store: Store, pieces: WordPieces, *, dimension: int, max_bytes: int, kept: Kept | None = None
    ) -> None:
        self._store = store
        self._kept = kept
        self._pieces = pieces
        self._dimension = dimension
        self._max_bytes = max_bytes
        self._resident: OrderedDict[tuple[str, str], _Resident] = OrderedDict()
        self._nbytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes that all indexes together hold, about."""
        return self._nbytes

    def __len__(self) -> int:
        return len(self._resident)

    def size_of(self, owner: tuple[str, str]) -> int | None:
        """How many memories the index held of this tenant and user has; None when none is held."""
        resident = self._resident.get(owner)
        return None if resident is None else resident.index.size

    def at_hand(self, scopes: Sequence[Scope]) -> Attempt | None:
        """The indexes as they are, to try a search on; None when one is not there or known to lack something."""
        residents = [self._resident.get(_owner_of(scope)) for scope in scopes]
        indexes = [resident.index for resident in residents if resident is not None and not resident.behind]
        if len(indexes) < len(scopes):
            return None
        for scope in scopes:
            self._resident.move_to_end(_owner_of(scope))
        return Attempt(self._store, scopes, indexes, [index.seq for index in indexes])

    def grew(self, scope: Scope) -> None:
        """Notes that this process has written to the user's log: an attempt on the index at hand would be in vain."""
        resident = self._resident.get(_owner_of(scope))
        if resident is not None:
            resident.behind = True

    async def current(self, scope: Scope) -> ResidentIndex:
        """The user's index, up to date with everything committed before this call.

        Raises:
            StoreError: the store cannot be asked.
        """
        return (await self.current_of([scope]))[0]

    async def current_of(self, scopes: Sequence[Scope]) -> list[ResidentIndex]:
        """The indexes of several users of one tenant, each up to date; one round trip for all.

        Raises:
            StoreError: the store cannot be asked.
        """
        by_owner = {_owner_of(scope): scope for scope in scopes}
        # In one order whoever asks, so that no two calls wait for each other's locks.
        residents = {owner: self._at_hand(by_owner[owner]) for owner in sorted(by_owner)}
        async with AsyncExitStack() as held:
            for resident in residents.values():
                await held.enter_async_context(resident.lock)
            await self._update([(by_owner[owner], resident) for owner, resident in residents.items()])
        for owner, resident in residents.items():
            self._account(owner, resident)
        return [residents[_owner_of(scope)].index for scope in scopes]

    async def settled(self) -> None:
        """Waits until the arrays that are being stored are."""
        if self._kept is not None:
            await self._kept.keeper.settled()

    def empty(self, scope: Scope) -> ResidentIndex:
        """An index of the user's own that is kept by whoever asks for it."""
        return ResidentIndex(self._pieces, self._dimension, scope.user_id)

    def forget(self, owner: tuple[str, str]) -> None:
        """Forgets the index of this tenant and user."""
        resident = self._resident.pop(owner, None)
        if resident is not None:
            self._nbytes -= resident.nbytes

    def _at_hand(self, scope: Scope) -> _Resident:
        owner = _owner_of(scope)
        resident = self._resident.get(owner)
        if resident is None:
            resident = self._resident[owner] = _Resident(self.empty(scope))
        self._resident.move_to_end(owner)
        return resident

    async def _update(self, residents: Sequence[tuple[Scope, _Resident]]) -> None:
        """Applies what changed; whoever calls holds the locks."""
        for _, resident in residents:
            resident.behind = False  # what is written from here on makes it so again
        if self._kept is not None:
            cold = [(scope, resident) for scope, resident in residents if not resident.index.seq]
            empty = [(scope, resident.index) for scope, resident in cold]
            counts = await self._kept.keeper.restored(self._kept.arrays, empty)
            for (_, resident), count in zip(cold, counts, strict=True):
                resident.stored = count
        deltas = await self._store.changes_each([(scope, resident.index.seq) for scope, resident in residents])
        anew: list[tuple[Scope, _Resident]] = []
        for (scope, resident), delta in zip(residents, deltas, strict=True):
            # The log went back (the database was restored, or the tenant emptied), or rows were erased.
            if delta.seq < resident.index.seq or 0 < resident.index.seq < delta.vanished_seq:
                resident.index = self.empty(scope)
                anew.append((scope, resident))
            else:
                await _apply(resident.index, delta)
                self._keep(scope, resident)
        if anew:
            await self._update(anew)

    def _keep(self, scope: Scope, resident: _Resident) -> None:
        """Has the arrays stored that have grown enough."""
        kept = self._kept
        if kept is not None and kept.keeper.consider(kept.arrays, scope, resident.index, resident.stored):
            resident.stored = resident.index.size

    def _account(self, owner: tuple[str, str], resident: _Resident) -> None:
        if self._resident.get(owner) is not resident:  # dropped while it was brought up to date
            return
        if not resident.index.size:  # nobody we know: asking again is cheap, and names that nobody has are many
            self.forget(owner)
            return
        self._nbytes += resident.index.nbytes - resident.nbytes
        resident.nbytes = resident.index.nbytes
        while self._nbytes > self._max_bytes and len(self._resident) > 1:
            _, evicted = self._resident.popitem(last=False)
            self._nbytes -= evicted.nbytes


def _owner_of(scope: Scope) -> tuple[str, str]:
    return scope.tenant_id, scope.user_id


async def _apply(index: ResidentIndex, delta: Delta) -> None:
    if len(delta.rows) > LARGE_DELTA:
        await anyio.to_thread.run_sync(index.apply, delta.rows, delta.seq)
    elif delta.seq > index.seq:
        index.apply(delta.rows, delta.seq)
