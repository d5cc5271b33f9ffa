"""The caller: who sends a request, by its key, and the memory that it may use."""

from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from recollect.bootstrap.listening import PASSED_ON
from recollect.bootstrap.service import Service
from recollect.domain.credential import Access, Credential
from recollect.doors.api.idempotency import check_idempotency
from recollect.doors.api.paths import check_query
from recollect.errors import NotAllowed, NotAuthenticated, NotFound
from recollect.memory.memory import AsyncFacade
from recollect.memory.recorded import call_as

SCHEMES = ("bearer", "token")
"""What may stand before the key in ``Authorization``; mem0's client says Token."""

BEARER = HTTPBearer(auto_error=False, description="An API key: `Authorization: Bearer rk_...`")
API_KEY = APIKeyHeader(name="X-API-Key", auto_error=False, description="The same key in a header of its own.")

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""What those call this server that run on the same machine."""

UserId = Annotated[
    str | None,
    Query(description="Whose memory; may be left out with a key that belongs to one user.", examples=["ana"]),
]
ProjectId = Annotated[str | None, Query(description="The project whose members share it.", examples=["atlas"])]
Limit = Annotated[int, Query(description="How many on a page, 1 to 1000.", ge=1, le=1000)]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.")]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request.

    Attributes:
        credential: what the key stands for. memory: the memory of its tenant. service: the server.
        token: the key as it was sent; None where none is needed.
    """

    credential: Credential
    memory: AsyncFacade
    service: Service
    token: str | None = field(default=None, repr=False)

    def user(self, user_id: str | None) -> str:
        """The user whom a request is for that is about what is theirs alone.

        Raises:
            NotAllowed: the key is another user's, or a project's. ValidationError: nobody was named, as must be.
        """
        if self.credential.project_id is not None:
            raise NotAllowed(f"this key acts in project {self.credential.project_id!r} only; this is a user's own")
        return self.credential.acting_for(user_id)

    def place(self, user_id: str | None, project_id: str | None) -> tuple[str, str | None]:
        """The user and the project of a request that may be about what a project's members share.

        Raises:
            NotAllowed: the key is another user's, or another project's. ValidationError: nobody was named, as must be.
        """
        return self.credential.acting_for(user_id), self.credential.acting_in(project_id)

    async def reach(self, user_id: str, *memory_ids: UUID, channel_id: str | None = None) -> None:
        """Lets a project's key pass to what is the project's, and other keys to everything.

        A user's call in a project reaches what is the user's own too; a key that is the project's must not.

        Args:
            user_id: for whom it acts.
            *memory_ids: memories that are named.
            channel_id: a channel that is.

        Raises:
            NotFound: a memory is not the project's. NotAllowed: the channel is another project's.
        """
        own = self.credential.project_id
        if own is None:
            return
        for memory_id in memory_ids:
            found = await self.memory.get(memory_id, user_id=user_id, project_id=own)
            if found.project_id != own:
                raise NotFound(f"user {user_id!r} has no memory {memory_id} in project {own!r}")
        if channel_id is not None:
            self.credential.acting_in((await self.memory.channels.get(channel_id, user_id=user_id)).project_id)

    async def check(self) -> None:
        """Checks the key once more, for requests that go on for long.

        Raises:
            NotAuthenticated: it was revoked, or has expired.
        """
        await self.service.authenticate(self.token)


async def caller(
    request: Request,
    response: Response,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    header: Annotated[str | None, Depends(API_KEY)],
) -> Caller:
    """Checks the key and counts the request against its limit.

    Raises:
        NotAuthenticated: there is no key, or one that is not valid. RateLimited: it was used too often.
        ValidationError: an idempotency key is sent to a route that creates something and heeds none, or a query
            parameter is not known.
    """
    service: Service = request.app.state.service
    token = header or _token(request) or (bearer.credentials if bearer else None)
    credential = await service.authenticate(token)
    if credential.key_id is None:
        _check_neighbour(request)
    state = await service.admit(credential)
    if state is not None:
        response.headers["X-RateLimit-Limit"] = str(state.limit)
        response.headers["X-RateLimit-Remaining"] = str(state.remaining)
        response.headers["X-RateLimit-Reset"] = str(round(state.reset_after_s))
    check_idempotency(request)
    check_query(request)
    call_as(credential)
    return Caller(credential, service.memory(credential), service, token)


def _check_neighbour(request: Request) -> None:
    """Without a key, keeps out what a proxy passes on, and web pages of other origins, also by a name of their own.

    Raises:
        NotAuthenticated: a proxy sent the request, or a browser for such a page.
    """
    origin = request.headers.get("origin")
    allowed = request.app.state.options.allow_origins
    here = [request.url.hostname, *([_host_of(origin)] if origin and origin not in allowed else [])]
    if any(name not in LOOPBACK for name in here) or any(name in request.headers for name in PASSED_ON):
        raise NotAuthenticated("without an API key only programs of this machine may call; `recollect key create`")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError:  # such as http://[::1
        return None


def _token(request: Request) -> str | None:
    """The key in ``Authorization``, whatever scheme it comes with of those that are known."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() in SCHEMES else None


async def _reader(caller: Annotated[Caller, Depends(caller)]) -> Caller:
    caller.credential.require(Access.READ)
    return caller


async def _writer(caller: Annotated[Caller, Depends(caller)]) -> Caller:
    caller.credential.require(Access.WRITE)
    return caller


async def _admin(caller: Annotated[Caller, Depends(caller)]) -> Caller:
    caller.credential.require(Access.ADMIN)
    return caller


Reader = Annotated[Caller, Depends(_reader)]
Writer = Annotated[Caller, Depends(_writer)]
Admin = Annotated[Caller, Depends(_admin)]
