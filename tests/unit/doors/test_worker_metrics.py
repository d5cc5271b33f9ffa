"""Metrics of a worker: served on loopback for as long as it runs, and refused where nothing is counted."""

import socket

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from recollect.adapters.telemetry.prometheus import PrometheusTelemetry
from recollect.doors.worker.metrics import metrics_served
from recollect.errors import UsageError
from recollect.ports.telemetry import SILENT


def test_they_are_served_while_the_worker_runs():
    telemetry = PrometheusTelemetry()
    telemetry.lapped("writing", "embed", 1.0, 1.5)
    with metrics_served(telemetry, 0) as port:
        url = f"http://127.0.0.1:{port}"
        answer = httpx.get(f"{url}/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        names = {family.name for family in text_string_to_metric_families(answer.text)}
        assert {"recollect_stage_seconds", "recollect_upkeep_queue", "process_cpu_seconds"} <= names
        wanted = httpx.get(f"{url}/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
        assert wanted.text.endswith("# EOF\n")
        assert httpx.get(f"{url}/other").status_code == 404
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/metrics")


def test_without_a_port_nothing_is_served():
    with metrics_served(SILENT, None) as port:
        assert port is None


def test_nothing_to_show_and_no_port_to_have_are_said():
    with pytest.raises(UsageError, match="RECOLLECT_TELEMETRY"), metrics_served(SILENT, 0):
        pass
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}"), metrics_served(PrometheusTelemetry(), port):
            pass
