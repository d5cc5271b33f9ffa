"""Models: a tenant's embedding models: filling another beside the active one, and going over to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import anyio

from recollect.domain.embedding_model import EmbeddingModel
from recollect.domain.event import EventType
from recollect.domain.scope import check_id, tenant_scope
from recollect.errors import Conflict, ModelUnavailable, NotFound, ValidationError
from recollect.memory.arguments import cause_of, check_flag
from recollect.memory.core import Core
from recollect.memory.filling import BATCH, Filler
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.ports.model_registry import ModelState, Switching, Words
from recollect.ports.store import ThingChange, Wanted

EMBEDDERS = ("static", "minilm", "openai")

FILLS = 10
"""So often at most what came in meanwhile is filled before a switch; after that the rest is filled within it."""

SWITCH_S = 10.0
"""Seconds for which a switch keeps writers waiting at most while it embeds what came in last."""


class ModelsDesk:
    """A tenant may store several models' vectors of each memory; one model is active, and its vectors answer."""

    AREA: str = "models."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def list(self) -> list[ModelState]:
        """Lists the registered models by id, and how far each is filled.

        Example:
            >>> [state.model.active for state in await memory.models.list()]
            [True]
        """
        parts = await self.core.ready()
        return await parts.models.states()

    @recorded
    async def add(
        self,
        name: str,
        *,
        fill: bool = True,
        progress: Callable[[int, int], None] | None = None,
        actor: str = "user",
    ) -> ModelState:
        """Registers a model and fills it: embeds every memory under it, while the active one goes on answering.

        Args:
            name: the embedder: static, minilm, or openai as the settings describe it.
            fill: False registers it only.
            progress: told the memories done and to do; called from the memory's own thread.
            actor: who does it.

        Returns:
            The model, which is not active. Adding one that is registered already goes on filling it.

        Raises:
            ValidationError: there is no such embedder. DimensionMismatch: it is registered with another dimension.
            ModelMissing: this process cannot make it. ModelUnavailable: it failed while filling; `reembed` goes on.
        """
        parts = await self.core.ready()
        if check_id("name", name) not in EMBEDDERS:
            raise ValidationError("name", f"{name!r} is no embedder; {', '.join(EMBEDDERS)} are")
        check_flag("fill", fill)
        cause = cause_of({"actor": actor})
        embedder = await parts.models.embedder(name)
        model = EmbeddingModel(
            tenant_id=parts.tenant_id,
            model_id=embedder.model_id,
            dimension=embedder.dimension,
            created_at=parts.clock.now(),
            embedder=name,
        )
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), cause) as transaction:
            known = await transaction.things(EmbeddingModel, {"model_id": model.model_id})
            if known:
                model = known[0]
                model.check_made_by(embedder.model_id, embedder.dimension)
            else:
                await transaction.commit([ThingChange(type=EventType.MODEL_ADDED, after=model)])
        if fill:
            await Filler(parts, model, embedder, cause, checked(progress)).fill()
        return await _state(parts, model.model_id)

    @recorded
    async def reembed(
        self,
        name: str | None = None,
        *,
        every: bool = False,
        progress: Callable[[int, int], None] | None = None,
        actor: str = "user",
    ) -> int:
        """Embeds the memories that lack vectors under a model, such as those stored while it was down.

        Args:
            name: a registered model's id, or its embedder; the active model if it is left out.
            every: embed all memories anew, for a model that has changed under its name.
            progress: told the memories done and to do; called from the memory's own thread.
            actor: who does it.

        Returns:
            How many memories were embedded.

        Raises:
            NotFound: no such model is registered.
            ModelError, ValidationError: the embedder failed; the message says at which memory, those before are done.
        """
        parts = await self.core.ready()
        check_flag("every", every)
        model = await _registered(parts, None if name is None else check_id("name", name))
        return await (await _filler(parts, model, actor, progress)).fill(every=every)

    @recorded
    async def switch(
        self, name: str, *, progress: Callable[[int, int], None] | None = None, actor: str = "user"
    ) -> EmbeddingModel:
        """Makes a registered model the active one, in one transaction, once it has vectors of every memory.

        Every search answers from the old model or from the new one, never from both. Processes that use the old one
        follow by themselves with their next call.

        Args:
            name: its id or its embedder.
            progress: as for ``reembed``.
            actor: who does it.

        Raises:
            NotFound: no such model is registered.
            ModelError, ValidationError: it cannot embed what it lacks; the old model stays the active one.
        """
        parts = await self.core.ready()
        model = await _registered(parts, check_id("name", name))
        if model.active:
            return model
        filler = await _filler(parts, model, actor, progress)
        for _ in range(FILLS):
            await filler.fill()
            async with parts.models.switching(cause_of({"actor": actor})) as switching:
                lacking = await switching.lacking(model.model_id, BATCH + 1)
                if len(lacking) <= BATCH:
                    await _fill_last(switching, model, filler, lacking)
                    switched = await _activate(switching, model.model_id)
                    break
        else:
            raise Conflict(f"more is stored than {model.model_id} can embed meanwhile; try again when less is written")
        await self.core.follow(parts)
        return switched

    @recorded
    async def drop(self, name: str, *, actor: str = "user") -> int:
        """Forgets a model that is not active, and deletes its vectors.

        Returns:
            How many vectors were deleted.

        Raises:
            NotFound: no such model is registered. Conflict: it is the active one.
        """
        parts = await self.core.ready()
        model = await _registered(parts, check_id("name", name))
        vectors = (await _state(parts, model.model_id)).vectors
        async with parts.store.writing(
            tenant_scope(parts.tenant_id), Wanted(), cause_of({"actor": actor})
        ) as transaction:
            known = await transaction.things(EmbeddingModel, {"model_id": model.model_id})
            if not known:
                raise NotFound(f"no embedding model {model.model_id!r} is registered")
            if known[0].active:
                raise Conflict(f"{model.model_id} is the active model; switch to another one first")
            await transaction.commit([ThingChange(type=EventType.MODEL_DROPPED, before=known[0])])
        return vectors


