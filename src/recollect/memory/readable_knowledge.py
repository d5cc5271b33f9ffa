"""Readable knowledge: what memories say about names, counted over those only that policies let the user read.

Without policies the database counts. With them each memory is judged first, so the counting is done here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from recollect.domain.record import EntityType, Memory, ProvenanceSource, Status
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.memory import rights
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading
from recollect.ports.knowledge import Knowledge, Mentioned, Stated, Together

NO_NAMES = frozenset({EntityType.DATE, EntityType.NUMBER})
LIVING = SearchFilter(statuses=frozenset(Status) - {Status.DELETED})
PAGE = 1_000


async def knowledge(parts: Parts, scope: Scope, method: str) -> Knowledge:
    """What the user's memories say about names, as far as the user may read them.

    Raises:
        NotAllowed: a policy forbids the call as a whole.
    """
    may_read = await rights.reading(parts, scope.user_id, method)
    return parts.store if may_read is None else ReadableKnowledge(await _readable(parts, scope, may_read))


async def _readable(parts: Parts, scope: Scope, may_read: Reading) -> list[Memory]:
    chosen, found, after = rights.confined(LIVING, may_read), list[Memory](), None
    while True:
        page = await parts.store.page(scope, chosen, limit=PAGE, after=after)
        found += await rights.readable(may_read, page)
        if len(page) < PAGE:
            return found
        after = page[-1].id


class ReadableKnowledge:
    """See ``recollect.ports.knowledge.Knowledge``; of these memories, whoever's scope is asked for."""

    def __init__(self, memories: Sequence[Memory]) -> None:
        self._memories = memories

    async def mentioned(self, scope: Scope) -> list[Mentioned]:  # noqa: ARG002 - the port's
        """Every person, place, organisation and other entity that is mentioned."""
        found: dict[tuple[str, EntityType], list[Memory]] = {}
        for memory in self._memories:
            for name, kind in {(e.name, e.type) for e in memory.entities if e.type not in NO_NAMES}:
                found.setdefault((name, kind), []).append(memory)
        return [
            Mentioned(
                name=name,
                type=kind,
                memories=len(memories),
                first_at=min(memory.told_at or memory.written_at for memory in memories),
                last_at=max(memory.told_at or memory.written_at for memory in memories),
            )
            for (name, kind), memories in found.items()
        ]

    async def stated(self, scope: Scope) -> list[Stated]:  # noqa: ARG002 - the port's
        """Every triple: of keyed facts, and of relations read from texts."""
        return [triple for memory in self._memories for triple in _triples(memory)]

    async def together(self, scope: Scope) -> list[Together]:  # noqa: ARG002 - the port's
        """Every pair of names that one text mentions."""
        pairs: Counter[tuple[str, str]] = Counter()
        for memory in self._memories:
            if memory.key is None or memory.provenance.source is not ProvenanceSource.AGENT_INFERRED:
                pairs.update(combinations(sorted({e.name for e in memory.entities if e.type not in NO_NAMES}), 2))
        return [Together(one, other, memories) for (one, other), memories in pairs.items()]


def _triples(memory: Memory) -> Iterator[Stated]:
    names = {mention.text.casefold(): mention.name for mention in memory.entities}
    found = [(one.subject, one.predicate, one.object, one.confidence) for one in memory.relations]
    if memory.key is not None and memory.value is not None:
        subject, _, attribute = memory.key.partition(":")
        found.append((subject, attribute, memory.value, memory.confidence))
    for subject, predicate, target, confidence in found:
        yield Stated(
            memory_id=memory.id,
            subject=names.get(subject.casefold(), subject),
            predicate=predicate,
            object=names.get(target.casefold(), target),
            confidence=confidence,
            valid_from=memory.valid_from,
            valid_to=memory.valid_to,
            superseded=memory.status is Status.SUPERSEDED,
        )
