"""The tenant's embedding models: which one answers, and the first one of a new tenant."""

from collections.abc import Callable
from datetime import UTC, datetime

import anyio.to_thread

from recollect.adapters.postgres.store import PostgresStore
from recollect.domain.embedding_model import EmbeddingModel
from recollect.domain.event import EventType
from recollect.domain.scope import TENANT_STREAM, Scope
from recollect.errors import DimensionMismatch, ModelMissing
from recollect.ports.embedder import Embedder
from recollect.ports.store import Cause, ThingChange, Wanted

SYSTEM = Cause(actor="system")


async def active_or_first(
    store: PostgresStore, tenant_id: str, preferred: str, make: Callable[[str], Embedder]
) -> Embedder:
    """The embedder of the tenant's active model; a new tenant gets the preferred one.

    Raises:
        ModelMissing: this process cannot make the active model.
        DimensionMismatch: it makes vectors of another length than the tenant has.
    """
    active = await active_model(store, tenant_id)
    embedder = await anyio.to_thread.run_sync(make, active.embedder if active is not None else preferred)
    if active is None:
        active = await _first_model(store, tenant_id, preferred, embedder)
        if active.model_id != embedder.model_id:  # another process was first
            await embedder.close()
            return await active_or_first(store, tenant_id, preferred, make)
    return checked(active, embedder)


def checked(model: EmbeddingModel, embedder: Embedder) -> Embedder:
    """The embedder, if it is the one that the model is registered for."""
    if embedder.model_id != model.model_id:
        raise ModelMissing(
            f"the tenant's vectors are {model.model_id}'s, this process would make {embedder.model_id}'s; set the "
            "model's settings as they were, or `recollect model add` and `switch` to the new one"
        )
    if embedder.dimension != model.dimension:
        raise DimensionMismatch(
            "embedder",
            f"{model.model_id} has {model.dimension} dimensions here, but this one gives {embedder.dimension}",
        )
    return embedder


async def active_model(store: PostgresStore, tenant_id: str) -> EmbeddingModel | None:
    """The tenant's active model, or None while it has none."""
    found = await store.things(EmbeddingModel, tenant_id, {"active": True})
    return found[0] if found else None


async def _first_model(store: PostgresStore, tenant_id: str, name: str, embedder: Embedder) -> EmbeddingModel:
    async with store.writing(tenant_scope(tenant_id), Wanted(), SYSTEM) as transaction:
        known = await transaction.things(EmbeddingModel, {"active": True})
        if known:
            return known[0]
        model = EmbeddingModel(
            tenant_id=tenant_id,
            model_id=embedder.model_id,
            dimension=embedder.dimension,
            created_at=datetime.now(UTC),
            embedder=name,
            active=True,
        )
        await transaction.commit(
            [ThingChange(type=EventType.MODEL_ADDED, after=model, reason="the tenant's first model")]
        )
        return model


def tenant_scope(tenant_id: str) -> Scope:
    """The stream of what belongs to the tenant as a whole."""
    return Scope(tenant_id=tenant_id, user_id=TENANT_STREAM)
