"""Identity: what a user is known by, always loaded; set by hand or told in conversation, whichever came last."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from recollect.domain.ids import parse_id
from recollect.domain.receipt import Receipt
from recollect.domain.record import Memory, ProvenanceSource
from recollect.domain.scope import Scope, check_id
from recollect.errors import NotFound, ValidationError
from recollect.memory import rights
from recollect.memory.arguments import cause_of, check_limit, member, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import fraction
from recollect.memory.hot_views import hot_of
from recollect.memory.identity_fields import (
    PREFIX,
    Identity,
    IdentityValue,
    checked_value,
    field_key,
    identity_of,
    past_value,
    typed,
    written,
)
from recollect.memory.identity_writing import Ended, Telling, Wish, records_of, tell
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.ports.store import EventQuery
from recollect.writing.timeline import name_of, named

_NOTHING: Mapping[str, Any] = {}


class IdentityDesk:
    """Fields about the user, ``name`` or ``family``, with nested values, provenance and history."""

    AREA: str = "identity."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def get(self, *, user_id: str, agent_id: str | None = None) -> Identity:
        """Returns the fields that hold now: those set by hand, and what was told of name, location, family, ...

        Args:
            user_id: whose.
            agent_id: only what this agent remembers, and what all the user's agents share; everything by default.

        Returns:
            The fields by name; ``plain`` gives the values alone. A field of which several values hold has a list.

        Example:
            >>> identity = await memory.identity.get(user_id="ana")
            >>> identity["location"].value, identity["location"].source.value
            ('Lyon', 'agent_inferred')
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        may_read = await rights.reading(parts, user_id, "identity.get")
        state = await hot_of(parts, scope, parts.clock.now())
        own = [one for one in state.always if agent_id is None or one.agent_id in ("", agent_id)]
        return identity_of(await rights.readable(may_read, own), state.degraded)

    @recorded
    async def set(
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
            >>> await memory.identity.set("family", {"children": ["Anne", "Tom"]}, user_id="ana")
            >>> (await memory.identity.get(user_id="ana"))["family"].value["children"]
            ['Anne', 'Tom']
        """
        plain = checked_value(value)
        telling = Telling(
            key=field_key(field),
            confidence=fraction("confidence", confidence),
            source=member("source", ProvenanceSource, source),
            cause=cause_of({"actor": actor}),
            method="identity.set",
        )
        return await self._tell(telling, lambda _: plain, user_id, agent_id)

    @recorded
    async def update(
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
            >>> await memory.identity.update("family", {"pets": ["Rex"]}, user_id="ana")
            >>> sorted((await memory.identity.get(user_id="ana"))["family"].value)
            ['children', 'pets']
        """
        if not isinstance(patch, Mapping) or not patch:  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
            raise ValidationError("patch", "must be an object with at least one name")
        telling = _by_user(field_key(field), actor, "identity.update")

        def patched(living: Sequence[Memory]) -> Any:
            before: Any = typed(living[-1].value, living[-1].extra) if living else _NOTHING
            if not isinstance(before, Mapping):
                raise ValidationError("field", f"{field} is not an object; set it instead")
            return checked_value(_merged(cast(Mapping[str, Any], before), patch) or None)

        return await self._tell(telling, patched, user_id, agent_id)

    @recorded
    async def remove(
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
            >>> await memory.identity.remove("employer", user_id="ana")
            >>> "employer" in await memory.identity.get(user_id="ana")
            False
        """
        telling = _by_user(PREFIX + check_id("field", field), actor, "identity.remove")
        gone = None if value is None else checked_value(value)

        def ended(living: Sequence[Memory]) -> Ended:
            ids = [one.id for one in living if gone is None or name_of(one) == named(written(gone))]
            if not ids:
                raise NotFound(f"nothing is known of {field[:80]!r} of user {user_id!r} that could be removed")
            return Ended(frozenset(ids))

        return await self._tell(telling, ended, user_id, agent_id)

    @recorded
    async def history(
        self, field: str, *, user_id: str, agent_id: str = "", limit: int = 50
    ) -> tuple[IdentityValue, ...]:
        """Returns the values that a field has and had, newest first: since when, until when, told by whom.

        Args:
            field: any attribute that is known of the user, also one that was told in conversation.
            user_id: whose.
            agent_id: the agent that remembers; "" when the user's agents share it.
            limit: how many, 1 to 1000.

        Example:
            >>> [(one.value, one.holds) for one in await memory.identity.history("location", user_id="ana")]
            [('Lyon', True), ('Paris', False)]
        """
        key = PREFIX + check_id("field", field)
        check_limit("limit", limit)
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {"agent_id": agent_id})
        may_read = await rights.reading(parts, user_id, "identity.history")
        found = await rights.readable(may_read, await records_of(parts, scope, key))
        newest = sorted(found, key=lambda one: (one.told_at or one.written_at, one.id), reverse=True)[:limit]
        told_by = await _told_by(parts, scope, newest)
        now = parts.clock.now()
        return tuple(past_value(one, told_by[one.id], now) for one in newest)

    async def _tell(self, telling: Telling, wish: Wish, user_id: str, agent_id: str) -> Receipt:
        parts = await self.core.ready()
        return await tell(parts, scope_of(parts.tenant_id, user_id, {"agent_id": agent_id}), telling, wish)


def _by_user(key: str, actor: str, method: str) -> Telling:
    cause = cause_of({"actor": actor})
    return Telling(key=key, confidence=1.0, source=ProvenanceSource.USER_EXPLICIT, cause=cause, method=method)


def _merged(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(before)
    for name, given in patch.items():
        known: Any = merged.get(name)
        if isinstance(given, Mapping):
            inner = cast(Mapping[str, Any], known) if isinstance(known, Mapping) else _NOTHING
            merged[name] = _merged(inner, cast(Mapping[str, Any], given))
        else:
            merged[name] = given
    return {name: entry for name, entry in merged.items() if entry is not None}


async def _told_by(parts: Parts, scope: Scope, records: Sequence[Memory]) -> dict[UUID, str]:
    """Who told each value: the speaker of the memory that it was read from, otherwise who wrote it."""
    cited = {one.id: _first_id(one) for one in records}
    wanted = [one for one in cited.values() if one is not None]
    sources = await parts.store.fetch(scope, wanted) if wanted else {}
    told: dict[UUID, str] = {}
    for record in records:
        source = sources.get(cited[record.id] or record.id, record)
        told[record.id] = source.speaker or await _writer_of(parts, scope, record)
    return told


def _first_id(record: Memory) -> UUID | None:
    for reference in record.provenance.evidence:
        try:
            return parse_id("evidence", reference)
        except ValidationError:
            continue
    return None


async def _writer_of(parts: Parts, scope: Scope, record: Memory) -> str:
    events = await parts.store.events(scope, EventQuery(memory_id=record.id, limit=1))
    return events[0].actor if events else ""
