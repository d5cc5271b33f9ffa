"""Several listeners as one: each hears everything; what began first ends last."""

from collections.abc import Mapping, Sequence
from typing import cast

from recollect.ports.telemetry import Call, Embedding, JobRun, Request, Source, Telemetry


class Several:
    """See ``recollect.ports.telemetry.Telemetry``.

    Args:
        listeners: in the order in which they hear that something begins.
    """

    listening: bool = True

    def __init__(self, listeners: Sequence[Telemetry]) -> None:
        self._listeners = tuple(listeners)

    def began(self, method: str) -> object:
        """Every listener's own note of the beginning."""
        return [one.began(method) for one in self._listeners]

    def ended(self, begun: object, call: Call) -> None:
        """Gives each its note back, the last one first."""
        for one, note in zip(reversed(self._listeners), reversed(cast(list[object], begun)), strict=True):
            one.ended(note, call)

    def lapped(self, pipeline: str, stage: str, started: float, ended: float) -> None:
        """Told to each."""
        for one in self._listeners:
            one.lapped(pipeline, stage, started, ended)

    def embedded(self, embedding: Embedding) -> None:
        """Told to each."""
        for one in self._listeners:
            one.embedded(embedding)

    def ran(self, run: JobRun) -> None:
        """Told to each."""
        for one in self._listeners:
            one.ran(run)

    def request_began(self, method: str, headers: Mapping[str, str]) -> object:
        """Every listener's own note of the beginning."""
        return [one.request_began(method, headers) for one in self._listeners]

    def request_ended(self, begun: object, request: Request) -> None:
        """Gives each its note back, the last one first."""
        for one, note in zip(reversed(self._listeners), reversed(cast(list[object], begun)), strict=True):
            one.request_ended(note, request)

    def watch(self, source: Source) -> None:
        """Told to each."""
        for one in self._listeners:
            one.watch(source)

    def unwatch(self, source: Source) -> None:
        """Told to each."""
        for one in self._listeners:
            one.unwatch(source)

    def exposition(self, accept: str) -> tuple[bytes, str] | None:
        """What the first of them that counts has counted."""
        found = (one.exposition(accept) for one in self._listeners)
        return next((one for one in found if one is not None), None)

    def close(self) -> None:
        """Closes each."""
        for one in self._listeners:
            one.close()
