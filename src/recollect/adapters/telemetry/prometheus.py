"""Prometheus: counts what happens and shows it as text, in a registry of its own.

No label's values grow with use: methods, stages, jobs, outcomes and route templates are the program's own; tenants,
users and paths are never labels.
"""

import importlib.metadata
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder

from recollect.adapters.telemetry.readings import ReadingsCollector
from recollect.ports.telemetry import Call, Embedding, JobRun, Request, Silence, Source

BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: a stage may take half a millisecond, a reply of a model many seconds."""
JOB_BUCKETS: Final = (0.01, 0.1, 1.0, 10.0, 60.0, 600.0)
UNKNOWN_ROUTE: Final = "(none)"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Others are counted together: a client may send any word."""


class PrometheusTelemetry(Silence):
    """See ``recollect.ports.telemetry.Telemetry``."""

    listening: bool = True

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        info = Info("recollect_build", "The version that runs.", registry=registry)
        info.info({"version": importlib.metadata.version("recollect")})
        self._readings = ReadingsCollector()
        registry.register(self._readings)
        ProcessCollector(registry=registry)
        self._make_calls(registry)
        self._make_work(registry)
        self._of_stage: dict[tuple[str, str], Histogram] = {}

    def _make_calls(self, registry: CollectorRegistry) -> None:
        self._requests = Histogram(
            "recollect_http_request_seconds",
            "Time to answer requests, by route template.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=registry,
        )
        self._call_seconds = Histogram(
            "recollect_call_seconds", "Time of calls of the facade.", ("method",), buckets=BUCKETS, registry=registry
        )
        self._calls = Counter(
            "recollect_calls",
            "Calls of the facade, by outcome: ok or the error.",
            ("method", "outcome"),
            registry=registry,
        )
        self._items = Counter(
            "recollect_receipt_items", "Items of receipts, by what became of them.", ("outcome",), registry=registry
        )
        self._degraded = Counter(
            "recollect_degraded_answers", "Answers that say what they lack.", ("method",), registry=registry
        )

    def _make_work(self, registry: CollectorRegistry) -> None:
        self._stages = Histogram(
            "recollect_stage_seconds",
            "Time of the stages of both pipelines.",
            ("pipeline", "stage"),
            buckets=BUCKETS,
            registry=registry,
        )
        self._embedder = Histogram(
            "recollect_embedder_seconds", "Time of calls of the embedder.", ("use",), buckets=BUCKETS, registry=registry
        )
        self._texts = Counter("recollect_embedder_texts", "Texts that were embedded.", ("use",), registry=registry)
        self._failed = Counter(
            "recollect_embedder_failures", "Calls of the embedder that failed.", ("use",), registry=registry
        )
        self._runs = Histogram(
            "recollect_upkeep_run_seconds",
            "Time of runs of upkeep jobs.",
            ("job",),
            buckets=JOB_BUCKETS,
            registry=registry,
        )
        self._late = Histogram(
            "recollect_upkeep_late_seconds",
            "How long after they were due runs of upkeep jobs began.",
            ("job",),
            buckets=JOB_BUCKETS,
            registry=registry,
        )
        self._broken = Counter(
            "recollect_upkeep_failures", "Runs of upkeep jobs that broke off.", ("job",), registry=registry
        )
        self._done = Counter(
            "recollect_upkeep_items", "What upkeep jobs worked on, by outcome.", ("job", "outcome"), registry=registry
        )

    def ended(self, begun: object, call: Call) -> None:
        """Counts a call, the items of its receipt, and whether its answer is degraded."""
        del begun
        self._call_seconds.labels(call.method).observe(call.ended - call.started)
        self._calls.labels(call.method, call.outcome).inc()
        for outcome, count in call.items.items():
            self._items.labels(outcome).inc(count)
        if call.degraded:
            self._degraded.labels(call.method).inc()

    def lapped(self, pipeline: str, stage: str, started: float, ended: float) -> None:
        """Counts a stage."""
        found = self._of_stage.get((pipeline, stage))
        if found is None:  # looking labels up takes longer than counting, and there are many laps
            found = self._of_stage[pipeline, stage] = self._stages.labels(pipeline, stage)
        found.observe(ended - started)

    def embedded(self, embedding: Embedding) -> None:
        """Counts a call of an embedder."""
        self._embedder.labels(embedding.use).observe(embedding.ended - embedding.started)
        if embedding.failed:
            self._failed.labels(embedding.use).inc()
        else:
            self._texts.labels(embedding.use).inc(embedding.texts)

    def ran(self, run: JobRun) -> None:
        """Counts a run of a job."""
        self._runs.labels(run.job).observe(run.seconds)
        self._late.labels(run.job).observe(run.late_s)
        self._broken.labels(run.job).inc(run.broke_off)
        self._done.labels(run.job, "done").inc(run.processed)
        self._done.labels(run.job, "failed").inc(run.errors)

    def request_ended(self, begun: object, request: Request) -> None:
        """Counts a request."""
        del begun
        method = request.method if request.method in METHODS else "other"
        labels = (method, request.route or UNKNOWN_ROUTE, str(request.status))
        self._requests.labels(*labels).observe(request.ended - request.started)

    def watch(self, source: Source) -> None:
        """Asks it whenever somebody reads the metrics."""
        self._readings.sources.append(source)

    def unwatch(self, source: Source) -> None:
        """Asks it no more."""
        if source in self._readings.sources:
            self._readings.sources.remove(source)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All metrics as text: Prometheus's, or OpenMetrics where the reader asks for that."""
        encode, media_type = choose_encoder(accept)
        return encode(self.registry), media_type
