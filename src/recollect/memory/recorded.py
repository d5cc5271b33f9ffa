"""Recorded: what every public method does besides its work: the access is noted and told, a switched model followed."""

import functools
import time
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from recollect.domain.credential import Credential
from recollect.domain.ids import new_id
from recollect.errors import ModelSwitched
from recollect.memory import telling
from recollect.memory.core import Core
from recollect.memory.parts import Parts
from recollect.ports.access_log import OK, AccessEntry

SWITCHES_FOLLOWED = 5
"""A call is repeated so often at most; that a model is switched again during each of these is no accident."""

_key_id: ContextVar[UUID | None] = ContextVar("recollect_key_id", default=None)
_owners: ContextVar[list[str] | None] = ContextVar("recollect_owners", default=None)

P = ParamSpec("P")
R = TypeVar("R")


class Desk(Protocol):
    """What has recorded methods: the facade and its desks.

    Attributes:
        AREA: what stands before the method's name in the access log, such as ``projects.``; "" for the facade.
    """

    AREA: str

    @property
    def core(self) -> Core:
        """The open parts."""
        ...


D = TypeVar("D", bound=Desk)
Method = Callable[Concatenate[D, P], Coroutine[Any, Any, R]]


@contextmanager
def calling(credential: Credential) -> Generator[None]:
    """Within the block, and in tasks that are started there, the access log notes the credential's key."""
    before = _key_id.set(credential.key_id)
    try:
        yield
    finally:
        _key_id.reset(before)


def call_as(credential: Credential) -> None:
    """The same for the rest of the current task, such as one that serves a request."""
    _key_id.set(credential.key_id)


def on_behalf_of(user_id: str) -> None:
    """Tells whose memories a call is about that was not told by its ``user_id``."""
    owners = _owners.get()
    if owners is not None:
        owners.append(user_id)


@contextmanager
def access_noted(parts: Parts, user_id: str, method: str) -> Generator[None]:
    """Notes in the access log what begins with the block and goes on after it, such as a stream; also if it fails."""
    started, outcome = time.perf_counter(), OK
    try:
        yield
    except BaseException as error:
        outcome = type(error).__name__
        raise
    finally:
        entry = AccessEntry(
            tenant_id=parts.tenant_id,
            user_id=user_id,
            method=method,
            outcome=outcome,
            at=datetime.now(UTC),
            ms=(time.perf_counter() - started) * 1000,
            key_id=_key_id.get(),
        )
        parts.access.record(entry)


def recorded(method: Method[D, P, R]) -> Method[D, P, R]:
    """Notes each call in the access log, and calls once more if the tenant's embedding model was switched meanwhile."""

    @functools.wraps(method)
    async def call(desk: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
        parts = await desk.core.ready()
        name = f"{desk.AREA}{method.__name__}"
        begun, started = telling.begin(parts, name), time.perf_counter()
        outcome, answer = OK, None
        owners: list[str] = []
        within = _owners.set(owners)
        try:
            answer = await _followed(method, desk, *args, **kwargs)
            return answer
        except BaseException as error:
            outcome = type(error).__name__
            raise
        finally:
            _owners.reset(within)
            user_id, actor, ended = kwargs.get("user_id"), kwargs.get("actor", ""), time.perf_counter()
            first, *others = dict.fromkeys([user_id] if isinstance(user_id, str) else owners or [""])
            entry = AccessEntry(
                tenant_id=parts.tenant_id,
                user_id=first,
                actor=actor if isinstance(actor, str) else "",
                method=name,
                outcome=outcome,
                at=datetime.now(UTC),
                ms=(ended - started) * 1000,
                key_id=_key_id.get(),
            )
            parts.access.record(entry)
            for owner in others:
                parts.access.record(replace(entry, user_id=owner, id=new_id()))
            telling.end(parts, begun, entry, ended, answer)

    return call


async def _followed(method: Method[D, P, R], desk: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
    """The answer by the tenant's embedding model: if it was switched meanwhile, that of one more call."""
    for _ in range(SWITCHES_FOLLOWED):
        used = await desk.core.ready()
        try:
            return await method(desk, *args, **kwargs)
        except ModelSwitched:
            await desk.core.follow(used)
    return await method(desk, *args, **kwargs)
