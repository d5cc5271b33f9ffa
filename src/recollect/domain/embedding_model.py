"""EmbeddingModel: a registered model whose vectors a tenant stores."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from recollect.errors import DimensionMismatch, ModelMissing


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

    def check_made_by(self, model_id: str, dimension: int) -> None:
        """Checks that vectors of this name and length are the model's.

        Raises:
            ModelMissing: they are another model's.
            DimensionMismatch: they have another length.
        """
        if model_id != self.model_id:
            raise ModelMissing(
                f"the tenant's vectors are {self.model_id}'s, this process would make {model_id}'s; set the "
                f"model's settings as they were, or `recollect model add {self.embedder}` and `switch` to the new one"
            )
        if dimension != self.dimension:
            raise DimensionMismatch(
                "embedder",
                f"{self.model_id} has {self.dimension} dimensions here, but this one gives {dimension}",
            )
