"""The synchronous face of ``recollect.memory.desks.profiles``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from recollect.domain.user_profile import UserProfile
from recollect.memory.background import LOOP
from recollect.memory.desks.profiles import ProfilesDesk


class SyncProfilesDesk:
    """One profile a user: preferences, expertise, style of communication."""

    def __init__(self, inner: ProfilesDesk) -> None:
        self._inner = inner

    def get(self, *, user_id: str) -> UserProfile:
        """Returns the user's profile; an empty one of version 0 for a user who has none."""
        return LOOP.call(partial(self._inner.get, user_id=user_id))

    def update(
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
            >>> memory.profiles.update(user_id="ana", preferences={"units": "metric"}).version
            1
        """
        return LOOP.call(
            partial(
                self._inner.update,
                user_id=user_id,
                preferences=preferences,
                expertise=expertise,
                communication_style=communication_style,
                metadata=metadata,
                expected_version=expected_version,
            )
        )
