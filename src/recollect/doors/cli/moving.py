"""``recollect export`` and ``recollect import``: everything that is a user's as JSON lines, and back."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from recollect.client import AsyncMemory
from recollect.domain.move import LineNote, LoadReport
from recollect.doors.cli.listed import print_rows
from recollect.doors.cli.message_file import messages_in
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import emit, err, plural, print_json, shortened, visible
from recollect.doors.cli.progress import Bar
from recollect.errors import RecollectError, UsageError, ValidationError
from recollect.memory.moving.source import Raw

SHOWN = 20
"""Problems that are shown; ``--json`` has up to 1,000."""
STANDARD = Path("-")
HEADER = "header"
MEMORY = "memory"


@shared_options
def export(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="Where to; - is standard output.")] = STANDARD,
    *,
    all_users: Annotated[bool, typer.Option("--all-users", help="Every user, one after the other.")] = False,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="Each memory's vectors too.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over FILE if it exists.")] = False,
) -> None:
    """Write everything that is a user's as JSON lines: memories of every status, and what is kept beside them."""
    if all_users and call.user is not None:
        raise typer.BadParameter("give one of the two: --user or --all-users", param_hint="--all-users")
    if file != STANDARD and not force and file.exists():
        raise UsageError(f"{file} exists; choose another name, or add --force to write over it")
    call.announce()
    with _opened(file) as out:
        counts = asyncio.run(_write(call, None if all_users else call.user_id, out, embeddings=embeddings))
    if file == STANDARD:
        return
    if call.as_json:
        print_json({"file": str(file.absolute()), **counts})
    else:
        users, memories = plural(counts["users"], "user"), plural(counts["memories"], "memory", "memories")
        emit(f"{users}, {memories}, {plural(counts['lines'], 'line')}: {file}", soft_wrap=True)


async def _write(call: Call, user_id: str | None, out: BinaryIO, *, embeddings: bool) -> dict[str, int]:
    """Writes the lines of a user, or of all; how many there were."""
    counts = {"users": 0, "memories": 0, "lines": 0}
    async with AsyncMemory(home=call.home, database_url=call.database_url, embedder=call.embedder) as memory:
        async for name, total in _users(memory, user_id):
            counts["users"] += 1
            with Bar(f"exporting {shortened(name, 20)}", total) as bar:
                async for line in memory.export(user_id=name, embeddings=embeddings):
                    out.write(json.dumps(line, ensure_ascii=False, allow_nan=False).encode() + b"\n")
                    counts["lines"] += line["kind"] != HEADER
                    if line["kind"] == MEMORY:
                        counts["memories"] += 1
                        bar.advance()
    return counts


async def _users(memory: AsyncMemory, user_id: str | None) -> AsyncIterator[tuple[str, int]]:
    """Whose lines are to be written, and how many memories each has, about.

    Raises:
        NotFound: nothing of the user was ever stored.
    """
    if user_id is not None:
        yield user_id, sum((await memory.users.get(user_id=user_id)).by_status.values())
        return
    cursor = None
    while True:
        page = await memory.users.list(limit=1000, cursor=cursor)
        for one in page:
            yield one.id, one.memories
        cursor = page.next_cursor
        if cursor is None:
            return


@contextmanager
def _opened(file: Path) -> Generator[BinaryIO]:
    """The file to write to; it has its name only once it is whole."""
    if file == STANDARD:
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # whoever reads has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(file)
    except OSError as error:
        if isinstance(error, RecollectError):  # NotAllowed is one too
            raise
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


@shared_options
def import_lines(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export, or lines of your own; - reads stdin.")],
    *,
    on_conflict: Annotated[
        str, typer.Option("--on-conflict", metavar="HOW", help="skip or fail, where something else has a line's id.")
    ] = "skip",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    job: Annotated[
        str | None, typer.Option(metavar="UUID", help="The run it belongs to; a new one by default.")
    ] = None,
) -> None:
    """Read JSON lines in: an export, {"text": ..., "at": ...}, or chat messages. Doing it again changes nothing.

    With --user they become that user's; otherwise whose the file says, or the default user's. Exit code 1 if a line
    could not be used; the others are stored all the same.
    """
    with _lines(file) as (lines, size), call.memory() as memory, Bar("importing", size, in_bytes=True) as bar:
        first = next(lines, b"")
        told = call.user is not None or _says_whose(first)
        report = memory.load(
            _counted(chain([first], lines), bar),
            user_id=call.user if told else call.user_id,
            on_conflict=on_conflict,
            dry_run=dry_run,
            job_id=job,
            actor="command line",
        )
    if call.as_json:
        print_json(report)
    else:
        _print(report)
    if report.failed:
        raise typer.Exit(1)


