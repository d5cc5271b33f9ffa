"""The one place where concrete parts are chosen and wired; only this file imports inside functions.

Drivers and models are imported when they are chosen, so that an optional package is needed only by those who use it.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import anyio.to_thread

from recollect.domain.hot import HotLimits
from recollect.domain.record import Trust
from recollect.domain.scope import Scope, check_id
from recollect.errors import (
    DimensionMismatch,
    KeyUnavailable,
    ModelMissing,
    SchemaMismatch,
    StoreError,
    StoreUnavailable,
    ValidationError,
)
from recollect.memory.parts import Parts
from recollect.memory.upkeeping import new_upkeep, serve_upkeep, start_upkeep
from recollect.ports.access_log import AccessLog
from recollect.ports.bell import Bell
from recollect.ports.chat_model import ChatModel
from recollect.ports.clock import Clock, SystemClock
from recollect.ports.embedder import Embedder
from recollect.ports.hot_tier import HotTier
from recollect.ports.key_vault import KeyVault
from recollect.recall.resident.hot_states import ResidentHotTier
from recollect.recall.resident.keeping import ArrayKeeper
from recollect.settings import Settings
from recollect.upkeep.runner import Runner

if TYPE_CHECKING:
    from recollect.adapters.models.loaded import LoadedEmbedders
    from recollect.adapters.postgres.cluster import Plan
    from recollect.adapters.postgres.inspection import Inspection
    from recollect.adapters.postgres.operator import Operator
    from recollect.adapters.postgres.store import PostgresStore
    from recollect.memory.policy_gate import PolicyGate

DATABASE = "recollect"
APPLICATION_ROLE = "recollect_app"


async def assemble(settings: Settings, clock: Clock | None = None, *, any_model: bool = False) -> Parts:
    """Opens the database, loads the embedder and wires everything.

    Args:
        settings: what is wanted.
        clock: the time, by default the system's.
        any_model: open also when this process cannot make the tenant's active embedding model, to look after models.

    Raises:
        StoreError, ModelError: a part cannot be had.
    """
    check_id("tenant_id", settings.tenant_id)
    from recollect.adapters.models.loaded import LoadedEmbedders
    from recollect.adapters.postgres.access_log import PostgresAccessLog
    from recollect.adapters.postgres.bell import PostgresBell
    from recollect.adapters.postgres.hot_tier import PostgresHotTier
    from recollect.adapters.rego.engine import RegoEngine
    from recollect.memory.policy_gate import PolicyGate

    store = await open_store(settings, await anyio.to_thread.run_sync(make_vault, settings))
    try:
        await store.check_master_key(settings.tenant_id)  # two master keys in one tenant would be no key at all
        access = PostgresAccessLog(store.sessions, retention_days=settings.access_log_days)
        embedders = LoadedEmbedders(lambda name: make_embedder_named(settings, name))
        house = House(
            settings=settings,
            store=store,
            clock=clock or SystemClock(),
            access=access,
            bell=PostgresBell(store.sessions),
            embedders=embedders,
            hot=make_hot_tier(settings, PostgresHotTier(store.sessions, hot_limits(settings))),
            chat=make_chat_model(settings),
            gate=PolicyGate(RegoEngine()),
            upkeep=new_upkeep(),
            keeper=ArrayKeeper(),
        )
        parts = await wire(house, any_model=any_model)
    except BaseException:
        await store.close()
        raise
    access.start()
    if settings.upkeep and not any_model:
        start_upkeep(parts)
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What stays the same whichever embedding model is the tenant's active one."""

    settings: Settings
    store: "PostgresStore"
    clock: Clock
    access: AccessLog
    bell: Bell
    embedders: "LoadedEmbedders"
    hot: HotTier
    chat: ChatModel | None
    gate: "PolicyGate"
    upkeep: Runner
    keeper: ArrayKeeper

    async def close(self) -> None:
        """Gives everything back, what uses others first."""
        await self.upkeep.close()
        await self.keeper.aclose()
        await self.bell.aclose()
        await self.access.aclose()
        await self.hot.close()
        if self.chat is not None:
            await self.chat.close()
        await self.gate.close()
        await self.embedders.close()
        await self.store.close()


