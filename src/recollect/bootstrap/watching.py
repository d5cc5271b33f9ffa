"""Watching: who hears how everything does: metrics, traces and the log, as the settings say."""

import sys
from typing import TYPE_CHECKING

from recollect.errors import ValidationError
from recollect.ports.telemetry import SILENT, Telemetry
from recollect.settings import Settings

if TYPE_CHECKING:
    import logging


def make_telemetry(settings: Settings, *, serving: bool = False) -> Telemetry:
    """Who hears it: by default nobody; in a server Prometheus, and the log; where OTEL_* names a collector, that.

    Args:
        settings: ``telemetry`` and where the collector is.
        serving: whether this process is a server.

    Raises:
        ValidationError: a package is not installed that is needed for what the settings ask for.
    """
    chosen = settings.telemetry
    if chosen == "off":
        return SILENT
    found: list[Telemetry] = []
    if chosen in ("metrics", "all") or (chosen == "auto" and serving):
        found.append(_metrics())
    if chosen in ("traces", "all"):
        found.append(_traces(settings))
    elif chosen == "auto" and _collector(settings) and (traces := _traces_if_asked(settings, serving=serving)):
        found.append(traces)
    if serving:
        from recollect.adapters.telemetry.logs import LogTelemetry

        found.append(LogTelemetry())
    if len(found) < 2:
        return found[0] if found else SILENT
    from recollect.adapters.telemetry.several import Several

    return Several(found)


def start_logs(settings: Settings, level: str | None = None) -> "logging.Handler":
    """Sends this process's log to standard error, as the settings say; for servers, once, at their start.

    Args:
        settings: the form, the level, and whether content may be quoted.
        level: in place of the settings' level.
    """
    from recollect.adapters.telemetry import logs

    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    return logs.start_logs(sys.stderr, as_json=as_json, level=level or settings.log_level, content=settings.log_content)


def _metrics() -> Telemetry:
    try:
        from recollect.adapters.telemetry.prometheus import PrometheusTelemetry
    except ImportError as error:
        raise _missing(error, "server") from error
    return PrometheusTelemetry()


def _traces(settings: Settings) -> Telemetry:
    try:
        from recollect.adapters.telemetry.opentelemetry import tracing
    except ImportError as error:
        raise _missing(error, "telemetry") from error
    return tracing(_collector(settings))


def _collector(settings: Settings) -> str | None:
    """Where traces go, if a setting says so."""
    base = settings.otlp_endpoint
    return settings.otlp_traces_endpoint or (f"{base.rstrip('/')}/v1/traces" if base else None)


def _traces_if_asked(settings: Settings, *, serving: bool) -> Telemetry | None:
    """Traces, because a collector is named; in a program that uses us, that name need not be meant for us."""
    try:
        return _traces(settings)
    except ValidationError:
        if serving:
            raise
        return None


def _missing(error: ImportError, extra: str) -> ValidationError:
    return ValidationError("telemetry", f"needs the package {error.name}; pip install 'recollect[{extra}]'")
