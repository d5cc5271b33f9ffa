"""Entry: a text, or a value of any JSON, that a caller keeps under a name of its own, word for word.

An entry is a memory, or several where its text is longer than one memory may be: the part 0 is its head, the others
hold what follows. Each says in its metadata, under ``MARK``, where it belongs. Its content hash is made from that place
and not from its words, so that two files with the same words are two memories, and so that no place is taken twice:
content hashes are unique among living memories.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from recollect.domain.record import Memory

MARK: Final = "recollect:entry"
"""Under this name a memory's metadata says of which entry it is a part."""

NO_WORDS: Final = "-"
"""The text of a memory whose part has no words to be found by; the part itself is in the mark then."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an entry is kept.

    Attributes:
        space: what it is for, such as ``files``: spaces never meet.
        path: the directories or namespaces that lead to it. name: its name there.
    """

    space: str
    path: tuple[str, ...]
    name: str

    def content_hash(self, part: int = 0) -> str:
        """What makes a part of the entry at this address the same."""
        place = json.dumps([MARK, self.space, self.path, self.name, part])
        return hashlib.sha256(place.encode()).hexdigest()

    def mark(self, part: int) -> dict[str, Any]:
        """What every part says of itself."""
        under = [below(self.path[:depth]) for depth in range(len(self.path) + 1)]
        return {"space": self.space, "path": list(self.path), "name": self.name, "under": under, "part": part}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is kept at an address.

    Attributes:
        text: its words; of a file the file itself. value: the JSON value, None without one.
        version: 1 at first; grows with every change. created_at, updated_at: when it was first and last written.
        expires_at: from when on it is gone, None for never.
        parts: the memories that it is made of, its head first. missing: how many parts were erased since.
    """

    address: Address
    text: str
    value: Any
    version: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    parts: tuple[Memory, ...]
    missing: int = 0

    @property
    def torn(self) -> bool:
        """Whether its head was read before a change and other parts after it, or one has been erased."""
        head, *others = self.parts
        marks = [part.extra[MARK] for part in others]
        return self.missing > 0 or any(mark["of"] != str(head.id) or mark["since"] > self.version for mark in marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One state that an entry was in.

    Attributes:
        seq: the line of the user's log that led to it. at, actor: when, and by whom.
        address: where it was kept then. text, value: what it was; None when it was deleted.
        memory_id: its head.
    """

    seq: int
    at: datetime
    actor: str
    address: Address
    text: str | None
    value: Any
    memory_id: UUID


def below(path: Sequence[str]) -> str:
    """How a mark names a place above the entry."""
    return json.dumps(list(path))


def mark_of(memory: Memory) -> Mapping[str, Any] | None:
    """The memory's mark, None if it is part of no entry: a mark that anybody could have written proves nothing."""
    mark = memory.extra.get(MARK)
    if not isinstance(mark, Mapping):
        return None
    known = cast("Mapping[str, Any]", mark)
    try:
        genuine = address_of(known).content_hash(known["part"]) == memory.content_hash
    except (KeyError, TypeError):
        return None
    return known if genuine else None


def address_of(mark: Mapping[str, Any]) -> Address:
    """The address that a mark names."""
    return Address(mark["space"], tuple(mark["path"]), mark["name"])


def content_of(memory: Memory) -> str:
    """The part of the entry that the memory holds."""
    return str(memory.extra[MARK].get("held", memory.text))


def value_of(head: Memory) -> Any:
    """The JSON value that the head holds, None without one."""
    written = head.extra[MARK].get("value")
    return None if written is None else json.loads(written)


def entries_of(memories: Iterable[Memory]) -> dict[Address, Entry]:
    """The entries that these memories make up, in the order of their heads; parts without a head are left out."""
    found: dict[Address, dict[int, Memory]] = {}
    for memory in memories:
        mark = mark_of(memory)
        if mark is not None:
            found.setdefault(address_of(mark), {})[mark["part"]] = memory
    return {address: _entry(address, parts) for address, parts in found.items() if 0 in parts}


def _entry(address: Address, parts: Mapping[int, Memory]) -> Entry:
    head, mark = parts[0], parts[0].extra[MARK]
    there = [parts[number] for number in range(mark["parts"]) if number in parts]
    return Entry(
        address=address,
        text="".join(map(content_of, there)),
        value=value_of(head),
        version=mark["version"],
        created_at=head.written_at,
        updated_at=head.updated_at,
        expires_at=head.valid_to,
        parts=tuple(there),
        missing=mark["parts"] - len(there),
    )


def rest_of(head: Memory) -> list[str]:
    """The content hashes of the parts that follow the head."""
    mark = head.extra[MARK]
    return [address_of(mark).content_hash(part) for part in range(1, mark.get("parts", 1))]


def cut(text: str, limit: int) -> list[str]:
    """The text in parts of at most ``limit`` characters that together are the text, cut after a line where one ends."""
    parts: list[str] = []
    start = 0
    while len(text) - start > limit:
        end = text.rfind("\n", start + limit // 2, start + limit) + 1 or start + limit
        parts.append(text[start:end])
        start = end
    return [*parts, text[start:]]
