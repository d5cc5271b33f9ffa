"""Revise: new evidence is merged into a memory that was recalled just now and is open to change (reconsolidation).

Evidence that supports a memory raises its confidence by the noisy-or of both, ``1 - (1 - a)(1 - b)``: the chance that
at least one of two independent witnesses is right (J. Pearl, Probabilistic Reasoning in Intelligent Systems, 1988,
4.3.2; the same as MYCIN's rule for two certainty factors above zero, Shortliffe and Buchanan, 1975). Witnesses have to
be independent for it, so the same evidence counts once.

Evidence that states another value of the same key, and was told later, takes the memory's place; what it stated before
stays in its history, and as a record of its own on the key's timeline. Evidence about something else is cited, and
changes nothing more. A revised memory is settled again: it is not labile any more.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from recollect.domain.event import EventType
from recollect.domain.ids import new_id
from recollect.domain.record import Memory, ProvenanceSource, Trust
from recollect.ports.store import Change
from recollect.writing.draft import Draft
from recollect.writing.placing import restated, settled, telling, with_telling
from recollect.writing.timeline import is_single, name_of, named, tellings_of


def revised(record: Memory, evidence: Draft, now: datetime, new: Draft | None = None) -> Change:
    """The memory's next version, with the evidence merged in.

    Args:
        record: the memory, as it is under the lock.
        evidence: what was learned, read as a draft; its id, or that of the draft it derives from, is the id of the
            record that holds it.
        now: the time.
        new: the memory's new words, read as a draft, if they are to change.
    """
    reference = str(evidence.derived_from or evidence.id)
    known = reference in record.provenance.evidence
    after = record
    if new is not None:
        after = restated(record, new)
    if replaces(after, evidence):
        after = replace(restated(after, evidence), told_at=evidence.told_at, confidence=evidence.confidence)
        told = telling(evidence, (reference,), now)
        after = replace(after, valid_from=told.since, provenance=replace(after.provenance, tellings=(told,)))
    elif supports(after, evidence) and not known:
        after = replace(after, confidence=noisy_or(record.confidence, evidence.confidence))
        if after.key is not None and evidence.key == after.key:
            after = with_telling(after, telling(evidence, (reference,), now))
    cited = after.provenance.evidence if known else (*after.provenance.evidence, reference)
    provenance = replace(after.provenance, source=ProvenanceSource.RECONSOLIDATION, evidence=cited)
    after = replace(after, provenance=provenance, labile=False, version=record.version + 1, updated_at=now)
    vectors = new.vectors if new is not None else None
    if after.text == evidence.text and after.text != record.text:
        vectors = evidence.vectors
    reason = f"revised with {reference}"
    return Change(type=EventType.MEMORY_REVISED, before=record, after=after, reason=reason, vectors=vectors)


def reconsolidated(
    existing: Iterable[Memory], record: Memory, evidence: Draft, now: datetime, new: Draft | None = None
) -> list[Change]:
    """The revision, and what it does to the timelines of the keys it touches.

    Args:
        existing: what was seen under the lock: every record of the keys of the memory, the evidence and the new words.
        record: the memory.
        evidence: what was learned.
        now: the time.
        new: the memory's new words, if they are to change; see ``revised``.

    Returns:
        The memory's own change, then those of other records.
    """
    change = revised(record, evidence, now, new)
    changes = [change]
    if replaces(record if new is None else restated(record, new), evidence) and record.key == change.after.key:
        former = replace(record, id=new_id(), version=1, labile=False, updated_at=now)
        reason = f"what {record.id} stated until it was revised"
        changes.append(Change(type=EventType.MEMORY_ADDED, after=former, reason=reason, vectors_of=record.id))
    return settled(existing, changes, now)


def noisy_or(one: float, other: float) -> float:
    """The chance that at least one of two independent witnesses is right."""
    return 1 - (1 - one) * (1 - other)


def replaces(record: Memory, evidence: Draft) -> bool:
    """Whether the evidence takes the place of what the memory states: told later, and both cannot be true."""
    if record.key is None or record.key != evidence.key or evidence.trust is Trust.QUARANTINED:
        return False
    last = max(one.told_at or one.written_at for one in tellings_of(record))
    if evidence.told_at is not None and evidence.told_at < last:
        return False
    same = named(evidence.value) == name_of(record)
    if evidence.negated:
        return record.value is not None and (same or evidence.value is None)
    if same:
        return record.value is None
    return evidence.single or is_single([record])


def supports(record: Memory, evidence: Draft) -> bool:
    """Whether the evidence bears the memory out: it states the same, or the memory or the evidence names no fact."""
    if evidence.trust is Trust.QUARANTINED:
        return False
    if record.key is None or evidence.key is None:
        return True
    same = named(evidence.value) == name_of(record)
    return record.key == evidence.key and same and evidence.negated == (record.value is None)