async def wire(house: House, *, any_model: bool = False) -> Parts:
    """Wires the parts around an open store, for the embedding model that is the tenant's active one.

    Raises:
        ModelError: the embedder cannot be had.
    """
    from recollect.adapters.models.static import static_word_pieces
    from recollect.adapters.models.token_counter import token_counter
    from recollect.adapters.models.vader import VaderScorer
    from recollect.adapters.postgres.candidates import PostgresCandidates
    from recollect.adapters.postgres.embedding_models import PostgresModelRegistry
    from recollect.adapters.postgres.graph import PostgresGraph
    from recollect.adapters.postgres.log_keeper import PostgresLogKeeper
    from recollect.adapters.postgres.session import count_round_trips
    from recollect.adapters.postgres.stored_arrays import PostgresArrays
    from recollect.memory.rights_book import RightsBook
    from recollect.recall.large.packing import READER
    from recollect.recall.large.sized import SizedIndexes
    from recollect.recall.pipeline import Recaller
    from recollect.recall.resident.indexes import Kept, ResidentIndexes
    from recollect.writing.pipeline import Writer

    settings, clock, access, embedders = house.settings, house.clock, house.access, house.embedders
    embedder = await _active_embedder(house, any_model=any_model)
    store = house.store.serving(embedder.model_id, embedder.dimension)
    pieces, dimension = static_word_pieces(), embedder.dimension
    indexes = SizedIndexes(
        resident=ResidentIndexes(
            store,
            pieces,
            dimension=dimension,
            max_bytes=settings.index_bytes,
            kept=Kept(house.keeper, PostgresArrays(store.sessions, embedder.model_id)),
        ),
        candidates=PostgresCandidates(store, embedder.model_id, dimension, READER),
        pieces=pieces,
        dimension=dimension,
        most=settings.resident_rows,
    )
    writer = Writer(
        store=store,
        embedder=embedder,
        scorer=VaderScorer(),
        clock=clock,
        content_limit=settings.content_limit,
        gate_threshold=settings.gate_threshold,
        hot=house.hot,
    )

    def grown(scope: Scope, watched: bool) -> None:
        indexes.grew(scope)
        house.bell.ring(scope, watched)

    async def rewired() -> Parts:
        return await wire(house, any_model=any_model)

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
        rights=RightsBook(store),
        gate=house.gate,
        writer=writer,
        recaller=Recaller(store=store, embedder=embedder, indexes=indexes, clock=clock),
        upkeep=house.upkeep,
        count_round_trips=count_round_trips,
        close=house.close,
        rewired=rewired,
    )
    serve_upkeep(parts)
    store.sessions.after_commit = grown
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


def hot_limits(settings: Settings) -> HotLimits:
    """How much may be hot of one user."""
    return HotLimits(
        working=settings.working_items,
        chunks=settings.working_chunks,
        sensed_tokens=settings.sensory_tokens,
        sensed_for=timedelta(seconds=settings.sensory_s),
    )


def make_chat_model(settings: Settings) -> ChatModel | None:
    """The chat model that the settings name, if they name one."""
    if settings.chat_model is None:
        return None
    from recollect.adapters.models.chat import OpenAIChat

    key = settings.chat_api_key
    return OpenAIChat(
        base_url=settings.chat_base_url, api_key=key.get_secret_value() if key else "", model=settings.chat_model
    )


