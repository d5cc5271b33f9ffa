"""The synchronous face of ``recollect.memory.desks.past``; made by tools/generate_sync.py, do not edit."""

from functools import partial
from typing import Unpack
from uuid import UUID

from recollect.domain.packet import Packet
from recollect.domain.record import Memory as Record
from recollect.domain.search import SearchResult
from recollect.domain.why_not import WhyNot
from recollect.memory.arguments import (
    ContextArguments,
    FilterArguments,
    SearchArguments,
)
from recollect.memory.background import LOOP
from recollect.memory.desks.past import PastDesk
from recollect.memory.page import Page


class SyncPastDesk:
    """Memories at another time; ``memory.at(...)`` makes it.

    With ``time`` it answers what held then, as far as is known now. With ``known_at`` it answers as the same call would
    have answered at that moment; with both, what was known at ``known_at`` about ``time``. What was erased since stays
    erased, and who may see what is judged by today's memberships and policies, and by what a memory is classified as
    today.
    """

    def __init__(self, inner: PastDesk) -> None:
        self._inner = inner

    def get(self, memory_id: UUID | str, *, user_id: str, project_id: str | None = None) -> Record:
        """Returns one memory as it was; with ``project_id`` also one that the project's members share.

        Raises:
            NotFound: the user had no such memory then, or it did not hold then.

        Example:
            >>> (memory.at("2025-12-24T00:00:00+00:00").get(receipt.id, user_id="ben")).text
            'My sister Anna works at Siemens'
        """
        return LOOP.call(partial(self._inner.get, memory_id, user_id=user_id, project_id=project_id))

    def list(
        self, *, user_id: str, limit: int = 50, cursor: str | None = None, **given: Unpack[FilterArguments]
    ) -> Page:
        """Lists a user's memories as they were, newest first, a page at a time.

        Args:
            user_id: whose memories.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
            **given: see ``FilterArguments``, without ``as_of``.

        Example:
            >>> page = memory.at("2025-12-24T00:00:00+00:00").list(user_id="ben")
        """
        return LOOP.call(partial(self._inner.list, user_id=user_id, limit=limit, cursor=cursor, **given))

    def search(self, query: str, *, user_id: str, **given: Unpack[SearchArguments]) -> SearchResult:
        """Finds the memories worth reading for a question among those of that time, best first.

        Args:
            query: the question, in words.
            user_id: whose memories.
            **given: see ``SearchArguments``, without ``as_of`` and ``trace``; ``now`` is ``known_at`` when it is not
                given.

        Raises:
            ValidationError: an argument cannot be used.
            ModelError: with ``known_at``: a text that has changed since cannot be embedded.

        Example:
            >>> found = memory.at("2025-12-24T00:00:00+00:00").search("Where did I live?", user_id="ben")
        """
        return LOOP.call(partial(self._inner.search, query, user_id=user_id, **given))

    def why_not(self, memory_id: UUID | str, query: str, *, user_id: str, **given: Unpack[SearchArguments]) -> WhyNot:
        """Says why a memory is not in the answer of that time, or at which place it is.

        Args:
            memory_id: which memory.
            query: the question.
            user_id: who asks.
            **given: as for ``search``.

        Raises:
            ValidationError: an argument cannot be used.
            ModelError: as for ``search``.

        Example:
            >>> then = memory.at("2025-12-24T00:00:00+00:00")
            >>> (then.why_not(receipt.id, "Where does Anna work?", user_id="ben")).found
            True
        """
        return LOOP.call(partial(self._inner.why_not, memory_id, query, user_id=user_id, **given))

    def context(self, query: str = "", *, user_id: str, **given: Unpack[ContextArguments]) -> Packet:
        """Gathers what a turn would have needed at that time.

        Args:
            query: the user's message or question; "" loads the identity facts alone.
            user_id: whose memories.
            **given: as for ``search``.

        Raises:
            ValidationError: an argument cannot be used.
            ModelError: as for ``search``.

        Example:
            >>> packet = memory.at("2025-12-24T00:00:00+00:00").context("Where did I live?", user_id="ben")
        """
        return LOOP.call(partial(self._inner.context, query, user_id=user_id, **given))
