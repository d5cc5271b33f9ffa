"""Who watches: Prometheus, OpenTelemetry, the log; each an optional listener behind ``recollect.ports.telemetry``."""
