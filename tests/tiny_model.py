"""A second embedding model for tests: an endpoint of 16 dimensions in the place of the embedder ``openai``."""

from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
import pytest

import recollect
from embeddings_server import EmbeddingsServer
from recollect.domain.chunking import views
from recollect.domain.scope import Scope
from recollect.ports.model_registry import ModelState

DIMENSION = 16
TINY = "openai:tiny"
STATIC = "static-minilm-128-v1"


@contextmanager
def tiny_model(monkeypatch: pytest.MonkeyPatch) -> Generator[EmbeddingsServer]:
    """The endpoint, used by every memory that is opened from now on, in this process and in those that it starts."""
    with EmbeddingsServer(DIMENSION) as server:
        for name, value in {
            "BASE_URL": server.url,
            "API_KEY": "secret",
            "MODEL": "tiny",
            "DIMENSION": str(DIMENSION),
        }.items():
            monkeypatch.setenv(f"RECOLLECT_OPENAI_{name}", value)
        yield server


def texts(count: int, word: str = "ship") -> list[str]:
    return [f"The {word} with the number {n} lies in the harbour of Marseille" for n in range(count)]


async def state_of(memory: recollect.AsyncMemory, model_id: str) -> ModelState:
    return next(state for state in await memory.models.list() if state.model.model_id == model_id)


async def tenant_of(memory: recollect.AsyncMemory) -> str:
    return (await memory.core.ready()).tenant_id


async def assert_vectors_are_the_active_models(memory: recollect.AsyncMemory, user_id: str) -> None:
    """Every living memory has the vectors that the active model gives for its words."""
    await memory.search("harbour", user_id=user_id)  # follows a switch
    parts = await memory.core.ready()
    found = await memory.list(user_id=user_id, limit=1000)
    stored = await parts.store.vectors(
        Scope(tenant_id=parts.tenant_id, user_id=user_id), [one.id for one in found.memories]
    )
    for one in found.memories:
        expected = await parts.embedder.embed([view.told for view in views(one.speaker, one.text)])
        assert stored[one.id].shape == expected.shape
        assert np.abs(stored[one.id] - expected).max() < 1e-3
