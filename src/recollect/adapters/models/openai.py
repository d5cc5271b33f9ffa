"""An embedder behind any HTTP endpoint that speaks OpenAI's ``/embeddings``.

A call to ``embed`` goes: cache -> batches (by count and by size) -> one request each, several at once -> retries while
the deadline allows -> the reply checked value by value -> unit vectors. Nothing that the endpoint answers is trusted:
count, order, dimension and finiteness are checked before a vector leaves this file.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

import anyio
import numpy as np
import numpy.typing as npt

from recollect.adapters.models.endpoint import Endpoint, TryAgain
from recollect.adapters.models.vector_cache import VectorCache
from recollect.errors import DimensionMismatch, ModelUnavailable

Floats = npt.NDArray[np.float32]


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
        self._model = model
        self._dimension = dimension
        self._extra = dict(extra)
        self._limits = limits or RequestLimits()
        self._cache = VectorCache(self._limits.cached)
        self._endpoint = Endpoint(
            f"{base_url.rstrip('/')}/embeddings",
            api_key,
            request_s=self._limits.request_s,
            first_wait_s=self._limits.first_wait_s,
            concurrent=self._limits.concurrent,
        )

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
        await self._endpoint.close()

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
        """Fetches one batch."""
        return await self._endpoint.ask(
            {"model": self._model, "input": texts, "encoding_format": "float", **self._extra},
            lambda reply: self._accept(texts, reply),
            deadline=deadline,
            within_s=self._limits.deadline_s,
            wanted="vectors",
        )

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
            raise TryAgain("an embedding is not a list of numbers") from error
        if vector.shape != (self._dimension,):
            raise DimensionMismatch(
                "dimension",
                f"{self._endpoint.url} answered vectors of shape {vector.shape}, but {self._dimension} is set",
            )
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise TryAgain("an embedding has numbers that are not finite, or only zeros")
        unit = (vector / length).astype(np.float32)
        unit.setflags(write=False)  # it is shared through the cache
        return unit


def _rows_in_order(reply: object, count: int) -> list[object]:
    """Takes the embeddings out of a reply, by their ``index``.

    Raises:
        TryAgain: the reply has another form, or not each index once.
    """
    data = cast(dict[str, object], reply).get("data") if isinstance(reply, dict) else None
    if not isinstance(data, list):
        raise TryAgain("the reply has no list 'data'")
    entries = cast(list[object], data)
    rows: dict[int, object] = {}
    for place, entry in enumerate(entries):
        fields = cast(dict[str, object], entry) if isinstance(entry, dict) else {}
        number = fields.get("index", place)
        if not isinstance(number, int) or "embedding" not in fields:
            raise TryAgain("an entry of the reply has no 'embedding', or an index that is no number")
        rows[number] = fields["embedding"]
    if len(entries) != count or set(rows) != set(range(count)):
        raise TryAgain(f"the reply has {len(entries)} embeddings for {count} texts, or wrong indexes")
    return [rows[number] for number in range(count)]
