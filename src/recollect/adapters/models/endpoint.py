"""One HTTP endpoint of a model: requests that are repeated while the deadline allows.

What may pass (time-outs, 429, 5xx, broken JSON, a reply that ``accept`` cannot use) is tried again; what will not
(401, 404, a refusal) fails at once.
"""

import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

import anyio
import httpx

from recollect.errors import ModelUnavailable

Accepted = TypeVar("Accepted")

_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class TryAgain(Exception):
    """A request failed in a way that may pass; it never leaves ``Endpoint.ask``.

    Attributes:
        wait_s: seconds that the endpoint asked to wait, if it did.
    """

    def __init__(self, problem: str, wait_s: float | None = None) -> None:
        super().__init__(problem)
        self.wait_s = wait_s


class Endpoint:
    """Posts JSON to one address; to be used from one event loop, and closed at the end.

    Args:
        url: the full address.
        api_key: sent as bearer token; empty for endpoints without one.
        request_s: seconds one request may take.
        first_wait_s: mean seconds before the first retry; doubled for each further one.
        concurrent: requests under way at once.
        reply_bytes: a longer reply is refused; None for no limit.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        request_s: float,
        first_wait_s: float,
        concurrent: int,
        reply_bytes: int | None = None,
    ) -> None:
        self.url = url
        self._request_s = request_s
        self._first_wait_s = first_wait_s
        self._reply_bytes = reply_bytes
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.AsyncClient(headers=headers, timeout=request_s)
        self._slots = anyio.Semaphore(concurrent)

    async def ask(
        self,
        body: Mapping[str, object],
        accept: Callable[[object], Accepted],
        *,
        deadline: float,
        within_s: float,
        wanted: str,
    ) -> Accepted:
        """Repeats a request until ``accept`` returns, it is refused, or time is up.

        Args:
            body: what is sent, as JSON.
            accept: checks the decoded reply and makes of it what is returned; raises TryAgain for what is unusable.
            deadline: when to give up, on the clock of ``time.monotonic``.
            within_s: the seconds that the caller allowed in all, for the message.
            wanted: what was asked for, for the message.

        Raises:
            ModelUnavailable: the endpoint did not answer in time, or refused.
        """
        problem: object = "no request was sent"
        attempt = 0
        while (left := deadline - time.monotonic()) > 0:
            try:
                return accept(await self._request(body, left))
            except TryAgain as error:
                problem = error
                wait = self._first_wait_s * 2**attempt * random.uniform(0.5, 1.5)  # noqa: S311 - jitter
                wait = max(wait, error.wait_s or 0.0)
            attempt += 1
            if time.monotonic() + wait >= deadline:
                break
            await anyio.sleep(wait)
        raise ModelUnavailable(f"{self.url} gave no {wanted} within {within_s:g} s ({attempt} tries); last: {problem}")

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def _request(self, body: Mapping[str, object], left_s: float) -> object:
        """Sends one request, within the seconds left, and returns the decoded reply."""
        try:
            with anyio.fail_after(left_s):
                async with self._slots:
                    with anyio.fail_after(self._request_s):  # httpx's time-outs start anew with every byte
                        response = await self._client.post(self.url, json=body)
        except (httpx.TransportError, TimeoutError) as error:
            raise TryAgain(f"{type(error).__name__} {error}".strip()) from error
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise ModelUnavailable(f"{self.url} cannot be used: {error}") from error
        if response.status_code in _RETRIED:
            raise TryAgain(f"HTTP {response.status_code}", _retry_after_s(response.headers.get("retry-after")))
        if response.status_code != 200:
            raise ModelUnavailable(f"{self.url} refused: HTTP {response.status_code} {response.text[:200]}")
        if self._reply_bytes is not None and len(response.content) > self._reply_bytes:
            raise ModelUnavailable(f"{self.url} answered {len(response.content)} bytes")
        try:
            return response.json()
        except (ValueError, RecursionError) as error:  # also what is not UTF-8
            raise TryAgain("the reply is not JSON") from error


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
