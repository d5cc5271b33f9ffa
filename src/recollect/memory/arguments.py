"""The keyword arguments of the facade, and the checks that every one of them passes through."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypedDict, TypeVar, cast
from uuid import UUID

from recollect.domain.ids import parse_id
from recollect.domain.record import MemoryType, Sensitivity, SourceType, Status, Tier
from recollect.domain.scope import RESERVED, Scope, check_id, is_reserved
from recollect.domain.search import SearchFilter
from recollect.domain.shown import shown
from recollect.domain.times import parse_time
from recollect.errors import ValidationError
from recollect.ports.store import Cause
from recollect.writing.steps.admit import check_text

E = TypeVar("E", bound=StrEnum)

MAX_LIMIT = 1_000
MOST_LISTED = 15
MOST_NEAR = 10
MAX_QUERY = 10_000


class ScopeArguments(TypedDict, total=False):
    """Whose memory is meant, beyond the user.

    Attributes:
        agent_id: the agent that remembers; "" (the default) when the user's agents share their memories.
        project_id: a project. conversation_id: a conversation, session or run.
    """

    agent_id: str
    project_id: str | None
    conversation_id: str | None


class AddArguments(ScopeArguments, total=False):
    """What may be said about a text that is added.

    Attributes:
        speaker: who said it; None or "user" for the user.
        at: when it was said, timezone-aware (or ISO 8601 with an offset); "now" (the default) for a live conversation;
            None when it is unknown, as in many imports. Relative times in the text are read against it.
        occurred_at: when what it tells of happened; read from the text when it is not given.
        type, tier, source_type: see ``MemoryType``, ``Tier``, ``SourceType``; decided by rules when not given.
        metadata: any JSON object of the caller's own.
        source: the name of a registered source; what an unknown one says is quarantined, unless settings say otherwise.
        sensitivity: see ``Sensitivity``; "normal" by default.
        share: put it among the memories that all members of ``project_id`` see; needs the role member.
        channel_id: the channel in which several people talk; what is said there is stored for its author, and for the
            members of the project that the channel is linked to.
        audience: the users to whom it was said aside there; it is stored for its author only.
        subject: whom or what it is about.
        idempotency_key: repeated within 24 hours, the same request is answered with the same receipt.
        job_id: a UUID that binds changes which can be rolled back together. actor: who does this; "user" by default.
    """

    speaker: str | None
    at: datetime | str | None
    occurred_at: datetime | str | None
    type: MemoryType | str
    tier: Tier | str
    source_type: SourceType | str
    metadata: Mapping[str, Any]
    source: str | None
    sensitivity: Sensitivity | str
    share: bool
    channel_id: str | None
    audience: Collection[str]
    subject: str | None
    idempotency_key: str | None
    job_id: UUID | str | None
    actor: str


class UpdateArguments(TypedDict, total=False):
    """What may change beside the text, and on which condition.

    Attributes:
        metadata: the new metadata, in place of the old. sensitivity: the new one.
        expected_version: refuse if the record is at another version.
        project_id: the project whose members share it. job_id, actor: as for ``add``.
    """

    metadata: Mapping[str, Any] | None
    sensitivity: Sensitivity | str | None
    expected_version: int | None
    project_id: str | None
    job_id: UUID | str | None
    actor: str


class FilterArguments(ScopeArguments, total=False):
    """Which memories may be found.

    Attributes:
        types, tiers, statuses: allowed values; by default all types and tiers, and active and compressed records.
        occurred_from, occurred_to: event time within [from, to).
        min_confidence: 0..1.
        as_of: what held at that time instead of now.
        include_quarantined: also what came from quarantined sources. collection: only the members of this collection.
        channel_id: the channel in which the answer is given: only what may be told to everybody there.
        filters: any condition over fields and metadata, such as ``{"AND": [{"importance": {"gte": 0.5}}]}``.
    """

    types: Collection[MemoryType | str]
    tiers: Collection[Tier | str]
    statuses: Collection[Status | str]
    occurred_from: datetime | str | None
    occurred_to: datetime | str | None
    min_confidence: float
    as_of: datetime | str | None
    include_quarantined: bool
    collection: str | None
    channel_id: str | None
    filters: Mapping[str, Any] | None


class RankArguments(FilterArguments, total=False):
    """How memories are ranked.

    Attributes:
        limit: how many at most, 1 to 1000; 10 by default.
        profile: ``relevance`` (default), ``cortex``, ``recent`` or another of ``PROFILES``, or weights of 0 or more by
            signal name; what is not named does not count.
        now: the moment that "last week" refers to, timezone-aware; the present by default.
        most_per_conversation: after so many (1 to 1000) of one conversation others have their turn; None: any number.
            By default what the profile says: any number with ``relevance``, 3 with ``cortex`` and ``recent``.
        min_score: only what is relevant with at least this estimated probability, 0..1; 0 by default. Above 0 it is
            refused with profiles whose scores are no probabilities, which are all but ``relevance``.
        deadline_ms: how many milliseconds each stage may take, above 0 and at most 600,000; what is late is left out,
            and ``degraded`` says so. None, the default, is as long as it takes.
    """

    limit: int
    profile: str | Mapping[str, float]
    now: datetime | str | None
    most_per_conversation: int | None
    min_score: float
    deadline_ms: float | None


class SearchArguments(RankArguments, total=False):
    """What is told of the answer, and how long it may be.

    Attributes:
        max_tokens: the texts of all hits together take at most so many, 1 to 1,000,000; what has no room is left out,
            and ``left_out`` counts it. None, the default, is any number.
        explain: each hit says in ``explanation`` why it stands where it stands; False by default.
        trace: the question and its answer are kept, and ``trace_id`` names them; False by default.
    """

    max_tokens: int | None
    explain: bool
    trace: bool


class ContextArguments(RankArguments, total=False):
    """To whom the answer is given, in a channel.

    Attributes:
        mentioned: whether the agent was spoken to; otherwise it only overhears, and is given little.
        audience: the users who will hear the answer, when it is given aside; everybody in the channel by default.
        personal: whether what the user said in private may be told there, when the agent was spoken to.
    """

    mentioned: bool
    audience: Collection[str]
    personal: bool


def check_known(given: Mapping[str, object], allowed: Iterable[str], method: str) -> None:
    """Refuses keyword arguments that the method does not have: one that is swallowed would be a wrong answer.

    Raises:
        ValidationError: naming the first one.
    """
    known = sorted(allowed)
    for name in given:
        if name not in known:
            raise ValidationError(name, f"is not an argument of {method}(); it takes {', '.join(known)}")


def scope_of(tenant_id: str, user_id: str, given: Mapping[str, Any]) -> Scope:
    """The scope that the arguments name.

    Raises:
        ValidationError: an id cannot be used, or is one that Recollect keeps for itself.
    """
    if isinstance(user_id, str) and is_reserved(user_id):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
        raise ValidationError("user_id", f"must not begin with {RESERVED!r}; such ids are reserved")
    return Scope(
        tenant_id=tenant_id,
        user_id=user_id,
        agent_id="" if given.get("agent_id") is None else given["agent_id"],
        project_id=given.get("project_id"),
        conversation_id=given.get("conversation_id"),
    )


def filter_of(given: Mapping[str, Any]) -> SearchFilter:
    """The filter that the arguments describe.

    Raises:
        ValidationError: naming the argument at fault.
    """
    confidence = given.get("min_confidence", 0.0)
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        raise ValidationError("min_confidence", f"must be a number from 0 to 1, not {shown(confidence)}")
    start, end = optional_time("occurred_from", given), optional_time("occurred_to", given)
    if start is not None and end is not None and end <= start:
        raise ValidationError("occurred_to", "must be later than occurred_from")
    return SearchFilter(
        types=members("types", MemoryType, given.get("types", ())),
        tiers=members("tiers", Tier, given.get("tiers", ())),
        statuses=members("statuses", Status, given.get("statuses", ())),
        agent_id=given.get("agent_id"),
        project_id=given.get("project_id"),
        conversation_id=given.get("conversation_id"),
        occurred_from=start,
        occurred_to=end,
        min_confidence=float(confidence),
        as_of=optional_time("as_of", given),
        include_quarantined=check_flag("include_quarantined", given.get("include_quarantined", False)),
    )


def cause_of(given: Mapping[str, Any]) -> Cause:
    """Who makes the changes, and in which run."""
    job_id = given.get("job_id")
    return Cause(
        actor=check_id("actor", given.get("actor", "user")),
        job_id=None if job_id is None else parse_id("job_id", job_id),
    )


def check_flag(field: str, value: object) -> bool:
    """Returns ``value`` if it is True or False."""
    if not isinstance(value, bool):
        raise ValidationError(field, f"must be true or false, not {shown(value)}")
    return value


def member(field: str, kind: type[E], value: object) -> E:
    """The enumeration's member for ``value``.

    Raises:
        ValidationError: naming ``field`` and the values that exist, of more than 15 the ten nearest.
    """
    try:
        return kind(cast(str, value))
    except ValueError:
        raise ValidationError(field, f"{_right(kind, value)}; not {shown(value)}") from None


def _right(kind: type[E], value: object) -> str:
    """What would be right instead: all values, or of very many those that look like what was given."""
    allowed = [entry.value for entry in kind]
    if len(allowed) <= MOST_LISTED:
        return f"must be one of {', '.join(allowed)}"
    near = get_close_matches(shown(value).casefold(), allowed, n=MOST_NEAR, cutoff=0.4) or allowed[:MOST_NEAR]
    return f"must be one of {len(allowed)} values, such as {', '.join(near)}"


def members(field: str, kind: type[E], values: object) -> frozenset[E]:
    """The enumeration's members for each of ``values``; a single value counts as a collection of one."""
    if isinstance(values, str):
        values = (values,)
    if not isinstance(values, Collection):
        raise ValidationError(field, f"must be a list of values, not {type(values).__name__}")
    return frozenset(member(field, kind, value) for value in cast(Collection[object], values))


def optional_time(field: str, given: Mapping[str, Any]) -> datetime | None:
    """The time under that name in UTC, or None."""
    value = given.get(field)
    return None if value is None else parse_time(field, value)


def check_limit(field: str, value: object, *, most: int = MAX_LIMIT) -> int:
    """Returns ``value`` if it is a whole number from 1 to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ValidationError(field, f"must be a whole number from 1 to {most}, not {shown(value)}")
    return value


def check_query(query: object) -> str:
    """Returns the query if it is text of at most 10,000 characters that is not blank."""
    if isinstance(query, str) and not query.strip():
        raise ValidationError("query", "is empty; ask in words")
    text = check_text("query", query)
    if len(text) > MAX_QUERY:
        raise ValidationError("query", f"has {len(text):,} characters; at most {MAX_QUERY:,} are allowed")
    return text
