"""An embedder behind any HTTP endpoint that speaks OpenAI's ``/embeddings``.

A call to ``embed`` goes: cache -> batches (by count and by size) -> one request each, several at once -> retries while
the deadline allows -> the reply checked value by value -> unit vectors. Nothing that the endpoint answers is trusted:
count, order, dimension and finiteness are checked before a vector leaves this file.
"""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import cast

import anyio
import httpx
import numpy as np
import numpy.typing as npt

from recollect.adapters.models.vector_cache import VectorCache
from recollect.errors import DimensionMismatch, ModelUnavailable

Floats = npt.NDArray[np.float32]

_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How requests are cut, repeated and given up.

    Attributes:
        batch_texts: texts in one request at most.
        batch_characters: characters in one request at most; a longer text goes alone.
        text_characters: a longer text is cut here, because endpoints refuse what their model cannot read.
        concurrent: requests under way at once, for one embedder.
        request_s: seconds one request may take.
        deadline_s: seconds a whole call may take, retries included.
        first_wait_s: mean seconds before the first retry; doubled for each further one.
        cached: vectors kept in memory.
    """

    batch_texts: int = 128
    batch_characters: int = 200_000
    text_characters: int = 24_000
    concurrent: int = 4
    request_s: float = 20.0
    deadline_s: float = 60.0
    first_wait_s: float = 0.5
    cached: int = 2_048


class _TryAgain(Exception):
    """A request failed in a way that may pass.

    Attributes:
        wait_s: seconds that the endpoint asked to wait, if it did.
    """

    def __init__(self, problem: str, wait_s: float | None = None) -> None:
        super().__init__(problem)
        self.wait_s = wait_s


class OpenAIEmbedder:
    """Embeds texts through an OpenAI-compatible endpoint; to be used from one event loop, and closed at the end.

    Args:
        base_url: the address before ``/embeddings``, such as ``https://api.openai.com/v1``.
        api_key: sent as bearer token; empty for endpoints without one.
        model: the model's name at the endpoint.
        dimension: the length of its vectors; also asked for, if ``extra`` says ``{"dimensions": ...}``.
        limits: batching, retries and deadlines.
        extra: further fields of the request body.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        dimension: int,
        limits: RequestLimits | None = None,
        extra: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._model = model
        self._dimension = dimension
        self._extra = dict(extra)
        self._limits = limits or RequestLimits()
        self._cache = VectorCache(self._limits.cached)
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.AsyncClient(headers=headers, timeout=self._limits.request_s)
        self._slots = anyio.Semaphore(self._limits.concurrent)

    @property
    def model_id(self) -> str:
        """The name under which vectors of this model are stored."""
        return f"openai:{self._model}"

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._dimension

    async def embed(self, texts: Sequence[str]) -> Floats:
        """Embeds documents.

        Returns:
            float32, shape (len(texts), dimension); every row has length 1 (0 for an empty text, which is not sent).

        Raises:
            ModelUnavailable: the endpoint did not answer in time, refused, or answered what cannot be used.
            DimensionMismatch: it answered vectors of another length.
        """
        cleaned = [self._clean(text) for text in texts]
        known = {text: self._cache.get(text) for text in dict.fromkeys(cleaned) if text}
        wanted = [text for text, vector in known.items() if vector is None]
        failures: list[Exception] = []

        async def fetch(batch: list[str]) -> None:
            try:
                known.update(zip(batch, await self._fetch(batch, deadline), strict=True))
            except (ModelUnavailable, DimensionMismatch) as error:
                failures.append(error)
                group.cancel_scope.cancel()

        deadline = time.monotonic() + self._limits.deadline_s
        async with anyio.create_task_group() as group:
            for batch in self._batches(wanted):
                group.start_soon(fetch, batch)
        if failures:
            raise failures[0]
        zero = np.zeros(self._dimension, np.float32)
        rows = [zero if (vector := known.get(text)) is None else vector for text in cleaned]
        return np.stack(rows) if rows else np.zeros((0, self._dimension), np.float32)

    async def embed_question(
        self,
        text: str,
        token_weights: Mapping[str, float] | None = None,  # noqa: ARG002 - the port's; see below
    ) -> Floats:
        """Embeds a question; the endpoint does not show its token vectors, so the weights are ignored.

        Returns:
            float32, shape (dimension,), of length 1 (or 0).

        Raises:
            ModelUnavailable, DimensionMismatch: as for ``embed``.
        """
        return (await self.embed([text]))[0]

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    def _clean(self, text: str) -> str:
        """Cuts a text and drops what JSON or endpoints refuse: NUL and halves of surrogate pairs."""
        cut = text[: self._limits.text_characters].replace("\0", "")
        return cut.encode("utf-8", "ignore").decode().strip()

    def _batches(self, texts: list[str]) -> list[list[str]]:
        """Groups texts into requests."""
        batches: list[list[str]] = []
        room = 0
        for text in texts:
            room -= len(text)
            if not batches or room < 0 or len(batches[-1]) >= self._limits.batch_texts:
                batches.append([])
                room = self._limits.batch_characters - len(text)
            batches[-1].append(text)
        return batches

    async def _fetch(self, texts: list[str], deadline: float) -> list[Floats]:
        """Fetches one batch, repeating the request until it succeeds, is refused, or time is up."""
        problem: object = "no request was sent"
        attempt = 0
        while (left := deadline - time.monotonic()) > 0:
            try:
                return self._accept(texts, await self._request(texts, left))
            except _TryAgain as error:
                problem = error
                wait = self._limits.first_wait_s * 2**attempt * random.uniform(0.5, 1.5)  # noqa: S311 - jitter
                wait = max(wait, error.wait_s or 0.0)
            if time.monotonic() + wait >= deadline:
                break
            await anyio.sleep(wait)
            attempt += 1
        raise ModelUnavailable(
            f"{self._url} gave no vectors within {self._limits.deadline_s:g} s ({attempt + 1} tries); last: {problem}"
        )

    async def _request(self, texts: list[str], left_s: float) -> object:
        """Sends one request, within the seconds left, and returns the decoded reply."""
        body = {"model": self._model, "input": texts, "encoding_format": "float", **self._extra}
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
        try:
            return response.json()
        except ValueError as error:  # also what is not UTF-8
            raise _TryAgain("the reply is not JSON") from error

    def _accept(self, texts: list[str], reply: object) -> list[Floats]:
        """Checks a reply, puts it into the order of the texts, and remembers it."""
        vectors = [self._unit(row) for row in _rows_in_order(reply, len(texts))]
        for text, vector in zip(texts, vectors, strict=True):
            self._cache.put(text, vector)
        return vectors

    def _unit(self, values: object) -> Floats:
        """Checks one vector and brings it to length 1."""
        try:
            vector = np.asarray(values, np.float64)
        except (TypeError, ValueError) as error:
            raise _TryAgain("an embedding is not a list of numbers") from error
        if vector.shape != (self._dimension,):
            raise DimensionMismatch(
                "dimension", f"{self._url} answered vectors of shape {vector.shape}, but {self._dimension} is set"
            )
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise _TryAgain("an embedding has numbers that are not finite, or only zeros")
        unit = (vector / length).astype(np.float32)
        unit.setflags(write=False)  # it is shared through the cache
        return unit


def _rows_in_order(reply: object, count: int) -> list[object]:
    """Takes the embeddings out of a reply, by their ``index``.

    Raises:
        _TryAgain: the reply has another form, or not each index once.
    """
    data = cast(dict[str, object], reply).get("data") if isinstance(reply, dict) else None
    if not isinstance(data, list):
        raise _TryAgain("the reply has no list 'data'")
    entries = cast(list[object], data)
    rows: dict[int, object] = {}
    for place, entry in enumerate(entries):
        fields = cast(dict[str, object], entry) if isinstance(entry, dict) else {}
        number = fields.get("index", place)
        if not isinstance(number, int) or "embedding" not in fields:
            raise _TryAgain("an entry of the reply has no 'embedding', or an index that is no number")
        rows[number] = fields["embedding"]
    if len(entries) != count or set(rows) != set(range(count)):
        raise _TryAgain(f"the reply has {len(entries)} embeddings for {count} texts, or wrong indexes")
    return [rows[number] for number in range(count)]


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