def make_hot_tier(settings: Settings, truth: HotTier) -> HotTier:
    """What every turn loads: held in the process and checked against the database, or in a Redis that follows it.

    Raises:
        ValidationError: the URL cannot be used, or the package ``redis`` is not installed.
    """
    if settings.redis_url is None:
        return ResidentHotTier(truth)
    try:
        from recollect.adapters.redis.hot_tier import RedisHotTier
    except ImportError as error:
        raise ValidationError("redis_url", f"needs the package {error.name}; pip install 'recollect[redis]'") from error
    from recollect.adapters.postgres.session import note_round_trip

    redis = RedisHotTier(
        truth,
        settings.redis_url.get_secret_value(),
        timeout_s=settings.redis_timeout_s,
        limits=hot_limits(settings),
        on_round_trip=note_round_trip,
    )
    return ResidentHotTier(redis, notes=lambda: redis.notes)


def make_vault(settings: Settings) -> KeyVault:
    """The keeper of the master key: the environment's, a file's, or for the embedded database one in its home.

    Raises:
        KeyUnavailable: an outside database and no key, or the file cannot be read.
    """
    from recollect.adapters.keys.local import LocalKeyVault, own_key_file, parse_master_key, read_key_file

    if settings.master_key is not None:
        return LocalKeyVault(parse_master_key(settings.master_key.get_secret_value(), "master_key"))
    if settings.master_key_file is not None:
        first, *former = read_key_file(settings.master_key_file.expanduser())
    elif settings.database_url is None:
        first, *former = own_key_file(home_of(settings) / "master.key")
    else:
        raise KeyUnavailable(
            "an outside database needs a master key; make one with `recollect keys new` and set "
            "RECOLLECT_MASTER_KEY or RECOLLECT_MASTER_KEY_FILE in every process that uses it"
        )
    return LocalKeyVault(first, former)


