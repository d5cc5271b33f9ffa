"""Sized indexes: users small enough are held resident, the others are searched by candidates from the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from recollect.domain.scope import Scope
from recollect.ports.candidates import Candidates
from recollect.ports.word_pieces import WordPieces
from recollect.recall.large.filling import Filler
from recollect.recall.large.following import PAGE, Follower
from recollect.recall.large.index import LargeIndex
from recollect.recall.resident.index import ResidentIndex
from recollect.recall.resident.indexes import Attempt, ResidentIndexes
from recollect.recall.resident.meanings import meanings_of

Owner = tuple[str, str]
MOST_REMEMBERED: Final = 10_000
"""Large users that a process knows as such; a forgotten one is counted again."""
APPROACHING: Final = 0.8
"""With this share of the most memories that are held, search rows are filled ahead of need."""
LOOK_EVERY: Final = 100
"""After so many writes for a user whom nobody searches it is looked whether he approaches that."""


@dataclass(slots=True, weakref_slot=True, eq=False)
class SizedIndexes:
    """The indexes of users of any size.

    Attributes:
        resident: of those with at most ``most`` memories. candidates: of the others.
        pieces: the word-piece table. dimension: of the stored vectors. most: memories that are held of one user.
        filler: fills the search rows ahead. Until it has, a user is held resident however large he is.
    """

    resident: ResidentIndexes
    candidates: Candidates
    pieces: WordPieces
    dimension: int
    most: int
    filler: Filler
    _large: dict[Owner, Follower] = field(default_factory=dict[Owner, Follower])
    _ready: set[Owner] = field(default_factory=set[Owner])
    """Those of the large ones whose rows are there."""
    _writes: dict[Owner, int] = field(default_factory=dict[Owner, int])
    _filled: dict[Owner, int] = field(default_factory=dict[Owner, int])
    """How many memories a user had when his rows were last filled ahead."""

    @property
    def nbytes(self) -> int:
        """Bytes that the resident ones hold, about."""
        return self.resident.nbytes

    def __len__(self) -> int:
        return len(self.resident)

    def at_hand(self, scopes: Sequence[Scope]) -> Attempt | None:
        """The resident indexes to try a search on; None when one is not there, or is none."""
        attempt = self.resident.at_hand(scopes)
        if attempt is None or any(index.size > self.most for index in attempt.indexes):
            return None
        return attempt

    def grew(self, scope: Scope) -> None:
        """Notes that this process has written to the user's log."""
        self.resident.grew(scope)
        if not self.most:
            return
        if len(self._writes) >= MOST_REMEMBERED:
            self._writes.clear()
        owner = _owner_of(scope)
        self._writes[owner] = writes = self._writes.get(owner, 0) + 1
        if writes % LOOK_EVERY == 0 and owner not in self._large:
            self.filler.begin(owner, lambda: self._look(scope))

    async def current(self, scope: Scope) -> ResidentIndex:
        """The user's index, up to date.

        Raises:
            StoreError: the store cannot be asked.
        """
        return (await self.current_of([scope]))[0]

    async def current_of(self, scopes: Sequence[Scope]) -> list[ResidentIndex]:
        """The indexes of several users of one tenant, each up to date once a question is put to it.

        Raises:
            StoreError: the store cannot be asked.
        """
        await self._count([scope for scope in scopes if self._unknown(scope)])
        large = {_owner_of(scope) for scope in scopes if await self._is_ready(scope)}
        small = [scope for scope in scopes if _owner_of(scope) not in large]
        held = await self.resident.current_of(small) if small else []
        for scope, index in zip(small, held, strict=True):
            self._consider(scope, index.size)
        left = iter(held)
        return [self._of(scope) if _owner_of(scope) in large else next(left) for scope in scopes]

    async def settled(self) -> None:
        """Waits until the arrays that are being stored are."""
        await self.resident.settled()
        await self.filler.settled()

    def empty(self, scope: Scope) -> ResidentIndex:
        """An index of the user's own that is kept by whoever asks for it."""
        return self.resident.empty(scope)

    def forget(self, owner: Owner) -> None:
        """Drops what is held of this tenant and user."""
        self.resident.forget(owner)
        self._large.pop(owner, None)
        self._ready.discard(owner)
        self._filled.pop(owner, None)

    def _unknown(self, scope: Scope) -> bool:
        """Whether the user has to be counted: not while an index is held that is small enough."""
        if _owner_of(scope) in self._large:
            return False
        held = self.resident.size_of(_owner_of(scope))
        return held is None or held > self.most

    async def _count(self, scopes: Sequence[Scope]) -> None:
        if not scopes:
            return
        # With 0 for the most, everybody is large, and nobody needs to be counted.
        sizes = await self.candidates.sizes(scopes, self.most + 1) if self.most else [1] * len(scopes)
        for scope, size in zip(scopes, sizes, strict=True):
            if size > self.most:
                if len(self._large) >= MOST_REMEMBERED:
                    self._large.clear()
                    self._ready.clear()
                self._large[_owner_of(scope)] = self._follower(scope)

    async def _is_ready(self, scope: Scope) -> bool:
        """Whether the user is large and his rows lack so little that a search can bring them up to date by itself."""
        owner = _owner_of(scope)
        follower = self._large.get(owner)
        if follower is None:
            return False
        if owner not in self._ready:
            if self.most and await follower.lines_behind() > PAGE:
                self.filler.begin(owner, lambda: follower.followed(()))
                return False
            self._ready.add(owner)
            self.resident.forget(owner)
        return True

    def _consider(self, scope: Scope, size: int) -> None:
        """Has the rows filled ahead when the user approaches the limit, and again when he has grown."""
        owner = _owner_of(scope)
        if not self.most or owner in self._large or size < max(APPROACHING * self.most, 1):
            return
        if size >= self._filled.get(owner, 0) + (PAGE if owner in self._filled else 0):
            if len(self._filled) >= MOST_REMEMBERED:
                self._filled.clear()
            if self.filler.begin(owner, lambda: self._follower(scope).followed(())):
                self._filled[owner] = size

    async def _look(self, scope: Scope) -> None:
        enough = max(1, int(APPROACHING * self.most))
        (size,) = await self.candidates.sizes([scope], enough)
        if size >= enough:
            await self._follower(scope).followed(())

    def _follower(self, scope: Scope) -> Follower:
        return Follower(self.candidates, scope, meanings_of(self.pieces))

    def _of(self, scope: Scope) -> LargeIndex:
        return LargeIndex(self.candidates, self._large[_owner_of(scope)], scope, self.pieces, self.dimension)


def _owner_of(scope: Scope) -> Owner:
    return scope.tenant_id, scope.user_id
