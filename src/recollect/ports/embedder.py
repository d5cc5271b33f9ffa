"""What Recollect needs from a model that turns text into vectors."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


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
