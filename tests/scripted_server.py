"""A local HTTP endpoint for tests, that answers properly unless it is told to misbehave."""

import json
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Generic, Self, TypeVar

Asked = TypeVar("Asked")


@dataclass
class Reply:
    """What the server sends back."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])


class ScriptedServer(ABC, Generic[Asked]):
    """Runs in a thread while its ``with`` block does.

    Attributes:
        PATH: the one path that is known.
        requests: what each request so far asked.
        keys: the Authorization header of each request so far.
        released: set at the end; behaviours that hang wait for it.
    """

    PATH: ClassVar[str]

    def __init__(self) -> None:
        self.requests: list[Asked] = []
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

    @abstractmethod
    def _asked(self, body: dict[str, Any]) -> Asked:
        """What ``requests`` keeps of a request's body."""

    @abstractmethod
    def _reply(self, asked: Asked) -> Reply:
        """The script's next reply, or a proper one."""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = server._asked(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                server.requests.append(asked)
                server.keys.append(self.headers.get("authorization"))
                reply = server._reply(asked) if self.path == server.PATH else Reply(b"no such path", 404)
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
