"""A memory's next version or its end, and what either does to the facts and timelines that rest on it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.event import EventType
from recollect.domain.mem0_form import EXPIRES, end_of
from recollect.domain.record import CORRECTED, Memory, MemoryType, ProvenanceSource, SourceType, Status, Trust
from recollect.domain.scope import Scope
from recollect.errors import ModelUnavailable
from recollect.memory.light import light_of
from recollect.ports.store import NO_VECTORS, Change, Wanted
from recollect.writing import placing
from recollect.writing.draft import Draft
from recollect.writing.pipeline import Writer
from recollect.writing.placing import settled, without_evidence
from recollect.writing.reopen import brought_back
from recollect.writing.steps.embed import embed
from recollect.writing.steps.reconcile import reconcile
from recollect.writing.stressors import without_stressor
from recollect.writing.timeline import tellings_of


@dataclass(frozen=True, slots=True)
class Revision:
    """What changes in a memory.

    Attributes:
        fields: new values by name. words: the new text, read and embedded, if the text is another.
        facts: what the new text states, as drafts; None when the text stays.
    """

    fields: Mapping[str, Any]
    words: Draft | None = None
    facts: Sequence[Draft] | None = None

    @property
    def vectors(self) -> npt.NDArray[np.float32] | None:
        """The new text's vectors; None when the text stays."""
        return None if self.words is None else self.words.vectors

    def wanted(self, old: Memory) -> Wanted:
        """The records that the change must see under the lock."""
        facts = self.facts or ()
        keys = [old.key, None if self.words is None else self.words.key, *(fact.key for fact in facts)]
        return Wanted(
            ids=[old.id],
            hashes=[self.of(old).content_hash, *(fact.content_hash for fact in facts)],
            keys=[key for key in dict.fromkeys(keys) if key is not None],
            citing=[old.id] if self.facts is not None or "sensitivity" in self.fields else [],
        )

    def of(self, memory: Memory) -> Memory:
        """The memory with the changes, whatever else has happened to it meanwhile."""
        if self.words is None:
            return _ending(replace(memory, **self._told(memory, memory.extra, (CORRECTED, EXPIRES))))
        noted = {**self.words.extra, **without_stressor(memory.extra, memory.text, memory.emotion)}
        noted.pop(CORRECTED, None)  # other words
        return _ending(replace(placing.restated(memory, self.words), **self._told(memory, noted, (EXPIRES,))))

    def _told(self, memory: Memory, extra: Mapping[str, Any], marks: Collection[str]) -> dict[str, Any]:
        """The new values, where new metadata leaves the marks that are ours; None in place of one takes it away."""
        kept = {name: memory.extra[name] for name in marks if name in memory.extra}
        told = {**kept, **self.fields.get("extra", extra)}
        return {**self.fields, "extra": {name: told[name] for name in told if (name, told[name]) != (EXPIRES, None)}}

    def changes(
        self, existing: Sequence[Memory], before: Memory, now: datetime, reason: str = "updated by the caller"
    ) -> list[Change]:
        """What is to be written: first the memory's own change, in its place on the timeline of the key it now states.

        After it come the facts that its new words no longer state, those that they newly state, and what all of this
        does to the other values of the keys and to the words that state them.

        Args:
            existing: the records seen under the lock, as ``wanted``.
            before: the memory among them.
            now: the time.
            reason: why it changes.
        """
        after = replace(self.of(before), version=before.version + 1, updated_at=now)
        own = Change(type=EventType.MEMORY_UPDATED, before=before, after=after, reason=reason, vectors=self.vectors)
        if self.facts is None:
            changed = [own, *_as_careful(existing, after)]
            return settled(existing, changed, now) if EXPIRES in self.fields.get("extra", ()) else changed
        stated = {fact.content_hash for fact in self.facts}
        unstated = _unstated(existing, before.id, now, stated)
        left = {change.after.id for change in unstated}
        careful = [change for change in _as_careful(existing, after) if change.after.id not in left]
        written = settled(existing, [own, *unstated, *careful], now)
        state = {record.id: record for record in existing} | {change.after.id: change.after for change in written}
        known = {record.content_hash for record in existing if str(before.id) in record.provenance.evidence}
        fresh = [fact for fact in self.facts if fact.content_hash not in known]
        written += reconcile(fresh, state.values(), now).changes
        return written + brought_back(written, existing, now)


def _ending(memory: Memory) -> Memory:
    """The memory, found until it expires; one that states a fact is put in its place among the values of its key."""
    return memory if memory.key is not None else replace(memory, valid_to=end_of(memory.extra))


def _as_careful(existing: Sequence[Memory], source: Memory) -> list[Change]:
    """The facts that rest on a memory alone are handled as carefully as the memory."""
    changes: list[Change] = []
    for fact in existing:
        careful = fact.sensitivity.at_least(source.sensitivity)
        alone = fact.provenance.evidence == (str(source.id),) and fact.status is not Status.DELETED
        if alone and careful is not fact.sensitivity:
            after = replace(fact, sensitivity=careful, version=fact.version + 1, updated_at=source.updated_at)
            reason = f"{source.id}, which stated it, is {careful.value}"
            changes.append(Change(type=EventType.MEMORY_UPDATED, before=fact, after=after, reason=reason))
    return changes


