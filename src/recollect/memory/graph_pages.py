"""Graph pages: a view of the graph, as many entities and relations at a time as there is room for."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from recollect.domain.knowledge_graph import GraphEntity, GraphPage, GraphRelation
from recollect.domain.scope import Scope
from recollect.domain.tokens import ESTIMATE
from recollect.errors import ValidationError
from recollect.memory.graph_view import Node, View, shown, texts_of
from recollect.memory.parts import Parts

AT_ONCE = 50
"""Entities whose words are read together."""
CHARACTERS_A_TOKEN = 2
"""An observation that takes more than a page is cut; so many characters of it a token are shown at most."""
_CURSOR = re.compile(r"(\d{1,9})\.([0-3].{1,300})", re.DOTALL)


async def page_of(parts: Parts, scope: Scope, seen: View, max_tokens: int, cursor: str | None) -> GraphPage:
    """One page.

    Args:
        parts: what to ask.
        scope: whose graph.
        seen: it, or a part of it.
        max_tokens: how long it may be, written as indented JSON, by the estimate.
        cursor: where it begins.

    Raises:
        ValidationError: the cursor is none.
    """
    offset, after = _place(cursor)
    page = _Page(max_tokens)
    nodes = [node for node in seen.nodes if node.key >= after]
    for start in range(0, len(nodes), AT_ONCE):
        part = nodes[start : start + AT_ONCE]
        texts = await texts_of(parts, scope, part)
        for node in part:
            begun = offset if node.key == after else 0
            if not page.takes(node, shown(node, texts), begun):
                return page.ended()
    for tie in seen.ties:
        if tie.key >= after and not page.takes_relation(tie.key, tie.relation):
            return page.ended()
    return page.ended()


@dataclass(slots=True)
class _Page:
    """A page that fills."""

    room: int
    entities: list[GraphEntity] = field(default_factory=list[GraphEntity])
    relations: list[GraphRelation] = field(default_factory=list[GraphRelation])
    cursor: str | None = None

    def takes(self, node: Node, entity: GraphEntity, begun: int) -> bool:
        """Takes an entity from one of its observations on; False when the page is full, and maybe before its end."""
        rest = entity.observations[begun:]
        bare = replace(entity, observations=())
        self.room -= _length(bare)
        if self.room < 0 and self.entities:
            self.cursor = f"{begun}.{node.key}"
            return False
        kept: list[str] = []
        for content in rest:
            fitting = content if self.entities or kept else _cut(content, self.room)
            self.room -= _length(fitting)
            if self.room < 0 and (self.entities or kept):
                break
            kept.append(fitting)
        if kept or not rest:
            self.entities.append(replace(bare, observations=tuple(kept)))
        if len(kept) < len(rest):
            self.cursor = f"{begun + len(kept)}.{node.key}"
            return False
        return True

    def takes_relation(self, key: str, relation: GraphRelation) -> bool:
        """Takes a relation; False when the page is full."""
        self.room -= _length(relation)
        if self.room < 0 and (self.entities or self.relations):
            self.cursor = f"0.{key}"
            return False
        self.relations.append(relation)
        return True

    def ended(self) -> GraphPage:
        return GraphPage(entities=tuple(self.entities), relations=tuple(self.relations), next_cursor=self.cursor)


def _length(part: GraphEntity | GraphRelation | str) -> int:
    plain = part if isinstance(part, str) else asdict(part)
    return ESTIMATE.count(json.dumps(plain, ensure_ascii=False, indent=2)) + 4  # and its place among others


def _cut(content: str, room: int) -> str:
    """An observation that alone is too long for a page, as far as it fits."""
    if _length(content) <= room:
        return content
    most = max(room, 20) * CHARACTERS_A_TOKEN
    while most > 20 and _length(content[:most]) > room - 10:
        most = most * 2 // 3
    return f"{content[:most]} ... (cut: {len(content):,} characters in all)"


def _place(cursor: str | None) -> tuple[int, str]:
    """From which observation of what on; of everything without a cursor."""
    if cursor is None:
        return 0, ""
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise ValidationError("cursor", f"must be the next cursor of the page before, not {cursor[:60]!r}")
    return int(found[1]), found[2]


def matching(nodes: Sequence[Node], query: str, telling: frozenset[object]) -> list[Node]:
    """The entities whose name, type or observations hold the query, whatever its case.

    Args:
        nodes: all.
        query: what is looked for.
        telling: the memories whose words hold it.
    """
    wanted = query.lower()
    return [
        node
        for node in nodes
        if wanted in node.name.lower()
        or wanted in node.type.lower()
        or any(wanted in content.lower() for content in node.contents)
        or not telling.isdisjoint(node.heard)
    ]
