"""Wiring: the parts of one memory, made and put together, for whichever embedding model is the active one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import anyio.to_thread

from recollect.bootstrap.choosing import hot_limits, make_chat_model, make_embedder_named, make_hot_tier, make_vault
from recollect.bootstrap.opening import open_store
from recollect.bootstrap.watching import make_telemetry
from recollect.domain.record import Trust
from recollect.domain.scope import Scope, check_id
from recollect.errors import (
    DimensionMismatch,
    ModelMissing,
)
from recollect.memory.parts import Parts
from recollect.memory.upkeeping import new_upkeep, serve_upkeep, start_upkeep
from recollect.ports.access_log import AccessLog
from recollect.ports.bell import Bell
from recollect.ports.chat_model import ChatModel
from recollect.ports.clock import Clock, SystemClock
from recollect.ports.embedder import Embedder
from recollect.ports.hot_health import TellsHealth
from recollect.ports.hot_tier import HotTier
from recollect.ports.telemetry import SILENT, Readings, Telemetry
from recollect.recall.large.filling import Filler
from recollect.recall.large.sized import SizedIndexes
from recollect.recall.resident.keeping import ArrayKeeper
from recollect.settings import Settings
from recollect.upkeep.runner import Runner

if TYPE_CHECKING:
    from recollect.adapters.models.loaded import LoadedEmbedders
    from recollect.adapters.postgres.store import PostgresStore
    from recollect.memory.key_book import KeyBook
    from recollect.memory.policy_gate import PolicyGate
    from recollect.memory.rights_book import RightsBook
    from recollect.writing.pipeline import Writer


async def assemble(settings: Settings, clock: Clock | None = None, *, any_model: bool = False) -> Parts:
    """Opens the database, loads the embedder and wires everything for one tenant.

    Args:
        settings: what is wanted.
        clock: the time, by default the system's.
        any_model: open also when this process cannot make the tenant's active embedding model, to look after models.

    Raises:
        StoreError, ModelError: a part cannot be had.
    """
    house = await open_house(settings, clock)
    try:
        return await move_in(house, house.close, any_model=any_model)
    except BaseException:
        await house.close()
        raise


async def open_house(settings: Settings, clock: Clock | None = None, *, serving: bool = False) -> "House":
    """Opens the database and prepares what tenants share; nothing is wired for any of them yet.

    Args:
        settings: what is wanted.
        clock: the time, by default the system's.
        serving: whether this process is a server, which is watched more closely.

    Raises:
        StoreError, ModelError: a part cannot be had.
    """
    check_id("tenant_id", settings.tenant_id)
    from recollect.adapters.models.loaded import LoadedEmbedders
    from recollect.adapters.postgres.access_log import PostgresAccessLog
    from recollect.adapters.postgres.bell import PostgresBell
    from recollect.adapters.postgres.hot_tier import PostgresHotTier
    from recollect.adapters.rego.engine import RegoEngine
    from recollect.adapters.telemetry.embedder import observed
    from recollect.memory.key_book import KeyBook
    from recollect.memory.policy_gate import PolicyGate
    from recollect.memory.rights_book import RightsBook

    store = await open_store(settings, await anyio.to_thread.run_sync(make_vault, settings))
    try:
        telemetry = make_telemetry(settings, serving=serving)
        access = PostgresAccessLog(store.sessions, retention_days=settings.access_log_days)
        embedders = LoadedEmbedders(lambda name: observed(make_embedder_named(settings, name), telemetry))
        house = House(
            settings=settings,
            store=store,
            clock=clock or SystemClock(),
            access=access,
            bell=PostgresBell(store.sessions),
            embedders=embedders,
            hot=make_hot_tier(settings, PostgresHotTier(store.sessions, hot_limits(settings))),
            chat=make_chat_model(settings),
            rights=RightsBook(store),
            keys=KeyBook(store, clock or SystemClock()),
            gate=PolicyGate(RegoEngine()),
            upkeep=new_upkeep(telemetry),
            keeper=ArrayKeeper(),
            filler=Filler(),
            telemetry=telemetry,
        )
    except BaseException:
        await store.close()
        raise
    store.sessions.after_commit = house.grown
    telemetry.watch(house.readings)
    access.start()
    return house


async def move_in(house: "House", close: Callable[[], Awaitable[None]], *, any_model: bool = False) -> Parts:
    """Wires the house for its tenant and begins the upkeep; ``close`` is called when the parts are given back.

    Raises:
        StoreError, ModelError: a part cannot be had.
    """
    # Two master keys in one tenant would be no key at all.
    await house.store.check_master_key(house.settings.tenant_id)
    parts = await wire(house, close, any_model=any_model)
    if house.settings.upkeep and not any_model:
        start_upkeep(parts)
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What stays the same whichever embedding model is a tenant's active one.

    All but ``settings`` and ``upkeep`` is shared by the tenants of a process; ``indexes`` are those in use, by model.
    """

    settings: Settings
    store: "PostgresStore"
    clock: Clock
    access: AccessLog
    bell: Bell
    embedders: "LoadedEmbedders"
    hot: HotTier
    chat: ChatModel | None
    rights: "RightsBook"
    keys: "KeyBook"
    gate: "PolicyGate"
    upkeep: Runner
    keeper: ArrayKeeper
    filler: Filler
    telemetry: Telemetry = SILENT
    indexes: WeakValueDictionary[str, SizedIndexes] = field(default_factory=WeakValueDictionary[str, SizedIndexes])

    def of_tenant(self, tenant_id: str) -> "House":
        """The same house for another tenant, with an upkeep of its own."""
        settings = self.settings.model_copy(update={"tenant_id": check_id("tenant_id", tenant_id)})
        return replace(self, settings=settings, upkeep=new_upkeep(self.telemetry))

    def grown(self, scope: Scope, watched: bool) -> None:
        """Called after each commit: what is held of the user is behind, and whoever watches is woken."""
        for indexes in tuple(self.indexes.values()):
            indexes.grew(scope)
        self.bell.ring(scope, watched)

    def readings(self) -> Readings:
        """How what the tenants share stands right now."""
        connections, free, awaited = self.store.sessions.counts()
        indexes, access = tuple(self.indexes.values()), self.access.counts
        return Readings(
            connections=connections,
            connections_in_use=connections - free,
            connections_awaited=awaited,
            resident_users=sum(map(len, indexes)),
            resident_bytes=sum(one.nbytes for one in indexes),
            hot=self.hot.health() if isinstance(self.hot, TellsHealth) else None,
            access_waiting=access.waiting,
            access_dropped=access.dropped,
        )

    async def close(self) -> None:
        """Gives everything back, what uses others first."""
        self.telemetry.unwatch(self.readings)
        await self.upkeep.close()
        await self.keeper.aclose()
        await self.filler.aclose()
        await self.bell.aclose()
        await self.access.aclose()
        await self.hot.close()
        if self.chat is not None:
            await self.chat.close()
        await self.gate.close()
        await self.embedders.close()
        await self.store.close()
        if self.telemetry.listening:
            await anyio.to_thread.run_sync(self.telemetry.close)


