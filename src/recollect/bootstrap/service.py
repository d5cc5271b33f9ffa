"""Service: what a server process holds: many tenants over one house."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Self

from recollect.bootstrap.choosing import make_rate_limiter
from recollect.bootstrap.wiring import House, move_in, open_house
from recollect.domain.credential import Access, Credential
from recollect.errors import NotAuthenticated, RateLimited
from recollect.memory.memory import AsyncFacade
from recollect.memory.parts import Parts
from recollect.ports.rate_limiter import RateLimiter, RateState
from recollect.ports.telemetry import Telemetry
from recollect.settings import Settings


class Service:
    """The memories of all tenants of a server: one pool of connections, one embedder, one budget of resident indexes.

    Args:
        house: what the tenants share. open_access: see the attribute.

    Attributes:
        settings: as opened. keys: checks keys. telemetry: who watches how the server does.
        open_access: whether who comes without a key may do everything in the settings' tenant, until there is a key.
    """

    def __init__(self, house: House, limiter: RateLimiter, *, open_access: bool) -> None:
        self.settings: Settings = house.settings
        self.keys = house.keys
        self.open_access = open_access
        self.telemetry: Telemetry = house.telemetry
        self._house = house
        self._limiter = limiter
        self._memories: dict[str, AsyncFacade] = {}

    @classmethod
    async def open(cls, settings: Settings, *, open_access: bool = False) -> Self:
        """Opens the database and the settings' own tenant.

        Args:
            settings: what is wanted.
            open_access: let everybody in as long as the settings' tenant has no key; for servers on loopback only.

        Raises:
            StoreError, ModelError: a part cannot be had.
        """
        house = await open_house(settings, serving=True)
        try:
            service = cls(house, make_rate_limiter(settings), open_access=open_access)
            await service.of_tenant(settings.tenant_id).open()
        except BaseException:
            await house.close()
            raise
        return service

    async def authenticate(self, token: str | None) -> Credential:
        """Who calls.

        Raises:
            NotAuthenticated: a key is needed and there is none, or one that is not valid.
            StoreError: the database cannot be asked.
        """
        if token is not None:
            return await self.keys.authenticate(token)
        if await self.lets_everybody_in():
            return Credential(tenant_id=self.settings.tenant_id, access=Access.ADMIN)
        raise NotAuthenticated("this needs an API key; `recollect key create` makes one")

    async def lets_everybody_in(self) -> bool:
        """Whether no key is needed: the server listens on loopback only, and its tenant never had one."""
        return self.open_access and not await self.keys.any_key(self.settings.tenant_id)

    async def admit(self, credential: Credential) -> RateState | None:
        """Counts a request of the key against its limit; None where none is set.

        Raises:
            RateLimited: it was used too often.
        """
        limit = credential.requests_per_minute or self.settings.rate_limit
        if credential.key_id is None or not limit:
            return None
        state = await self._limiter.hit(f"{credential.tenant_id}:{credential.key_id}", limit)
        if not state.allowed:
            raise RateLimited(limit, state.retry_after_s)
        return state

    def memory(self, credential: Credential) -> AsyncFacade:
        """The memory of the credential's tenant."""
        return self.of_tenant(credential.tenant_id)

    def of_tenant(self, tenant_id: str) -> AsyncFacade:
        """The tenant's memory, which opens with its first call. Whoever calls this vouches for the tenant."""
        memory = self._memories.get(tenant_id)
        if memory is None:
            memory = self._memories[tenant_id] = AsyncFacade(partial(_moved_in, self._house.of_tenant(tenant_id)))
        return memory

    async def aclose(self) -> None:
        """Ends the upkeep of every tenant, then gives everything back."""
        await asyncio.gather(*(memory.close() for memory in self._memories.values()), return_exceptions=True)
        await self._limiter.aclose()
        await self._house.close()


def _moved_in(house: House) -> Awaitable[Parts]:
    close: Callable[[], Awaitable[None]] = house.upkeep.close
    return move_in(house, close)
