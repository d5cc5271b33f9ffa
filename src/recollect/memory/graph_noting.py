"""Graph noting: writes memories that are parts of the knowledge graph, and takes them away, in one transaction.

What is to be done is planned from the graph as it was read. Under the user's lock it is only looked whether anything
was written since: then it is read and planned anew, so that two programs that note the same leave it there once.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import anyio

from recollect.domain.condition import Condition
from recollect.domain.content import content_hash
from recollect.domain.ids import new_id
from recollect.domain.knowledge_graph import (
    NOTED,
    GraphRelation,
    Part,
    entity_type,
    entity_words,
    mark_of,
    observation_words,
    relation_words,
    told_apart,
)
from recollect.domain.record import (
    EntityMention,
    Memory,
    MemoryType,
    Provenance,
    ProvenanceSource,
    Relation,
    SourceType,
)
from recollect.domain.scope import Scope
from recollect.errors import Conflict
from recollect.memory import rights
from recollect.memory.graph_view import MARKED, Noted, noted
from recollect.memory.parts import Parts
from recollect.memory.revision import deleted
from recollect.memory.session_changes import followed
from recollect.memory.ties import ties_of
from recollect.ports.store import Cause, Change, Wanted, WriteTransaction
from recollect.writing.draft import Draft
from recollect.writing.steps.admit import admit
from recollect.writing.steps.embed import embed
from recollect.writing.steps.extract import extract
from recollect.writing.steps.reconcile import reconcile
from recollect.writing.steps.score import score
from recollect.writing.timeline import LIVING

ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Note:
    """A memory to be written.

    Attributes:
        words: what it says. mark: what it is in the graph. kind: the type of the entity that it is about.
    """

    words: str
    mark: Mapping[str, str]
    kind: str = ""

    @property
    def name(self) -> str:
        """Whose it is: the entity's, or the one at which a relation begins."""
        return self.mark["name"]


def entity_note(name: str, kind: str) -> Note:
    """The memory that an entity is."""
    return Note(entity_words(name, kind), {"kind": Part.ENTITY.value, "name": name, "type": kind}, kind)


def observation_note(name: str, kind: str, content: str) -> Note:
    """The memory that an observation of an entity of some type is."""
    mark = {"kind": Part.OBSERVATION.value, "name": name, "content": content}
    return Note(observation_words(name, content), mark, kind)


def relation_note(relation: GraphRelation) -> Note:
    """The memory that a relation is."""
    mark = {"kind": Part.RELATION.value, "name": relation.source, "type": relation.type, "to": relation.target}
    return Note(relation_words(relation), mark)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and what is to go."""

    notes: Sequence[Note] = ()
    gone: Sequence[Memory] = ()


@dataclass(slots=True)
class Noting:
    """One change of the graph.

    Attributes:
        parts: what does the work. scope: whose graph. method: as what policies know it. cause: who changes it.
        what: which part of the graph the plan is made from.
    """

    parts: Parts
    scope: Scope
    method: str
    cause: Cause
    what: Condition = MARKED
    _taken: set[str] = field(default_factory=set[str])
    """Content hashes of other memories; what is noted must not be taken for one of them."""

    async def carry_out(self, planned: Callable[[Noted], Plan]) -> None:
        """Plans and writes, anew as long as others write meanwhile.

        Raises:
            Conflict: others go on writing. NotAllowed: a policy forbids it.
        """
        check = await rights.guard(self.parts, self.scope.user_id, self.method)
        for attempt in range(ATTEMPTS):
            await anyio.sleep(random.uniform(0.0, 0.005 * attempt))  # noqa: S311 - who waits how long is no secret
            if await self._carried_out(planned, check):
                self.parts.writer.forget((self.scope.tenant_id, self.scope.user_id))
                return
        raise Conflict(f"others change the memories of user {self.scope.user_id!r} at the same time; try again")

    async def _carried_out(self, planned: Callable[[Noted], Plan], check: rights.Guard) -> bool:
        parts, scope = self.parts, self.scope
        _, (head,) = await parts.store.fetch_with_heads([(scope, ())])
        may_read = await rights.reading(parts, scope.user_id, self.method)
        plan = planned(await noted(parts, scope, may_read, self.what))
        if not plan.notes and not plan.gone:
            return True
        drafts, _ = await embed(self._drafts(plan.notes), parts.embedder)
        going = [memory.id for memory in plan.gone]
        wanted = Wanted(ids=going, citing=going, hashes=[draft.content_hash for draft in drafts])
        async with parts.store.writing(scope, wanted, self.cause) as transaction:
            if transaction.seq != head.seq or self._collides(transaction, drafts, going):
                return False
            changes = self._changes(transaction, drafts, going)
            await check([replace(one, after=one.before or one.after) for one in changes])
            await transaction.commit([*await ties_of(transaction, going), *changes])
        await followed(parts, scope, transaction)
        return True

    def _drafts(self, notes: Sequence[Note]) -> list[Draft]:
        now, taken = self.parts.clock.now(), set(self._taken)
        drafts = [self._draft(note, _free(note.words, taken)) for note in notes]
        told = [replace(draft, told_at=now) for draft in drafts]
        read = score([extract(admit(one, self.parts.content_limit)) for one in told], self.parts.writer.scorer)
        return [_as_noted(draft, note) for draft, note in zip(read, notes, strict=True)]

    def _draft(self, note: Note, text: str) -> Draft:
        return Draft(
            id=new_id(),
            scope=self.scope,
            text=text,
            reads_facts=False,
            source_type=SourceType.OBSERVATION,
            type=MemoryType.SEMANTIC_FACT,
            subject=note.name,
            provenance=Provenance(source=ProvenanceSource.AGENT_INFERRED),
        )

    def _collides(self, transaction: WriteTransaction, drafts: Sequence[Draft], going: Collection[UUID]) -> bool:
        """Whether another memory has the words of a draft; they are told apart in the next attempt."""
        wanted = {draft.content_hash for draft in drafts}
        held = {one.content_hash for one in transaction.existing if one.status in LIVING and one.id not in going}
        self._taken |= wanted & held
        return bool(wanted & held)

    def _changes(self, transaction: WriteTransaction, drafts: Sequence[Draft], going: Collection[UUID]) -> list[Change]:
        now = self.parts.clock.now()
        gone: list[Change] = []
        for memory in transaction.existing:
            if memory.id in going:
                gone += deleted(transaction.existing, memory, now, "taken out of the knowledge graph")
        added = reconcile(drafts, (), now).changes
        return [*gone, *(replace(change, after=_related(change.after)) for change in added)]


def _free(words: str, taken: set[str]) -> str:
    """The words, numbered where they would be taken for those of another memory."""
    number = 1
    while content_hash(None, told_apart(words, number)) in taken:
        number += 1
    text = told_apart(words, number)
    taken.add(content_hash(None, text))
    return text


def _as_noted(draft: Draft, note: Note) -> Draft:
    """The draft as a part of the graph: it mentions the entity that it is about, whatever names its words hold."""
    name = note.name
    about = note.mark["kind"] != Part.RELATION
    mention = EntityMention(text=name, name=name, type=entity_type(note.kind), start=0, end=len(name))
    return replace(
        draft,
        entities=(mention,) if about else (),
        extra={NOTED: dict(note.mark)},
        reason="noted in the knowledge graph",
    )


def _related(memory: Memory) -> Memory:
    """A relation's memory, with the triple that it states."""
    mark = mark_of(memory)
    if mark["kind"] != Part.RELATION:
        return memory
    return replace(memory, relations=(Relation(mark["name"], mark["type"], mark["to"]),))
