"""A chat model behind any HTTP endpoint that speaks OpenAI's ``/chat/completions``.

A reply goes: one request -> retries while the deadline allows -> the reply checked field by field. What may pass
(time-outs, 429, 5xx, broken JSON) is tried again; what will not (401, 404, a refusal) fails at once.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import cast

import anyio
import httpx

from recollect.errors import ModelUnavailable
from recollect.ports.chat_model import ChatReply

_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


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


class _TryAgain(Exception):
    """A request failed in a way that may pass; ``wait_s`` is what the endpoint asked to wait, if it did."""

    def __init__(self, problem: str, wait_s: float | None = None) -> None:
        super().__init__(problem)
        self.wait_s = wait_s


class OpenAIChat:
    """Asks a chat model; to be used from one event loop, and closed at the end.

    Args:
        base_url: the address before ``/chat/completions``, such as ``https://api.openai.com/v1``.
        api_key: sent as bearer token; empty for endpoints without one.
        model: the model's name at the endpoint.
        limits: retries and deadlines.
    """

    def __init__(self, *, base_url: str, api_key: str, model: str, limits: ChatLimits | None = None) -> None:
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._limits = limits or ChatLimits()
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.AsyncClient(headers=headers, timeout=self._limits.request_s)
        self._slots = anyio.Semaphore(self._limits.concurrent)

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
        deadline = time.monotonic() + self._limits.deadline_s
        problem: object = "no request was sent"
        attempt = 0
        while (left := deadline - time.monotonic()) > 0:
            try:
                return _chat_reply(await self._request(body, left), self._model)
            except _TryAgain as error:
                problem = error
                wait = self._limits.first_wait_s * 2**attempt * random.uniform(0.5, 1.5)  # noqa: S311 - jitter
                wait = max(wait, error.wait_s or 0.0)
            attempt += 1
            if time.monotonic() + wait >= deadline:
                break
            await anyio.sleep(wait)
        raise ModelUnavailable(
            f"{self._url} gave no reply within {self._limits.deadline_s:g} s ({attempt} tries); last: {problem}"
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def _request(self, body: Mapping[str, object], left_s: float) -> object:
        """Sends one request, within the seconds left, and returns the decoded reply."""
        try:
            with anyio.fail_after(left_s):
                async with self._slots:
                    with anyio.fail_after(self._limits.request_s):  # httpx's time-outs start anew with every byte
                        response = await self._client.post(self._url, json=body)
        except (httpx.TransportError, TimeoutError) as error:
            raise _TryAgain(f"{type(error).__name__} {error}".strip()) from error
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise ModelUnavailable(f"{self._url} cannot be used: {error}") from error
        if response.status_code in _RETRIED:
            raise _TryAgain(f"HTTP {response.status_code}", _retry_after_s(response.headers.get("retry-after")))
        if response.status_code != 200:
            raise ModelUnavailable(f"{self._url} refused: HTTP {response.status_code} {response.text[:200]}")
        if len(response.content) > self._limits.reply_bytes:
            raise ModelUnavailable(f"{self._url} answered {len(response.content)} bytes")
        try:
            return response.json()
        except (ValueError, RecursionError) as error:  # also what is not UTF-8
            raise _TryAgain("the reply is not JSON") from error


def _chat_reply(reply: object, model: str) -> ChatReply:
    """Takes the first choice's text and the counts out of a reply.

    Raises:
        _TryAgain: the reply has another form.
    """
    fields = _fields(reply)
    choices = fields.get("choices")
    first = cast(list[object], choices)[0] if isinstance(choices, list) and choices else None
    text = _fields(_fields(first).get("message")).get("content")
    if not isinstance(text, str):
        raise _TryAgain("the reply has no choices[0].message.content")
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


def _retry_after_s(header: str | None) -> float | None:
    """Reads a Retry-After header: seconds, or a date."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None
