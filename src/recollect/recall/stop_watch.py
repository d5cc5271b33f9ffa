"""Stop watch: how long each stage of an answer took."""

import time


class StopWatch:
    """Milliseconds by stage; it runs from the moment it is made."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Notes the time since the lap before under the stage's name."""
        now = time.perf_counter()
        self.ms[stage] = (now - self._last) * 1000
        self._last = now
