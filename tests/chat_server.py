"""A local ``/chat/completions`` endpoint for tests, that answers properly unless it is told to misbehave."""

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from scripted_server import Reply, ScriptedServer

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


class ChatServer(ScriptedServer[dict[str, Any]]):
    """A chat model's endpoint; ``requests`` are the bodies so far.

    Attributes:
        script: what to do with the next requests, in order; when it is empty, they are answered with ``answer``.
        answer: the text of proper replies.
    """

    PATH = "/v1/chat/completions"

    def __init__(self, answer: str = "Hello.") -> None:
        super().__init__()
        self.answer = answer
        self.script: deque[Behaviour] = deque()

    def hang(self) -> Reply:
        """A behaviour: answers only when the test is over."""
        self.released.wait(30)
        return saying(self.answer)

    def _asked(self, body: dict[str, Any]) -> dict[str, Any]:
        return body

    def _reply(self, asked: dict[str, Any]) -> Reply:  # noqa: ARG002 - the answer is the same for every prompt
        return self.script.popleft()() if self.script else saying(self.answer)
