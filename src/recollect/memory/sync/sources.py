"""The synchronous face of ``recollect.memory.desks.sources``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from recollect.domain.record import Trust
from recollect.domain.source import Source, SourceKind
from recollect.memory.background import LOOP
from recollect.memory.desks.sources import SourcesDesk


class SyncSourcesDesk:
    """The allowlist. Each source has a trust: trusted, known, quarantined or refused; see ``Trust``."""

    def __init__(self, inner: SourcesDesk) -> None:
        self._inner = inner

    def add(
        self,
        name: str,
        *,
        trust: Trust | str = Trust.KNOWN,
        kind: SourceKind | str = SourceKind.MANUAL,
        uri: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        actor: str = "user",
    ) -> Source:
        """Puts a source on the allowlist.

        Raises:
            Conflict: there is one of that name.

        Example:
            >>> memory.sources.add("crm", trust="trusted", kind="api").trust.value
            'trusted'
        """
        return LOOP.call(
            partial(self._inner.add, name, trust=trust, kind=kind, uri=uri, metadata=metadata, actor=actor)
        )

    def get(self, name: str) -> Source:
        """Returns one source.

        Raises:
            NotFound: there is none of that name.
        """
        return LOOP.call(partial(self._inner.get, name))

    def list(self, *, limit: int = 50, cursor: str | None = None) -> list[Source]:
        """Lists the allowlist by name; ``cursor`` is the last name of the page before."""
        return LOOP.call(partial(self._inner.list, limit=limit, cursor=cursor))

    def update(
        self,
        name: str,
        *,
        trust: Trust | str | None = None,
        active: bool | None = None,
        uri: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        actor: str = "user",
    ) -> Source:
        """Changes a source; what it said before stays as it was believed then.

        Raises:
            NotFound: there is none of that name.
        """
        return LOOP.call(
            partial(self._inner.update, name, trust=trust, active=active, uri=uri, metadata=metadata, actor=actor)
        )

    def remove(self, name: str, *, actor: str = "user") -> None:
        """Takes a source off the allowlist; what it says from now on is unknown.

        Raises:
            NotFound: there is none of that name.
        """
        return LOOP.call(partial(self._inner.remove, name, actor=actor))
