"""Listing: one part of a long list of anything but memories, and where the next one begins."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from recollect.domain.event import Event
from recollect.errors import NotFound

T = TypeVar("T")


def the_one(found: Sequence[T], what: str) -> T:
    """The only thing that was found.

    Raises:
        NotFound: nothing was.
    """
    if not found:
        raise NotFound(f"there is no {what}")
    return found[0]


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Some of the things that were asked for.

    Attributes:
        items: the things of this page.
        next_cursor: pass it as ``cursor`` for the next page; None on the last one.
    """

    items: tuple[T, ...]
    next_cursor: str | None

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> T:
        return self.items[index]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some of a user's events, oldest first.

    Attributes:
        events: the events of this page.
        next_after_seq: pass it as ``after_seq`` for the next page; None on the last one.
    """

    events: tuple[Event, ...]
    next_after_seq: int | None

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __getitem__(self, index: int) -> Event:
        return self.events[index]


def listing(found: Sequence[T], limit: int, cursor_of: Callable[[T], str]) -> Listing[T]:
    """The first ``limit`` of what was found; one more than that means that more follow."""
    shown = tuple(found[:limit])
    return Listing(shown, cursor_of(shown[-1]) if len(found) > limit else None)