def home_of(settings: Settings) -> Path:
    """Where the embedded Postgres and pulled models live."""
    from recollect.adapters.postgres.embedded import default_home

    return (settings.home or default_home()).expanduser()


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name.

    Raises:
        ModelMissing: a package or the model's files are missing; the message says how to get them.
    """
    return make_embedder_named(settings, settings.embedder)


def make_embedder_named(settings: Settings, name: str) -> Embedder:
    """The embedder of that name: static, minilm or openai, the last one as the settings describe it.

    Raises:
        ModelMissing: a package or the model's files are missing; the message says how to get them.
    """
    if name == "minilm":
        try:
            from recollect.adapters.models.minilm import MiniLMEmbedder
        except ImportError as error:
            raise ModelMissing(f"the minilm embedder needs {error.name}; pip install 'recollect[minilm]'") from error
        return MiniLMEmbedder(home_of(settings) / "models")
    if name == "openai":
        from recollect.adapters.models.openai import OpenAIEmbedder

        key = settings.openai_api_key
        return OpenAIEmbedder(
            base_url=settings.openai_base_url,
            api_key=key.get_secret_value() if key else "",
            model=settings.openai_model,
            dimension=settings.openai_dimension,
        )
    from recollect.adapters.models.static import StaticEmbedder

    return StaticEmbedder()


async def open_store(settings: Settings, vault: KeyVault) -> "PostgresStore":
    """A connected store: on the outside server if one is set, otherwise on the embedded one.

    Raises:
        StoreError: it cannot be started or reached, its schema does not fit, or the role is unsafe.
    """
    from recollect.adapters.postgres.sealing import Keyring
    from recollect.adapters.postgres.session import Sessions
    from recollect.adapters.postgres.store import PostgresStore

    def store_on(
        conninfo: str, location: str, release: Callable[[], None] | None, revive: Callable[[], None] | None = None
    ) -> PostgresStore:
        sessions = Sessions(conninfo, size=settings.pool_size, timeout_s=settings.timeout_s, revive=revive)
        return PostgresStore(
            sessions, keyring=Keyring(vault), location=location, release=release, limits=hot_limits(settings)
        )

    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        store = store_on(url, _without_password(url), None)
        try:
            await store.open()
        except (SchemaMismatch, StoreUnavailable):  # a role that does not exist yet looks like a wrong password
            if settings.admin_url is None:
                raise
            await anyio.to_thread.run_sync(migrate, settings)
            store = store_on(url, _without_password(url), None)
            await store.open()
        return store
    from recollect.adapters.postgres.embedded import EmbeddedPostgres

    home = home_of(settings)
    server = await anyio.to_thread.run_sync(EmbeddedPostgres.start, home)
    conninfo = server.conninfo(user=APPLICATION_ROLE, dbname=DATABASE)
    try:
        store = store_on(conninfo, str(home), server.release, server.revive)
        try:
            await store.open()
        except StoreError:  # a new cluster has neither database nor role nor schema
            await anyio.to_thread.run_sync(migrate_embedded, server.admin_conninfo)
            store = store_on(conninfo, str(home), server.release, server.revive)
            await store.open()
    except BaseException:
        server.release()
        raise
    return store


def migrate_embedded(server_conninfo: str) -> None:
    """Creates the embedded server's database and brings it to this program's schema."""
    from psycopg.conninfo import make_conninfo

    from recollect.adapters.postgres.migrate import ApplicationRole, create_database, prepare

    create_database(server_conninfo, DATABASE)
    prepare(make_conninfo(server_conninfo, dbname=DATABASE), ApplicationRole(APPLICATION_ROLE))


def migrate(settings: Settings) -> None:
    """Brings an outside database to this program's schema and gives the application role its privileges.

    Raises:
        StoreError: RECOLLECT_DATABASE_URL or RECOLLECT_ADMIN_URL is missing, or the server refused.
    """
    from recollect.adapters.postgres.migrate import application_role, prepare

    if settings.database_url is None or settings.admin_url is None:
        raise StoreError(
            "set RECOLLECT_ADMIN_URL to the database's owner and RECOLLECT_DATABASE_URL to the application role"
        )
    prepare(settings.admin_url.get_secret_value(), application_role(settings.database_url.get_secret_value()))


def _without_password(conninfo: str) -> str:
    from recollect.adapters.postgres.migrate import conninfo_parts

    parts = conninfo_parts(conninfo)
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


# What the command line needs beside the facade: looking after the database and the models.


def location(settings: Settings) -> str:
    """Where the database is, without a password; nothing is started."""
    if settings.database_url is not None:
        return _without_password(settings.database_url.get_secret_value())
    return str(home_of(settings))


def knows_owner(settings: Settings) -> bool:
    """Whether the database's owner is known: always for the embedded one."""
    return settings.database_url is None or settings.admin_url is not None


@contextmanager
def _conninfos(settings: Settings) -> Generator[tuple[str, str | None]]:
    """Connection strings of the application role and of the owner; starts the embedded server for the block."""
    if settings.database_url is not None:
        owner = settings.admin_url.get_secret_value() if settings.admin_url else None
        yield settings.database_url.get_secret_value(), owner
        return
    from psycopg.conninfo import make_conninfo

    from recollect.adapters.postgres.embedded import EmbeddedPostgres

    server = EmbeddedPostgres.start(home_of(settings))
    try:
        application = server.conninfo(user=APPLICATION_ROLE, dbname=DATABASE)
        yield application, make_conninfo(server.admin_conninfo, dbname=DATABASE)
    finally:
        server.release()


@contextmanager
def _owner(settings: Settings) -> Generator[str]:
    with _conninfos(settings) as (_, owner):
        if owner is None:
            raise StoreError("this needs the database's owner; set RECOLLECT_ADMIN_URL")
        yield owner


@contextmanager
def operator(settings: Settings) -> Generator["Operator"]:
    """What the owner does for all tenants: audit, replay, mending, a new master key.

    Raises:
        StoreError: the owner is unknown, the server cannot be started, or there is no master key.
    """
    from recollect.adapters.postgres.operator import Operator
    from recollect.adapters.postgres.sealing import Keyring

    with _owner(settings) as owner:
        yield Operator(owner, Keyring(make_vault(settings)), lambda name: make_embedder_named(settings, name))


