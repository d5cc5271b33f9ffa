"""A local ``/v1/messages`` endpoint for tests: a scripted model that speaks Anthropic's Messages API."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scripted_server import Reply, ScriptedServer

Turn = str | Sequence[Mapping[str, Any]]
"""What the model says: a text that ends the conversation, or the inputs of the tool calls that it makes at once."""


class MessagesServer(ScriptedServer[dict[str, Any]]):
    """A model that says what it was told to, turn by turn; ``requests`` are the bodies so far.

    Args:
        script: its turns.
        tool: the name of the tool that it calls.
    """

    PATH = "/v1/messages"

    def __init__(self, script: Sequence[Turn], tool: str = "memory") -> None:
        super().__init__()
        self._script = list(script)
        self._tool = tool

    @property
    def base_url(self) -> str:
        """What the SDK's client is given."""
        return self.url.removesuffix("/v1")

    @property
    def results(self) -> list[dict[str, Any]]:
        """Every tool's result that the model was told, in order; the SDK may or may not repeat what it said before."""
        told: dict[str, dict[str, Any]] = {}
        for message in (message for body in self.requests for message in body["messages"]):
            if message["role"] == "user" and not isinstance(message["content"], str):
                results: list[dict[str, Any]] = [part for part in message["content"] if part["type"] == "tool_result"]
                told.update({result["tool_use_id"]: result for result in results})
        return list(told.values())

    def _asked(self, body: dict[str, Any]) -> dict[str, Any]:
        return body

    def _reply(self, asked: dict[str, Any]) -> Reply:  # noqa: ARG002 - it says what it was told to, whatever is asked
        turn = self._script.pop(0)
        told: list[Mapping[str, Any]] = [{"type": "text", "text": turn}] if isinstance(turn, str) else []
        if not isinstance(turn, str):
            name = f"toolu_{len(self.requests):02}"
            told = [
                {"type": "tool_use", "id": f"{name}_{place}", "name": self._tool, "input": call}
                for place, call in enumerate(turn)
            ]
        body = {
            "id": f"msg_{len(self.requests):02}",
            "type": "message",
            "role": "assistant",
            "model": "scripted",
            "content": told,
            "stop_reason": "end_turn" if isinstance(turn, str) else "tool_use",
            "stop_sequence": None,
            "usage": {"input_tokens": 10, "output_tokens": 5},
        }
        return Reply(json.dumps(body).encode(), headers={"content-type": "application/json"})
