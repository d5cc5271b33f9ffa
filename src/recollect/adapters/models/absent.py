"""An embedder for a model that this process cannot make: whoever only looks after the models needs none."""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from recollect.errors import ModelMissing


class AbsentEmbedder:
    """Stands for a model by its name and dimension; embedding fails with the reason why it is absent."""

    def __init__(self, model_id: str, dimension: int, problem: str) -> None:
        self.model_id = model_id
        self.dimension = dimension
        self._problem = problem

    async def embed(self, texts: Sequence[str]) -> NoReturn:
        """Raises ModelMissing."""
        del texts
        raise ModelMissing(self._problem)

    async def embed_question(self, text: str, token_weights: Mapping[str, float] | None = None) -> NoReturn:
        """Raises ModelMissing."""
        del text, token_weights
        raise ModelMissing(self._problem)

    async def close(self) -> None:
        """Does nothing."""
