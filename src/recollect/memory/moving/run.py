"""Run: what is known while a file is read in: who does it, under which rules, and what became of the lines so far."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar
from uuid import UUID, uuid5

from recollect.domain.move import LineNote, LoadReport
from recollect.domain.scope import Scope
from recollect.domain.thing import NAMESPACE
from recollect.errors import Conflict, ModelSwitched, StoreError, ValidationError
from recollect.memory.core import Core
from recollect.memory.moving.source import Line
from recollect.memory.parts import Parts
from recollect.ports.store import Cause

T = TypeVar("T")
OnConflict = Literal["skip", "fail"]
NOTES: Final = 1_000
REASON: Final = "imported"


@dataclass(slots=True)
class Run:
    """One file that is read in.

    Attributes:
        cause: who does it, under which job. on_conflict: what happens when a line's place holds something else.
        ids: ids of the file that were not free or whose words the user had already, and what stands for them.
        pretended: in a dry run, what would be there by now, by kind and key.
        light: memories that are embedded once the turns before them are there, by user.
    """

    core: Core
    cause: Cause
    on_conflict: OnConflict
    dry_run: bool
    ids: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    pretended: set[tuple[str, object]] = field(default_factory=set[tuple[str, object]])
    light: dict[str, list[UUID]] = field(default_factory=dict[str, list[UUID]])
    users: dict[str, None] = field(default_factory=dict[str, None])
    _counts: Counter[str] = field(default_factory=Counter[str])
    _kinds: Counter[str] = field(default_factory=Counter[str])
    _problems: list[LineNote] = field(default_factory=list[LineNote])
    _kept: list[LineNote] = field(default_factory=list[LineNote])

    async def written(self, write: Callable[[Parts], Awaitable[T]]) -> T:
        """What a write gives, done with the tenant's active embedding model: again, if it was switched meanwhile."""
        while True:
            parts = await self.core.ready()
            try:
                return await write(parts)
            except ModelSwitched:
                await self.core.follow(parts)

    def take(self, lines: Sequence[Line]) -> list[Line]:
        """Counts lines; those that can be used."""
        self._counts["lines"] += len(lines)
        for line in lines:
            if line.problem:
                self.failed(line, line.problem)
            else:
                self.users[line.user_id] = None
        return [line for line in lines if not line.problem]

    def imported(self, line: Line) -> None:
        """It was stored."""
        self._counts["imported"] += 1
        self._kinds[line.kind] += 1

    def merged(self, line: Line) -> None:
        """The user has the same words already."""
        del line
        self._counts["merged"] += 1

    def skipped(self, line: Line) -> None:
        """It is there, or has faded."""
        del line
        self._counts["skipped"] += 1

    def kept(self, line: Line, what: str) -> None:
        """Its place holds something else, which stays.

        Raises:
            Conflict: that was to be an error.
        """
        if self.on_conflict == "fail":
            job = self.cause.job_id
            raise Conflict(
                f"line {line.number}: {what}; nothing of this part of the file was imported, and what came before it "
                f"can be taken back: rollback(user_id=..., job={str(job)!r})"
            )
        self._counts["skipped"] += 1
        self._note(self._kept, line, what)

    def failed(self, line: Line, problem: str) -> None:
        """It could not be read or stored."""
        self._counts["failed"] += 1
        self._note(self._problems, line, problem)

    def report(self, seconds: float) -> LoadReport:
        """What became of the lines."""
        assert self.cause.job_id is not None  # noqa: S101 - each run has one
        return LoadReport(
            job_id=self.cause.job_id,
            dry_run=self.dry_run,
            lines=self._counts["lines"],
            imported=self._counts["imported"],
            merged=self._counts["merged"],
            skipped=self._counts["skipped"],
            failed=self._counts["failed"],
            kinds=dict(self._kinds),
            users=tuple(self.users),
            problems=tuple(self._problems),
            kept=tuple(self._kept),
            seconds=seconds,
        )

    def _note(self, notes: list[LineNote], line: Line, note: str) -> None:
        if len(notes) < NOTES:
            notes.append(LineNote(line.number, note))

    def replace_ids(self, scope: Scope, taken: Collection[UUID]) -> None:
        """Ids that are another user's: this user's lines get others, the same ones each time the file is read in."""
        for one in taken:
            self.ids.setdefault(one, id_instead(one, scope))


def id_instead(taken: UUID, scope: Scope) -> UUID:
    """The id that stands for one that is another user's: as old as that, and always the same."""
    digest = uuid5(NAMESPACE, f"{scope.tenant_id}\x1f{scope.user_id}\x1f{taken}").int
    time = taken.int >> 80 << 80
    return UUID(int=time | 0x7 << 76 | (digest >> 64 & 0xFFF) << 64 | 0b10 << 62 | (digest & (2**62 - 1)))


async def in_halves(
    lines: Sequence[T], write: Callable[[Sequence[T]], Awaitable[None]], fail: Callable[[T, str], None]
) -> None:
    """Writes lines together; where the database refuses one, the others are written without it."""
    try:
        await write(lines)
    except StoreError as error:
        if type(error) is not StoreError:  # it is away, full, or reads only: no line is to blame
            raise
        if len(lines) == 1:
            fail(lines[0], str(error))
            return
        middle = len(lines) // 2
        await in_halves(lines[:middle], write, fail)
        await in_halves(lines[middle:], write, fail)


def check_on_conflict(value: object) -> OnConflict:
    """Returns ``value`` if it is one of the two.

    Raises:
        ValidationError: it is not.
    """
    if value == "skip":
        return "skip"
    if value == "fail":
        return "fail"
    raise ValidationError("on_conflict", f"must be skip or fail, not {str(value)[:60]!r}")
