"""Sized indexes: users small enough are held resident, the others are searched by candidates from the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from recollect.domain.scope import Scope
from recollect.ports.candidates import Candidates
from recollect.ports.word_pieces import WordPieces
from recollect.recall.large.following import Follower
from recollect.recall.large.index import LargeIndex
from recollect.recall.resident.index import ResidentIndex
from recollect.recall.resident.indexes import Attempt, ResidentIndexes
from recollect.recall.resident.meanings import meanings_of

Owner = tuple[str, str]
MOST_REMEMBERED: Final = 10_000
"""Large users that a process knows as such; a forgotten one is counted again."""


@dataclass(slots=True)
class SizedIndexes:
    """The indexes of users of any size.

    Attributes:
        resident: of those with at most ``most`` memories. candidates: of the others.
        pieces: the word-piece table. dimension: of the stored vectors.
    """

    resident: ResidentIndexes
    candidates: Candidates
    pieces: WordPieces
    dimension: int
    most: int
    _large: dict[Owner, Follower] = field(default_factory=dict[Owner, Follower])

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
        small = [scope for scope in scopes if _owner_of(scope) not in self._large]
        held = iter(await self.resident.current_of(small) if small else ())
        return [self._of(scope) if _owner_of(scope) in self._large else next(held) for scope in scopes]

    async def settled(self) -> None:
        """Waits until the arrays that are being stored are."""
        await self.resident.settled()

    def empty(self, scope: Scope) -> ResidentIndex:
        """An index of the user's own that is kept by whoever asks for it."""
        return self.resident.empty(scope)

    def forget(self, owner: Owner) -> None:
        """Drops what is held of this tenant and user."""
        self.resident.forget(owner)
        self._large.pop(owner, None)

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
                self.resident.forget(_owner_of(scope))
                if len(self._large) >= MOST_REMEMBERED:
                    self._large.clear()
                self._large[_owner_of(scope)] = Follower(self.candidates, scope, meanings_of(self.pieces))

    def _of(self, scope: Scope) -> LargeIndex:
        return LargeIndex(self.candidates, self._large[_owner_of(scope)], scope, self.pieces, self.dimension)


def _owner_of(scope: Scope) -> Owner:
    return scope.tenant_id, scope.user_id
