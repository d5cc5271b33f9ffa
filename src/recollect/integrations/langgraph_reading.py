"""The reading of one batch of LangGraph's store: what needs no ranking in one round trip, then each question."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from langgraph.store.base import (
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
)

from recollect.domain.entry import Address, Entry
from recollect.domain.scope import Scope
from recollect.errors import ValidationError
from recollect.integrations.langgraph_values import fits, passes
from recollect.memory.entry_book import EntryBook
from recollect.memory.entry_changes import Touch, ttl_of
from recollect.ports.entries import Named, Under

Namespace = tuple[str, ...]
Owner = Callable[[Namespace], Scope]
Found = list[tuple[Entry, float | None]]

SPACE: Final = "langgraph"
WORTH_WRITING: Final = 0.01
"""The part of a time to live that must be over for a reading to begin it anew."""


def address_of(namespace: Namespace, key: str) -> Address:
    """Where the item is kept."""
    return Address(SPACE, tuple(namespace), key)


class Reading:
    """Reads for one batch.

    Args:
        book: where the items are.
        owner_of: whose the items of a namespace are.
        now: the time.
        ops: the batch; what writes is passed over.
    """

    def __init__(self, book: EntryBook, owner_of: Owner, now: datetime, ops: Sequence[Op]) -> None:
        self._book = book
        self._owner_of = owner_of
        self._now = now
        self._ops = ops
        self._read: dict[tuple[Scope, Address], Entry] = {}

    async def results(self) -> list[Result]:
        """One for each operation, None for those that write.

        Raises:
            ValidationError: a limit or an offset is negative. ValueError: an operation or an operator is unknown.
        """
        for op in self._ops:
            if isinstance(op, SearchOp | ListNamespacesOp):
                _check_page(op.limit, op.offset)
        gets, below = await self._looked_up()
        return [await self._result(op, gets, below.get(place, {})) for place, op in enumerate(self._ops)]

    def touches(self) -> dict[tuple[Scope, Address], Touch]:
        """What begins the times to live of the items that were read anew, as far as that is worth writing."""
        return {place: Touch(address=entry.address) for place, entry in self._read.items() if self._is_due(entry)}

    def _is_due(self, entry: Entry) -> bool:
        ttl_s = ttl_of(entry)
        if ttl_s is None or entry.expires_at is None:
            return False
        return ttl_s - (entry.expires_at - self._now).total_seconds() >= ttl_s * WORTH_WRITING

    async def _result(self, op: Op, gets: dict[Scope, dict[Address, Entry]], below: dict[Address, Entry]) -> Result:
        if isinstance(op, GetOp):
            entry = gets[self._owner_of(op.namespace)].get(address_of(op.namespace, op.key))
            self._note([] if entry is None else [entry], op.namespace, refresh=op.refresh_ttl)
            return None if entry is None else _item(entry)
        if isinstance(op, SearchOp):
            found = await self._found(op, below)
            self._note([entry for entry, _ in found], op.namespace_prefix, refresh=op.refresh_ttl)
            return [_search_item(entry, score) for entry, score in found]
        if isinstance(op, ListNamespacesOp):
            return await self._namespaces(op)
        if isinstance(op, PutOp):  # pyright: ignore[reportUnnecessaryIsInstance] - LangGraph may have others one day
            return None
        raise ValueError(f"Unknown operation type: {type(op)}")

    def _note(self, entries: Sequence[Entry], namespace: Namespace, *, refresh: bool) -> None:
        if refresh:
            owner = self._owner_of(namespace)
            self._read.update({(owner, entry.address): entry for entry in entries})

    async def _looked_up(self) -> tuple[dict[Scope, dict[Address, Entry]], dict[int, dict[Address, Entry]]]:
        """What is asked for by name, by owner; what lies below the prefixes of searches, by their place."""
        named: dict[Scope, list[Address]] = {}
        below: dict[int, Under] = {}
        for place, op in enumerate(self._ops):
            if isinstance(op, GetOp):
                named.setdefault(self._owner_of(op.namespace), []).append(address_of(op.namespace, op.key))
            elif isinstance(op, SearchOp) and (op.filter or not _query(op)):
                below[place] = self._below(op)
        asked = [
            Named(scope=owner, hashes=list(dict.fromkeys(address.content_hash() for address in several)))
            for owner, several in named.items()
        ]
        _, found = await self._book.look_up([*asked, *below.values()], whole=False)
        return dict(zip(named, found, strict=False)), dict(zip(below, found[len(named) :], strict=True))

    def _below(self, op: SearchOp) -> Under:
        """What a search may find: a page of it, unless more than the database's own order decides."""
        owner, ranked = self._owner_of(op.namespace_prefix), bool(_query(op))
        limit, offset = (None, 0) if op.filter or ranked else (op.limit, op.offset)
        path = tuple(op.namespace_prefix)
        return Under(scope=owner, space=SPACE, path=path, whole=ranked, limit=limit, offset=offset)

    async def _found(self, op: SearchOp, below: dict[Address, Entry]) -> Found:
        """What a search finds, best first or oldest first."""
        page = slice(op.offset, op.offset + op.limit)
        passing = {address: entry for address, entry in below.items() if passes(entry.value, op.filter)}
        if not _query(op):
            found: Found = [(entry, None) for entry in passing.values()]
            return found[page] if op.filter else found
        scored = await self._ranked(op, passing if op.filter else None)
        if len(scored) < page.stop:
            if not op.filter:
                passing = await self._oldest(op, page.stop + len(scored))
            ranked = {entry.address for entry, _ in scored}
            scored += [(entry, None) for address, entry in passing.items() if address not in ranked]
        return scored[page]

    async def _ranked(self, op: SearchOp, passing: dict[Address, Entry] | None) -> Found:
        """The items that the question brings up, with their scores."""
        owner = self._owner_of(op.namespace_prefix)
        hits = await self._book.search(
            _query(op),
            user_id=owner.user_id,
            agent_id=owner.agent_id,
            space=SPACE,
            path=tuple(op.namespace_prefix),
            only=None if passing is None else list(passing.values()),
            limit=max(op.offset + op.limit, 1),
        )
        heads = dict(passing or {})
        heads |= {address: head for address, _, head in hits if head is not None}
        lacking = [(owner.user_id, owner.agent_id, address) for address, _, _ in hits if address not in heads]
        if lacking:
            more = await self._book.named(lacking, whole=False)
            heads |= {entry.address: entry for entry in more if entry is not None}
        return [(heads[address], score) for address, score, _ in hits if address in heads]

    async def _oldest(self, op: SearchOp, limit: int) -> dict[Address, Entry]:
        owner, path = self._owner_of(op.namespace_prefix), tuple(op.namespace_prefix)
        _, (found,) = await self._book.look_up([Under(scope=owner, space=SPACE, path=path, limit=limit)], whole=False)
        return found

    async def _namespaces(self, op: ListNamespacesOp) -> list[Namespace]:
        conditions = op.match_conditions or ()
        for condition in conditions:
            fits((), condition.match_type, condition.path)  # an unknown kind is refused, whatever there is
        owner = self._owner_of(_fixed(conditions))
        paths = await self._book.paths([(owner.user_id, owner.agent_id)], SPACE)
        fitting = [path for path in paths if all(fits(path, one.match_type, one.path) for one in conditions)]
        if op.max_depth is not None:
            fitting = sorted({path[: op.max_depth] for path in fitting})
        return fitting[op.offset : op.offset + op.limit]


def _fixed(conditions: Sequence[MatchCondition]) -> Namespace:
    """The labels that every namespace begins with that meets the conditions: they say whose it is."""
    prefixes = [condition.path for condition in conditions if condition.match_type == "prefix"]
    labels: list[str] = []
    for label in prefixes[0] if prefixes else ():
        if label == "*":
            break
        labels.append(label)
    return tuple(labels)


def _query(op: SearchOp) -> str:
    return (op.query or "").strip()


def _check_page(limit: object, offset: object) -> None:
    for name, value in (("limit", limit), ("offset", offset)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValidationError(name, f"must be a whole number of 0 or more, not {value!r}")


def _item(entry: Entry) -> Item:
    return Item(
        value=entry.value,
        key=entry.address.name,
        namespace=entry.address.path,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
    )


def _search_item(entry: Entry, score: float | None) -> SearchItem:
    return SearchItem(
        namespace=entry.address.path,
        key=entry.address.name,
        value=entry.value,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
        score=score,
    )
