"""The chat model's adapter against a local endpoint that speaks the real wire format, and misbehaves."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from chat_server import ChatServer, saying
from embeddings_server import Reply
from recollect.adapters.models.chat import ChatLimits, OpenAIChat
from recollect.errors import ModelUnavailable
from recollect.ports.chat_model import ChatReply

FAST = ChatLimits(deadline_s=1.0, request_s=0.3, first_wait_s=0.02)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as running:
        yield running


def ask(server: ChatServer, *, key: str = "secret", limits: ChatLimits = FAST) -> ChatReply:
    async def go() -> ChatReply:
        chat = OpenAIChat(base_url=server.url, api_key=key, model="tiny", limits=limits)
        try:
            return await chat.reply("Hi \0there", max_tokens=7)
        finally:
            await chat.close()

    return asyncio.run(go())


def test_a_reply_and_what_was_sent(server: ChatServer) -> None:
    assert ask(server) == ChatReply("Hello.", 12, 3, "test-model-2026")
    (body,) = server.requests
    assert body["messages"] == [{"role": "user", "content": "Hi there"}]
    assert (body["model"], body["max_tokens"]) == ("tiny", 7)
    assert server.keys == ["Bearer secret"]


def test_without_a_key_none_is_sent_and_counts_may_be_missing(server: ChatServer) -> None:
    server.script.append(lambda: saying("Hi.", usage=None, model=None))
    assert ask(server, key="") == ChatReply("Hi.", 0, 0, "tiny")
    assert server.keys == [None]


@pytest.mark.parametrize(
    "bad",
    [
        Reply(b"slow down", 429),
        Reply(b"oops", 500),
        Reply(b"overloaded", 529),
        Reply(b"{not json"),
        Reply(b"\xff\xfe"),
        Reply(b'{"choices": []}'),
        Reply(b'{"choices": [{"message": {"content": null}}]}'),
        Reply(b"[1]"),
    ],
)
def test_what_may_pass_is_tried_again(server: ChatServer, bad: Reply) -> None:
    server.script.append(lambda: bad)
    assert ask(server).text == "Hello."
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_will_not_pass_fails_at_once(server: ChatServer, status: int) -> None:
    server.script.append(lambda: Reply(b"wrong key", status))
    with pytest.raises(ModelUnavailable, match=f"HTTP {status} wrong key"):
        ask(server)
    assert len(server.requests) == 1


def test_an_endpoint_that_hangs_is_given_up_in_time(server: ChatServer) -> None:
    server.script.extend([server.hang] * 9)
    begun = time.monotonic()
    with pytest.raises(ModelUnavailable, match="within 1 s"):
        ask(server)
    assert time.monotonic() - begun < 2.0
    assert len(server.requests) >= 2


def test_retry_after_beyond_the_deadline_ends_it(server: ChatServer) -> None:
    server.script.append(lambda: Reply(b"", 429, {"retry-after": "60"}))
    begun = time.monotonic()
    with pytest.raises(ModelUnavailable, match="HTTP 429"):
        ask(server)
    assert time.monotonic() - begun < 1.0


def test_nobody_listens() -> None:
    with ChatServer() as gone:
        pass
    with pytest.raises(ModelUnavailable, match="ConnectError"):
        ask(gone)
