"""A store for LangGraph: what a graph keeps across threads, as memories of Recollect.

    store = RecollectStore(memory, user_id="ana")
    graph = builder.compile(store=store)

Each item is a memory: its namespace and key are its address, the value stands in its metadata as JSON and comes back as
it was, and its text is what it is to be found by: the whole value in words, or the fields that ``fields`` or ``index``
name, or nothing with ``index=False``. So items are in the log with their history, exported and erased with their user,
and found by ``memory.search`` too. Nothing is read into them: they pass no gate, state no facts and never merge.

Whose an item is says ``user_id``: one user for the whole store, or a function that is given the namespace, or the
prefix that is searched, and names the user. A prefix that names no user is refused by such a function, which raises; a
search sees the items of one user. The tenant is the memory's. With ``agent_id`` an agent has a store of its own.

A batch reads first and writes then, as LangGraph's own stores do: what it reads is what was there before. Of several
writes of one key in a batch the last one counts, and all of a user's writes in it are one transaction.

``search`` with a query ranks with Recollect's own recall, over what the namespace and the filter let pass; items that
have no words, and those that the question did not bring up, follow without a score, oldest first. Without a query the
oldest come first. ``embed`` and ``dims`` of LangGraph's index settings have no place here: the memory has an embedder
of its own.

A time to live, in minutes, begins anew when an item is read, unless ``refresh_on_read`` or ``refresh_ttl`` says
otherwise; when less than a hundredth of it is over the reading is not written down. What has expired is not found any
more, neither here nor by ``memory.search``; ``sweep_ttl`` deletes it.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

import anyio.to_thread

try:
    from langgraph.store.base import (
        BaseStore,
        Op,
        PutOp,
        Result,
        TTLConfig,
        get_text_at_path,
        validate_op_namespace,
    )
    from langgraph.store.base.batch import AsyncBatchedBaseStore
except ImportError as error:
    raise ImportError(f"{__name__} needs the langgraph package; pip install 'recollect[langgraph]'") from error

from recollect.domain.scope import Scope
from recollect.errors import UsageError, ValidationError
from recollect.integrations.langgraph_reading import SPACE, Namespace, Reading, address_of
from recollect.integrations.langgraph_values import check_keys, lines_of, words_of
from recollect.memory.arguments import scope_of
from recollect.memory.background import LOOP
from recollect.memory.entry_book import EntryBook
from recollect.memory.entry_changes import Drop, Put, Wish
from recollect.memory.memory import AsyncFacade
from recollect.memory.sync.facade import SyncFacade

T = TypeVar("T")
Whose = str | Callable[[Namespace], str]

WHOLE = "$"
SWEEP_MINUTES = 5.0


class RecollectStore(BaseStore):
    """LangGraph's store, on a ``Memory`` or an ``AsyncMemory``; it has both kinds of methods on either.

    Args:
        memory: where the items are kept. The synchronous methods need a ``Memory``, or to be called from another thread
            than that of the ``AsyncMemory``.
        user_id: whose the items are: a user, or a function of the namespace.
        agent_id: which agent's alone; "" for all of the user's agents.
        fields: the fields by whose words items are found, in LangGraph's path syntax; None for the whole value.
        ttl: ``default_ttl`` in minutes, ``refresh_on_read`` and ``sweep_interval_minutes``.

    Raises:
        ValidationError: an argument cannot be used.
    """

    supports_ttl = True

    def __init__(
        self,
        memory: SyncFacade | AsyncFacade,
        *,
        user_id: Whose,
        agent_id: str = "",
        fields: Sequence[str] | None = None,
        ttl: TTLConfig | None = None,
    ) -> None:
        if isinstance(fields, str):
            raise ValidationError("fields", "must be a list of paths, not one string")
        self.ttl_config = ttl
        self._book = EntryBook(memory)
        self._whose = user_id
        self._agent_id = agent_id
        self._fields = list(fields) if fields is not None else [WHOLE]
        self._loop = None if isinstance(memory, SyncFacade) else _running_loop()
        self._in_background = isinstance(memory, SyncFacade)
        self._sweeper: threading.Thread | None = None
        self._stopped = threading.Event()

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Does several things at once; the results stand in the order of the operations.

        Raises:
            ValidationError: a value cannot be kept. InvalidNamespaceError: a namespace cannot be used.
            UsageError: the memory is an ``AsyncMemory`` and this is its own thread.
        """
        return self._wait(partial(self._done, list(ops)))

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Does several things at once; see ``batch``."""
        return await self._awaited(partial(self._done, list(ops)))

    def sweep_ttl(self) -> int:
        """Deletes what has expired, of all users; returns how many memories went."""
        return self._wait(partial(self._book.sweep, SPACE))

    async def asweep_ttl(self) -> int:
        """Deletes what has expired, of all users; returns how many memories went."""
        return await self._awaited(partial(self._book.sweep, SPACE))

    def start_ttl_sweeper(self, sweep_interval_minutes: float | None = None) -> None:
        """Sweeps again and again in a thread of its own, until ``stop_ttl_sweeper``; started twice, it runs once.

        Args:
            sweep_interval_minutes: how long to wait in between; by default what the settings say, or 5.
        """
        if self._sweeper is not None and self._sweeper.is_alive():
            return
        configured = (self.ttl_config or {}).get("sweep_interval_minutes")
        minutes = sweep_interval_minutes or configured or SWEEP_MINUTES
        self._stopped.clear()
        self._sweeper = threading.Thread(target=self._sweep_on, args=(minutes * 60,), name="recollect-ttl", daemon=True)
        self._sweeper.start()

    def stop_ttl_sweeper(self, timeout: float | None = None) -> bool:
        """Ends the sweeping; False if it has not ended within ``timeout`` seconds."""
        self._stopped.set()
        if self._sweeper is None:
            return True
        self._sweeper.join(timeout)
        return not self._sweeper.is_alive()

    def _sweep_on(self, every_s: float) -> None:
        while not self._stopped.wait(every_s):
            try:
                self.sweep_ttl()
            except UsageError:  # the memory is closed
                return

    async def _done(self, ops: Sequence[Op]) -> list[Result]:
        for op in ops:
            validate_op_namespace(op)
        parts = await self._book.core.ready()
        owner_of = partial(self._owner_of, parts.tenant_id)
        puts = {(op.namespace, op.key): op for op in ops if isinstance(op, PutOp)}
        written = {(owner_of(op.namespace), address_of(op.namespace, op.key)): self._wish(op) for op in puts.values()}
        reading = Reading(self._book, owner_of, parts.clock.now(), ops)
        results = await reading.results()
        by_owner: dict[Scope, list[Wish]] = {}
        for (owner, _), wish in {**reading.touches(), **written}.items():
            by_owner.setdefault(owner, []).append(wish)
        for owner, several in by_owner.items():
            await self._book.write(several, user_id=owner.user_id, agent_id=owner.agent_id)
        return results

    def _owner_of(self, tenant_id: str, namespace: Namespace) -> Scope:
        user_id = self._whose if isinstance(self._whose, str) else self._whose(namespace)
        return scope_of(tenant_id, user_id, {"agent_id": self._agent_id})

    def _wish(self, op: PutOp) -> Wish:
        address = address_of(op.namespace, op.key)
        if op.value is None:
            return Drop(address=address)
        value = dict(op.value)
        check_keys(value)
        if op.ttl is not None and not op.ttl > 0:
            raise ValidationError("ttl", f"must be a number of minutes above 0, not {op.ttl!r}")
        ttl_s = None if op.ttl is None else op.ttl * 60
        return Put(address=address, text=self._words(op, value), value=value, ttl_s=ttl_s)

    def _words(self, op: PutOp, value: dict[str, object]) -> str:
        if op.index is False:
            return ""
        paths = self._fields if op.index is None else op.index
        texts = [lines_of(value) if path == WHOLE else get_text_at_path(value, path) for path in paths]
        return words_of(text for several in texts for text in several)

    def _wait(self, work: Callable[[], Awaitable[T]]) -> T:
        """Does it on the memory's own loop, and waits."""
        if self._in_background:
            return LOOP.call(work)
        if self._loop is None or self._loop is _running_loop():
            raise UsageError(
                "this store's memory is an AsyncMemory: await the methods that begin with a, call these from another "
                "thread than that of its event loop, or give the store a Memory"
            )
        return asyncio.run_coroutine_threadsafe(_begun(work), self._loop).result()

    async def _awaited(self, work: Callable[[], Awaitable[T]]) -> T:
        if self._in_background:
            return await anyio.to_thread.run_sync(LOOP.call, work)
        self._loop = _running_loop()
        return await work()


class AsyncRecollectStore(AsyncBatchedBaseStore):
    """A ``RecollectStore`` for one event loop, which does in one batch what is asked for in the same moment.

    Args:
        memory: where the items are kept.
        user_id: whose they are. agent_id, fields, ttl: see ``RecollectStore``.
    """

    supports_ttl = True

    def __init__(
        self,
        memory: AsyncFacade | SyncFacade,
        *,
        user_id: Whose,
        agent_id: str = "",
        fields: Sequence[str] | None = None,
        ttl: TTLConfig | None = None,
    ) -> None:
        super().__init__()
        self.ttl_config = ttl
        self.store = RecollectStore(memory, user_id=user_id, agent_id=agent_id, fields=fields, ttl=ttl)

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """See ``RecollectStore.batch``."""
        return self.store.batch(ops)

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """See ``RecollectStore.abatch``."""
        return await self.store.abatch(ops)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


async def _begun(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
