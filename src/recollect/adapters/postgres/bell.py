"""The bell in Postgres: NOTIFY after the commit, gathered, and one connection that listens while anybody watches.

A process's own watchers are woken at once. For the others, what was committed within a few milliseconds goes out as one
statement, which writes nothing and waits for no disk. While nobody watches, nothing goes out at all: who listens holds
an advisory lock, and who writes sees that with the locks that it takes anyway. Users are named by digests only: who may
connect to the database and guesses a channel learns that something happened, and not to whom.
"""

import asyncio
import contextvars
import hashlib
import logging
from collections.abc import Coroutine, Generator
from contextlib import contextmanager, suppress
from uuid import uuid4

import psycopg
from psycopg import AsyncConnection, Notify, sql

from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Sessions
from recollect.domain.scope import Scope
from recollect.errors import RecollectError
from recollect.ports.redaction import Redacted

GATHER_S = 0.01
"""At least so long between two statements that ring."""
RETRY_S = 0.5
"""So long after the listening connection was lost, or a ring could not be sent."""
CLOSE_WITHIN_S = 1.0
MOST = 400
"""Users named in one ring: a payload has 8,000 bytes at most. Beyond it everybody of the tenant is woken."""
EVERYBODY = "*"

_log = logging.getLogger(__name__)


class PostgresEar:
    """See ``recollect.ports.bell.Ear``."""

    def __init__(self, *, closed: bool) -> None:
        self.closed = closed
        self._rung = asyncio.Event()

    def wake(self) -> None:
        """Ends the wait that is on, or the next one."""
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Waits for a ring, the bell's end, or the time to pass."""
        if not self.closed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()


class PostgresBell:
    """See ``recollect.ports.bell.Bell``. Belongs to the event loop on which it is used.

    Args:
        sessions: open connections of the application role; they stay open until ``aclose`` has returned.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._name = uuid4().hex[:12]
        self._pending: dict[str, set[str]] = {}
        self._ears: dict[tuple[str, str], set[PostgresEar]] = {}
        self._ringing: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._heard_tenants: frozenset[str] = frozenset()
        self._closed = False

    def ring(self, scope: Scope, watched: bool = True) -> None:
        """Wakes this process's watchers of the stream now and the others' within milliseconds."""
        if self._closed or not (watched or self._ears):
            return
        tenant_id, digest = place = _place(scope)
        self._wake(self._ears.get(place, ()))
        if not watched:
            return
        self._pending.setdefault(tenant_id, set()).add(digest)
        if self._ringing is None or self._ringing.done():
            self._ringing = _started(self._ring_out(), "recollect bell")

    @contextmanager
    def listening(self, scope: Scope) -> Generator[PostgresEar]:
        """An ear for the stream; the first one makes the bell listen, with the last one it stops."""
        place, ear = _place(scope), PostgresEar(closed=self._closed)
        self._ears.setdefault(place, set()).add(ear)
        self._listen()
        try:
            yield ear
        finally:
            self._ears[place].discard(ear)
            if not self._ears[place]:
                del self._ears[place]
            self._listen()

    async def aclose(self) -> None:
        """Sends what waits, if the database takes it within a second; ends both tasks."""
        self._closed = True
        for ears in self._ears.values():
            for ear in ears:
                ear.closed = True
                ear.wake()
        if self._ringing is not None:
            await asyncio.wait([self._ringing], timeout=CLOSE_WITHIN_S)
        tasks = [task for task in (self._ringing, self._listening) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ring_out(self) -> None:
        """Sends what is pending until nothing is."""
        while self._pending:
            rung, self._pending = self._pending, {}
            pause = GATHER_S
            try:
                await self._send(rung)
            except RecollectError as error:  # whoever watches looks by itself soon
                _log.debug("a ring was lost: %s", Redacted(error))
                pause = RETRY_S
            if not self._closed:
                await asyncio.sleep(pause)

    async def _send(self, rung: dict[str, set[str]]) -> None:
        payloads = [
            " ".join([self._name, *(sorted(digests) if len(digests) <= MOST else [EVERYBODY])])
            for digests in rung.values()
        ]
        async with self._sessions.connection() as connection:
            channels = [channel_of(tenant_id) for tenant_id in rung]
            await connection.execute(QUERIES["ring"], {"channels": channels, "payloads": payloads})

    def _listen(self) -> None:
        """Listens for the tenants whose logs are watched now, or not at all."""
        wanted = frozenset(tenant_id for tenant_id, _ in self._ears)
        if self._closed or wanted == self._heard_tenants:
            return
        self._heard_tenants = wanted
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None
        if wanted:
            self._listening = _started(self._hear(wanted), "recollect ear")

    async def _hear(self, tenant_ids: frozenset[str]) -> None:
        """Holds a connection that listens; one that is lost is made again."""
        tenant_of = {channel_of(tenant_id): tenant_id for tenant_id in tenant_ids}
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._sessions.conninfo, autocommit=True, connect_timeout=10
                ) as connection:
                    for channel, tenant_id in sorted(tenant_of.items()):
                        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                        await connection.execute(QUERIES["watch_tenant"], {"tenant_id": tenant_id})
                    for ears in self._ears.values():  # what rang before was not heard
                        self._wake(ears)
                    async for notice in connection.notifies():
                        self._take(tenant_of[notice.channel], notice)
            except (psycopg.Error, OSError) as error:
                _log.debug("not listening: %s", Redacted(error))
            await asyncio.sleep(RETRY_S)

    def _take(self, tenant_id: str, notice: Notify) -> None:
        name, *digests = notice.payload.split()
        if name == self._name:  # our own watchers know already
            return
        for (owner, digest), ears in self._ears.items():
            if owner == tenant_id and (digest in digests or EVERYBODY in digests):
                self._wake(ears)

    @staticmethod
    def _wake(ears: "set[PostgresEar] | tuple[()]") -> None:
        for ear in ears:
            ear.wake()


def _started(work: Coroutine[None, None, None], name: str) -> asyncio.Task[None]:
    """A task with a context of its own: the caller's counts round trips, and would count this task's too."""
    return asyncio.get_running_loop().create_task(work, name=name, context=contextvars.Context())


def channel_of(tenant_id: str) -> str:
    """The channel on which a tenant's rings go out."""
    return f"recollect_{hashlib.sha256(f'recollect:{tenant_id}'.encode()).hexdigest()[:24]}"


def _place(scope: Scope) -> tuple[str, str]:
    """The tenant, and the digest that stands for the stream on its channel."""
    named = f"{len(scope.tenant_id)}:{scope.tenant_id}{scope.user_id}"
    return scope.tenant_id, hashlib.sha256(named.encode()).hexdigest()[:16]