@contextmanager
def _lines(file: Path) -> Generator[tuple[Iterator[Raw], int | None]]:
    """The lines of a file, and its size in bytes if that is known.

    Raises:
        ValidationError: it cannot be read.
    """
    if file == STANDARD:
        yield _each(sys.stdin.buffer, "standard input"), None
        return
    try:
        with file.open("rb") as stream:
            yield _each(stream, str(file)), file.stat().st_size
    except OSError as error:
        if isinstance(error, RecollectError):
            raise
        raise ValidationError(str(file), f"cannot be read: {error.strerror}") from None


def _each(stream: BinaryIO, name: str) -> Iterator[Raw]:
    """One line after the other; a file that is one JSON document is read whole, and its messages are the lines."""
    first = next(stream, b"")
    if not _is_document(first):
        yield first
        yield from stream
        return
    try:
        text = (first + stream.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(name, f"is not UTF-8 text (byte {error.start})") from None
    yield from messages_in(text, name)


def _is_document(first: bytes) -> bool:
    """Whether the first line begins a JSON document of several: a list, or an object that goes on or has messages."""
    stripped = first.strip().removeprefix(b"\xef\xbb\xbf")
    if stripped.startswith(b"["):
        return True
    try:
        found: Any = json.loads(stripped)
    except ValueError:
        return stripped == b"{"
    return isinstance(found, dict) and isinstance(found.get("messages"), list)  # pyright: ignore[reportUnknownMemberType]


def _says_whose(first: Raw) -> bool:
    """Whether the first line is a header, or names its user."""
    try:
        found: Any = json.loads(first) if isinstance(first, str | bytes) else first
    except ValueError:
        return False
    return isinstance(found, dict) and "user_id" in found


def _counted(lines: Iterator[Raw], bar: Bar) -> Iterator[Raw]:
    for line in lines:
        yield line
        bar.advance(len(line))


def _print(report: LoadReport) -> None:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in report.kinds.items())
    what = "would be imported" if report.dry_run else "imported"
    print_rows(
        [
            (what, f"{report.imported:,}" + (f" ({kinds})" if kinds else "")),
            ("merged", f"{report.merged:,}, whose words the user has already" if report.merged else ""),
            ("skipped", f"{report.skipped:,}, there already, faded, or too little to keep" if report.skipped else ""),
            ("failed", f"{report.failed:,}" if report.failed else ""),
            ("users", f"{len(report.users):,}" if len(report.users) > 1 else ", ".join(map(visible, report.users))),
        ]
    )
    _print_notes(report.kept)
    if report.dry_run:
        emit("a dry run: nothing was written", style="dim")
    elif report.imported or report.merged:
        of = f" --user {visible(report.users[0])}" if len(report.users) == 1 else " --user USER"
        emit(f"to take it back: recollect rollback --job {report.job_id}{of}", style="dim", soft_wrap=True)
    for one in report.problems[:SHOWN]:
        err().print(f"line {one.line}: {shortened(one.note, 300)}", style="red", soft_wrap=True)
    if report.failed > SHOWN:
        err().print(f"and {report.failed - SHOWN:,} more; --json has up to 1,000 of them", style="red")


def _print_notes(kept: tuple[LineNote, ...]) -> None:
    for one in kept[:SHOWN]:
        emit(f"line {one.line} left out: {shortened(one.note, 300)}", style="yellow", soft_wrap=True)
    if len(kept) > SHOWN:
        emit(f"and {len(kept) - SHOWN:,} more lines were left out like that", style="yellow")
