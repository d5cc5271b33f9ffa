"""Memories with every field present or absent, and conditions over them: for tests that compare three readers."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from index_rows import row
from recollect.domain.record import Memory, MemoryType, Sensitivity, Status, Tier, Trust
from recollect.ports.index import IndexRow

USER = "ann"
START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = (
    "ann",
    "Bob",
    "ANN",
    "p-1",
    "İzmir",
    "50%_\\",
    "ΣΑΣ",
    "straße",
    "e\u0301",
    "\u00e9",
    "\U0001f600 *",
    "ǅ \"'",
    " ",
)
SCORES = (0.0, 0.3, 0.299_999_999_9, 0.300_000_000_1, 0.5, 0.7, 1.0)

names = st.sampled_from(NAMES)
maybe_name = st.none() | names
steps = st.sampled_from([timedelta(), timedelta(microseconds=1), timedelta(hours=5, microseconds=-1)])
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-11))])


def _moment(days: int, more: timedelta, zone: timezone) -> datetime:
    return (START + timedelta(days=days) + more).astimezone(zone)


times = st.builds(_moment, st.integers(0, 5), steps, zones)
numbers = st.integers(-2, 2) | st.sampled_from(
    [0.5, 1.0, 1.5, 0.1, -0.0, 1e-7, 10**15, 1e15, 2.5e14, 0.30000000000000004]
)
scalars = st.booleans() | numbers | names
scores = st.sampled_from((*SCORES, 5e-324, 7.0e-46, 1e-45)) | st.floats(0, 1)
values = scalars | st.lists(scalars | st.lists(scalars, max_size=1), max_size=3) | st.none()
extras = st.dictionaries(
    st.sampled_from(["a", "b", "0", "É '\""]),
    values | st.dictionaries(st.sampled_from(["c", "0"]), values, max_size=2),
    max_size=3,
)


@st.composite
def memories(draw: st.DrawFn, number: int = 1) -> Memory:
    """A memory of the user."""
    valid_from, valid_to = draw(st.none() | times), draw(st.none() | times)
    if valid_from and valid_to and valid_to < valid_from:
        valid_from, valid_to = valid_to, valid_from
    return Memory(
        id=UUID(int=0x0190 << 112 | 7 << 76 | 2 << 62 | number),
        tenant_id="t",
        user_id=USER,
        agent_id=draw(st.just("") | names),
        project_id=draw(maybe_name),
        conversation_id=draw(maybe_name),
        type=draw(st.sampled_from(MemoryType)),
        tier=draw(st.sampled_from(Tier)),
        status=draw(st.sampled_from([Status.ACTIVE, *(status for status in Status if status is not Status.DELETED)])),
        text=draw(names),
        speaker=draw(maybe_name),
        key=draw(maybe_name),
        value=draw(maybe_name),
        occurred_at=draw(st.none() | times),
        written_at=draw(times),
        updated_at=START,
        valid_from=valid_from,
        valid_to=valid_to,
        confidence=draw(scores),
        importance=draw(scores),
        emotion=draw(scores),
        content_hash=f"hash-{number}",
        extra=draw(extras),
        source_id=draw(maybe_name),
        trust=draw(st.sampled_from([Trust.TRUSTED, Trust.KNOWN, Trust.QUARANTINED])),
        sensitivity=draw(st.sampled_from(Sensitivity)),
        author_id=draw(maybe_name),
        channel_id=draw(maybe_name),
        subject=draw(maybe_name),
    )


def index_row_of(memory: Memory) -> IndexRow:
    """The memory as ranking sees it."""
    same = {name: getattr(memory, name) for name in IndexRow.__dataclass_fields__ if hasattr(memory, name)}
    for name in ("id", "text", "entities"):
        same.pop(name)
    return row(memory.id.int & 0xFFFF_FFFF, memory.text, **same)


def _compared(field: str, wanted: st.SearchStrategy[Any], *more: str) -> st.SearchStrategy[dict[str, Any]]:
    one = st.sampled_from(["eq", "ne", *more])
    single = st.tuples(one, wanted)
    several = st.tuples(st.sampled_from(["in", "nin"]), st.lists(wanted, max_size=3))
    written = (single | several).map(lambda pair: {field: dict([pair])})
    return written | st.sampled_from([{field: "*"}, {field: None}, {field: {"ne": "*"}}])


_ORDER = ("gt", "gte", "lt", "lte")
_WORDS = ("contains", "icontains")
_parts = st.sampled_from(
    ["ann", "n", "i", "σ", "Σ", "I", "%", "_", "\\", "-", "zz", "ss", "SS", "É", "é", "\u0301", "ǆ", "*", " "]
)
resident_comparisons = st.one_of(
    _compared("tier", st.sampled_from([tier.value for tier in Tier])),
    _compared("status", st.sampled_from([status.value for status in Status])),
    _compared("type", st.sampled_from([kind.value for kind in MemoryType])),
    _compared("trust", st.sampled_from([trust.value for trust in Trust])),
    _compared("sensitivity", st.sampled_from([level.value for level in Sensitivity])),
    *(
        _compared(field, names, *_ORDER)
        for field in (
            "agent_id",
            "project_id",
            "conversation_id",
            "source_id",
            "author_id",
            "owner",
            "user_id",
            "channel_id",
        )
    ),
    *(
        st.tuples(st.sampled_from(_WORDS), _parts).map(lambda pair, f=field: {f: dict([pair])})
        for field in ("project_id", "owner", "agent_id", "channel_id", "conversation_id")
    ),
    *(_compared(field, scores, *_ORDER) for field in ("confidence", "importance", "emotion")),
    *(_compared(field, times, *_ORDER) for field in ("occurred_at", "written_at", "valid_from", "valid_to")),
)
_stored = ("speaker", "key", "value", "text", "subject")
_paths = ("metadata.a", "metadata.b", "metadata.0", "metadata.a.c", "metadata.a.0", "metadata.É '\"")
_ordered_scalars = scalars.filter(lambda value: not isinstance(value, bool))
store_comparisons = st.one_of(
    *(_compared(field, names, *_ORDER) for field in _stored),
    *(st.tuples(st.sampled_from(_WORDS), _parts).map(lambda pair, f=field: {f: dict([pair])}) for field in _stored),
    *(_compared(path, scalars) for path in _paths),
    *(
        st.tuples(st.sampled_from(_ORDER), _ordered_scalars).map(lambda pair, f=path: {f: dict([pair])})
        for path in _paths
    ),
    *(
        st.tuples(st.sampled_from(_WORDS), _parts | scalars).map(lambda pair, f=path: {f: dict([pair])})
        for path in _paths
    ),
)


def conditions(leaves: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions as a caller writes them, over these comparisons."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"AND": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"OR": parts}),
            inner.map(lambda part: {"NOT": part}),
            st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"NOT": parts}),
        ),
        max_leaves=6,
    )
