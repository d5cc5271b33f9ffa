"""What Recollect needs in order to tell watchers at once that something was written: a bell, which may fail to ring.

A ring says only that it is worth looking at a stream's log. Whoever listens looks there anyway from time to time, so a
ring that is lost costs a moment and nothing else.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from recollect.domain.scope import Scope


class Ear(Protocol):
    """What hears the rings of one stream, from the moment it is there."""

    @property
    def closed(self) -> bool:
        """Whether the bell is gone, and with it the memory; nothing will be written any more."""
        ...

    async def wait(self, seconds: float) -> None:
        """Returns when it has rung since the last wait, when the bell is closed, or when the time is over."""
        ...


class Bell(Protocol):
    """Carries the news that a stream's log has grown to everybody who watches it, in this process and in others."""

    def ring(self, scope: Scope, watched: bool = True) -> None:
        """Says that something was committed to this stream (tenant and user); never waits and never fails.

        Args:
            scope: the stream.
            watched: whether other processes may be watching the tenant's logs.
        """
        ...

    def listening(self, scope: Scope) -> AbstractContextManager[Ear]:
        """An ear for this stream; leaving the context takes it away."""
        ...

    async def aclose(self) -> None:
        """Rings once more for what was committed a moment ago, wakes every ear for good, and stops."""
        ...
