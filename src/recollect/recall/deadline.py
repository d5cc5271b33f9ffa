"""Deadline: how long each stage of a search may take; what is late is left out, and the answer says so."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Deadline:
    """How many milliseconds each stage may take; what is late is left out, and ``skipped`` says so.

    Attributes:
        ms: for each stage. skipped: what was left out of the answer, in words.
    """

    ms: float
    skipped: list[str] = field(default_factory=list[str])
    _ends: float = float("inf")

    def embedding(self) -> AbstractAsyncContextManager[Any]:
        """Around an await: raises TimeoutError when it takes longer than a stage may."""
        return asyncio.timeout(self.ms / 1000)  # a thread that is late goes on; nobody waits for it

    def late_embedding(self) -> str:
        """What to say when the question's vector did not come in time."""
        return f"ranked by words alone: the question was not embedded within {self.ms:g} ms"

    def start_signals(self) -> None:
        """Begins the stage in which signals are asked, one after the other."""
        self._ends = time.perf_counter() + self.ms / 1000

    def allows(self, signal: str) -> bool:
        """Whether there is time for one more signal, else it is noted as skipped; one that has begun is let end."""
        if time.perf_counter() < self._ends:
            return True
        self.skipped.append(f"ranked without {signal}: its turn came after {self.ms:g} ms")
        return False
