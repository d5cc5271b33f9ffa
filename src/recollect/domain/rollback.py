"""Rollback: what a rollback is to lead back to, and the report on what it did."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from recollect.domain.difference import MEMORY, ItemChange
from recollect.domain.record import Memory, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a rollback leads; one of the fields is given.

    Attributes:
        to: the log's line, or the event, after which everything is to be as it was. before: a moment just after that.
        job_id: the run whose changes alone are to be undone.
    """

    to: int | UUID | None = None
    before: datetime | None = None
    job_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something that a run changed and that stays, because others changed it later.

    Attributes:
        kind, id: of the memory or other thing. fields: which of its fields; empty for all of it. why: in one sentence.
    """

    kind: str
    id: UUID
    fields: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackReport:
    """What a rollback did, or would do.

    Attributes:
        what: what was asked for, in words. dry_run: nothing was written.
        from_seq: the line at which the log ended; ``rollback(to=from_seq)`` takes the rollback back.
        to_seq: the line after which everything was as it is again; None when a run was undone.
        event_id: the event that heads the rollback; None when nothing was written.
        changes: each memory and other thing that changes, as it was and as it is again.
        kept: what a run changed and others changed later. erased: memories that cannot come back.
    """

    what: str
    dry_run: bool
    from_seq: int
    to_seq: int | None = None
    event_id: UUID | None = None
    changes: tuple[ItemChange, ...] = ()
    kept: tuple[Kept, ...] = ()
    erased: tuple[UUID, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many memories come back, go and change, how many other things change, are kept, were erased."""
        counted: dict[str, int] = {"back": 0, "gone": 0, "changed": 0, "things": 0}
        for change in self.changes:
            counted[fate(change)] += 1
        return {**counted, "kept": len(self.kept), "erased": len(self.erased)}

    def __repr__(self) -> str:
        done = "would roll back" if self.dry_run else "rolled back"
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items() if count)
        lines = [f"<RollbackReport {done} {self.what} from line {self.from_seq}: {counts or 'nothing to change'}"]
        lines += [f"  {fate(change)}: {line}" for change in self.changes for line in repr(change).split("\n")]
        lines += [f"  kept: {kept.kind} {kept.id} {', '.join(kept.fields)}: {kept.why}" for kept in self.kept]
        lines += [f"  erased: {memory_id}" for memory_id in self.erased]
        return "\n".join(lines) + ">"


def fate(change: ItemChange) -> str:
    """``back``, ``gone`` or ``changed`` for a memory, ``things`` for anything else."""
    if change.kind != MEMORY:
        return "things"
    before, after = change.before, change.after
    if isinstance(after, Memory) and after.status is Status.DELETED:
        return "gone"
    return "back" if not isinstance(before, Memory) or before.status is Status.DELETED else "changed"