async def revision(writer: Writer, old: Memory, text: str | None, extra: Mapping[str, Any] | None) -> Revision:
    """Reads the new text as if it were added.

    Raises:
        ValidationError: the text cannot be stored.
        ModelUnavailable: the embedder failed; the old vectors would not fit the new text.
    """
    fields: dict[str, Any] = {} if extra is None else {"extra": dict(extra)}
    if text is None or text == old.text:
        return Revision(fields)
    words, facts = await read_anew(writer, old, text)
    return Revision(fields, words, facts)


async def read_anew(writer: Writer, old: Memory, text: str) -> tuple[Draft, Sequence[Draft]]:
    """A new text of a memory, read and embedded as if it were added, and the facts it states.

    Raises:
        ValidationError: the text cannot be stored.
        ModelUnavailable: the embedder failed.
    """
    draft = Draft(
        id=old.id,
        scope=Scope(
            tenant_id=old.tenant_id,
            user_id=old.user_id,
            agent_id=old.agent_id,
            project_id=old.project_id,
            conversation_id=old.conversation_id,
        ),
        text=text,
        reads_facts=_states_facts(old),
        speaker=old.speaker,
        told_at=old.told_at,
        is_turn=old.type is MemoryType.TURN,
        source_id=old.source_id,
        trust=old.trust,
        sensitivity=old.sensitivity,
        author_id=old.author_id,
        channel_id=old.channel_id,
        audience=old.audience,
        subject=old.subject,
        type=old.type,
        tier=old.tier,
        extra={EXPIRES: old.extra[EXPIRES]} if EXPIRES in old.extra else {},
    )
    light = await light_of(writer.store, old.tenant_id, writer.embedder, [old.id])
    words, *facts = writer.read([draft])
    words = replace(words, before=light.get(old.id, ()))
    (words, *facts), problem = await embed([words, *facts], writer.embedder)
    if problem:
        raise ModelUnavailable(f"the memory was not changed: {problem}")
    return words, facts


def _states_facts(memory: Memory) -> bool:
    """Whether facts are read from its words, as when it was added: only the user and trusted sources state them."""
    by_machine = memory.provenance.source in (ProvenanceSource.AGENT_INFERRED, ProvenanceSource.TOOL_RESULT)
    spoken_by_machine = by_machine and memory.speaker is not None  # a fact that was derived has no speaker
    told = memory.source_type is SourceType.CONVERSATION and not spoken_by_machine
    return told and memory.trust is Trust.TRUSTED


def deleted(
    existing: Sequence[Memory], before: Memory, now: datetime, reason: str = "deleted by the caller"
) -> list[Change]:
    """The end of a memory: first its own change, then the facts that rest on it, then what this does to timelines.

    Args:
        existing: the records seen under the lock: the memory, the facts that cite it, every record of their keys, and
            the words that superseded ones rest on.
        before: the memory among them.
        now: the time.
        reason: why it goes.
    """
    after = replace(before, status=Status.DELETED, version=before.version + 1, updated_at=now)
    own = Change(type=EventType.MEMORY_DELETED, before=before, after=after, reason=reason, vectors=NO_VECTORS)
    written = settled(existing, [own, *_unstated(existing, before.id, now)], now)
    return written + brought_back(written, existing, now)


def without_source(existing: Sequence[Memory], source: UUID, now: datetime, kept: Collection[str] = ()) -> list[Change]:
    """What becomes of the facts that rest on a memory whose words are gone.

    Args:
        existing: the records seen under the lock: the facts that cite it, and every record of their keys.
        source: the memory.
        now: the time.
        kept: content hashes of facts that its new words state as well.

    Returns:
        Facts that were derived from it alone are deleted; others lose it from their evidence, and what it told from
        their tellings. Then what this does to the other values of their keys.
    """
    return settled(existing, _unstated(existing, source, now, kept), now)


def _unstated(existing: Sequence[Memory], source: UUID, now: datetime, kept: Collection[str] = ()) -> list[Change]:
    changes: list[Change] = []
    for fact in existing:
        cited = str(source) in fact.provenance.evidence and fact.status is not Status.DELETED
        if not cited or fact.id == source or fact.content_hash in kept:
            continue
        rest = without_evidence(fact, str(source))
        tellings = tellings_of(fact) if fact.key is not None else ()  # a rule has none
        told_itself = any(not telling.evidence for telling in tellings)  # beside what was read from others
        inferred = fact.provenance.source is ProvenanceSource.AGENT_INFERRED
        stays = bool(rest.provenance.evidence) or told_itself or not inferred
        after = replace(
            rest,
            status=fact.status if stays else Status.DELETED,
            version=fact.version + 1,
            updated_at=now,
        )
        kind = EventType.MEMORY_UPDATED if stays else EventType.MEMORY_DELETED
        reason = f"{source}, which stated it, no longer does"
        changes.append(
            Change(type=kind, before=fact, after=after, reason=reason, vectors=None if stays else NO_VECTORS)
        )
    return changes
