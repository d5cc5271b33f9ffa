"""IndexRow: what ranking must know about a memory, as a store hands it to the resident index."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.record import MemoryType, Sensitivity, Status, Tier, Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One memory as ranking sees it.

    Attributes:
        vectors: float32, shape (chunks, dimension), unit rows; (0, dimension) while none is stored.
        sources: the memories this one was derived from; empty for what was said itself.
        entities: canonical names read from the text.
        The rest are the fields of ``Memory`` of the same name.
    """

    id: UUID
    type: MemoryType
    tier: Tier
    status: Status
    agent_id: str
    project_id: str | None
    conversation_id: str | None
    text: str
    speaker: str | None
    key: str | None
    value: str | None
    occurred_at: datetime | None
    written_at: datetime
    valid_from: datetime | None
    valid_to: datetime | None
    confidence: float
    importance: float
    emotion: float
    access_count: int
    reinforcements: int
    entities: tuple[str, ...]
    sources: tuple[UUID, ...]
    vectors: npt.NDArray[np.float32]
    trust: Trust = Trust.TRUSTED
    sensitivity: Sensitivity = Sensitivity.NORMAL
    source_id: str | None = None
    author_id: str | None = None
    channel_id: str | None = None
    audience: tuple[str, ...] = ()
    told_at: datetime | None = None
