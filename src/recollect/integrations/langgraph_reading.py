"""The reading of one batch of LangGraph's store: one round trip for filters, one for all else but questions, and those.

A filter looks at no more than the values; what passes it and belongs to the page is read whole.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

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
        self._passing: dict[int, dict[Address, list[UUID]]] = {}
        self._named: dict[Scope, dict[Address, Entry]] = {}
        self._pages: dict[int, dict[Address, Entry]] = {}

    async def results(self) -> list[Result]:
        """One for each operation, None for those that write.

        Raises:
            ValidationError: a limit or an offset is negative. ValueError: an operation or an operator is unknown.
        """
        for op in self._ops:
            if isinstance(op, SearchOp | ListNamespacesOp):
                _check_page(op.limit, op.offset)
        await self._choose()
        await self._look_up()
        return [await self._result(place, op) for place, op in enumerate(self._ops)]

    def touches(self) -> dict[tuple[Scope, Address], Touch]:
        """What begins the times to live of the items that were read anew, as far as that is worth writing."""
        return {place: Touch(address=entry.address) for place, entry in self._read.items() if self._is_due(entry)}

    def _is_due(self, entry: Entry) -> bool:
        ttl_s = ttl_of(entry)
        if ttl_s is None or entry.expires_at is None:
            return False
        return ttl_s - (entry.expires_at - self._now).total_seconds() >= ttl_s * WORTH_WRITING

    async def _result(self, place: int, op: Op) -> Result:
        if isinstance(op, GetOp):
            entry = self._named[self._owner_of(op.namespace)].get(address_of(op.namespace, op.key))
            self._note([] if entry is None else [entry], op.namespace, refresh=op.refresh_ttl)
            return None if entry is None else _item(entry)
        if isinstance(op, SearchOp):
            found = await self._ranked(place, op) if _query(op) else self._listed(place, op)
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

    async def _choose(self) -> None:
        """What passes the filters of searches: their addresses, oldest first, each with the ids of its parts."""
        searches = {place: op for place, op in enumerate(self._ops) if isinstance(op, SearchOp) and op.filter}
        found = await self._book.held([self._below(op) for op in searches.values()])
        for (place, op), several in zip(searches.items(), found, strict=True):
            passing: dict[Address, list[UUID]] = {
                one.address: []
                for one in several
                if one.part == 0 and one.value is not None and passes(json.loads(one.value), op.filter)
            }
            for one in several:
                if one.address in passing:
                    passing[one.address].append(one.id)
            self._passing[place] = passing

    async def _look_up(self) -> None:
        """What is asked for by name or passes a filter, by owner; and pages of what lies below prefixes."""
        named: dict[Scope, list[Address]] = {}
        below: dict[int, Under] = {}
        for place, op in enumerate(self._ops):
            if isinstance(op, GetOp):
                named.setdefault(self._owner_of(op.namespace), []).append(address_of(op.namespace, op.key))
            elif isinstance(op, SearchOp) and not _query(op):
                if op.filter:
                    page = list(self._passing[place])[op.offset : op.offset + op.limit]
                    named.setdefault(self._owner_of(op.namespace_prefix), []).extend(page)
                else:
                    below[place] = replace(self._below(op), limit=op.limit, offset=op.offset)
        asked = [
            Named(scope=owner, hashes=[one.content_hash() for one in set(several)]) for owner, several in named.items()
        ]
        _, found = await self._book.look_up([*asked, *below.values()], whole=False)
        self._named = dict(zip(named, found, strict=False))
        self._pages = dict(zip(below, found[len(named) :], strict=True))

    def _below(self, op: SearchOp) -> Under:
        return Under(scope=self._owner_of(op.namespace_prefix), space=SPACE, path=tuple(op.namespace_prefix))

    def _listed(self, place: int, op: SearchOp) -> Found:
        """A page of what a search without a question finds, oldest first."""
        if not op.filter:
            return [(entry, None) for entry in self._pages[place].values()]
        known = self._named.get(self._owner_of(op.namespace_prefix), {})
        page = list(self._passing[place])[op.offset : op.offset + op.limit]
        return [(known[address], None) for address in page if address in known]

    async def _ranked(self, place: int, op: SearchOp) -> Found:
        """A page of what a question brings up, best first, and then of what it does not, oldest first."""
        owner, end = self._owner_of(op.namespace_prefix), op.offset + op.limit
        passing = self._passing.get(place)
        hits = await self._book.search(
            _query(op),
            user_id=owner.user_id,
            agent_id=owner.agent_id,
            space=SPACE,
            path=tuple(op.namespace_prefix),
            only=None if passing is None else list(chain.from_iterable(passing.values())),
            limit=max(end, 1),
        )
        heads = {address: head for address, _, head in hits if head is not None}
        scores: dict[Address, float | None] = {address: score for address, score, _ in hits}
        if len(scores) < end and passing is None:
            oldest = await self._book.look_up([replace(self._below(op), limit=end + len(scores))], whole=False)
            heads |= oldest[1][0]
        order = list(dict.fromkeys([*scores, *(heads if passing is None else passing)]))[op.offset : end]
        lacking = [address for address in order if address not in heads]
        more = await self._book.named(lacking, user_id=owner.user_id, agent_id=owner.agent_id, whole=False)
        heads |= {entry.address: entry for entry in more if entry is not None}
        return [(heads[address], scores.get(address)) for address in order if address in heads]

    async def _namespaces(self, op: ListNamespacesOp) -> list[Namespace]:
        conditions = op.match_conditions or ()
        for condition in conditions:
            fits((), condition.match_type, condition.path)  # an unknown kind is refused, whatever there is
        owner = self._owner_of(_fixed(conditions))
        paths = await self._book.paths(SPACE, user_id=owner.user_id, agent_id=owner.agent_id)
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
