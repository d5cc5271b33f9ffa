"""What ``search`` is asked and what it answers: hits whose scores explain themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, overload
from uuid import UUID

from recollect.domain.condition import Condition, both, matches
from recollect.domain.decision import Readable, seen_of
from recollect.domain.explanation import Explanation, SignalScore
from recollect.domain.mem0_form import Form, Keyed, held, hit_form
from recollect.domain.record import Memory, MemoryType, Status, Tier, Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """Which memories may be found at all; applied before ranking, never after.

    Attributes:
        types, tiers, statuses: allowed values; empty means any (for statuses: active, compressed).
        agent_id, project_id, conversation_id: exact match when given.
        occurred_from, occurred_to: event time within [from, to); memories of unknown event time are left out then.
        min_confidence: 0..1.
        as_of: only what is valid at that time; None means now.
        include_quarantined: whether what came from a quarantined source may be found too.
        with_former: whether what a newer value took the place of may be found too, for questions about the past.
        condition: what else must hold; where several say something (a caller, policies), all of it: ``both``.
        readable: by their looks, what policies let pass; None when no policy looks at memories.
        only: the ids that the result is confined to, e.g. those of a collection.
    """

    types: frozenset[MemoryType] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    statuses: frozenset[Status] = frozenset()
    agent_id: str | None = None
    project_id: str | None = None
    conversation_id: str | None = None
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    min_confidence: float = 0.0
    as_of: datetime | None = None
    include_quarantined: bool = False
    with_former: bool = False
    condition: Condition | None = None
    readable: Readable | None = None
    only: frozenset[UUID] | None = None

    def and_also(self, *conditions: Condition | None, only: frozenset[UUID] | None = None) -> "SearchFilter":
        """A filter that lets pass what this one does and what holds besides."""
        confined = only if self.only is None else self.only if only is None else self.only & only
        return replace(self, condition=both(self.condition, *conditions), only=confined)

    def admits(self, memory: Memory) -> bool:
        """Whether trust, condition, policies and ``only`` let one record pass, for what is not found by ranking."""
        return (
            (self.include_quarantined or memory.trust is not Trust.QUARANTINED)
            and (self.condition is None or matches(self.condition, memory))
            and (self.readable is None or seen_of(memory, self.readable.fields) in self.readable.seen)
            and (self.only is None or memory.id in self.only)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Keyed):
    """One memory that was found.

    Attributes:
        memory: the record. rank: 1 is best.
        score: the sum of the signals' contributions, whatever else is ranked; what is newer may be lent an older one's.
        signals: by signal name, in the order they are applied.
        relevance: the estimated probability that it is relevant, 0..1; None with a profile that is not calibrated.
        replaced_at: when a hit before it told that this is no longer so, as far as words tell; it is history then.
        explanation: why it stands here, when that was asked for.
    """

    memory: Memory
    rank: int
    score: float
    signals: Mapping[str, SignalScore]
    relevance: float | None = None
    replaced_at: datetime | None = None
    explanation: Explanation | None = None

    def explain(self) -> str:
        """One line per signal that mattered: name, contribution and what matched."""
        rows = [
            f"{name:<12} {s.contribution:+.3f} = {s.weight:.2f} x {s.normalised:.2f}"
            + (f"  ({s.reason})" if s.reason else "")
            for name, s in self.signals.items()
            if abs(s.contribution) >= 0.0005
        ]
        return "\n".join([f"score {self.score:.3f}", *rows])

    def mem0_form(self) -> Form:
        """The row that mem0's ``search`` has: ``hit["memory"]`` is the text, ``hit["score"]`` lies within 0..1."""
        return hit_form(self)

    def __repr__(self) -> str:
        return f"<Hit {self.rank}. {self.score:.3f} {self.memory!r}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What was asked for an answer.

    Attributes:
        tenant_id, user_id: who asked. arguments: the other arguments of ``search``, as JSON values.
        weights: the profile's weights, by name of the signal. now: the moment of asking.
        model_id: the embedding model.
    """

    tenant_id: str
    user_id: str
    arguments: Mapping[str, Any]
    weights: Mapping[str, float]
    now: datetime
    model_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult(Keyed):
    """The answer to ``search``: its hits, best first, and how it was made.

    Attributes:
        hits: best first.
        query: as asked. searched: how many memories were ranked.
        ms: wall-clock milliseconds by stage. round_trips: to the database.
        note: why there is nothing, when there is nothing (small talk, unknown user, everything filtered).
        degraded: what was left out and why, e.g. the embedder was down.
        seqs: by stream that was searched (the user's own, a project's), where its log stood.
        left_out: how many hits a budget of tokens had no room for.
        origin: what was asked, so that it can be kept as a trace; None for what cannot be asked again.
        trace_id: the trace it was kept as, if it was.
    """

    hits: tuple[Hit, ...]
    query: str
    searched: int = 0
    ms: Mapping[str, float] = field(default_factory=dict[str, float])
    round_trips: int = 0
    note: str = ""
    degraded: tuple[str, ...] = ()
    seqs: Mapping[str, int] = field(default_factory=dict[str, int])
    left_out: int = 0
    origin: Origin | None = field(default=None, repr=False)
    trace_id: UUID | None = None

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, key: int) -> Hit: ...
    @overload
    def __getitem__(self, key: str) -> Any: ...
    def __getitem__(self, key: int | str) -> Any:
        return held(self.mem0_form(), key) if isinstance(key, str) else self.hits[key]

    def __contains__(self, key: object) -> bool:
        return key == "results" or key in self.hits

    def mem0_form(self) -> Form:
        """The dict that mem0's ``search`` answers with: ``found["results"][0]["memory"]``."""
        return {"results": [hit.mem0_form() for hit in self.hits]}

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The ids of the memories found, best first."""
        return tuple(hit.memory.id for hit in self.hits)

    def __repr__(self) -> str:
        lines = [f"<SearchResult {len(self.hits)} of {self.searched} for {self.query[:60]!r}"]
        lines += [f"  {hit!r}" for hit in self.hits[:10]]
        if self.note:
            lines.append(f"  {self.note}")
        return "\n".join(lines) + ">"
