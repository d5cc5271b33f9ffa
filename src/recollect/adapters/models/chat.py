"""A chat model behind any HTTP endpoint that speaks OpenAI's ``/chat/completions``.

A reply goes: one request -> retries while the deadline allows -> the reply checked field by field.
"""

import time
from dataclasses import dataclass
from typing import cast

from recollect.adapters.models.endpoint import Endpoint, TryAgain
from recollect.errors import ModelUnavailable
from recollect.ports.chat_model import ChatReply


@dataclass(frozen=True, slots=True)
class ChatLimits:
    """How requests are repeated and given up.

    Attributes:
        deadline_s: seconds a whole call may take, retries included.
        request_s: seconds one request may take.
        first_wait_s: mean seconds before the first retry; doubled for each further one.
        concurrent: requests under way at once.
        prompt_characters: a longer prompt is refused, before it is sent.
        reply_bytes: a longer reply is refused.
    """

    deadline_s: float = 30.0
    request_s: float = 20.0
    first_wait_s: float = 0.25
    concurrent: int = 4
    prompt_characters: int = 200_000
    reply_bytes: int = 4_000_000


class OpenAIChat:
    """Asks a chat model; to be used from one event loop, and closed at the end.

    Args:
        base_url: the address before ``/chat/completions``, such as ``https://api.openai.com/v1``.
        api_key: sent as bearer token; empty for endpoints without one.
        model: the model's name at the endpoint.
        limits: retries and deadlines.
    """

    def __init__(self, *, base_url: str, api_key: str, model: str, limits: ChatLimits | None = None) -> None:
        self._model = model
        self._limits = limits or ChatLimits()
        self._endpoint = Endpoint(
            f"{base_url.rstrip('/')}/chat/completions",
            api_key,
            request_s=self._limits.request_s,
            first_wait_s=self._limits.first_wait_s,
            concurrent=self._limits.concurrent,
            reply_bytes=self._limits.reply_bytes,
        )

    async def reply(self, prompt: str, *, max_tokens: int) -> ChatReply:
        """Answers ``prompt`` with at most ``max_tokens`` tokens.

        Raises:
            ModelUnavailable: the endpoint did not answer in time, refused, or answered what is no reply.
        """
        if len(prompt) > self._limits.prompt_characters:
            raise ModelUnavailable(f"a prompt of {len(prompt)} characters is longer than the limit")
        clean = prompt.replace("\0", "").encode("utf-8", "ignore").decode()
        body = {
            "model": self._model,
            "messages": [{"role": "user", "content": clean}],
            "max_tokens": max_tokens,
            "temperature": 0,
        }
        within_s = self._limits.deadline_s
        return await self._endpoint.ask(
            body,
            lambda reply: _chat_reply(reply, self._model),
            deadline=time.monotonic() + within_s,
            within_s=within_s,
            wanted="reply",
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._endpoint.close()


def _chat_reply(reply: object, model: str) -> ChatReply:
    """Takes the first choice's text and the counts out of a reply.

    Raises:
        TryAgain: the reply has another form.
    """
    fields = _fields(reply)
    choices = fields.get("choices")
    first = cast(list[object], choices)[0] if isinstance(choices, list) and choices else None
    text = _fields(_fields(first).get("message")).get("content")
    if not isinstance(text, str):
        raise TryAgain("the reply has no choices[0].message.content")
    usage, named = _fields(fields.get("usage")), fields.get("model")
    return ChatReply(
        text=text,
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        model=named if isinstance(named, str) and named else model,
    )


def _fields(value: object) -> dict[str, object]:
    return cast(dict[str, object], value) if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
