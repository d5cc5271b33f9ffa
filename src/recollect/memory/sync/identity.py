"""The synchronous face of ``recollect.memory.desks.identity``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from recollect.domain.receipt import Receipt
from recollect.domain.record import ProvenanceSource
from recollect.memory.background import LOOP
from recollect.memory.desks.identity import IdentityDesk
from recollect.memory.identity_fields import (
    Identity,
    IdentityValue,
)


class SyncIdentityDesk:
    """Fields about the user, ``name`` or ``family``, with nested values, provenance and history."""

    def __init__(self, inner: IdentityDesk) -> None:
        self._inner = inner

    def get(self, *, user_id: str, agent_id: str | None = None) -> Identity:
        """Returns the fields that hold now: those set by hand, and what was told of name, location, family, ...

        Args:
            user_id: whose.
            agent_id: only what this agent remembers, and what all the user's agents share; everything by default.

        Returns:
            The fields by name; ``plain`` gives the values alone. A field of which several values hold has a list.

        Example:
            >>> identity = memory.identity.get(user_id="ana")
            >>> identity["location"].value, identity["location"].source.value
            ('Lyon', 'agent_inferred')
        """
        return LOOP.call(partial(self._inner.get, user_id=user_id, agent_id=agent_id))

    def set(
        self,
        field: str,
        value: Any,
        *,
        user_id: str,
        confidence: float = 1.0,
        source: ProvenanceSource | str = ProvenanceSource.USER_EXPLICIT,
        agent_id: str = "",
        actor: str = "user",
    ) -> Receipt:
        """Sets a field in place of whatever it was; the old value stays in its history.

        What is told in conversation later supersedes it, and it supersedes what was told before. A value that is known
        already is told once more, and nothing is doubled. A list for ``allergy`` or ``language`` is one fact each.

        Args:
            field: 1 to 60 small letters, digits or underscores.
            value: a string, number, boolean, list or object of at most 8,000 bytes as JSON.
            user_id: whose.
            confidence: how sure it is, 0..1.
            source: who vouches for it, see ``ProvenanceSource``; ``consolidation`` marks a derived pattern.
            agent_id: the agent that remembers; "" when the user's agents share it.
            actor: who sets it.

        Returns:
            A receipt: what became of the value, and which one it took the place of.

        Raises:
            ValidationError: an argument cannot be used; nothing was written.
            Conflict: the field was told with a time that is still to come. NotAllowed: a policy forbids it.

        Example:
            >>> memory.identity.set("family", {"children": ["Anne", "Tom"]}, user_id="ana")
            >>> (memory.identity.get(user_id="ana"))["family"].value["children"]
            ['Anne', 'Tom']
        """
        return LOOP.call(
            partial(
                self._inner.set,
                field,
                value,
                user_id=user_id,
                confidence=confidence,
                source=source,
                agent_id=agent_id,
                actor=actor,
            )
        )

    def update(
        self, field: str, patch: Mapping[str, Any], *, user_id: str, agent_id: str = "", actor: str = "user"
    ) -> Receipt:
        """Changes parts of a field whose value is an object: names are set, those given as None are removed.

        Objects within are merged in the same way; lists are replaced. A field that is not there yet begins empty.

        Args:
            field: which, see ``set``.
            patch: a JSON object; the value it leads to has at most 8,000 bytes.
            user_id: whose.
            agent_id: the agent that remembers; "" when the user's agents share it.
            actor: who changes it.

        Raises:
            ValidationError: the field's value is no object, or nothing would be left of it.

        Example:
            >>> memory.identity.update("family", {"pets": ["Rex"]}, user_id="ana")
            >>> sorted((memory.identity.get(user_id="ana"))["family"].value)
            ['children', 'pets']
        """
        return LOOP.call(partial(self._inner.update, field, patch, user_id=user_id, agent_id=agent_id, actor=actor))

    def remove(
        self, field: str, *, user_id: str, value: Any = None, agent_id: str = "", actor: str = "user"
    ) -> Receipt:
        """Says that a field, or one of its values, holds no longer; its history keeps it.

        Args:
            field: any attribute that is known of the user, also one that was told in conversation.
            user_id: whose.
            value: only this one of several.
            agent_id: the agent that remembers; "" when the user's agents share it.
            actor: who removes it.

        Raises:
            NotFound: nothing like that holds.

        Example:
            >>> memory.identity.remove("employer", user_id="ana")
            >>> "employer" in memory.identity.get(user_id="ana")
            False
        """
        return LOOP.call(
            partial(self._inner.remove, field, user_id=user_id, value=value, agent_id=agent_id, actor=actor)
        )

    def history(self, field: str, *, user_id: str, agent_id: str = "", limit: int = 50) -> tuple[IdentityValue, ...]:
        """Returns the values that a field has and had, newest first: since when, until when, told by whom.

        Args:
            field: any attribute that is known of the user, also one that was told in conversation.
            user_id: whose.
            agent_id: the agent that remembers; "" when the user's agents share it.
            limit: how many, 1 to 1000.

        Example:
            >>> [(one.value, one.holds) for one in memory.identity.history("location", user_id="ana")]
            [('Lyon', True), ('Paris', False)]
        """
        return LOOP.call(partial(self._inner.history, field, user_id=user_id, agent_id=agent_id, limit=limit))
