"""OpenTelemetry: a span for each request, each call of the facade and each stage of the pipelines inside it.

Requests and calls are spans while they run, so that what happens inside finds its parent. Stages are told when they are
over, and become spans then, with the times that the stop watch took. No span holds content or an id of anybody's: a
user is a hash, a request is named by its route's template, an error by its class.
"""

import hashlib
import importlib.metadata
import threading
import time
from collections.abc import Mapping
from contextvars import Token
from dataclasses import dataclass
from typing import Final, cast

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from recollect.ports.access_log import OK
from recollect.ports.telemetry import REQUEST_ID, TRACE_ID, Call, Embedding, JobRun, Request, Silence

FLUSH_S: Final = 5.0
"""How long closing waits for a collector to take what is left."""
_PARENT: Final = TraceContextTextMapPropagator()


@dataclass(frozen=True, slots=True)
class _Open:
    """A span that runs, and what leaving it takes back."""

    span: Span
    context: Token[Context]
    trace_id: Token[str]


class TracingTelemetry(Silence):
    """See ``recollect.ports.telemetry.Telemetry``.

    Args:
        provider: where spans go; closed with it. None: wherever the program around us sends its own.
    """

    listening: bool = True

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._provider = provider
        version = importlib.metadata.version("recollect")
        self._tracer: Tracer = (provider or trace.get_tracer_provider()).get_tracer("recollect", version)

    def began(self, method: str) -> object:
        """Starts the call's span, which is the current one until ``ended``."""
        return self._opened(f"recollect.{method}", SpanKind.INTERNAL, None)

    def ended(self, begun: object, call: Call) -> None:
        """Ends it, with what became of the call."""
        running = cast(_Open, begun)
        running.span.set_attribute("recollect.outcome", call.outcome)
        if call.user_id:
            running.span.set_attribute("recollect.user", hashed(call.tenant_id, call.user_id))
        if call.degraded:
            running.span.set_attribute("recollect.degraded", True)
        if call.outcome != OK:
            running.span.set_status(Status(StatusCode.ERROR, call.outcome))
        self._closed(running)

    def lapped(self, pipeline: str, stage: str, started: float, ended: float) -> None:
        """A span of a stage, inside the call that it belongs to."""
        self._past(f"{pipeline} {stage}", started, ended, {"recollect.pipeline": pipeline, "recollect.stage": stage})

    def embedded(self, embedding: Embedding) -> None:
        """A span of an embedder's call."""
        told: dict[str, AttributeValue] = {"recollect.texts": embedding.texts, "recollect.failed": embedding.failed}
        self._past(f"embedder {embedding.use}", embedding.started, embedding.ended, told)

    def ran(self, run: JobRun) -> None:
        """A trace of its own for a run of a job, if it found anything to do."""
        if not (run.processed or run.errors or run.broke_off):
            return
        told: dict[str, AttributeValue] = {"recollect.processed": run.processed, "recollect.errors": run.errors}
        now = time.time_ns()
        start = now - round(run.seconds * 1e9)
        span = self._tracer.start_span(f"upkeep {run.job}", Context(), attributes=told, start_time=start)
        if run.broke_off:
            span.set_status(Status(StatusCode.ERROR))
        span.end(now)

    def request_began(self, method: str, headers: Mapping[str, str]) -> object:
        """Starts the request's span: in the trace that its ``traceparent`` names, or in a new one."""
        return self._opened(method, SpanKind.SERVER, _PARENT.extract(headers, Context()))

    def request_ended(self, begun: object, request: Request) -> None:
        """Ends it, named by the route."""
        running = cast(_Open, begun)
        running.span.update_name(f"{request.method} {request.route}".strip())
        told: dict[str, AttributeValue] = {
            "http.request.method": request.method,
            "http.response.status_code": request.status,
            "recollect.request_id": REQUEST_ID.get(),
        }
        if request.route:
            told["http.route"] = request.route
        running.span.set_attributes(told)
        if request.status >= 500:
            running.span.set_status(Status(StatusCode.ERROR))
        self._closed(running)

    def close(self) -> None:
        """Sends what is left; a collector that is away is not waited for longer than a few seconds."""
        provider, self._provider = self._provider, None
        if provider is not None:
            ending = threading.Thread(target=provider.shutdown, name="recollect telemetry", daemon=True)
            ending.start()
            ending.join(FLUSH_S)

    def _opened(self, name: str, kind: SpanKind, context: Context | None) -> _Open:
        span = self._tracer.start_span(name, context, kind)
        trace_id = span.get_span_context().trace_id
        marked = TRACE_ID.set(f"{trace_id:032x}" if trace_id else "")
        return _Open(span, attach(trace.set_span_in_context(span)), marked)

    def _closed(self, running: _Open) -> None:
        detach(running.context)
        TRACE_ID.reset(running.trace_id)
        running.span.end()

    def _past(self, name: str, started: float, ended: float, told: Mapping[str, AttributeValue]) -> None:
        """A span of what is over already, if the current one is recorded."""
        if not trace.get_current_span().is_recording():
            return
        epoch = time.time_ns() - time.perf_counter_ns()
        start, end = epoch + round(started * 1e9), epoch + round(ended * 1e9)
        self._tracer.start_span(name, attributes=told, start_time=start).end(end)


def tracing(endpoint: str | None = None) -> TracingTelemetry:
    """Spans go where the program around us sends its own, or if it sends none, to the collector at ``endpoint``."""
    ours = not isinstance(trace.get_tracer_provider(), TracerProvider)
    return TracingTelemetry(exporting_provider(endpoint) if ours else None)


def exporting_provider(endpoint: str | None = None) -> TracerProvider:
    """Sends spans to a collector over OTLP/HTTP: this one, or OpenTelemetry's default; OTEL_* variables say how."""
    resource = Resource.create()
    if str(resource.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: "recollect"}))
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
    return provider


def hashed(tenant_id: str, user_id: str) -> str:
    """A user, so that his calls can be told to be one person's and not whose."""
    return hashlib.blake2b(f"{tenant_id}\x1f{user_id}".encode(), digest_size=8).hexdigest()
