"""Move: what became of the lines of a file that was read in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LineNote:
    """What there is to say of one line: its number, from 1 on, and what was wrong with it or why it was left out."""

    line: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What became of the lines.

    Attributes:
        job_id: the run; ``rollback(user_id=..., job=report.job_id)`` takes back what was imported.
        dry_run: nothing was written; the numbers say what would have been.
        lines: how many there were, blank ones and headers left out.
        imported: stored anew. merged: the user has the same words already. skipped: it is there already, has faded,
            says too little to keep, or, with other contents, was left as it is. failed: could not be read or stored.
        kinds: imported lines by kind. users: whose memories it went to.
        problems: the failed lines, the first 1,000 of them. kept: lines whose place holds something else, likewise.
        seconds: how long it took.
    """

    job_id: UUID
    dry_run: bool = False
    lines: int = 0
    imported: int = 0
    merged: int = 0
    skipped: int = 0
    failed: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict[str, int])
    users: tuple[str, ...] = ()
    problems: tuple[LineNote, ...] = ()
    kept: tuple[LineNote, ...] = ()
    seconds: float = 0.0
