"""Conduct: how a question is to be answered beside what it asks: how long each stage may take, and who watches it."""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from recollect.recall.deadline import Deadline
from recollect.recall.explain import Explaining


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a question is to be answered.

    Attributes:
        explaining: takes down what each stage did; None when nobody asks why.
        deadline: how long each stage may take; None for as long as it takes.
        least: the least estimated probability of relevance of a hit, 0..1.
    """

    explaining: Explaining | None = None
    deadline: Deadline | None = None
    least: float = 0.0

    def embedding(self) -> AbstractAsyncContextManager[Any]:
        """Around the await for the question's vector; raises TimeoutError when it is late."""
        return nullcontext() if self.deadline is None else self.deadline.embedding()

    def late_embedding(self) -> tuple[str, ...]:
        """What to say when the question's vector did not come in time."""
        return () if self.deadline is None else (self.deadline.late_embedding(),)

    def begin_again(self) -> None:
        """Forgets what was left out of a search that turned out to be void."""
        if self.deadline is not None:
            self.deadline.skipped.clear()

    @property
    def watched(self) -> Collection[UUID]:
        """Memories that are asked about, wherever they stand."""
        return () if self.explaining is None else self.explaining.watched

    @property
    def skipped(self) -> tuple[str, ...]:
        """What was left out because it was late."""
        return () if self.deadline is None else tuple(self.deadline.skipped)


UNHURRIED = Conduct()
"""As long as it takes, and nobody asks why."""
