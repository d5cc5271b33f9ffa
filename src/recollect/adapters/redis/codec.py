"""Codec: a user's hot state as what lies in Redis, and back.

- ``identity``: field = the attribute, or the record's id -> JSON list of ``[place, record]``, as in the log.
- ``session``: field = the session's own, ``state:<name>``, or ``profile``, which is the user's -> JSON, so that every
  nested value keeps its type.
- ``working``, ``context``, ``thoughts``, ``sensed``: elements with a head that Lua can read, see ``_element``.
- ``recent``: ids, the newest first. ``goals``: JSON, the most important first.
- ``meta``: the version, when the session was used, and how large each other key is.

Keys can go alone: an evicting Redis drops one, a person changes one. Then sizes differ, and nothing of it is believed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any, cast
from uuid import UUID

from pydantic import TypeAdapter

from recollect.adapters.redis.keys import KIND_NAMES, NAMES, PLACE
from recollect.domain.goal import Goal
from recollect.domain.hot import MOST_ALWAYS, HotItem, HotKind, HotState
from recollect.domain.record import Memory
from recollect.domain.session import Session
from recollect.domain.state import memory_after, memory_change, thing_json
from recollect.domain.user_profile import UserProfile
from recollect.ports.hot_tier import HotWrite

Element = tuple[int, bytes, bytes]
"""A key's number, the element's field or score (empty in a list), and itself."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NEVER_MS = 253_402_300_799_000
_FACT = "user:"
_STATE = "state:"
_PROFILE = b"profile"
_session = TypeAdapter(Session)
_goal = TypeAdapter(Goal)
_profile = TypeAdapter(UserProfile)
_FADING = {name: kind for kind, name in KIND_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Held:
    """What Redis holds of a user.

    Attributes:
        version: as it is written there, empty when nothing is held. state: everything, or None when some of it is gone.
    """

    version: bytes
    state: HotState | None


NOTHING = Held(b"", None)


def held_from(reply: tuple[bytes, bytes], now: datetime) -> Held:
    """What the load script answered; nothing, if that is no answer of it."""
    version = b""
    try:
        keys = _cut(*reply)
        meta = _pairs(keys[0])
        if version := meta.get(b"version", b""):
            return Held(version, _state(meta, keys, now) if _complete(meta, keys, now) else None)
    except (LookupError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        pass  # not as it was written: somebody changed it
    return Held(version, None)


def elements_of(state: HotState) -> Iterator[Element]:
    """Everything of a state but its version and when it was used."""
    for name, value in _identity(state.always):
        yield PLACE["identity"], name, value
    for name, value in _session_fields(state.session):
        yield PLACE["session"], name, value
    if state.profile is not None:
        yield PLACE["session"], _PROFILE, _dump(thing_json(state.profile))
    for memory_id in state.recent:
        yield PLACE["recent"], b"", str(memory_id).encode()
    for goal in state.goals:
        yield PLACE["goals"], b"", _dump(thing_json(goal))
    for item in state.items:
        yield PLACE[KIND_NAMES[item.kind]], field_of(item), _element(item)


def field_of(item: HotItem | HotWrite) -> bytes:
    """An item's score among what is sorted by time, its name in a hash, nothing in a list."""
    if item.kind is HotKind.WORKING:
        return repr(item.at.timestamp()).encode()
    return _encode(item.name) if item.kind is HotKind.CONTEXT else b""


def element_of(write: HotWrite) -> bytes:
    """What is to stand in Redis for a write; empty for a removal."""
    if write.value is None:
        return b""
    item = HotItem(
        kind=write.kind,
        name=write.name,
        value=write.value,
        memory_id=write.memory_id,
        at=write.at,
        expires_at=write.expires_at,
    )
    return _element(item)


def probe_of(name: str) -> bytes:
    """What stands behind the head of the element of that name, and of no other."""
    return b',"name":' + _dump(name) + b',"at":'


def milliseconds(moment: datetime | None) -> int:
    """A time as Lua reckons it, rounded up; None is never."""
    return _NEVER_MS if moment is None else min(-(-_microseconds(moment) // 1000), _NEVER_MS)


def used_at_of(moment: datetime | None) -> bytes:
    """When the session was used, as ``meta`` has it."""
    return b"" if moment is None else str(_microseconds(moment)).encode()


def _element(item: HotItem) -> bytes:
    """An item: its end in milliseconds, its size in tokens and its name come first, and everything after them.

    The times behind the head are exact, in microseconds.
    """
    tokens = item.value.get("tokens")
    counted = tokens if isinstance(tokens, int) and not isinstance(tokens, bool) and tokens > 0 else 0
    head = f'{{"until":{max(milliseconds(item.expires_at), 0)},"tokens":{counted}'.encode()
    rest = {
        "expires_at": None if item.expires_at is None else _microseconds(item.expires_at),
        "memory_id": None if item.memory_id is None else str(item.memory_id),
        "value": dict(item.value),
    }
    return b"%s%s%d,%s" % (head, probe_of(item.name), _microseconds(item.at), _dump(rest)[1:])


def _item(kind: HotKind, read: Mapping[str, Any]) -> HotItem:
    memory_id, expires_at = read["memory_id"], read["expires_at"]
    return HotItem(
        kind=kind,
        name=read["name"],
        value=read["value"],
        memory_id=None if memory_id is None else UUID(memory_id),
        at=_moment(read["at"]),
        expires_at=None if expires_at is None else _moment(expires_at),
    )


def _cut(lengths: bytes, elements: bytes) -> list[list[bytes]]:
    """Each key's elements."""
    keys: list[list[bytes]] = []
    start = 0
    for several in lengths.split(b";"):
        ends = list(accumulate(map(int, several.split()), initial=start))
        keys.append([elements[one:other] for one, other in pairwise(ends)])
        start = ends[-1]
    return keys


def _complete(meta: Mapping[bytes, bytes], keys: Sequence[Sequence[bytes]], now: datetime) -> bool:
    """Whether every key is there as large as it was written; one of which all has faded may have gone by itself."""
    for place, name in enumerate(NAMES[1:], start=2):
        size = len(keys[place - 1]) // (2 if name in ("identity", "session") else 1)
        if size == int(meta[b"size:%d" % place]):
            continue
        if size or name not in _FADING or int(meta[b"until:%d" % place]) > milliseconds(now):
            return False
    return True


def _state(meta: Mapping[bytes, bytes], keys: Sequence[Sequence[bytes]], now: datetime) -> HotState | None:
    by_name = dict(zip(NAMES, keys, strict=True))
    items = [_item(kind, read) for name, kind in _FADING.items() for read in _load_all(by_name[name])]
    items.sort(key=lambda item: (item.at, item.name, item.kind))
    used_at = meta[b"used_at"]
    session = _pairs(by_name["session"])
    profile = session.pop(_PROFILE, None)
    whole = HotState(
        version=int(meta[b"version"]),
        always=_memories(_pairs(by_name["identity"]).values()),
        profile=None if profile is None else _profile.validate_python(json.loads(_decode(profile))),
        session=_read_session(session),
        used_at=_moment(int(used_at)) if used_at else None,
        goals=tuple(map(_goal.validate_python, _load_all(by_name["goals"]))),
        recent=tuple(UUID(memory_id.decode()) for memory_id in by_name["recent"]),
        items=tuple(items),
    )
    state = whole.at(now)
    # So many that the truth had to leave some out: when one of them ends, another comes in its place.
    cut = len(whole.always) >= MOST_ALWAYS and len(state.always) < len(whole.always)
    return None if cut else whole


def _identity(always: Iterable[Memory]) -> Iterator[tuple[bytes, bytes]]:
    fields: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for place, memory in enumerate(always):
        is_fact = memory.key is not None and memory.key.startswith(_FACT)
        name = cast(str, memory.key).removeprefix(_FACT) if is_fact else str(memory.id)
        fields.setdefault(name, []).append((place, memory_change(None, memory)))
    return ((_encode(name), _dump(records)) for name, records in fields.items())


def _memories(values: Iterable[bytes]) -> tuple[Memory, ...]:
    placed = sorted((place, memory_after(None, record)) for records in _load_all(values) for place, record in records)
    return tuple(memory for _, memory in placed)


def _session_fields(session: Session | None) -> Iterator[tuple[bytes, bytes]]:
    if session is None:
        return
    for name, value in thing_json(session).items():
        if name != "state":
            yield _encode(name), _dump(value)
    for name, value in session.state.items():
        yield _encode(_STATE + name), _dump(value)


def _read_session(fields: Mapping[bytes, bytes]) -> Session | None:
    if not fields:
        return None
    read = dict(zip(map(_decode, fields), _load_all(fields.values()), strict=True))
    state = {name.removeprefix(_STATE): value for name, value in read.items() if name.startswith(_STATE)}
    own = {name: value for name, value in read.items() if not name.startswith(_STATE)}
    return _session.validate_python({**own, "state": state})


def _pairs(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _moment(microseconds: int) -> datetime:
    return _EPOCH + microseconds * _MICROSECOND


def _dump(value: object) -> bytes:
    return _encode(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _load_all(raw: Iterable[bytes]) -> list[Any]:
    """Each one's JSON, read in one go."""
    return json.loads(_decode(b"[%s]" % b",".join(raw)))


def _encode(text: str) -> bytes:
    """Half of a surrogate pair passes, too: nothing that the truth has taken may fail here."""
    return text.encode("utf-8", "surrogatepass")


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogatepass")
