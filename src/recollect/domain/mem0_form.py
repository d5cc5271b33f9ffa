"""mem0's form of our answers: the dicts that code written for mem0 reads, for the library and the routes alike.

A memory that was added for an agent, an app or a run and for no user lies with a stand-in user, see ``stand_in``; the
form shows it without a user, as mem0 does. Metadata of ours (``recollect:...``) is left out.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from recollect.errors import ValidationError

if TYPE_CHECKING:  # what is put into this form asks this module for it
    from recollect.domain.history import HistoryEvent
    from recollect.domain.receipt import Receipt, ReceiptItem
    from recollect.domain.record import Memory
    from recollect.domain.search import Hit

Form = dict[str, Any]

OURS: Final = "recollect:"
EXPIRES: Final = "recollect:expires_on"
"""Under this name a record's metadata says on which day (UTC) it is found for the last time."""
STAND_INS: Final[Mapping[str, str]] = {"agent_id": "mem0:agent:", "app_id": "mem0:app:", "run_id": "mem0:run:"}
"""By the id that is given instead of a user's, what the stand-in's id begins with; the first that is given counts."""
SPEAKING: Final = frozenset({"user", "assistant", "tool"})
EVENTS: Final[Mapping[str, str]] = {
    "memory_added": "ADD",
    "memory_deleted": "DELETE",
    "memory_erased": "DELETE",
    "memory_superseded": "UPDATE",
    "memory_updated": "UPDATE",
    "memory_revised": "UPDATE",
    "memory_corrected": "UPDATE",
    "memory_reopened": "UPDATE",
    "memory_restored": "ADD",
    "memory_released": "ADD",
}
"""mem0's word for what happened; NONE for everything that leaves the words as they are."""
BREAKDOWN: Final = {"semantic": "meaning", "bm25": "words", "entity": "entity"}


def stand_in(given: Mapping[str, object]) -> str | None:
    """The stand-in user of what belongs to an agent, an app or a run alone; None if none of them is given."""
    for name, prefix in STAND_INS.items():
        if given.get(name) is not None:
            return f"{prefix}{given[name]}"
    return None


def is_stand_in(user_id: str) -> bool:
    """Whether it is a stand-in user."""
    return user_id.startswith(tuple(STAND_INS.values()))


def parse_day(field: str, value: object) -> str:
    """A date, or ``YYYY-MM-DD``, as the latter.

    Raises:
        ValidationError: naming ``field``.
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(value if isinstance(value, str) else "").isoformat()
    except ValueError:
        raise ValidationError(field, "must be a date such as 2026-12-31") from None


def end_of(extra: Mapping[str, Any]) -> datetime | None:
    """When what has this metadata expires: as its last day ends, in UTC. None if it does not."""
    day = extra.get(EXPIRES)
    if not isinstance(day, str):
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def ends_at(extra: Mapping[str, Any], start: datetime | None, end: datetime | None = None) -> datetime | None:
    """When what has this metadata ends: at ``end``, or when it expires before that, but never before it starts."""
    expires = end_of(extra)
    if expires is None:
        return end
    first = expires if end is None else min(expires, end)
    return first if start is None else max(first, start)


def memory_form(memory: "Memory") -> Form:
    """One memory as ``get`` and the rows of ``get_all`` show it."""
    spoken = memory.speaker in SPEAKING
    own = {name: value for name, value in memory.extra.items() if not name.startswith(OURS)}
    owner = memory.user_id if memory.author_id is None else memory.author_id
    return {
        "id": str(memory.id),
        "memory": memory.text,
        "hash": memory.content_hash,
        "user_id": None if is_stand_in(owner) else owner,
        "agent_id": memory.agent_id or None,
        "app_id": memory.project_id,
        "run_id": memory.conversation_id,
        "session_id": memory.conversation_id,
        "actor_id": None if spoken else memory.speaker,
        "role": memory.speaker if spoken else None,
        "metadata": own,
        "categories": own.get("categories"),
        "created_at": memory.written_at.isoformat(),
        "updated_at": memory.updated_at.isoformat(),
        "expiration_date": memory.extra.get(EXPIRES),
        "structured_attributes": None,
        "replaced_by": None,
        "synthesized": memory.type.value in ("summary", "reflection"),
    }


def hit_form(hit: "Hit") -> Form:
    """One row of ``search``; ``score`` is the estimated probability that it is relevant, or lies within 0..1."""
    score = min(max(hit.score, 0.0), 1.0) if hit.relevance is None else hit.relevance
    shares = {name: signal.contribution for name, signal in hit.signals.items()}
    form = memory_form(hit.memory) | {
        "score": score,
        "score_breakdown": {theirs: shares.get(ours, 0.0) for theirs, ours in BREAKDOWN.items()},
    }
    return form if hit.explanation is None else form | {"score_details": shares}


def receipt_rows(receipt: "Receipt") -> list[Form]:
    """The rows of ``add``: each record that was stored or told again, once; what was not kept has no row."""
    rows = {item.memory_id: item for item in reversed(receipt.items) if item.memory_id is not None}
    return [_item_form(item) for item in reversed(rows.values())]


def _item_form(item: "ReceiptItem") -> Form:
    form: Form = {
        "id": str(item.memory_id),
        "memory": item.text,
        "data": {"memory": item.text},
        "event": "NONE" if item.outcome.value == "merged" else "ADD",
    }
    return form


def history_rows(events: Iterable["HistoryEvent"]) -> list[Form]:
    """The rows of ``history``, oldest first: what changed the memory or what is known beside its words, or ended it."""
    return [row for row in map(event_form, events) if row["event"] != "NONE"]


def event_form(event: "HistoryEvent") -> Form:
    """One line of what happened to a memory."""
    word = EVENTS.get(event.type.value, "NONE")
    return {
        "id": str(event.id),
        "memory_id": str(event.subject_id),
        "old_memory": event.text_before,
        "new_memory": event.text_after,
        "event": word,
        "created_at": event.recorded_at.isoformat(),
        "updated_at": event.recorded_at.isoformat(),
        "is_deleted": word == "DELETE",
        "user_id": None if is_stand_in(event.user_id) else event.user_id,
        "actor_id": event.actor,
        "input": [] if event.text_after is None else [{"role": "user", "content": event.text_after}],
    }


class Keyed:
    """What also answers to mem0's names: ``found["results"]``, ``found.get("results")``."""

    __slots__ = ()

    def mem0_form(self) -> Form:
        """The dict that mem0 would have answered with."""
        raise NotImplementedError

    def __getitem__(self, key: str) -> Any:
        return held(self.mem0_form(), key)

    def get(self, key: str, default: Any = None) -> Any:
        """What mem0's form holds under the key, or ``default``."""
        return self.mem0_form().get(key, default)


def held(form: Form, key: object) -> Any:
    """What a form holds under a key.

    Raises:
        KeyError: nothing. TypeError: the key is no text.
    """
    if not isinstance(key, str):
        raise TypeError(f"keys are texts such as {next(iter(form))!r}, not {type(key).__name__}")
    if key not in form:
        raise KeyError(f"{key}; there are {', '.join(form)}")
    return form[key]
