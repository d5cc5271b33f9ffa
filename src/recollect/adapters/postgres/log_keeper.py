"""The keeper of the log in Postgres, as the application's role: audits and erasures of its own tenant."""

from collections.abc import AsyncIterator
from uuid import UUID

from recollect.adapters.postgres import erasure
from recollect.adapters.postgres.audit import STREAMS_AT_ONCE, audit_stream, streams_after
from recollect.adapters.postgres.sealing import Keyring
from recollect.adapters.postgres.session import Sessions
from recollect.domain.audit import StreamAudit
from recollect.domain.certificate import Certificate
from recollect.domain.scope import Scope
from recollect.ports.log_keeper import Settle


class PostgresLogKeeper:
    """See ``recollect.ports.log_keeper.LogKeeper``."""

    def __init__(self, sessions: Sessions, keyring: Keyring) -> None:
        self._sessions = sessions
        self._keyring = keyring

    @property
    def public_key(self) -> bytes:
        """The key that verifies certificates."""
        return self._keyring.vault.public_key

    async def streams(self, tenant_id: str) -> AsyncIterator[str]:
        """The tenant's streams by name; no connection is held between two pages."""
        after = ""
        while True:
            async with self._sessions.connection() as connection:
                names = await streams_after(connection, tenant_id, after)
            for name in names:
                yield name
            if len(names) < STREAMS_AT_ONCE:
                return
            after = names[-1]

    async def audit(self, scope: Scope) -> StreamAudit:
        """Walks a stream's hash chain."""
        async with self._sessions.connection() as connection:
            return await audit_stream(connection, scope)

    async def erase_user(self, scope: Scope, actor: str) -> Certificate:
        """Erases a user."""
        return self._heard(scope, await erasure.erase_user(self._sessions, self._keyring, scope, actor))

    async def erase_memory(self, scope: Scope, memory_id: UUID, actor: str, settle: Settle) -> Certificate:
        """Erases a memory."""
        return self._heard(
            scope,
            await erasure.erase_memory(self._sessions, self._keyring, scope, memory_id, actor=actor, settle=settle),
        )

    def _heard(self, scope: Scope, certificate: Certificate) -> Certificate:
        """Tells whoever watches a log that it has grown."""
        for log in certificate.logs:
            self._sessions.after_commit(Scope(tenant_id=scope.tenant_id, user_id=log.stream), True)
        return certificate
