"""Erasure: which records go with an erased memory, and what is left of those that only cited it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from recollect.domain.record import Memory, ProvenanceSource


def rests_on(record: Memory, gone: Collection[str]) -> bool:
    """Whether the record is a reader's conclusion from nothing but what goes (ids of memories)."""
    return record.provenance.source is ProvenanceSource.AGENT_INFERRED and set(record.provenance.evidence) <= set(gone)


def without(record: Memory, gone: Collection[str], now: datetime) -> Memory:
    """The record with the erased memories taken out of its evidence, and what they told out of its tellings."""
    provenance = record.provenance
    tellings = [
        (telling, replace(telling, evidence=tuple(cited for cited in telling.evidence if cited not in gone)))
        for telling in provenance.tellings
    ]
    kept = tuple(after for before, after in tellings if after.evidence or not before.evidence)
    return replace(
        record,
        provenance=replace(
            provenance,
            evidence=tuple(cited for cited in provenance.evidence if cited not in gone),
            tellings=kept or tuple(after for _, after in tellings),
        ),
        version=record.version + 1,
        updated_at=now,
    )
