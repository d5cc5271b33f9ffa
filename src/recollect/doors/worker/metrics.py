"""Metrics of a worker, on a small port of its own on loopback: a worker serves nothing else."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from recollect.errors import UsageError
from recollect.ports.telemetry import Telemetry

HOST = "127.0.0.1"


@contextmanager
def metrics_served(telemetry: Telemetry, port: int | None) -> Generator[int | None]:
    """Answers ``GET /metrics`` within the block, on a thread of its own; with no port, nothing.

    Args:
        telemetry: what was counted.
        port: where; 0 for any that is free.

    Yields:
        The port.

    Raises:
        UsageError: nothing is counted, or the port is taken.
    """
    if port is None:
        yield None
        return
    if telemetry.exposition("") is None:
        raise UsageError("--metrics-port needs metrics, and RECOLLECT_TELEMETRY switches them off")

    server = _server(telemetry, port)
    thread = threading.Thread(target=server.serve_forever, name="recollect metrics", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _server(telemetry: Telemetry, port: int) -> ThreadingHTTPServer:
    class Answer(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """Shows the metrics."""
            shown = telemetry.exposition(self.headers.get("Accept", ""))
            if self.path.partition("?")[0] != "/metrics" or shown is None:
                self.send_error(404)
                return
            content, media_type = shown
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Scrapes are not logged."""

    try:
        server = ThreadingHTTPServer((HOST, port), Answer)
    except OSError as error:
        raise UsageError(f"port {port} cannot be listened on: {error.strerror}") from None
    server.daemon_threads = True
    return server
