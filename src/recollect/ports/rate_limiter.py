"""What the doors need in order to let a key in only so often a minute."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RateState:
    """What became of one request, and how many more there may be.

    Attributes:
        allowed: whether it may go on. limit: requests a minute.
        remaining: how many more would be let in at once. reset_after_s: seconds until ``limit`` would be again.
        retry_after_s: seconds until one more is let in; 0 while some remain.
    """

    allowed: bool
    limit: int
    remaining: int
    reset_after_s: float
    retry_after_s: float


class RateLimiter(Protocol):
    """Counts requests over the last minute: never more than the limit at once, not at the edge of a minute either."""

    async def hit(self, name: str, per_minute: int) -> RateState:
        """Counts one request under a name, if it is let in. It does not fail: without its store it counts alone.

        Args:
            name: whose requests these are.
            per_minute: how many may be let in a minute, 1 or more.
        """
        ...

    async def aclose(self) -> None:
        """Gives back what was opened."""
        ...
