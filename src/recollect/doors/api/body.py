"""A request's body on its way in: never larger than allowed, also when it comes in chunks or compressed.

What is too large is refused as soon as that is known, before anything of it is kept. A body with ``Content-Encoding:
gzip`` is unpacked as it comes, and its unpacked size is what counts, so that a small one cannot become a large one.
Routes that read their body as a stream say so with ``stream_body`` and limit what they hold of it themselves.
"""

import asyncio
import zlib
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEY: Final = "recollect.body"
PIECE: Final = 64 * 1024
"""Bytes that are unpacked at once."""
ENCODINGS: Final = {"", "identity", "gzip", "x-gzip"}


class BodyLimit:
    """Middleware that lets no body through that is larger than allowed.

    Args:
        app: what is called. most: bytes.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, with a body that is measured and unpacked as it is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        body = IncomingBody(receive, headers, self.most)
        if body.is_packed:  # what the application sees is not packed any more, and its length is not known
            gone = (b"content-encoding", b"content-length")  # not in a copy: what is outside looks there for the route
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() not in gone]
        scope[KEY] = body
        await self.app(scope, body.receive, send)


class IncomingBody:
    """The body of one request.

    Args:
        receive: where it comes from. headers: what is said of it. most: bytes; None for any number.
    """

    def __init__(self, receive: Receive, headers: Headers, most: int | None) -> None:
        self.most = most
        self._receive = receive
        self._encoding = headers.get("content-encoding", "").strip().lower()
        self._length = headers.get("content-length", "")
        self._read = 0
        self._packed = b""
        self._more = True
        self._unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if self.is_packed else None

    @property
    def is_packed(self) -> bool:
        """Whether it is compressed in a way that is known here."""
        return self._encoding in ("gzip", "x-gzip")

    async def receive(self) -> Message:
        """The next piece.

        Raises:
            HTTPException: it is too large (413), or packed in another way than gzip (415) or not at all (400).
        """
        if self._encoding not in ENCODINGS:
            raise HTTPException(415, f"the body is encoded as {self._encoding[:60]!r}", {"Accept-Encoding": "gzip"})
        if self.most is not None and self._length.isdecimal() and int(self._length[:20]) > self.most:
            raise self._too_large()
        message = await self._next() if self._unpacker else await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self.most is not None and self._read > self.most:
                raise self._too_large()
        return message

    async def _next(self) -> Message:
        """The next piece, unpacked; as much of it as is held at once."""
        assert self._unpacker is not None  # noqa: S101 - only called when there is one
        if not self._packed and self._more:
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            self._packed, self._more = message.get("body", b""), bool(message.get("more_body", False))
        await asyncio.sleep(0)  # a piece that came may be a thousand when unpacked, and others wait
        try:
            piece = self._unpacker.decompress(self._packed, PIECE)
        except zlib.error:
            raise HTTPException(400, "the body is not what gzip makes, although Content-Encoding says so") from None
        self._packed = self._unpacker.unconsumed_tail
        if self._unpacker.unused_data:
            raise HTTPException(400, "after the gzip body something else follows")
        more = bool(self._more or self._packed)
        if not more and len(piece) == PIECE:
            more = not self._unpacker.eof  # the unpacker may hold more than one piece
        if not more and not self._unpacker.eof:
            raise HTTPException(400, "the gzip body ends too early")
        return {"type": "http.request", "body": piece, "more_body": more}

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"the body has more than {self.most:,} bytes, which is all that is taken at once")


def stream_body(request: Request) -> None:
    """Lets a body of any length through; the route that calls this limits what it holds of it."""
    body: IncomingBody | None = request.scope.get(KEY)
    if body is not None:
        body.most = None
