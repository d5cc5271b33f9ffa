"""Memories and events as rows and as JSON, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from recollect.adapters.postgres.halfvec import vectors_from_halves
from recollect.domain.event import Event, EventType
from recollect.domain.ids import ids_among
from recollect.domain.record import (
    EntityMention,
    EntityType,
    Memory,
    MemoryType,
    Provenance,
    ProvenanceSource,
    Relation,
    Sensitivity,
    SourceType,
    Status,
    Telling,
    Tier,
    Trust,
)
from recollect.ports.index import IndexRow

FIELDS = tuple(f.name for f in fields(Memory))
"""The fields of a memory in the order of the columns in ``sql/*.sql``; ``extra`` is the column ``metadata``."""

_tellings = TypeAdapter(tuple[Telling, ...])


def memory_values(memory: Memory, seq: int) -> dict[str, Any]:
    """Parameters for the statements that write a memory's row."""
    values: dict[str, Any] = {name: getattr(memory, name) for name in FIELDS}
    values["type"], values["tier"], values["status"] = memory.type.value, memory.tier.value, memory.status.value
    values["source_type"] = memory.source_type.value
    values["trust"], values["sensitivity"] = memory.trust.value, memory.sensitivity.value
    values["provenance"] = Jsonb(_provenance_json(memory.provenance))
    values["entities"] = Jsonb([[e.text, e.name, e.type.value, e.start, e.end] for e in memory.entities])
    values["relations"] = Jsonb([[r.subject, r.predicate, r.object, r.confidence] for r in memory.relations])
    values["extra"], values["audience"] = Jsonb(dict(memory.extra)), Jsonb(list(memory.audience))
    values["stale_because"] = list(memory.stale_because)
    values["changed_seq"] = seq
    return values


def _provenance_json(provenance: Provenance) -> dict[str, Any]:
    return {
        "source": provenance.source.value,
        "evidence": list(provenance.evidence),
        "tool_calls": list(provenance.tool_calls),
        "model_version": provenance.model_version,
        "prompt_hash": provenance.prompt_hash,
        "tellings": _tellings.dump_python(provenance.tellings, mode="json"),
    }


def provenance_from_json(data: Mapping[str, Any]) -> Provenance:
    """The provenance that a row holds."""
    return Provenance(
        source=ProvenanceSource(data["source"]),
        evidence=tuple(data["evidence"]),
        tool_calls=tuple(data["tool_calls"]),
        model_version=data["model_version"],
        prompt_hash=data["prompt_hash"],
        tellings=_tellings.validate_python(data.get("tellings", ())),
    )


def memory_from_row(row: Sequence[Any]) -> Memory:
    """A memory from a row whose columns are ``FIELDS``."""
    values: dict[str, Any] = dict(zip(FIELDS, row, strict=True))
    values["type"] = MemoryType(values["type"])
    values["tier"] = Tier(values["tier"])
    values["status"] = Status(values["status"])
    values["source_type"] = SourceType(values["source_type"])
    values["provenance"] = provenance_from_json(values["provenance"])
    values["entities"] = tuple(
        EntityMention(text, name, EntityType(kind), start, end) for text, name, kind, start, end in values["entities"]
    )
    values["relations"] = tuple(Relation(*relation) for relation in values["relations"])
    values["trust"], values["sensitivity"] = Trust(values["trust"]), Sensitivity(values["sensitivity"])
    values["audience"] = tuple(values["audience"])
    values["stale_because"] = tuple(values["stale_because"])
    return Memory(**values)


def event_from_row(row: Sequence[Any], payload: Mapping[str, Any] | None) -> Event:
    """An event from a row of ``events`` and its payload, opened."""
    seq, event_id, tenant_id, user_id, kind, subject_id, sealed, recorded_at, actor, job_id, previous, own = row[:12]
    return Event(
        id=event_id,
        tenant_id=tenant_id,
        user_id=user_id,
        seq=seq,
        type=EventType(kind),
        subject_id=subject_id,
        payload=payload,
        sealed=bytes(sealed),
        recorded_at=recorded_at,
        actor=actor,
        job_id=job_id,
        previous_hash=bytes(previous),
        hash=bytes(own),
    )


def event_values(event: Event) -> dict[str, Any]:
    """Parameters for the statement that writes an event."""
    values: dict[str, Any] = {f.name: getattr(event, f.name) for f in fields(Event)}
    values["type"], values["payload"] = event.type.value, event.sealed
    return values


def with_vectors(rows: Sequence[Sequence[Any]], vectors: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """The rows of ``all_memories_for_ranking``, each with its vectors from ``all_vectors`` in order of chunk."""
    chunks: dict[UUID, list[tuple[int, bytes]]] = {}
    for memory_id, chunk, half in vectors:
        chunks.setdefault(memory_id, []).append((chunk, half))
    return [(*row, [half for _, half in sorted(chunks.get(row[0], ()))]) for row in rows]


def index_row(row: Sequence[Any], dimension: int) -> IndexRow:
    """An index row from a row of ``ranking_columns`` and its vectors; None stands for an empty list."""
    (memory_id, kind, tier, status, agent_id, project_id, conversation_id, text, speaker, key, value) = row[:11]
    (occurred_at, written_at, valid_from, valid_to, confidence, importance, emotion) = row[11:18]
    (access_count, reinforcements, entities, evidence, trust, source_id) = row[18:24]
    (sensitivity, author_id, channel_id, audience, told_at, halves) = row[24:30]
    return IndexRow(
        id=memory_id,
        type=MemoryType(kind),
        tier=Tier(tier),
        status=Status(status),
        agent_id=agent_id,
        project_id=project_id,
        conversation_id=conversation_id,
        text=text,
        speaker=speaker,
        key=key,
        value=value,
        occurred_at=occurred_at,
        written_at=written_at,
        valid_from=valid_from,
        valid_to=valid_to,
        confidence=confidence,
        importance=importance,
        emotion=emotion,
        access_count=access_count,
        reinforcements=reinforcements,
        entities=tuple(entity[1] for entity in entities or ()),
        sources=ids_among(evidence) if evidence is not None else (),
        trust=Trust(trust),
        source_id=source_id,
        sensitivity=Sensitivity(sensitivity),
        author_id=author_id,
        channel_id=channel_id,
        audience=tuple(audience or ()),
        told_at=told_at,
        vectors=vectors_from_halves(halves, dimension),
    )
