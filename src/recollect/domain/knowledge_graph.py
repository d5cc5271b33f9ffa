"""Knowledge graph: entities, what was observed of them, and relations, as they are noted one by one by a program.

It is the picture that the reference memory server of the Model Context Protocol has. Each entity, observation and
relation is a memory: it is found, dated, logged and taken back like any other, and its names are names of our graph.
What makes it one of these is a mark in its metadata.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from recollect.domain.record import EntityType, Memory

NOTED: Final = "recollect:graph"
"""Under this name a record's metadata says what it is in the knowledge graph."""
_TOLD_APART: Final = re.compile(r"( \(\d+\))?")


class Part(StrEnum):
    """What a record is in the knowledge graph."""

    ENTITY = "entity"
    OBSERVATION = "observation"
    RELATION = "relation"


_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    Part.ENTITY: ("name", "type"),
    Part.OBSERVATION: ("name", "content"),
    Part.RELATION: ("name", "type", "to"),
}
"""What the mark of each part holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEntity:
    """An entity: its name, any word for its type, and what was observed of it."""

    name: str
    type: str
    observations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRelation:
    """What ties two names, from ``source`` to ``target``; there need not be entities of these names."""

    source: str
    type: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Observations of one entity, to be added or taken away."""

    name: str
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPage:
    """A part of the graph: first entities, then relations.

    Attributes:
        entities: an entity with very many observations may go on on the next page.
        relations: those for which there was room.
        next_cursor: pass it as ``cursor`` for the next page; None on the last one.
    """

    entities: tuple[GraphEntity, ...]
    relations: tuple[GraphRelation, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphDeletion:
    """What became of a deletion.

    Attributes:
        deleted: how many memories went.
        kept: what is still there, as it was told in words that say more than this: names, or relations.
    """

    deleted: int
    kept: tuple[str, ...] = ()


def entity_words(name: str, kind: str) -> str:
    """The words of the memory that an entity is."""
    return f"{name} ({kind})"


def observation_words(name: str, content: str) -> str:
    """The words of the memory that an observation is."""
    return f"{name}: {content}"


def relation_words(relation: GraphRelation) -> str:
    """The words of the memory that a relation is."""
    return f"{relation.source} {relation.type} {relation.target}"


def told_apart(words: str, number: int) -> str:
    """The words with a number, for what differs only in case or spacing from the words of another memory."""
    return f"{words} ({number})" if number > 1 else words


def mark_of(memory: Memory) -> Mapping[str, str]:
    """What the record's metadata says that it is in the graph, all of it text; empty if nothing."""
    found = memory.extra.get(NOTED)
    mark = cast("Mapping[str, object]", found) if isinstance(found, Mapping) else dict[str, object]()
    needed = _FIELDS.get(str(mark.get("kind")), ("no such kind",))
    return cast("Mapping[str, str]", mark) if all(isinstance(mark.get(name), str) for name in needed) else {}


def content_of(memory: Memory) -> str:
    """What an observation says; when its memory was given other words since, those."""
    mark = mark_of(memory)
    name, said = mark.get("name", ""), mark.get("content", "")
    words = observation_words(name, said)
    if memory.text.startswith(words) and _TOLD_APART.fullmatch(memory.text, len(words)):
        return said
    return memory.text.removeprefix(observation_words(name, ""))


def relation_of(memory: Memory) -> GraphRelation:
    """The relation that a memory is."""
    mark = mark_of(memory)
    return GraphRelation(source=mark["name"], type=mark["type"], target=mark["to"])


_KINDS: Final = {
    EntityType.PERSON: ("person", "people", "user", "human", "friend", "colleague", "customer"),
    EntityType.PLACE: ("place", "location", "city", "country", "town", "region", "address"),
    EntityType.ORGANISATION: ("organisation", "organization", "company", "team", "institution", "employer", "school"),
}


def entity_type(word: str) -> EntityType:
    """The type of our graph that an entity's own word for its type comes to."""
    folded = word.strip().casefold()
    return next((kind for kind, words in _KINDS.items() if folded in words), EntityType.OTHER)
