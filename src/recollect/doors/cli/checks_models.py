"""The doctor's checks of models and keys: embedder, chat model, Redis, the master key."""

import time

import anyio
import numpy as np

from recollect import bootstrap
from recollect.doors.cli.examining import Examination, Noted, Skipped
from recollect.errors import ModelUnavailable, StoreError


def check_embedder(examination: Examination) -> str:
    """The embedder gives vectors of length one."""
    embedder = bootstrap.make_embedder(examination.settings)
    examination.model_id, examination.dimension = embedder.model_id, embedder.dimension

    async def embedded() -> tuple[float, int]:
        vectors = await embedder.embed(["Is anybody there?"])
        await embedder.close()
        return float(np.linalg.norm(vectors[0])), len(vectors[0])

    started = time.perf_counter()
    length, dimension = anyio.run(embedded)
    if abs(length - 1) > 0.01:
        raise StoreError(f"{embedder.model_id} gave a vector of length {length:.3f} instead of 1")
    if dimension != embedder.dimension:
        raise StoreError(f"{embedder.model_id} gave {dimension} dimensions instead of {embedder.dimension}")
    took = (time.perf_counter() - started) * 1000
    return f"{embedder.model_id}, {embedder.dimension} dimensions, {took:.0f} ms for a first text"


def check_model(examination: Examination) -> str:
    """The active model is the one that is set; if it is not it answers all the same, so that is only told."""
    status, wanted = examination.opened(), examination.model_id
    if wanted == status.embedder and examination.dimension != status.dimension:
        raise StoreError(f"{wanted} has {examination.dimension} dimensions; its vectors are of {status.dimension}")
    if wanted in ("", status.embedder):
        return f"{status.embedder} is the active model, of {status.dimension} dimensions"
    name = examination.settings.embedder
    raise Noted(
        f"{status.embedder} is the active model, though the setting says {name} ({wanted}), which decides for new "
        f"tenants only; to go over to it: recollect model add {name}, then recollect model switch {name}"
    )


def check_chat_model(examination: Examination) -> str:
    """The chat model answers, if one is set; without it rules decide."""
    name = examination.settings.chat_model
    model = bootstrap.make_chat_model(examination.settings)
    if model is None:
        raise Skipped("none is set; rules decide")

    async def asked() -> str:
        try:
            return (await model.reply("Answer with the word yes.", max_tokens=5)).text
        finally:
            await model.close()

    started = time.perf_counter()
    try:
        anyio.run(asked)
    except ModelUnavailable as error:
        raise StoreError(f"{name} does not answer: {error}") from None
    return f"{name} answers in {(time.perf_counter() - started) * 1000:.0f} ms"


def check_master_key(examination: Examination) -> str:
    """The master key can be read, and it is the one that the log was sealed with."""
    vault = bootstrap.make_vault(examination.settings)
    if examination.key_problem is not None:
        raise examination.key_problem
    examination.opened()
    return f"{vault.master_id} opens the log"


def check_hot_tier(examination: Examination) -> str:
    """What every turn loads is answered, by Redis if one is set."""
    examination.opened()
    with examination.call.memory() as memory:
        status = memory.hot.status()
    if not status.reachable or status.breaker == "open":
        why = "; ".join(note.removeprefix("hot tier: ") for note in status.degraded)
        raise StoreError(why or f"{status.adapter} does not answer; turns are served from Postgres")
    return f"{status.adapter}, read in {status.ms:.1f} ms"
