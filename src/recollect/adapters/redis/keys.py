"""Keys: where one user's hot state lies in Redis; the order of ``NAMES`` is the order of ``KEYS`` in the Lua scripts.

In a cluster a key's slot is worked out from what stands between its first ``{`` and the next ``}``. So the owner stands
there, percent-encoded: no id, whatever is in it, can end the tag, and all keys of one user share a slot.
"""

from typing import Final
from urllib.parse import quote

from recollect.domain.hot import HotKind
from recollect.domain.scope import Scope

PREFIX: Final = "recollect"
NAMES: Final[tuple[str, ...]] = (
    "meta",
    "identity",
    "session",
    "working",
    "recent",
    "context",
    "thoughts",
    "sensed",
    "goals",
)
"""HASH, HASH, HASH, ZSET, LIST, HASH, LIST, LIST, LIST."""
PLACE: Final[dict[str, int]] = {name: place for place, name in enumerate(NAMES, start=1)}
"""A key's number in Lua, which counts from 1."""
KIND_NAMES: Final[dict[HotKind, str]] = {
    HotKind.WORKING: "working",
    HotKind.CONTEXT: "context",
    HotKind.THOUGHT: "thoughts",
    HotKind.SENSED: "sensed",
}
"""The key of each kind that fades."""


def keys_of(scope: Scope) -> tuple[str, ...]:
    """Every key of a user, in the order of ``NAMES``."""
    tag = f"{quote(scope.tenant_id, safe='')}/{quote(scope.user_id, safe='')}"
    return tuple(f"{PREFIX}:{{{tag}}}:{name}" for name in NAMES)


def probe_key() -> str:
    """A key that belongs to nobody, written to see whether Redis takes what it is given."""
    return f"{PREFIX}:probe"
