"""A local ``/embeddings`` endpoint for tests, that answers properly unless it is told to misbehave."""

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

import numpy as np


@dataclass
class Reply:
    """What the server sends back."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])


Behaviour = Callable[[list[str]], Reply]


def vector_of(text: str, dimension: int) -> list[float]:
    """The vector that the server has for a text: random, but the same each time, and not of length 1."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return (3 * np.random.default_rng(seed).normal(size=dimension)).tolist()


def entries(texts: list[str], dimension: int) -> list[dict[str, Any]]:
    """The ``data`` of a proper reply."""
    return [{"index": place, "embedding": vector_of(text, dimension)} for place, text in enumerate(texts)]


def answering(data: object) -> Reply:
    """A reply with status 200 and this ``data``."""
    return Reply(json.dumps({"object": "list", "data": data}).encode())


class EmbeddingsServer:
    """Runs in a thread while its ``with`` block does.

    Attributes:
        script: what to do with the next requests, in order; when it is empty, they are answered properly.
        requests: the texts of each request so far.
        keys: the Authorization header of each request so far.
        released: set at the end; behaviours that hang wait for it.
    """

    def __init__(self, dimension: int = 16) -> None:
        self.dimension = dimension
        self.script: deque[Behaviour] = deque()
        self.requests: list[list[str]] = []
        self.keys: list[str | None] = []
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL to configure."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hang(self, texts: list[str]) -> Reply:
        """A behaviour: answers only when the test is over."""
        self.released.wait(30)
        return answering(entries(texts, self.dimension))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                texts = cast(list[str], body["input"])
                server.requests.append(texts)
                server.keys.append(self.headers.get("authorization"))
                known = self.path == "/v1/embeddings"
                reply = server._reply(texts) if known else Reply(b"no such path", 404)
                try:
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(reply.body)))
                    self.end_headers()
                    self.wfile.write(reply.body)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client has given up, which is what some tests are about

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in http.server
                pass

        return Handler

    def _reply(self, texts: list[str]) -> Reply:
        if self.script:
            return self.script.popleft()(texts)
        return answering(entries(texts, self.dimension))
