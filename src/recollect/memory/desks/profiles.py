"""Profiles: what is known of a user as a whole, set by the caller."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from recollect.domain.event import EventType
from recollect.domain.user_profile import UserProfile
from recollect.errors import VersionConflict
from recollect.memory.arguments import scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import json_object, needs_one, whole
from recollect.memory.recorded import recorded
from recollect.ports.store import ThingChange, Wanted


class ProfilesDesk:
    """One profile a user: preferences, expertise, style of communication."""

    AREA: str = "profiles."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def get(self, *, user_id: str) -> UserProfile:
        """Returns the user's profile; an empty one of version 0 for a user who has none."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        found = await parts.store.things(UserProfile, scope.tenant_id, {"user_id": user_id})
        now = parts.clock.now()
        empty = UserProfile(tenant_id=scope.tenant_id, user_id=user_id, version=0, created_at=now, updated_at=now)
        return found[0] if found else empty

    @recorded
    async def update(
        self,
        *,
        user_id: str,
        preferences: Mapping[str, Any] | None = None,
        expertise: Mapping[str, Any] | None = None,
        communication_style: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        expected_version: int | None = None,
    ) -> UserProfile:
        """Changes the user's profile: keys that are given are set, keys that are given as None are removed.

        Args:
            user_id: whose.
            preferences: by name, a JSON object of at most 64,000 bytes; so are the following.
            expertise: by area.
            communication_style: by trait.
            metadata: the caller's own.
            expected_version: refuse if the profile is at another version; 0 if there must not be one yet.

        Raises:
            VersionConflict: it has changed since it was read.

        Example:
            >>> (await memory.profiles.update(user_id="ana", preferences={"units": "metric"})).version
            1
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        needs_one("preferences", preferences, expertise, communication_style, metadata)
        if expected_version is not None:
            whole("expected_version", expected_version)
        given = {
            "preferences": preferences,
            "expertise": expertise,
            "communication_style": communication_style,
            "metadata": metadata,
        }
        news = {name: json_object(name, value) for name, value in given.items() if value is not None}
        async with parts.store.writing(scope, Wanted()) as transaction:
            found = await transaction.things(UserProfile, {"user_id": user_id})
            now = parts.clock.now()
            before = found[0] if found else None
            old = before or UserProfile(
                tenant_id=scope.tenant_id, user_id=user_id, version=0, created_at=now, updated_at=now
            )
            if expected_version is not None and expected_version != old.version:
                raise VersionConflict(expected_version, old.version)
            merged = _merged(old, news)
            if merged == old:
                return old
            after = replace(merged, version=old.version + 1, updated_at=now)
            await transaction.commit([ThingChange(type=EventType.PROFILE_UPDATED, before=before, after=after)])
        return after


def _merged(old: UserProfile, news: Mapping[str, Mapping[str, Any]]) -> UserProfile:
    fields: dict[str, Any] = {}
    for name, given in news.items():
        field = "extra" if name == "metadata" else name
        both: dict[str, Any] = {**getattr(old, field), **given}
        fields[field] = json_object(name, {key: value for key, value in both.items() if value is not None})
    return replace(old, **fields)