def _indexes(house: House, store: "PostgresStore", embedder: Embedder) -> SizedIndexes:
    """Where ranking finds the arrays of each user, or candidates of one who is too large for that."""
    shared = house.indexes.get(embedder.model_id)
    if shared is not None:  # another tenant's model is the same one: one budget of memory for both
        return shared
    from recollect.adapters.models.static import static_word_pieces
    from recollect.adapters.postgres.candidates import PostgresCandidates
    from recollect.adapters.postgres.stored_arrays import PostgresArrays
    from recollect.recall.large.packing import READER
    from recollect.recall.resident.indexes import Kept, ResidentIndexes

    pieces, dimension = static_word_pieces(), embedder.dimension
    resident = ResidentIndexes(
        store,
        pieces,
        dimension=dimension,
        max_bytes=house.settings.index_bytes,
        kept=Kept(house.keeper, PostgresArrays(store.sessions, embedder.model_id)),
    )
    indexes = SizedIndexes(
        resident=resident,
        candidates=PostgresCandidates(store, embedder.model_id, dimension, READER),
        pieces=pieces,
        dimension=dimension,
        most=house.settings.resident_rows,
        filler=house.filler,
    )
    house.indexes[embedder.model_id] = indexes
    return indexes


def _writer(house: House, store: "PostgresStore", embedder: Embedder) -> "Writer":
    from recollect.adapters.models.vader import VaderScorer
    from recollect.writing.pipeline import Writer

    return Writer(
        store=store,
        embedder=embedder,
        scorer=VaderScorer(),
        clock=house.clock,
        content_limit=house.settings.content_limit,
        gate_threshold=house.settings.gate_threshold,
        hot=house.hot,
        telemetry=house.telemetry,
    )