async def _state(parts: Parts, model_id: str) -> ModelState:
    for state in await parts.models.states():
        if state.model.model_id == model_id:
            return state
    raise NotFound(f"no embedding model {model_id!r} is registered")


async def _registered(parts: Parts, name: str | None) -> EmbeddingModel:
    """The model of that id, or the one model of that embedder; without a name the active one."""
    where = {"active": True} if name is None else {}
    models = await parts.store.things(EmbeddingModel, parts.tenant_id, where)
    if name is None:
        return models[0]
    found = [m for m in models if m.model_id == name] or [m for m in models if m.embedder == name]
    if len(found) > 1:
        raise ValidationError("name", f"{name!r} may be any of {', '.join(m.model_id for m in found)}; say which")
    if not found:
        raise NotFound(f"no embedding model {name!r} is registered; `recollect model list` names those that are")
    return found[0]


async def _filler(
    parts: Parts, model: EmbeddingModel, actor: str, progress: Callable[[int, int], None] | None
) -> Filler:
    embedder = await parts.models.embedder(model.embedder)
    model.check_made_by(embedder.model_id, embedder.dimension)
    return Filler(parts, model, embedder, cause_of({"actor": actor}), checked(progress))


def checked(progress: Callable[[int, int], None] | None) -> Callable[[int, int], None] | None:
    """The argument, if it can be called."""
    if progress is not None and not callable(progress):
        raise ValidationError("progress", f"must be a function of two numbers, not {type(progress).__name__}")
    return progress


async def _fill_last(switching: Switching, model: EmbeddingModel, filler: Filler, lacking: Sequence[Words]) -> None:
    """Embeds what came in while the model was filled; writers wait, so not for long."""
    if not lacking:
        return
    try:
        with anyio.fail_after(SWITCH_S):
            embedded = await filler.embedded(lacking)
    except TimeoutError as error:
        raise ModelUnavailable(
            f"{model.model_id} did not embed the last {len(lacking)} memories in {SWITCH_S:g} s; nothing was switched"
        ) from error
    await switching.fill(model.model_id, embedded)


async def _activate(switching: Switching, model_id: str) -> EmbeddingModel:
    models = await switching.transaction.things(EmbeddingModel, {})
    target = next((model for model in models if model.model_id == model_id), None)
    if target is None:
        raise NotFound(f"the embedding model {model_id!r} was dropped")
    if target.active:  # somebody else has switched to it
        return target
    switched = replace(target, active=True)
    changes = [
        ThingChange(
            type=EventType.MODEL_SWITCHED, before=old, after=replace(old, active=False), reason=f"to {model_id}"
        )
        for old in models
        if old.active
    ]
    changes.append(ThingChange(type=EventType.MODEL_SWITCHED, before=target, after=switched))
    await switching.transaction.commit(changes)
    return switched
