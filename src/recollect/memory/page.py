"""Page: one part of a long list, and where the next one begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, overload

from recollect.domain.mem0_form import Form, Keyed, held
from recollect.domain.record import Memory


@dataclass(frozen=True, slots=True)
class Page(Keyed):
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

    @overload
    def __getitem__(self, key: int) -> Memory: ...
    @overload
    def __getitem__(self, key: str) -> Any: ...
    def __getitem__(self, key: int | str) -> Any:
        return held(self.mem0_form(), key) if isinstance(key, str) else self.memories[key]

    def __contains__(self, key: object) -> bool:
        return key == "results" or key in self.memories

    def mem0_form(self) -> Form:
        """The dict that mem0's ``get_all`` answers with: ``page["results"][0]["memory"]``."""
        return {"results": [memory.mem0_form() for memory in self.memories]}

    def __repr__(self) -> str:
        lines = [f"<Page of {len(self.memories)}, {'more follow' if self.next_cursor else 'the last'}"]
        return "\n".join(lines + [f"  {memory!r}" for memory in self.memories]) + ">"
