"""The key book: which credential a token stands for, kept at hand for a second so that a call need not ask for it.

A key that was seen here lately costs nothing, and after its second one question however many wait for it. What nobody
ever showed before may be a guess: such ids stand in a line of their own, are asked for a few at a time, and are
remembered apart, so that a flood of made-up tokens takes neither the database nor the place of keys that are good.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeVar
from uuid import UUID

from recollect.domain.api_key import StoredKey, Token, digest_of, new_secret, parse_token, refusal
from recollect.domain.credential import Access, Credential
from recollect.domain.event import EventType
from recollect.domain.scope import tenant_scope
from recollect.errors import StoreUnavailable
from recollect.ports.clock import Clock
from recollect.ports.store import EventQuery, Store

KEPT_SECONDS: Final = 1.0
"""So long another process may go on with a key that was revoked; this one's own changes count at once."""
KEPT_KEYS: Final = 10_000
"""Keys, and apart from them ids that are none."""
STRANGERS_AT_ONCE: Final = 4
STRANGERS_WAITING: Final = 256
PAUSE_S: Final = 0.02
"""After a question about an id that is none its place stays empty for so long: at most 200 such questions a second."""

K = TypeVar("K")
V = TypeVar("V")
_Name = tuple[str, UUID]
"""Tenant and key id."""


class KeyBook:
    """Looks up keys. Belongs to one event loop.

    Args:
        store: where they are.
        clock: by which keys expire.
        seconds: by which answers grow old; it must never go back.
    """

    def __init__(self, store: Store, clock: Clock, seconds: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._seconds = seconds
        self._known: OrderedDict[_Name, tuple[float, StoredKey]] = OrderedDict()
        self._unknown: OrderedDict[_Name, float] = OrderedDict()
        self._asking: dict[_Name, asyncio.Task[StoredKey | None]] = {}
        self._keyed: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._line = _Line()
        self._changes = 0
        self._nobody = StoredKey(
            tenant_id="",
            id=UUID(int=0),
            name="",
            digest=digest_of(new_secret()),
            access=Access.READ,
            created_at=clock.now(),
        )

    async def authenticate(self, token: object) -> Credential:
        """The credential that a token stands for.

        Raises:
            NotAuthenticated: it is none, or unknown, expired or revoked; which of these is not told.
            StoreError: the database cannot be asked, or too many unknown ids wait for that.
        """
        parts = parse_token(token)
        found = await self._find(parts)
        # An unknown id costs the same comparison as a known one.
        opened = (found or self._nobody).opened_by(parts.secret, self._clock.now())
        if found is None or not opened:
            raise refusal()
        return found.credential()

    async def any_key(self, tenant_id: str) -> bool:
        """Whether a key was ever made for the tenant: revoked ones count, and those that were erased with their user.

        Raises:
            StoreError: the database cannot be asked.
        """
        until, answer = self._keyed.get(tenant_id, (0.0, False))
        if answer or self._seconds() < until:
            return answer
        changes = self._changes
        until = self._seconds() + KEPT_SECONDS
        answer = bool(await self._store.things(StoredKey, tenant_id, {}, limit=1)) or await self._told_of(tenant_id)
        if answer or changes == self._changes:
            _keep(self._keyed, tenant_id, (until, answer))
        return answer

    def forget(self, tenant_id: str, key_id: UUID | None = None) -> None:
        """Called after a key, or any key of the tenant, was made, revoked or erased here."""
        self._changes += 1
        self._keyed.pop(tenant_id, None)
        for kept in (self._known, self._unknown, self._asking):
            for name in [n for n in kept if n[0] == tenant_id and key_id in (None, n[1])]:
                del kept[name]

    async def _told_of(self, tenant_id: str) -> bool:
        query = EventQuery(types=(EventType.API_KEY_CREATED,), limit=1)
        return bool(await self._store.events(tenant_scope(tenant_id), query))

    async def _find(self, token: Token) -> StoredKey | None:
        """The key of that id, from what is at hand or from the database; many who ask at once ask once."""
        name, now = (token.tenant_id, token.key_id), self._seconds()
        at_hand = self._known.get(name)
        if at_hand is not None and now < at_hand[0]:
            self._known.move_to_end(name)
            return at_hand[1]
        if now < self._unknown.get(name, 0.0):
            return None
        asking = self._asking.get(name)
        if asking is None:
            if at_hand is None:
                self._line.check()
            asking = self._asking[name] = asyncio.create_task(self._ask(name, stranger=at_hand is None))
        return await asyncio.shield(asking)  # one who gives up does not take the answer from the others

    async def _ask(self, name: _Name, *, stranger: bool) -> StoredKey | None:
        this = asyncio.current_task()
        if stranger:
            await self._line.enter()
        found: StoredKey | None = None
        try:
            changes, until = self._changes, self._seconds() + KEPT_SECONDS
            rows = await self._store.things(StoredKey, name[0], {"id": name[1]})
            found = rows[0] if rows else None
            if changes == self._changes:  # what was read before a change is not kept beyond it
                self._remember(name, found, until)
            return found
        finally:
            if stranger:
                self._line.leave(pause=found is None)
            if self._asking.get(name) is this:
                del self._asking[name]

    def _remember(self, name: _Name, found: StoredKey | None, until: float) -> None:
        if found is None:
            self._known.pop(name, None)
            _keep(self._unknown, name, until)
        else:
            self._unknown.pop(name, None)
            _keep(self._known, name, (until, found))


class _Line:
    """Where ids that nobody showed before wait until it is their turn to be asked for."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(STRANGERS_AT_ONCE)
        self._inside = 0

    def check(self) -> None:
        """Refuses who would wait too long.

        Raises:
            StoreUnavailable: the line is full.
        """
        if self._inside >= STRANGERS_WAITING:
            raise StoreUnavailable("too many unknown API keys are being tried just now; try again in a second")
        self._inside += 1

    async def enter(self) -> None:
        """Waits for a place; ``check`` has been passed."""
        try:
            await self._places.acquire()
        except BaseException:
            self._inside -= 1
            raise

    def leave(self, *, pause: bool) -> None:
        """Gives the place to the next, after a pause or at once; whoever was asked for need not wait for that."""
        self._inside -= 1
        if pause:
            asyncio.get_running_loop().call_later(PAUSE_S, self._places.release)
        else:
            self._places.release()


def _keep(kept: OrderedDict[K, V], name: K, value: V) -> None:
    kept[name] = value
    kept.move_to_end(name)
    while len(kept) > KEPT_KEYS:
        kept.popitem(last=False)
