"""A memory's next version: new text is read, scored and embedded as if it were added."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recollect.domain.record import Memory, MemoryType
from recollect.domain.scope import Scope
from recollect.errors import ModelUnavailable
from recollect.writing.draft import Draft
from recollect.writing.pipeline import Writer
from recollect.writing.steps.embed import embed


@dataclass(frozen=True, slots=True)
class Revision:
    """What changes in a memory: its fields by name, and its vectors if the text is another."""

    fields: Mapping[str, Any]
    vectors: npt.NDArray[np.float32] | None = None

    def of(self, memory: Memory) -> Memory:
        """The memory with the changes, whatever else has happened to it meanwhile."""
        return replace(memory, **self.fields)


async def revision(writer: Writer, old: Memory, text: str | None, extra: Mapping[str, Any] | None) -> Revision:
    """Reads the new text as if it were added.

    Raises:
        ValidationError: the text cannot be stored.
        ModelUnavailable: the embedder failed; the old vectors would not fit the new text.
    """
    fields: dict[str, Any] = {} if extra is None else {"extra": dict(extra)}
    if text is None or text == old.text:
        return Revision(fields)
    draft = Draft(
        id=old.id,
        scope=Scope(tenant_id=old.tenant_id, user_id=old.user_id, agent_id=old.agent_id),
        text=text,
        speaker=old.speaker,
        told_at=old.told_at,
        is_turn=old.type is MemoryType.TURN,
        type=old.type,
        tier=old.tier,
    )
    (embedded, *_), problem = await embed(writer.read([draft])[:1], writer.embedder)
    if problem:
        raise ModelUnavailable(f"the memory was not changed: {problem}")
    fields |= {
        "text": text,
        "key": embedded.key,
        "value": None if embedded.negated else embedded.value,
        "entities": embedded.entities,
        "emotion": embedded.emotion,
        "importance": embedded.importance or 0.0,
        "content_hash": embedded.content_hash,
    }
    return Revision(fields, embedded.vectors)
