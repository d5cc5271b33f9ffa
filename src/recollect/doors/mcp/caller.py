"""The caller: on whose behalf a message is handled, what it may do, and the memory that it may use.

Over stdio the process belongs to one user, named when it was started. Over HTTP the key decides, and a key that is
nobody's names the user in each call. What HTTP found out travels in the request's ``scope``.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mcp.server.context import ServerRequestContext

from recollect.bootstrap.service import Service
from recollect.domain.credential import Credential
from recollect.errors import NotAllowed, NotAuthenticated, NotFound
from recollect.memory.memory import AsyncFacade
from recollect.memory.recorded import call_as

CREDENTIAL = "recollect.credential"
"""Under this name a request's scope holds what its key stands for."""
USER_HEADER = "x-recollect-user"
"""The header that names the user where the key does not."""
USER_ARGUMENT = "user_id"
"""The argument of a tool that does the same."""

Context = ServerRequestContext[Any, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a message.

    Attributes:
        credential: what the caller may do. memory: the memory of the tenant.
        header: the user named in the request's header, if any. alone: the user of a server without keys, if any.
    """

    credential: Credential
    memory: AsyncFacade
    header: str | None = None
    alone: str | None = None

    def user(self, named: str | None = None) -> str:
        """The user whom a call is for: the key's own, or the one named by the call, the header, the server's start.

        Raises:
            NotAllowed: the key is another user's. ValidationError: nobody was named and the key is nobody's.
        """
        return self.credential.acting_for(named or self.header or self.alone)

    def own_user(self, named: str | None = None) -> str:
        """The same where what is the user's alone is asked for: the profile, the knowledge graph.

        Raises:
            NotAllowed: the key is a project's, or another user's. ValidationError: as for ``user``.
        """
        if self.project is not None:
            raise NotAllowed(f"this key acts in project {self.project!r} only; this is a user's own")
        return self.user(named)

    async def reach(self, user_id: str, memory_id: str) -> None:
        """Lets a project's key pass to what is the project's: a user's call in a project reaches the user's own too.

        Raises:
            NotFound: the memory is not the project's.
        """
        if self.project is None:
            return
        found = await self.memory.get(memory_id, user_id=user_id, project_id=self.project)
        if found.project_id != self.project:
            raise NotFound(f"user {user_id!r} has no memory {memory_id} in project {self.project!r}")

    @property
    def project(self) -> str | None:
        """The project that the key belongs to, if any."""
        return self.credential.project_id


@dataclass(frozen=True, slots=True)
class Callers:
    """Finds out who sends a message.

    Attributes:
        service: gives what the server holds.
        only: who sends all of them, over stdio; None where each request has its key.
        alone: for whom a server without keys acts when nobody is named.
    """

    service: Callable[[], Awaitable[Service]]
    only: Credential | None = None
    alone: str | None = None

    def credential(self, context: Context) -> Credential:
        """What the sender of this one may do.

        Raises:
            NotAuthenticated: the request came past the check of keys.
        """
        scope: Mapping[str, Any] = {} if context.request is None else context.request.scope
        credential = self.only or scope.get(CREDENTIAL)
        if not isinstance(credential, Credential):
            raise NotAuthenticated("this needs an API key: Authorization: Bearer rk_...")
        return credential

    async def of(self, context: Context) -> Caller:
        """Who sends this one; what is done from here on is noted as theirs.

        Raises:
            NotAuthenticated: the request came past the check of keys. StoreError, ModelError: a part cannot be had.
        """
        credential = self.credential(context)
        call_as(credential)
        memory = (await self.service()).memory(credential)
        header = None if context.request is None else context.request.headers.get(USER_HEADER)
        keyless = credential.key_id is None and self.only is None
        return Caller(credential, memory, header or None, self.alone if keyless else None)
