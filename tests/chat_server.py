"""A local ``/chat/completions`` endpoint for tests, that answers properly unless it is told to misbehave."""

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from embeddings_server import Reply

Behaviour = Callable[[], Reply]


def saying(text: str, **fields: Any) -> Reply:
    """A proper reply with this text."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "test-model-2026",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15},
        **fields,
    }
    return Reply(json.dumps(body).encode())


class ChatServer:
    """Runs in a thread while its ``with`` block does.

    Attributes:
        script: what to do with the next requests, in order; when it is empty, they are answered with ``answer``.
        answer: the text of proper replies.
        requests: the bodies so far, and ``keys`` their Authorization headers.
    """

    def __init__(self, answer: str = "Hello.") -> None:
        self.answer = answer
        self.script: deque[Behaviour] = deque()
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self._released = threading.Event()
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
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hang(self) -> Reply:
        """A behaviour: answers only when the test is over."""
        self._released.wait(30)
        return saying(self.answer)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                server.keys.append(self.headers.get("authorization"))
                reply = server.script.popleft()() if server.script else saying(server.answer)
                reply = reply if self.path == "/v1/chat/completions" else Reply(b"no such path", 404)
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
