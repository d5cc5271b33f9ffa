"""Stop watch: how long each stage of a pipeline took, for the answer and for whoever watches."""

import time

from recollect.ports.telemetry import SILENT, Telemetry


class StopWatch:
    """Milliseconds by stage; it runs from the moment it is made. A stage that was gone through twice counts twice.

    Args:
        pipeline: what the stages are of, such as ``recall``.
        telemetry: is told of each stage.
    """

    __slots__ = ("_last", "_pipeline", "_started", "_telemetry", "ms")

    def __init__(self, pipeline: str, telemetry: Telemetry = SILENT) -> None:
        self.ms: dict[str, float] = {}
        self._pipeline = pipeline
        self._telemetry = telemetry if telemetry.listening else None
        self._started = self._last = time.perf_counter()

    @property
    def total_ms(self) -> float:
        """Milliseconds since it was made."""
        return (time.perf_counter() - self._started) * 1000

    def lap(self, stage: str) -> None:
        """Notes the time since the lap before under the stage's name."""
        now = time.perf_counter()
        self.ms[stage] = self.ms.get(stage, 0.0) + (now - self._last) * 1000
        if self._telemetry is not None:
            self._telemetry.lapped(self._pipeline, stage, self._last, now)
        self._last = now
