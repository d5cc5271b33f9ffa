"""Batch: what one transaction writes: its events in a chain, and the rows that they lead to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from psycopg import sql

from recollect.adapters.postgres.codec import event_values, memory_values
from recollect.adapters.postgres.derivation_rows import DerivationRows
from recollect.adapters.postgres.graph_rows import GraphRows
from recollect.adapters.postgres.halfvec import Halfvec
from recollect.adapters.postgres.hot_rows import HotRows
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.sealing import Sealer, new_salt
from recollect.adapters.postgres.things import SHAPES
from recollect.domain.chunking import views
from recollect.domain.conversation import Conversation, Turn
from recollect.domain.event import Event
from recollect.domain.goal import Goal
from recollect.domain.ids import new_id
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.domain.state import memory_change, thing_change, thing_json
from recollect.domain.thing import NAMESPACE, Thing, subject_id
from recollect.domain.user_profile import UserProfile
from recollect.domain.vectors import check_vectors
from recollect.ports.store import Answer, Cause, Change, Note, ThingChange

Row = dict[str, Any]
Statement = tuple[sql.SQL | sql.Composed, list[Row]]


@dataclass(slots=True)
class Batch:
    """Collects changes; ``statements`` gives what is to be executed, in order.

    Attributes:
        model_id, dimension: the embedding model whose vectors are written.
        salts: of the memories that were read under the lock; new ones are added.
        conversation: as it was under the lock, None for a new one; grows with the turns.
        hot: what the changes do to the user's hot state.
    """

    scope: Scope
    model_id: str
    cause: Cause
    now: datetime
    salts: dict[UUID, bytes]
    dimension: int = 0
    conversation: Conversation | None = None
    events: list[Event] = field(default_factory=list[Event])
    vanished: bool = False
    hot: HotRows = field(default_factory=HotRows)
    _graph: GraphRows = field(default_factory=GraphRows)
    _derivations: DerivationRows = field(default_factory=DerivationRows)
    _key: list[Row] = field(default_factory=list[Row])
    _head: list[Row] = field(default_factory=list[Row])
    _answers: list[Row] = field(default_factory=list[Row])
    _expired: list[Row] = field(default_factory=list[Row])
    _salts: list[Row] = field(default_factory=list[Row])
    _inserted: dict[UUID, Row] = field(default_factory=dict[UUID, Row])
    _updated: dict[UUID, Row] = field(default_factory=dict[UUID, Row])
    _parked: list[Row] = field(default_factory=list[Row])
    _vectors: dict[UUID, list[Row]] = field(default_factory=dict[UUID, list[Row]])
    _revectored: list[Row] = field(default_factory=list[Row])
    _copied: list[Row] = field(default_factory=list[Row])
    _turns: list[Turn] = field(default_factory=list[Turn])
    _things: list[Statement] = field(default_factory=list[Statement])

    def take(self, change: Change | ThingChange | Note, sealer: Sealer, seq: int, previous_hash: bytes) -> Event:
        """Makes the change's event, the next after log position ``seq``, and notes the rows it leads to."""
        if isinstance(change, Change):
            salt = self._salt_of(change.after.id)
            event = self._event(change, change.after.id, self._memory_payload(change), sealer, salt)
        elif isinstance(change, Note):
            event = self._event(change, uuid5(NAMESPACE, self.scope.user_id), change.payload, sealer, None)
        else:
            thing = _of(change)
            payload = {**thing_change(change.before, change.after), "reason": change.reason}
            event = self._event(change, subject_id(thing), payload, sealer, None)
        event = event.chained(seq + 1, previous_hash)
        self.events.append(event)
        if isinstance(change, Change):
            self._note_memory(change, event.seq)
            self.hot.note(change)
        elif isinstance(change, ThingChange):
            self._note_thing(change)
        return event

    def _event(
        self,
        change: Change | ThingChange | Note,
        subject: UUID,
        payload: Mapping[str, Any],
        sealer: Sealer,
        salt: bytes | None,
    ) -> Event:
        event_id = new_id()
        return Event(
            id=event_id,
            tenant_id=self.scope.tenant_id,
            user_id=self.scope.user_id,
            type=change.type,
            subject_id=subject,
            payload=payload,
            sealed=sealer.seal(payload, event_id, salt),
            recorded_at=self.now,
            actor=self.cause.actor,
            job_id=self.cause.job_id,
        )

    def _salt_of(self, memory_id: UUID) -> bytes:
        salt = self.salts.get(memory_id)
        if salt is None:
            salt = self.salts[memory_id] = new_salt()
            owner = {"tenant_id": self.scope.tenant_id, "user_id": self.scope.user_id}
            self._salts.append({**owner, "memory_id": memory_id, "salt": salt})
        return salt

    def _memory_payload(self, change: Change) -> dict[str, Any]:
        payload: dict[str, Any] = {"memory": memory_change(change.before, change.after), "reason": change.reason}
        if change.turn is None:
            return payload
        payload["turn"] = thing_json(change.turn)
        if self.conversation is None:
            opened: dict[str, Any] = {"agent_id": change.after.agent_id, "project_id": change.after.project_id}
            payload["conversation"] = opened
            self.conversation = Conversation(
                tenant_id=self.scope.tenant_id, user_id=self.scope.user_id, id=change.turn.conversation_id, **opened
            )
        self.conversation = self.conversation.with_turn(change.turn)
        self._turns.append(change.turn)
        return payload

    def _note_memory(self, change: Change, seq: int) -> None:
        """Each record's last state, to insert or to update, and its last vectors: a batch may change one twice."""
        memory_id = change.after.id
        target = self._inserted if change.before is None or memory_id in self._inserted else self._updated
        earlier = target.pop(memory_id, None)
        if earlier is not None and earlier["status"] == Status.DELETED and target is self._updated:
            self._parked.append(earlier)  # it left the unique index for a moment, so that another can take its place
        target[memory_id] = memory_values(change.after, seq)
        self._graph.note(change.before, change.after)
        self._derivations.note(change.before, change.after)
        if change.vectors_of is not None:
            self._take_over(change.vectors_of, change.after)
        if change.vectors is None:
            return
        if len(change.vectors):
            texts = [view.told for view in views(change.after.speaker, change.after.text)]
            check_vectors(change.vectors, texts, model_id=self.model_id, dimension=self.dimension)
        if change.before is not None:
            same_words = (change.before.speaker, change.before.text) == (change.after.speaker, change.after.text)
            of_model = self.model_id if same_words and len(change.vectors) else None  # other models' still fit
            row = {"tenant_id": self.scope.tenant_id, "memory_id": memory_id, "model_id": of_model}
            self._revectored.append(row)
        self._vectors[memory_id] = [
            {
                "tenant_id": change.after.tenant_id,
                "memory_id": memory_id,
                "model_id": self.model_id,
                "chunk": number,
                "user_id": change.after.user_id,
                "vector": Halfvec.of(vector),
            }
            for number, vector in enumerate(change.vectors)
        ]

    def _take_over(self, source: UUID, heir: Memory) -> None:
        """Gives a new record the vectors of another: those of this batch, or those that are stored.

        A record that this batch revises has new words, but its heir keeps the old ones and what is stored of them.
        """
        fresh = self._vectors.get(source)
        row = self._inserted.get(source) or self._updated.get(source)
        if fresh is not None and row is not None and row["text"] == heir.text:
            self._vectors[heir.id] = [{**row, "memory_id": heir.id} for row in fresh]
        else:
            self._copied.append({"tenant_id": heir.tenant_id, "memory_id": heir.id, "source": source})

    def _note_thing(self, change: ThingChange) -> None:
        thing = _of(change)
        if isinstance(thing, Session | Goal | UserProfile):
            self.hot.derived = True
        shape = SHAPES[thing.KIND]
        statement = shape.remove if change.after is None else shape.write
        if not self._things or self._things[-1][0] is not statement:
            self._things.append((statement, []))
        self._things[-1][1].append(shape.parameters(thing))

    def new_key(self, wrapped: bytes, master_id: str) -> None:
        """The stream's first key is stored with its first line."""
        owner = {"tenant_id": self.scope.tenant_id, "user_id": self.scope.user_id}
        self._key = [{**owner, "wrapped": wrapped, "master_id": master_id, "now": self.now}]

    def remember(self, answer: Answer, sealer: Sealer, kept: timedelta) -> None:
        """What an idempotency key was used for; the user's expired ones go on this occasion."""
        owner = {"tenant_id": self.scope.tenant_id, "user_id": self.scope.user_id}
        sealed = sealer.seal_answer(answer.body, answer.key)
        self._expired = [{**owner, "kept_since": self.now - kept}]
        self._answers = [{**owner, "key": answer.key, "body_hash": answer.body_hash, "answer": sealed, "now": self.now}]

    def move_head(self, seq: int, last_hash: bytes) -> None:
        """The log ends at ``seq`` after this transaction."""
        owner = {"tenant_id": self.scope.tenant_id, "user_id": self.scope.user_id}
        self._head = [{**owner, "seq": seq, "hash": last_hash, "vanished": seq if self.vanished else 0}]

    def statements(self) -> Iterator[Statement]:
        """What is to be executed, in order."""
        named = (
            ("insert_stream_key", self._key),
            ("insert_salt", self._salts),
            ("insert_event", [event_values(event) for event in self.events]),
            # Updates first: a superseded record leaves the unique index before its successor enters it.
            ("update_memory", [*self._parked, *self._updated.values()]),
            ("insert_memory", list(self._inserted.values())),
            ("copy_vectors", self._copied),
            ("delete_vectors", self._revectored),
            ("insert_vector", [row for rows in self._vectors.values() for row in rows]),
        )
        for name, rows in named:
            if rows:
                yield QUERIES[name], rows
        yield from self._graph.statements(self.scope)
        yield from self._derivations.statements(self.scope)
        if self.conversation is not None and self._turns:
            yield _written(self.conversation)
            yield SHAPES[Turn.KIND].write, [SHAPES[Turn.KIND].parameters(turn) for turn in self._turns]
        yield from self._things
        yield from self.hot.statements(self.scope)
        for name, rows in (
            ("expire_idempotency_keys", self._expired),
            ("insert_idempotency_key", self._answers),
            ("set_log_head", self._head),
        ):
            if rows:
                yield QUERIES[name], rows


def _written(thing: Thing) -> Statement:
    shape = SHAPES[thing.KIND]
    return shape.write, [shape.parameters(thing)]


def _of(change: ThingChange) -> Thing:
    thing = change.after if change.after is not None else change.before
    assert thing is not None  # noqa: S101 - a change is about something
    return thing
