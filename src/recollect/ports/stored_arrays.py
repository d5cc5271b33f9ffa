"""Stored arrays: the resident arrays of a user with many memories, as one block of bytes.

They spare a process that begins the reading and cutting of every memory. They are a copy of a projection: they may be
gone, or be from before, at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from recollect.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArrays:
    """What was stored of one user.

    Attributes:
        seq: the log position that it reflects. memories: how many there were.
        content: the bytes, in parts; whoever packed them knows how they are read.
    """

    seq: int
    memories: int
    content: bytes


class ArrayStore(Protocol):
    """Where they are, for one embedding model."""

    async def load(self, scope: Scope) -> StoredArrays | None:
        """What is stored of the user; None when there is nothing, or not all of it, or rows were erased since."""
        ...

    async def load_each(self, scopes: Sequence[Scope]) -> list[StoredArrays | None]:
        """What ``load`` answers for each of several users of one tenant; one round trip for all."""
        ...

    async def save(self, scope: Scope, arrays: StoredArrays) -> bool:
        """Stores it in the place of what was; False when rows were erased since, and nothing may be stored."""
        ...
