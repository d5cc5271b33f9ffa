"""What a user's memories say about names, counted by the database."""

from collections.abc import Iterator
from typing import Any

from recollect.adapters.postgres.chores import PostgresChores
from recollect.domain.record import EntityType
from recollect.domain.scope import Scope
from recollect.ports.knowledge import Mentioned, Stated, Together


class PostgresKnowledge(PostgresChores):
    """See ``recollect.ports.knowledge.Knowledge``; the store is one."""

    async def mentioned(self, scope: Scope) -> list[Mentioned]:
        """Every person, place, organisation and other entity that is mentioned."""
        return [
            Mentioned(name=name, type=EntityType(kind), memories=memories, first_at=first_at, last_at=last_at)
            for name, kind, memories, first_at, last_at in await self._rows("entity_mentions", scope)
        ]

    async def stated(self, scope: Scope) -> list[Stated]:
        """Every triple: of keyed facts, and of relations read from texts."""
        return [triple for row in await self._rows("entity_statements", scope) for triple in _triples(row)]

    async def together(self, scope: Scope) -> list[Together]:
        """Every pair of names that one text mentions."""
        return [Together(*row) for row in await self._rows("entity_pairs", scope)]

    async def _rows(self, name: str, scope: Scope) -> list[tuple[Any, ...]]:
        (rows,) = await self.sessions.read(scope.tenant_id, (name, {"user_id": scope.user_id}))
        return rows


def _triples(row: tuple[Any, ...]) -> Iterator[Stated]:
    """The triples of one memory; a name that its text mentions is the one that the mention was resolved to."""
    memory_id, key, value, confidence, valid_from, valid_to, status, relations, entities = row
    names = {text.casefold(): name for text, name, *_ in entities}
    found: list[tuple[str, str, str, float]] = []
    if key is not None and value is not None:
        subject, _, attribute = key.partition(":")
        found.append((subject, attribute, value, confidence))
    found += [(subject, predicate, target, sure) for subject, predicate, target, sure in relations]
    for subject, predicate, target, sure in found:
        yield Stated(
            memory_id=memory_id,
            subject=names.get(subject.casefold(), subject),
            predicate=predicate,
            object=names.get(target.casefold(), target),
            confidence=sure,
            valid_from=valid_from,
            valid_to=valid_to,
            superseded=status == "superseded",
        )