def own_key_file_of(settings: Settings) -> Path | None:
    """The key file that Recollect made by itself, or None if the settings name a key."""
    named = settings.master_key or settings.master_key_file or settings.database_url
    return None if named else home_of(settings) / "master.key"


def migrate_database(settings: Settings) -> None:
    """Brings the database, embedded or outside, to this program's schema.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    if settings.database_url is not None:
        migrate(settings)
        return
    from recollect.adapters.postgres.embedded import EmbeddedPostgres

    server = EmbeddedPostgres.start(home_of(settings))
    try:
        migrate_embedded(server.admin_conninfo)
    finally:
        server.release()


def table_counts(settings: Settings) -> dict[str, int]:
    """Rows by table, over all tenants.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    from recollect.adapters.postgres.migrate import table_counts as counted

    with _owner(settings) as owner:
        return counted(owner)


def downgrade_database(settings: Settings, revision: str) -> None:
    """Takes migrations back to ``revision``; the caller has asked the user first.

    Raises:
        StoreError: the owner is unknown, there is no such revision, or the server refused.
    """
    from alembic.util import CommandError

    from recollect.adapters.postgres.migrate import downgrade

    with _owner(settings) as owner:
        try:
            downgrade(owner, revision)
        except CommandError as error:
            raise StoreError(f"the schema cannot go back to {revision!r}: {error}") from error


def inspect_database(settings: Settings) -> "Inspection":
    """What the application's role may see, and whether an index serves every hot statement.

    Raises:
        StoreError: the database cannot be asked.
    """
    from recollect.adapters.postgres.inspection import inspect

    with _conninfos(settings) as (application, _):
        return inspect(application)


def forget_tenant(settings: Settings, tenant_id: str) -> None:
    """Deletes every row of a throw-away tenant, its log included.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    from recollect.adapters.postgres.inspection import forget_tenant as forget

    with _owner(settings) as owner:
        forget(owner, tenant_id)


def index_model(settings: Settings, model_id: str, dimension: int, *, drop: bool = False) -> bool:
    """Builds the HNSW index of an embedding model, or drops it; returns whether there was anything to do.

    Raises:
        StoreError: the owner is unknown, or the server refused.
    """
    from recollect.adapters.postgres.hnsw import build_index, drop_index

    with _owner(settings) as owner:
        return (drop_index if drop else build_index)(owner, model_id, dimension)


def distribute_tables(settings: Settings, *, dry_run: bool) -> "Plan":
    """Spreads the tables over a Citus cluster, or only says what that takes.

    Raises:
        StoreError: the owner is unknown, the extension is missing, or the server refused.
    """
    from recollect.adapters.postgres.cluster import distribute

    with _owner(settings) as owner:
        return distribute(owner, dry_run=dry_run)


def embedded_binaries() -> Path:
    """The directory with the embedded server's programs.

    Raises:
        StoreError: they are not installed.
    """
    from recollect.adapters.postgres.embedded import binaries

    return binaries()


def stop_database(settings: Settings) -> None:
    """Stops the embedded server unless another process uses it; also one that a killed process left behind.

    Raises:
        StoreError: it could not be stopped.
    """
    from recollect.adapters.postgres.embedded import EmbeddedPostgres

    if home_of(settings).exists():
        EmbeddedPostgres.start(home_of(settings)).release()


def pull_model(settings: Settings, progress: Callable[[int, int], None]) -> Path:
    """Fetches all-MiniLM-L6-v2 and makes it ready; ``progress`` is told the bytes received and the bytes there are.

    Raises:
        ModelMissing: a package it needs is not installed.
        ModelUnavailable: it cannot be fetched or kept.
    """
    try:
        from recollect.adapters.models.pull import pull_minilm
    except ImportError as error:
        raise ModelMissing(f"the minilm embedder needs {error.name}; pip install 'recollect[minilm]'") from error
    return pull_minilm(home_of(settings) / "models", progress)
