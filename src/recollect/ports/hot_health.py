"""How a hot tier is: which one it is, whether it answers by itself, and how often it did."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class HotHealth:
    """A tier in numbers, since this process opened it.

    Attributes:
        adapter: ``postgres``, or the projection's name.
        projection: whether it is one, which can be rebuilt; the database itself cannot and need not.
        breaker: ``closed`` while the projection is asked, ``open`` while it is left alone; None without one.
        hits, misses: loads that it answered, and loads that had to be read from the database; None if nobody counts.
        degraded: loads while a projection was left alone.
    """

    adapter: str = "postgres"
    projection: bool = False
    breaker: str | None = None
    hits: int | None = None
    misses: int | None = None
    degraded: int = 0

    @property
    def hit_rate(self) -> float | None:
        """The share of loads that it answered, 0..1; None before the first one."""
        loads = (self.hits or 0) + (self.misses or 0)
        return None if self.hits is None or not loads else self.hits / loads


@runtime_checkable
class TellsHealth(Protocol):
    """A hot tier that can tell how it is; one that cannot is the database."""

    def health(self) -> HotHealth:
        """How it is, without asking anybody."""
        ...
