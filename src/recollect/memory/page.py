"""Page: one part of a long list, and where the next one begins."""

from collections.abc import Iterator
from dataclasses import dataclass

from recollect.domain.record import Memory


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a user's memories, newest first.

    Attributes:
        memories: the memories of this page.
        next_cursor: pass it to ``list`` for the next page; None on the last one.
    """

    memories: tuple[Memory, ...]
    next_cursor: str | None

    def __iter__(self) -> Iterator[Memory]:
        return iter(self.memories)

    def __len__(self) -> int:
        return len(self.memories)

    def __getitem__(self, index: int) -> Memory:
        return self.memories[index]

    def __repr__(self) -> str:
        lines = [f"<Page of {len(self.memories)}, {'more follow' if self.next_cursor else 'the last'}"]
        return "\n".join(lines + [f"  {memory!r}" for memory in self.memories]) + ">"
