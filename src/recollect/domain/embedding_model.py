"""EmbeddingModel: a registered model whose vectors a tenant stores."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingModel:
    """A model. One of a tenant's models is active: the one whose vectors answer.

    Attributes:
        model_id: its name, unique within the tenant. dimension: the length of its vectors.
        embedder: the setting ``embedder`` that makes it: static, minilm or openai. active: it answers.
    """

    KIND: ClassVar[str] = "embedding_model"
    KEY: ClassVar[tuple[str, ...]] = ("model_id",)

    tenant_id: str
    model_id: str
    dimension: int
    created_at: datetime
    embedder: str = ""
    active: bool = False