async def wire(house: House, close: Callable[[], Awaitable[None]], *, any_model: bool = False) -> Parts:
    """Wires the parts around an open store, for the embedding model that is the tenant's active one.

    Raises:
        ModelError: the embedder cannot be had.
    """
    from recollect.adapters.models.token_counter import token_counter
    from recollect.adapters.postgres.embedding_models import PostgresModelRegistry
    from recollect.adapters.postgres.graph import PostgresGraph
    from recollect.adapters.postgres.log_keeper import PostgresLogKeeper
    from recollect.adapters.postgres.session import count_round_trips
    from recollect.recall.pipeline import Recaller

    settings, clock, access, embedders = house.settings, house.clock, house.access, house.embedders
    embedder = await _active_embedder(house, any_model=any_model)
    store = house.store.serving(embedder.model_id, embedder.dimension)
    indexes, writer = _indexes(house, store, embedder), _writer(house, store, embedder)

    async def rewired() -> Parts:
        return await wire(house, close, any_model=any_model)

    parts = Parts(
        tenant_id=settings.tenant_id,
        content_limit=settings.content_limit,
        unknown_sources=Trust(settings.unknown_sources),
        labile_for=timedelta(seconds=settings.labile_s),
        store=store,
        graph=PostgresGraph(store.sessions),
        hot=house.hot,
        limits=hot_limits(settings),
        counter=token_counter(settings.tokenizer, tiktoken_cache=settings.tiktoken_cache),
        chat=house.chat,
        chat_s=settings.chat_timeout_s,
        log=PostgresLogKeeper(store.sessions, store.keyring),
        embedder=embedder,
        models=PostgresModelRegistry(house.store, settings.tenant_id, embedders.named),
        clock=clock,
        access=access,
        bell=house.bell,
        rights=house.rights,
        keys=house.keys,
        gate=house.gate,
        writer=writer,
        recaller=Recaller(store=store, embedder=embedder, indexes=indexes, clock=clock, telemetry=house.telemetry),
        upkeep=house.upkeep,
        count_round_trips=count_round_trips,
        close=close,
        rewired=rewired,
        telemetry=house.telemetry,
    )
    serve_upkeep(parts)
    return parts


async def _active_embedder(house: House, *, any_model: bool) -> Embedder:
    """The embedder of the tenant's active model, or with ``any_model`` what stands for one that cannot be made."""
    from recollect.adapters.models.absent import AbsentEmbedder
    from recollect.adapters.postgres.embedding_models import active_model, active_or_first

    tenant_id = house.settings.tenant_id
    try:
        return await active_or_first(house.store, tenant_id, house.settings.embedder, house.embedders.named)
    except (ModelMissing, DimensionMismatch) as error:
        active = await active_model(house.store, tenant_id) if any_model else None
        if active is None:
            raise
        return AbsentEmbedder(active.model_id, active.dimension, str(error))
