"""Requests: what the scripts are told, made from what the port is told."""

from datetime import datetime, timedelta
from typing import Final

from recollect.adapters.redis.codec import element_of, elements_of, field_of, milliseconds, probe_of, used_at_of
from recollect.adapters.redis.keys import KIND_NAMES, NAMES, PLACE
from recollect.adapters.redis.script import Argument
from recollect.domain.hot import HotKind, HotLimits, HotState
from recollect.domain.session import SESSION_TTL
from recollect.ports.hot_tier import HotChange, HotWrite

FLOOR: Final = timedelta(minutes=1)
"""For so long nothing older is put where something was dropped: no load that is under way takes longer."""
LET_GO_AFTER: Final = timedelta(minutes=1)
"""What has faded stays for so long, because another process' clock may be behind this one's."""
GONE: Final = "gone"
"""The floor under which nothing at all is put."""

_KEEP_MS: Final = int(SESSION_TTL.total_seconds() * 1000)
_FADING: Final = tuple(kind for name in NAMES for kind, known in KIND_NAMES.items() if known == name)
"""The kinds that fade, in the order of their keys."""


def whole(state: HotState, seen: bytes, now: datetime) -> tuple[Argument, ...]:
    """For PUT: the whole state in place of the version that was ``seen``."""
    untils = (max((milliseconds(item.expires_at) for item in state.of(kind)), default=0) for kind in _FADING)
    head = (seen, state.version, used_at_of(state.used_at), milliseconds(now), _KEEP_MS, *untils)
    return (*head, *(part for element in elements_of(state) for part in element))


def step(change: HotChange, limits: HotLimits, now: datetime) -> tuple[Argument, ...]:
    """For APPLY: from the version before the change to its own."""
    last = {(write.kind, write.name): write for write in change.writes}  # the last one of a name counts
    versions = (change.version - 1, change.version, used_at_of(change.used_at))
    return (*versions, *_bounds(limits, now), *(part for write in last.values() for part in _write(write)))


def trim(limits: HotLimits, now: datetime) -> tuple[Argument, ...]:
    """For APPLY: nothing but letting go of what has faded, whatever the version."""
    return ("", "", "", *_bounds(limits, now))


def gone(floor: str | int) -> tuple[Argument, ...]:
    """For DROP: everything, and nothing below ``floor`` for a while."""
    return (floor, int(FLOOR.total_seconds() * 1000))


def time_of(change: HotChange, otherwise: datetime) -> datetime:
    """When a change was made, as far as it says; never later than it was."""
    return max((write.at for write in change.writes), default=change.used_at or otherwise)


def _bounds(limits: HotLimits, now: datetime) -> tuple[Argument, ...]:
    most = (limits.most(kind) for kind in _FADING)
    times = (milliseconds(now), milliseconds(now - LET_GO_AFTER), _KEEP_MS)
    return (*times, *most, limits.recent, limits.sensed_tokens, int(FLOOR.total_seconds() * 1000))


def _write(write: HotWrite) -> tuple[Argument, ...]:
    if write.kind is HotKind.RECENT:
        return (PLACE["recent"], "", "", str(write.memory_id or write.name))
    return (PLACE[KIND_NAMES[write.kind]], probe_of(write.name), field_of(write), element_of(write))
