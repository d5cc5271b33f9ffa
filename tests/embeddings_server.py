"""A local ``/embeddings`` endpoint for tests, that answers properly unless it is told to misbehave."""

import hashlib
import json
from collections import deque
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from scripted_server import Reply, ScriptedServer

Behaviour = Callable[[list[str]], Reply]


def vector_of(text: str, dimension: int) -> list[float]:
    """The vector that the server has for a text: random, but the same each time, and not of length 1."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return (3 * np.random.default_rng(seed).normal(size=dimension)).tolist()


def entries(texts: list[str], dimension: int) -> list[dict[str, Any]]:
    """The ``data`` of a proper reply."""
    return [{"index": place, "embedding": vector_of(text, dimension)} for place, text in enumerate(texts)]


def answering(data: object) -> Reply:
    """A reply with status 200 and this ``data``."""
    return Reply(json.dumps({"object": "list", "data": data}).encode())


class EmbeddingsServer(ScriptedServer[list[str]]):
    """An embedder's endpoint; ``requests`` are the texts of each so far.

    Attributes:
        script: what to do with the next requests, in order; when it is empty, they are answered properly.
        dimension: the length of proper vectors.
    """

    PATH = "/v1/embeddings"

    def __init__(self, dimension: int = 16) -> None:
        super().__init__()
        self.dimension = dimension
        self.script: deque[Behaviour] = deque()

    def hang(self, texts: list[str]) -> Reply:
        """A behaviour: answers only when the test is over."""
        self.released.wait(30)
        return answering(entries(texts, self.dimension))

    def _asked(self, body: dict[str, Any]) -> list[str]:
        return cast(list[str], body["input"])

    def _reply(self, asked: list[str]) -> Reply:
        if self.script:
            return self.script.popleft()(asked)
        return answering(entries(asked, self.dimension))
