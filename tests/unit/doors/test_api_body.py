"""Packed bodies: others are served while a small one becomes a large one."""

import asyncio
import gzip

import pytest
from starlette.datastructures import Headers
from starlette.types import Message

from recollect.doors.api.body import PIECE, IncomingBody
from recollect.doors.api.lines import read_lines

pytestmark = pytest.mark.anyio


async def test_others_have_their_turn_between_the_pieces_of_a_packed_body():
    """58 KB of packed line ends once held up a server for half a minute."""
    pieces = 20
    packed = gzip.compress(b"\n" * PIECE * pieces)
    turns = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": packed, "more_body": False}

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    neighbour = asyncio.create_task(other())
    await asyncio.sleep(0)
    body = IncomingBody(receive, Headers({"content-encoding": "gzip"}), None)
    assert [line async for line in read_lines(body.receive, 100)] == []
    neighbour.cancel()
    assert turns >= pieces
