"""A memory's next version: new text is read, scored and embedded as if it were added."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.event import EventType
from recollect.domain.record import Memory, MemoryType, ProvenanceSource, Status
from recollect.domain.scope import Scope
from recollect.errors import ModelUnavailable
from recollect.ports.store import NO_VECTORS, Change, Wanted
from recollect.writing.draft import Draft
from recollect.writing.pipeline import Writer
from recollect.writing.steps.embed import embed
from recollect.writing.steps.reconcile import reconcile


@dataclass(frozen=True, slots=True)
class Revision:
    """What changes in a memory.

    Attributes:
        fields: new values by name. vectors: the new text's, if the text is another.
        facts: what the new text states, as drafts; None when the text stays.
    """

    fields: Mapping[str, Any]
    vectors: npt.NDArray[np.float32] | None = None
    facts: Sequence[Draft] | None = None

    def wanted(self, old: Memory) -> Wanted:
        """The records that the change must see under the lock."""
        facts = self.facts or ()
        return Wanted(
            ids=[old.id],
            hashes=[self.of(old).content_hash, *(fact.content_hash for fact in facts)],
            keys=[fact.key for fact in facts if fact.key is not None],
            citing=[] if self.facts is None else [old.id],
        )

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
    (embedded, *facts), problem = await embed(writer.read([draft]), writer.embedder)
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
    return Revision(fields, embedded.vectors, facts)


def without_source(existing: Sequence[Memory], source: UUID, now: datetime, kept: Collection[str] = ()) -> list[Change]:
    """What becomes of the facts that rest on a memory whose words are gone.

    Args:
        existing: the records seen under the lock.
        source: the memory.
        now: the time.
        kept: content hashes of facts that its new words state as well.

    Returns:
        Facts that were derived from it alone are deleted; others lose it from their evidence.
    """
    changes: list[Change] = []
    for fact in existing:
        cited = fact.provenance.evidence
        if fact.id == source or str(source) not in cited or fact.content_hash in kept:
            continue
        rest = tuple(reference for reference in cited if reference != str(source))
        stays = bool(rest) or fact.provenance.source is not ProvenanceSource.AGENT_INFERRED
        after = replace(
            fact,
            status=fact.status if stays else Status.DELETED,
            provenance=replace(fact.provenance, evidence=rest),
            version=fact.version + 1,
            updated_at=now,
        )
        kind = EventType.MEMORY_UPDATED if stays else EventType.MEMORY_DELETED
        reason = f"{source}, which stated it, no longer does"
        changes.append(
            Change(type=kind, before=fact, after=after, reason=reason, vectors=None if stays else NO_VECTORS)
        )
    return changes


def restated(existing: Sequence[Memory], old: Memory, change: Revision, now: datetime) -> list[Change]:
    """What a new text does to the facts: those it no longer states go, those it newly states are reconciled."""
    if change.facts is None:
        return []
    hashes = {fact.content_hash for fact in change.facts}
    gone = without_source(existing, old.id, now, hashes)
    replaced = {dropped.after.id: dropped.after for dropped in gone}
    known = {record.content_hash for record in existing if str(old.id) in record.provenance.evidence}
    others = [replaced.get(record.id, record) for record in existing if record.id != old.id]
    fresh = [fact for fact in change.facts if fact.content_hash not in known]
    return gone + reconcile(fresh, others, now).changes
