"""Staleness: when a premise ends, what hangs on it may be outdated; when the premise is back, it is not any more.

What was concluded from other memories hangs on them: it cites them as its evidence, or is tied to them by
``derived_from``. A premise ends when a newer value takes its place or when it is deleted. Then everything that hangs on
it, also through others, is stale *because of* it, and says so; nothing is hidden. It stops being stale when every such
premise holds again, when it is told once more or put in new words, or when the tie is taken away.

A memory keeps the premises that ended, not the way to them. So a circle of conclusions ends where it began, a diamond
is stale once, and a deleted premise is remembered although its ties are gone.

A fact that several tellings state rests on each of them: it is stale only when the last of them has ended. Of any
other conclusion, one premise is enough.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from recollect.domain.ids import ids_among
from recollect.domain.record import Memory, Status

ENDED: Final = frozenset({Status.SUPERSEDED, Status.DELETED})
ERASED: Final = UUID(int=0)
"""Stands for a premise that was erased: nothing may name it any more, and it never comes back."""

Tie = tuple[UUID, UUID]
"""What hangs, and the premise that it hangs on."""


@dataclass(frozen=True, slots=True)
class Turning:
    """What a batch of changes does to premises.

    Attributes:
        fallen: premises that ended. risen: premises that hold again.
        confirmed: memories that were told again or put in new words.
        tied, untied: ties that came and went; those that went with a premise that ended are not among them.
    """

    fallen: frozenset[UUID] = frozenset()
    risen: frozenset[UUID] = frozenset()
    confirmed: frozenset[UUID] = frozenset()
    tied: frozenset[Tie] = frozenset()
    untied: frozenset[Tie] = frozenset()

    @property
    def ids(self) -> frozenset[UUID]:
        """Every memory that is concerned."""
        ends = {end for tie in (*self.tied, *self.untied) for end in tie}
        return self.fallen | self.risen | self.confirmed | ends


def premises_of(memory: Memory) -> frozenset[UUID]:
    """The ids that a memory cites as its evidence: of memories, or of what is no memory and never ends."""
    return frozenset(ids_among(memory.provenance.evidence)) - {memory.id}


def turning(steps: Iterable[tuple[Memory | None, Memory]], tied: Iterable[Tie], untied: Iterable[Tie]) -> Turning:
    """What changes do to premises.

    Args:
        steps: each change of a memory, in order: as it was, None for a new one, and as it will be.
        tied: the ties ``derived_from`` that come.
        untied: those that go.
    """
    first: dict[UUID, Memory | None] = {}
    last: dict[UUID, Memory] = {}
    confirmed: set[UUID] = set()
    for before, after in steps:
        first.setdefault(after.id, before)
        last[after.id] = after
        if before is not None and before.stale_because and _told_anew(before, after):
            confirmed.add(after.id)
    there = [(before, last[one]) for one, before in first.items() if before is not None]
    fallen = frozenset(after.id for before, after in there if before.status not in ENDED and after.status in ENDED)
    risen = frozenset(after.id for before, after in there if before.status in ENDED and after.status not in ENDED)
    cited = {one: premises_of(after) for one, after in last.items() if after.status is not Status.DELETED}
    known = {one: premises_of(before) for one, before in first.items() if before is not None}
    stale = {one for one, before in first.items() if before is not None and before.stale_because}
    new = {(one, premise) for one, now in cited.items() for premise in now - known.get(one, frozenset())}
    gone = {(one, premise) for one in stale for premise in known[one] - cited.get(one, known[one])}
    back = {(one, premise) for one in risen for premise in cited.get(one, ())}
    return Turning(
        fallen=fallen,
        risen=risen,
        confirmed=frozenset(confirmed),
        tied=frozenset(tie for tie in {*tied, *new, *back} if not _in_batch(tie[1], first, last)),
        untied=frozenset(tie for tie in {*untied, *gone} if tie[1] not in fallen),
    )


def _told_anew(before: Memory, after: Memory) -> bool:
    told = after.reinforcements > before.reinforcements
    return told or (before.text, before.value) != (after.text, after.value)


def _in_batch(premise: UUID, first: Mapping[UUID, Memory | None], last: Mapping[UUID, Memory]) -> bool:
    """Whether a premise is new itself, and holds: what was just read from it needs no second look."""
    return premise in first and first[premise] is None and last[premise].status not in ENDED


@dataclass(slots=True)
class Hanging:
    """What hangs on the memories that are concerned, as the changes leave it.

    Attributes:
        memories: those that hang on them, and they themselves as far as they are there. ties: among all of these.
    """

    memories: dict[UUID, Memory]
    ties: set[Tie] = field(default_factory=set[Tie])

    def outdated(self, turned: Turning, now: datetime) -> list[tuple[Memory, Memory]]:
        """Each memory that goes stale, is stale for other reasons, or no longer is: as it was, and as it will be.

        Args:
            turned: what the changes do to premises; new ties are among ``ties``, those that went are not.
            now: the time.
        """
        because = {one: set(memory.stale_because) - turned.risen for one, memory in self.memories.items()}
        for one in turned.confirmed & because.keys():
            self._recheck(because, one, set(because[one]))
        for one, premise in turned.untied:
            self._recheck(because, one, self._given_by(premise, because) & because.get(one, set()))
        for one, premise in turned.tied:
            for root in self._given_by(premise, because):
                self._spread(because, root, [one])
        for root in turned.fallen:
            self._spread(because, root, [one for one, premise in self.ties if premise == root])
        return [
            (memory, _with(memory, because[one], now))
            for one, memory in self.memories.items()
            if because[one] != set(memory.stale_because) and memory.status is not Status.DELETED
        ]

    def without(self, gone: Collection[UUID], now: datetime) -> list[tuple[Memory, Memory]]:
        """What becomes of the others when memories are erased: they are stale, and do not say because of which."""
        outdated = {after.id: after for _, after in self.outdated(Turning(fallen=frozenset(gone)), now)}
        steps: list[tuple[Memory, Memory]] = []
        for one, memory in self.memories.items():
            known = outdated.get(one, memory).stale_because
            because = {ERASED if premise in gone else premise for premise in known}
            if one not in gone and because != set(memory.stale_because):
                steps.append((memory, _with(memory, because, now)))
        return steps

    def _given_by(self, premise: UUID, because: Mapping[UUID, set[UUID]]) -> set[UUID]:
        """What hangs on this premise is stale because of these."""
        memory = self.memories.get(premise)
        ended = memory is not None and memory.status in ENDED
        return because.get(premise, set()) | ({premise} if ended else set())

    def _spread(self, because: dict[UUID, set[UUID]], root: UUID, ones: Sequence[UUID]) -> None:
        """Makes these stale because of a premise, if that is enough for them, and all that hangs on them."""
        left = list(ones)
        while left:
            one = left.pop()
            held = because.get(one)
            if one == root or held is None or root in held or self._rests_on_others(one, because):
                continue
            held.add(root)
            left += [other for other, premise in self.ties if premise == one]

    def _rests_on_others(self, one: UUID, because: Mapping[UUID, set[UUID]]) -> bool:
        """Whether it is a fact, told by something that still holds."""
        memory = self.memories[one]
        if memory.key is None or not memory.provenance.tellings:
            return False
        if any(not telling.evidence for telling in memory.provenance.tellings):
            return True
        return any(not self._given_by(premise, because) for premise in premises_of(memory))

    def _recheck(self, because: dict[UUID, set[UUID]], one: UUID, roots: Collection[UUID]) -> None:
        """Frees a memory of these reasons, and what hangs on it of those that reached it through that memory only."""
        for root in roots:
            suspects = self._below(one, root, because)
            for other in suspects:
                because[other].discard(root)
            for other in suspects - {one}:
                if self._anchored(other, root, suspects, because):
                    self._spread(because, root, [other])

    def _below(self, one: UUID, root: UUID, because: Mapping[UUID, set[UUID]]) -> set[UUID]:
        """The memory, and what hangs on it and is stale for this reason."""
        found, left = {one}, [one]
        while left:
            above = left.pop()
            below = {other for other, premise in self.ties if premise == above and root in because.get(other, ())}
            left += below - found
            found |= below
        return found

    def _anchored(self, one: UUID, root: UUID, suspects: set[UUID], because: Mapping[UUID, set[UUID]]) -> bool:
        """Whether something beside the suspects still makes it stale for this reason."""
        own = {premise for other, premise in self.ties if other == one}
        return root in own or any(root in because.get(premise, ()) for premise in own - suspects)


def _with(memory: Memory, because: set[UUID], now: datetime) -> Memory:
    since = (memory.stale_since or now) if because else None
    return replace(
        memory,
        stale_because=tuple(sorted(because)),
        stale_since=since,
        version=memory.version + 1,
        updated_at=now,
    )
