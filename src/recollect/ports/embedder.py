"""What Recollect needs from a model that turns text into vectors."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import View


class Embedder(Protocol):
    """Turns texts into unit vectors of one fixed dimension. Safe to call from several threads."""

    @property
    def model_id(self) -> str:
        """The name under which vectors of this model are stored, e.g. ``static-minilm-128-v1``."""
        ...

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        ...

    async def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embeds documents.

        Args:
            texts: any number of texts, each of any length; empty texts are allowed and give a zero vector.

        Returns:
            float32, shape (len(texts), dimension); every row has length 1 (or 0 for a text without a token).

        Raises:
            ModelError: the model is missing, did not answer, or answered a wrong shape, NaN or infinity.
        """
        ...

    async def embed_question(
        self, text: str, token_weights: Mapping[str, float] | None = None
    ) -> npt.NDArray[np.float32]:
        """Embeds a question, its token vectors averaged with ``token_weights``.

        Args:
            text: the question.
            token_weights: weight by word piece (``##`` prefix for continuations), usually the piece's inverse document
                frequency among the user's memories, 0 for stop words; missing pieces weigh 0. ``None`` weighs all
                tokens as for documents. A model without access to its token vectors ignores the weights.

        Returns:
            float32, shape (dimension,), of length 1 (or 0).

        Raises:
            ModelError: as for ``embed``.
        """
        ...

    async def close(self) -> None:
        """Gives back what the model holds, such as connections."""
        ...


@runtime_checkable
class ContextEmbedder(Embedder, Protocol):
    """An embedder that reads a text in the light of what was said right before it."""

    async def embed_in_context(self, views: Sequence[View]) -> npt.NDArray[np.float32]:
        """Embeds documents, each as it is understood after what was said before it.

        Returns:
            As ``embed``; a view with nothing before it has the vector that ``embed`` gives its text.

        Raises:
            ModelError: as for ``embed``.
        """
        ...


async def embedded(embedder: Embedder, groups: Sequence[Sequence[View]]) -> list[npt.NDArray[np.float32]]:
    """The vectors of several memories in one batch: for each, float32, shape (views, dimension).

    Raises:
        ModelError: the embedder failed.
    """
    flat = [view for group in groups for view in group]
    if isinstance(embedder, ContextEmbedder):
        vectors = await embedder.embed_in_context(flat)
    else:
        vectors = await embedder.embed([view.told for view in flat])
    found: list[npt.NDArray[np.float32]] = []
    start = 0
    for group in groups:
        found.append(vectors[start : start + len(group)])
        start += len(group)
    return found
