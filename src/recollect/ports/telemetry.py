"""What Recollect tells whoever watches how it does: calls, stages, requests, and readings when they are asked for.

Nothing of it is content, and no user's or tenant's id leaves it in the clear. Nobody listens by default, and then
telling costs an attribute's look-up. What is told arrives on the thread that did the work, so a listener must be quick,
must not wait and must not fail.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, Protocol

from recollect.ports.hot_health import HotHealth

REQUEST_ID: Final[ContextVar[str]] = ContextVar("recollect_request_id", default="")
"""The id of the request that is being answered; "" outside of one."""
TRACE_ID: Final[ContextVar[str]] = ContextVar("recollect_trace_id", default="")
"""The id of the trace that the work at hand belongs to, 32 hex digits; "" where nobody traces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the facade that has ended.

    Attributes:
        method: the facade's, such as ``search`` or ``projects.share``. outcome: ``ok`` or the error's name.
        tenant_id, user_id: for whom; a listener may pass them on only as a hash.
        started, ended: by ``time.perf_counter``.
        items: how many items of its receipt have each outcome. degraded: whether its answer says that it is.
    """

    method: str
    outcome: str
    tenant_id: str
    user_id: str
    started: float
    ended: float
    items: Mapping[str, int] = field(default_factory=dict[str, int])
    degraded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """One call of an embedder.

    Attributes:
        use: ``documents`` or ``question``. texts: how many. failed: whether there is nothing to show for it.
        started, ended: by ``time.perf_counter``.
    """

    use: str
    texts: int
    failed: bool
    started: float
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run of an upkeep job.

    Attributes:
        job: its name. processed, errors: what it finished, and what it could not. broke_off: whether it ended early.
        late_s: how long after it was due it began. seconds: how long it took.
    """

    job: str
    processed: int
    errors: int
    broke_off: bool
    late_s: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of a server that has been answered.

    Attributes:
        method: HTTP's. route: the template, never the path; "" when nothing is served there. status: HTTP's.
        started, ended: by ``time.perf_counter``.
    """

    method: str
    route: str
    status: int
    started: float
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """How something stands right now. What a source does not know stays as it is here, and adds nothing.

    Attributes:
        connections, connections_in_use, connections_awaited: of the pool: open, taken, and callers who wait for one.
        resident_users, resident_bytes: the indexes held in the process.
        hot: the hot tier's health.
        access_waiting, access_dropped: entries of the access log that are not written yet, and that never will be.
        queued, failed: outcomes in the queue of upkeep. oldest_s: for how long the oldest of the queued ones waits.
    """

    connections: int = 0
    connections_in_use: int = 0
    connections_awaited: int = 0
    resident_users: int = 0
    resident_bytes: int = 0
    hot: HotHealth | None = None
    access_waiting: int = 0
    access_dropped: int = 0
    queued: int = 0
    failed: int = 0
    oldest_s: float = 0.0


Source = Callable[[], Readings]
"""Tells its readings without asking anybody; may be called from any thread."""


class Telemetry(Protocol):
    """Hears what happens. What ``began`` and ``request_began`` return is given back at the end."""

    @property
    def listening(self) -> bool:
        """Whether anybody hears it; nothing needs to be told otherwise."""
        ...

    def began(self, method: str) -> object:
        """A call of the facade begins, in the current context; calls inside it are its children."""
        ...

    def ended(self, begun: object, call: Call) -> None:
        """It has ended, in the same context."""
        ...

    def lapped(self, pipeline: str, stage: str, started: float, ended: float) -> None:
        """A stage of a pipeline is done, within the current call; times by ``time.perf_counter``."""
        ...

    def embedded(self, embedding: Embedding) -> None:
        """An embedder has answered, or failed."""
        ...

    def ran(self, run: JobRun) -> None:
        """A job of upkeep has run."""
        ...

    def request_began(self, method: str, headers: Mapping[str, str]) -> object:
        """A request begins, in the current context; ``headers``, by lower-case names, say which trace it is part of."""
        ...

    def request_ended(self, begun: object, request: Request) -> None:
        """It was answered, in the same context."""
        ...

    def watch(self, source: Source) -> None:
        """Takes a source of readings, to be asked whenever somebody wants to know."""
        ...

    def unwatch(self, source: Source) -> None:
        """Asks this source no more."""
        ...

    def exposition(self, accept: str) -> tuple[bytes, str] | None:
        """What was counted, as a text for Prometheus, and its media type; None when nobody counts.

        Args:
            accept: what the reader understands, as in HTTP's header.
        """
        ...

    def close(self) -> None:
        """Passes on what still waits to be, for a few seconds at most. Closing twice is fine."""
        ...


class Silence:
    """Nobody listens. A listener that begins with this need not say what it does not hear."""

    listening: bool = False

    def began(self, method: str) -> object:
        """Not heard."""
        del method

    def ended(self, begun: object, call: Call) -> None:
        """Not heard."""

    def lapped(self, pipeline: str, stage: str, started: float, ended: float) -> None:
        """Not heard."""

    def embedded(self, embedding: Embedding) -> None:
        """Not heard."""

    def ran(self, run: JobRun) -> None:
        """Not heard."""

    def request_began(self, method: str, headers: Mapping[str, str]) -> object:
        """Not heard."""
        del method, headers

    def request_ended(self, begun: object, request: Request) -> None:
        """Not heard."""

    def watch(self, source: Source) -> None:
        """Not asked."""

    def unwatch(self, source: Source) -> None:
        """Not asked."""

    def exposition(self, accept: str) -> tuple[bytes, str] | None:
        """Nothing."""
        del accept

    def close(self) -> None:
        """There is nothing to pass on."""


SILENT: Final[Telemetry] = Silence()
