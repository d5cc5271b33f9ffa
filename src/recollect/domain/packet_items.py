"""Packet items: what a packet can hold, each made from the domain's own types, with where it came from.

An item's ``value`` says what goes first when space is short; the whole number is its class, the rest its place in it.

    5  identity                what is known of the user; the last to go
    4  rules                   what must never be broken; the user's profile before them
    3  goals, session, context what the user or the caller has set on purpose
    2  project                 what holds for the project as such
    1  found and just said     side by side: the best hit and the newest exchange are worth the same, then by score and
                               by age, so that a long chat does not push out what was looked up, nor the other way
    0  thoughts, sensed        raw and gone in a moment; the first to go
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from recollect.domain.chunks import Chunk, chunked
from recollect.domain.goal import Goal, GoalStatus
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.packet_form import Category, on_one_line, quoted
from recollect.domain.record import Memory, MemoryType, Status, Trust
from recollect.domain.session import Session
from recollect.domain.tokens import estimate_tokens
from recollect.domain.user_profile import UserProfile

CATEGORY_OF = {
    MemoryType.IDENTITY: Category.IDENTITY,
    MemoryType.CONSTRAINT: Category.CONSTRAINTS,
    MemoryType.PREFERENCE: Category.PREFERENCES,
    MemoryType.PROCEDURE: Category.PROCEDURES,
    MemoryType.GOAL: Category.GOALS,
    MemoryType.TASK_STATE: Category.GOALS,
    MemoryType.SEMANTIC_FACT: Category.FACTS,
    MemoryType.HYPOTHESIS: Category.FACTS,
}

FIRST_OF_SESSION = ("current_topic", "active_task", "emotional_state", "context_summary")
"""A session's best-known fields, in the order they are shown; the others follow by name."""
MOST_OF_PROFILE = 50
"""Entries of a profile that are shown."""
PROFILE_ENTRY = 300
"""Characters of one entry that are shown; it is meant to be a word or two."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an item came from, so that it can be cited.

    Attributes:
        kind: ``memory``, ``profile``, ``goal``, ``session`` or a kind of what fades, see ``HotKind``.
        ids: of the memories, the user, the goal or the session; the name of what has no id.
        told_at: when it was said or set.
        source: who vouches for it, see ``ProvenanceSource``. source_id: the registered source. evidence: see there.
        confidence: 0..1, or None for what is not a claim.
    """

    kind: str
    ids: tuple[str, ...]
    told_at: datetime | None = None
    source: str = ""
    source_id: str | None = None
    evidence: tuple[str, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketItem:
    """One thing that a packet holds.

    Attributes:
        text: what it says. category: where it is shown. value: what it is worth when space is short, see above.
        origin: where it came from. memory: the record, if it is one. score: its search score, if it was found.
        prefix: what stands before it on its line: its day, its state, who said it.
        order: its place in its category, then by ``at``: when it happened.
        past: it held once, and no longer does.
    """

    text: str
    category: Category
    value: float
    origin: Origin
    memory: Memory | None = None
    score: float | None = None
    prefix: str = ""
    order: str = ""
    at: datetime | None = None
    past: bool = False

    def line(self) -> str:
        """The item on one line. Line breaks become spaces, and markers are made harmless."""
        return on_one_line(f"{self.prefix}{self.text}")

    @property
    def tokens(self) -> int:
        """Estimated tokens of its line in a packet."""
        return estimate_tokens(f"- {self.line()}\n")

    @property
    def place(self) -> tuple[str, datetime, str]:
        """What its category is sorted by."""
        return self.order, self.at or _BEGINNING, "".join(self.origin.ids)


def identity_item(memory: Memory) -> PacketItem:
    """A fact that is always loaded, shown as a field and its value, however it was told."""
    item = _of_memory(memory, Category.IDENTITY, 5 + memory.importance / 2)
    subject, _, field = (memory.key or "").partition(":")
    if subject != "user" or not memory.value or memory.extra.get("identity"):
        return item  # a nested value reads better in its own words
    return replace(item, text=f"{field.replace('_', ' ')}: {memory.value}", prefix="")


def rule_item(memory: Memory) -> PacketItem:
    """A rule that is always loaded."""
    return _of_memory(memory, Category.CONSTRAINTS, 4 + memory.importance / 2)


def always_item(memory: Memory) -> PacketItem:
    """What is always loaded: a rule, or else a fact of identity."""
    return rule_item(memory) if memory.type is MemoryType.CONSTRAINT else identity_item(memory)


def profile_items(profile: UserProfile) -> tuple[PacketItem, ...]:
    """What the caller set of the user, an item an entry, after the facts of identity; each part by name."""
    parts = (
        ("preferences", profile.preferences),
        ("expertise", profile.expertise),
        ("style", profile.communication_style),
    )
    said = [(part, name, given[name]) for part, given in parts for name in sorted(given) if given[name] is not None]
    origin = Origin(kind="profile", ids=(profile.user_id,), told_at=profile.updated_at)
    return tuple(
        PacketItem(
            text=quoted(f"{part}: {name.replace('_', ' ')} {_in_words(value)}", PROFILE_ENTRY),
            category=Category.IDENTITY,
            value=4.9 - place / 1000,
            origin=origin,
            order=f"~~{place:04}",
        )
        for place, (part, name, value) in enumerate(said[:MOST_OF_PROFILE])
    )


def memory_item(
    memory: Memory,
    *,
    score: float,
    best: float | None = None,
    now: datetime | None = None,
    project: bool = False,
    replaced_at: datetime | None = None,
) -> PacketItem:
    """A memory that was found.

    Args:
        memory: the record.
        score: its search score.
        best: the best score of the same search.
        now: the moment it is judged at: what does not hold then is marked as past; None is the present, at which
            whatever has an end has ended.
        project: it is what holds for a project as such, and stands with it.
        replaced_at: when it was told that it is no longer so, see ``Hit``.
    """
    share = min(max(score / best if best and best > 0 else score / (1 + abs(score)), 0.0), 1.0)
    category = Category.PROJECT if project else _found_in(memory)
    ended = memory.valid_to is not None and (now is None or memory.valid_to <= now)
    if replaced_at is not None and not ended:
        item = _of_memory(memory, category, 1 + share, score)
        return replace(item, prefix=f"[older, see {replaced_at:%Y-%m-%d}] {item.prefix}")
    if not (ended or memory.status is Status.SUPERSEDED):
        return _of_memory(memory, category, 1 + share, score)
    until = f"[until {memory.valid_to:%Y-%m-%d}] " if memory.valid_to else "[past] "
    item = _of_memory(memory, category, 1 + share, score)
    return replace(item, prefix=until + item.prefix, past=True)


def _found_in(memory: Memory) -> Category:
    """Where a memory that was found stands: not among what is always loaded, which no question may change.

    A rule of the user's own is a rule however it comes; one that others state is a thing that they say.
    """
    category = CATEGORY_OF.get(memory.type, Category.EPISODES)
    rule = category is Category.CONSTRAINTS and memory.trust is Trust.TRUSTED
    return Category.FACTS if category in (Category.IDENTITY, Category.CONSTRAINTS) and not rule else category


def project_item(memory: Memory) -> PacketItem:
    """A note of the project that is always shown with it."""
    return _of_memory(memory, Category.PROJECT, 2 + memory.importance / 2)


def strategy_item(memory: Memory, rate: float, *, score: float | None = None) -> PacketItem:
    """A way to do something, with how often it worked; ``rate`` (0..1) is its rank among others."""
    item = _of_memory(memory, Category.PROCEDURES, 1 + min(max(rate, 0.0), 1.0), score)
    wins, losses = _outcomes(memory)
    worked = f"[worked {wins} of {wins + losses}] " if wins + losses else ""
    return replace(item, prefix=worked + item.prefix, order=f"{1 - rate:.4f}")


def success_rate(memory: Memory) -> float:
    """The share of a strategy's uses that worked, drawn to one half while there are few."""
    wins, losses = _outcomes(memory)
    return (wins + 1) / (wins + losses + 2)


def goal_item(goal: Goal, blocked: bool) -> PacketItem:
    """A goal, with what matters about it now."""
    state = [f"priority {goal.priority}"]
    state += [f"until {goal.deadline:%Y-%m-%d}"] if goal.deadline else []
    state += ["blocked"] if blocked else []
    state += [goal.status.value] if goal.status is not GoalStatus.ACTIVE else []
    text = f"{goal.title}: {goal.description}" if goal.description else goal.title
    return PacketItem(
        text=f"{text} ({', '.join(state)})",
        category=Category.GOALS,
        value=3 + goal.priority / 10 - (0.05 if blocked else 0.0),
        origin=Origin(kind="goal", ids=(str(goal.id),), told_at=goal.created_at),
        order=f"{9 - goal.priority}",
        at=goal.deadline or datetime.max.replace(tzinfo=UTC),
    )


def session_items(session: Session, goals: Mapping[UUID, Goal] | None = None) -> tuple[PacketItem, ...]:
    """What the session says, an item a field; the goal that is worked on by its title, if it is among ``goals``."""
    names = sorted(session.state, key=_place_of_field)
    said = [(name, _in_words(session.state[name])) for name in names if session.state[name] is not None]
    goal = (goals or {}).get(session.active_goal_id) if session.active_goal_id else None
    said += [("active_goal", goal.title)] if goal else []
    origin = Origin(kind="session", ids=(str(session.id),), told_at=session.updated_at)
    return tuple(
        PacketItem(
            text=f"{name.replace('_', ' ')}: {words}",
            category=Category.SESSION,
            value=3.9 - min(place, 80) / 100,
            origin=origin,
            order=f"{place:04}",
        )
        for place, (name, words) in enumerate(said)
    )


def working_items(items: Iterable[HotItem], most: int) -> tuple[PacketItem, ...]:
    """What was just said, in at most ``most`` groups, the oldest group first."""
    chunks = chunked(items, most)
    return tuple(chunk_item(chunk, len(chunks) - place) for place, chunk in enumerate(chunks, start=1))


def chunk_item(chunk: Chunk, age: int) -> PacketItem:
    """A group of what was just said; ``age`` is 0 for the newest."""
    ids = tuple(str(item.memory_id or item.name) for item in chunk.items)
    return PacketItem(
        text=chunk.text,
        category=Category.WORKING,
        value=max(2 - age / 10, 1.0),
        origin=Origin(kind=HotKind.WORKING.value, ids=ids, told_at=chunk.items[0].at),
        at=chunk.items[0].at,
    )


def context_item(item: HotItem) -> PacketItem:
    """A value that a caller set for a while; it stands with the session."""
    words = _in_words(item.value.get("value", item.value))
    return _of_hot(item, f"{item.name.replace('_', ' ')}: {words}", Category.SESSION, 3.0, f"~{item.name}")


def passing_item(item: HotItem) -> PacketItem:
    """A thought or something sensed."""
    kind = Category.THOUGHTS if item.kind is HotKind.THOUGHT else Category.SENSED
    words = item.value.get("text", item.value.get("value", item.value))
    return _of_hot(item, _in_words(words), kind, 0.5 if kind is Category.THOUGHTS else 0.0, "")


def _of_memory(memory: Memory, category: Category, value: float, score: float | None = None) -> PacketItem:
    episode = category is Category.EPISODES
    day = f"[{memory.occurred_at:%Y-%m-%d}] " if memory.occurred_at and episode else ""
    who = f"{memory.speaker}: " if memory.speaker else ""
    doubt = f"[may be outdated since {memory.stale_since:%Y-%m-%d}] " if memory.stale_since else ""
    return PacketItem(
        text=memory.text,
        category=category,
        value=value,
        origin=Origin(
            kind="memory",
            ids=(str(memory.id),),
            told_at=memory.told_at,
            source=memory.provenance.source.value,
            source_id=memory.source_id,
            evidence=memory.provenance.evidence,
            confidence=memory.confidence,
        ),
        memory=memory,
        score=score,
        prefix=f"{doubt}{day}{who}",
        order="" if episode else memory.key or "~",
        at=memory.occurred_at,
    )


def _outcomes(memory: Memory) -> tuple[int, int]:
    """How often a strategy worked, and how often it did not."""
    known: object = memory.extra.get("strategy")
    counts = cast(Mapping[str, Any], known if isinstance(known, Mapping) else {})
    return int(counts.get("successes", 0)), int(counts.get("failures", 0))


def _of_hot(item: HotItem, text: str, category: Category, value: float, order: str) -> PacketItem:
    origin = Origin(kind=item.kind.value, ids=(str(item.memory_id or item.name),), told_at=item.at)
    return PacketItem(text=text, category=category, value=value, origin=origin, order=order, at=item.at)


def _place_of_field(name: str) -> tuple[int, str]:
    known = name in FIRST_OF_SESSION
    return (FIRST_OF_SESSION.index(name) if known else len(FIRST_OF_SESSION)), name


def _in_words(value: object) -> str:
    """A JSON value as it is read: text as it stands, lists with commas, objects as ``name: value``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        fields = {str(name): part for name, part in cast(Mapping[object, object], value).items()}
        return "; ".join(f"{name}: {_in_words(fields[name])}" for name in sorted(fields))
    if isinstance(value, (list, tuple)):
        return ", ".join(_in_words(part) for part in cast(Sequence[object], value))
    return "none" if value is None else str(value)
