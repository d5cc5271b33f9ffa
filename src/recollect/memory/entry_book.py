"""The book of entries: texts and values that callers keep under names of their own, word for word.

Integrations stand on it where a framework brings its own names, files and values: they are memories like any other, in
the log, isolated, erased and exported with their user, found by ``search``; and they come back exactly. Nothing is read
into them: no gate, no search for echoes, no facts derived, no merging with what is similar.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np

from recollect.domain.certificate import Certificate
from recollect.domain.chunking import views
from recollect.domain.entry import MARK, NO_WORDS, Address, Entry, Version, address_of, entries_of, mark_of, rest_of
from recollect.domain.event import EventType
from recollect.domain.record import Memory
from recollect.errors import ModelError, NotFound, UsageError, VersionConflict
from recollect.memory import finding, rights
from recollect.memory.arguments import MAX_LIMIT, cause_of, scope_of
from recollect.memory.core import Core
from recollect.memory.entry_changes import Changes, Drop, Piece, Put, Wish, check_address, pieces_of, places_of
from recollect.memory.entry_history import versions_of
from recollect.memory.erasing import erase_memory
from recollect.memory.memory import AsyncFacade
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.memory.sync.facade import SyncFacade
from recollect.memory.ties import ties_of
from recollect.ports.embedder import embedded
from recollect.ports.entries import Held, Named, Under
from recollect.ports.store import Change, Wanted, WriteTransaction

SWEPT_AT_ONCE = 500
TRIES = 3
"""So often what was changed while it was read is read again; where a part was erased it is in vain."""


class EntryBook:
    """Reads and writes entries. Reading several users' takes one round trip; each user's writes are a transaction."""

    AREA: str = "entries."

    def __init__(self, memory: AsyncFacade | SyncFacade) -> None:
        self._memory = memory  # kept open as long as it is used

    @property
    def core(self) -> Core:
        """The open parts of the memory."""
        if isinstance(self._memory, SyncFacade):
            return self._memory._inner.core  # pyright: ignore[reportPrivateUsage] - both faces are ours
        return self._memory.core

    async def named(
        self, addresses: Sequence[Address], *, user_id: str, agent_id: str = "", whole: bool = True
    ) -> list[Entry | None]:
        """The entries at these addresses.

        Args:
            addresses: where.
            user_id: whose.
            agent_id: and which agent's; "" for those that all share.
            whole: with all of their text; otherwise with their heads alone, which saves a round trip.

        Raises:
            ValidationError: an address or an id cannot be used. NotAllowed: a policy forbids it.
        """
        if not addresses:
            return []
        for address in addresses:
            check_address(address)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        asked = Named(scope=scope, hashes=[address.content_hash() for address in addresses])
        _, (found,) = await self.look_up([asked], whole=whole)
        return [found.get(address) for address in addresses]

    async def look_up(
        self, asked: Sequence[Named | Under], *, whole: bool = True
    ) -> tuple[int, list[dict[Address, Entry]]]:
        """The entries of each that is asked for, and where the first one's log stood before; one round trip, or two.

        Raises:
            NotAllowed: a policy forbids it.
        """
        seq, found = await self._found(asked, whole=whole)
        for _ in range(TRIES if whole else 0):
            if not any(entry.torn for several in found for entry in entries_of(several).values()):
                break
            seq, found = await self._found(asked, whole=whole)
        shown: dict[str, set[UUID]] = {}
        for user_id in dict.fromkeys(one.scope.user_id for one in asked):
            of_user = [
                m for one, several in zip(asked, found, strict=True) for m in several if one.scope.user_id == user_id
            ]
            shown[user_id] = {memory.id for memory in await self.read(of_user, user_id=user_id)}
        return seq, [
            entries_of(memory for memory in several if memory.id in shown[one.scope.user_id])
            for one, several in zip(asked, found, strict=True)
        ]

    async def _found(self, asked: Sequence[Named | Under], *, whole: bool) -> tuple[int, list[list[Memory]]]:
        """The parts; those that follow the heads of entries that are asked for by name take another round trip."""
        parts = await self.core.ready()
        now = parts.clock.now()
        seq, found = await parts.store.entry_parts(parts.tenant_id, asked, now)
        more = [
            Named(scope=one.scope, hashes=rest)
            for one, heads in zip(asked, found, strict=True)
            if isinstance(one, Named) and (rest := [h for head in heads if mark_of(head) for h in rest_of(head)])
        ]
        if not whole or not more:
            return seq, found
        _, others = await parts.store.entry_parts(parts.tenant_id, more, now)
        by_scope = {one.scope: rest for one, rest in zip(more, others, strict=True)}
        return seq, [
            [*heads, *(by_scope.get(one.scope, ()) if isinstance(one, Named) else ())]
            for one, heads in zip(asked, found, strict=True)
        ]

    async def held(self, asked: Sequence[Under]) -> list[list[Held]]:
        """Where parts below these paths say that they are kept, and their values: to choose among, not to be shown."""
        parts = await self.core.ready()
        return await parts.store.entry_values(parts.tenant_id, asked, parts.clock.now())

    @recorded
    async def read(self, memories: Sequence[Memory], *, user_id: str) -> list[Memory]:
        """Those that policies let the user read; the line in the log of accesses says that they were read."""
        parts = await self.core.ready()
        return await rights.readable(await rights.reading(parts, user_id, "entries.read"), memories)

    @recorded
    async def write(
        self, wishes: Sequence[Wish], *, user_id: str, agent_id: str = "", actor: str = "agent", seq: int | None = None
    ) -> int:
        """Does what is wished, in order and all of it or nothing.

        Args:
            wishes: each address once.
            user_id: whose entries.
            agent_id: and which agent's; "" for those that all share.
            actor: who does it.
            seq: do nothing if the user's log has gone on since it stood there.

        Returns:
            How many memories were changed.

        Raises:
            ValidationError: a name, text or value cannot be kept.
            VersionConflict: an entry was changed since it was read. Conflict: there is one where none may be.
            NotAllowed: a policy forbids it.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        addresses = [place for wish in wishes for place in places_of(wish)]
        for address in addresses:
            check_address(address)
        pieces = await _pieces(parts, [wish for wish in wishes if isinstance(wish, Put)])
        check = await rights.guard(parts, user_id, "entries.write")
        parted = {address: len(several) for address, several in pieces.items()}  # what an erased head left is seen too
        wanted = Wanted(hashes=[a.content_hash(part) for a in addresses for part in range(parted.get(a, 1))])
        async with parts.store.writing(scope, wanted, cause_of({"actor": actor})) as transaction:
            if seq is not None and transaction.seq != seq:
                raise VersionConflict(seq, transaction.seq)
            await _want_rest(transaction)
            changes = Changes(scope, parts.clock.now(), pieces, transaction.existing)
            for wish in wishes:
                changes.take(wish)
            await _commit(transaction, changes.made, check)
        return len(changes.made)

    @recorded
    async def history(self, address: Address, *, user_id: str, agent_id: str = "") -> tuple[Version, ...]:
        """Every state that the entry at this address was in, under whatever name, oldest first.

        Raises:
            NotFound: there never was one. NotAllowed: a policy forbids it.
        """
        check_address(address)
        parts = await self.core.ready()
        return await versions_of(parts, scope_of(parts.tenant_id, user_id, {"agent_id": agent_id}), address)

    @recorded
    async def erase(self, address: Address, *, user_id: str, agent_id: str = "") -> tuple[Certificate, ...]:
        """Destroys the entry that is at this address, and those that were deleted there, with their history.

        Raises:
            NotFound: there never was one. NotAllowed: a policy forbids it.
        """
        check_address(address)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        ids = await parts.store.entry_ids_ever(scope, address)
        if not ids:
            raise NotFound(f"user {user_id!r} never had an entry {address.name[:80]!r} there")
        return tuple([await erase_memory(parts, user_id, one) for one in ids])

    @recorded
    async def search(
        self,
        query: str,
        *,
        user_id: str,
        space: str,
        path: tuple[str, ...] = (),
        agent_id: str = "",
        only: Collection[UUID] | None = None,
        limit: int = 10,
    ) -> list[tuple[Address, float, Entry | None]]:
        """The entries that the question brings up, best first: address, relevance 0..1, and the head if it is at hand.

        Args:
            query: the question.
            user_id: whose.
            agent_id: and which agent's; "" for those that all share.
            space: which space.
            path: below which path.
            only: among these parts; None for all that are there.
            limit: how many at most, up to 1,000.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        ids = await parts.store.entry_ids(scope, space, path, parts.clock.now()) if only is None else only
        if not ids:
            return []
        given = {"agent_id": agent_id, "limit": min(limit, MAX_LIMIT)}
        asks = await finding.asks_of(parts, query, user_id, given, "entries.search")
        ask = replace(asks[0], chosen=asks[0].chosen.and_also(only=frozenset(ids)))
        (found,) = await parts.recaller.find_each([ask])
        best: dict[Address, tuple[Address, float, Entry | None]] = {}
        for hit in found.result:
            mark = mark_of(hit.memory)
            if mark is not None and hit.memory.text != NO_WORDS:
                address, score = address_of(mark), hit.score if hit.relevance is None else hit.relevance
                best.setdefault(address, (address, score, entries_of([hit.memory]).get(address)))
        return list(best.values())

    async def paths(self, space: str, *, user_id: str, agent_id: str = "") -> list[tuple[str, ...]]:
        """The paths at which this user and agent keep entries, sorted; one round trip."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        found = await parts.store.entry_paths(scope, space, parts.clock.now())
        await self.read([], user_id=user_id)
        return sorted(found)

    async def sweep(self, space: str) -> int:
        """Deletes all users' entries of a space that have expired; returns how many memories went."""
        parts = await self.core.ready()
        owners = await parts.store.users_with_expired_entries(parts.tenant_id, space, parts.clock.now())
        return sum([await self.sweep_one(space, user_id=user_id, agent_id=agent_id) for user_id, agent_id in owners])

    @recorded
    async def sweep_one(self, space: str, *, user_id: str, agent_id: str = "") -> int:
        """Deletes one user's entries of a space that have expired; what was read again meanwhile stays."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        swept = 0
        while found := await parts.store.expired_entry_parts(scope, space, parts.clock.now(), SWEPT_AT_ONCE):
            addresses = dict.fromkeys(address_of(mark) for memory in found if (mark := mark_of(memory)) is not None)
            done = await self.write(
                [Drop(address=one) for one in addresses], user_id=user_id, agent_id=agent_id, actor="upkeep"
            )
            if not done:
                break
            swept += done
        return swept


async def _pieces(parts: Parts, puts: Sequence[Put]) -> Mapping[Address, Sequence[Piece]]:
    """The parts of each text, with the vectors of those that are not known to be there already, all in one batch."""
    cut = {put.address: pieces_of(put, parts.content_limit) for put in puts}
    if len(cut) < len(puts):
        raise UsageError("each address may be written once in a call")
    known = {put.address: _known(put.base) for put in puts}
    fresh = [
        (address, number)
        for address, pieces in cut.items()
        for number, piece in enumerate(pieces)
        if known[address].get(number) != piece.words
    ]
    worded = [place for place in fresh if cut[place[0]][place[1]].words != NO_WORDS]
    for address, number in fresh:
        cut[address][number] = replace(
            cut[address][number], vectors=np.zeros((1, parts.embedder.dimension), np.float32)
        )
    try:
        vectors = await embedded(
            parts.embedder, [views(None, cut[address][number].words) for address, number in worded]
        )
    except ModelError:  # found by their words; `recollect model reembed` fills the vectors in
        vectors = [None] * len(worded)
    for (address, number), found in zip(worded, vectors, strict=True):
        cut[address][number] = replace(cut[address][number], vectors=found)
    return cut


def _known(base: Entry | None) -> dict[int, str]:
    return {} if base is None else {part.extra[MARK]["part"]: part.text for part in base.parts}


async def _commit(transaction: WriteTransaction, made: Sequence[Change], check: rights.Guard) -> None:
    """Commits the changes, and the end of what hangs on memories that go; policies judge those as they were."""
    ended = {change.after.id for change in made if change.type is EventType.MEMORY_DELETED}
    await check([replace(c, after=c.before) if c.after.id in ended and c.before is not None else c for c in made])
    await transaction.commit([*await ties_of(transaction, list(ended)), *made])


async def _want_rest(transaction: WriteTransaction) -> None:
    """Reads the parts that follow the heads."""
    rest = [one for head in transaction.existing if mark_of(head) is not None for one in rest_of(head)]
    if rest:
        await transaction.want(Wanted(hashes=rest))
