"""Plain: lines of one's own, ``{"text": ...}`` or ``{"role": ..., "content": ...}``, written as ``add`` writes them.

Their times are those of the line; one that says none has none. A line that was read in before changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

import anyio.to_thread

from recollect.domain.hot import HotKind
from recollect.domain.receipt import Outcome, Receipt
from recollect.domain.record import Memory, Tier
from recollect.domain.scope import Scope, check_id
from recollect.errors import NotAllowed, ValidationError
from recollect.memory import rights
from recollect.memory.hot_views import hot_of, said_in
from recollect.memory.moving.form import MESSAGE, TEXT
from recollect.memory.moving.run import Run, in_halves
from recollect.memory.moving.source import Line
from recollect.memory.parts import Parts
from recollect.memory.said import Said
from recollect.ports.store import Wanted
from recollect.writing.draft import Draft
from recollect.writing.steps.admit import admit

PLACE: Final = ("agent_id", "conversation_id", "project_id")
TEXT_FIELDS: Final = frozenset(
    {TEXT, *PLACE, "at", "metadata", "speaker", "occurred_at", "type", "tier", "source_type", "sensitivity"}
)


@dataclass(slots=True)
class Told:
    """A line with the drafts it becomes."""

    line: Line
    drafts: list[Draft] = field(default_factory=list[Draft])


async def load_plain(run: Run, scope: Scope, lines: Sequence[Line]) -> None:
    """Writes lines of one user, each to its agent and conversation."""
    parts = await run.core.ready()
    places: dict[Scope, list[Told]] = {}
    for told in await anyio.to_thread.run_sync(_read, parts, scope, lines):
        if told.line.problem:
            run.failed(told.line, told.line.problem)
        elif told.drafts:
            places.setdefault(told.drafts[0].scope, []).append(told)
        else:
            run.skipped(told.line)  # a system prompt, or tool calls alone
    for place, several in places.items():
        new = await run.written(partial(_untold, run, place, several))
        await in_halves(new, partial(_write, run, place), lambda told, problem: run.failed(told.line, problem))


def _read(parts: Parts, scope: Scope, lines: Sequence[Line]) -> list[Told]:
    found: list[Told] = []
    for line in lines:
        told = Told(line)
        try:
            told.drafts = _drafts(parts, _place(scope, line.body), line)
        except ValidationError as error:
            line.problem = str(error).removeprefix("messages[0].")
        found.append(told)
    return found


def _place(scope: Scope, body: Mapping[str, Any]) -> Scope:
    named = {name: check_id(name, body[name]) for name in PLACE if body.get(name) not in (None, "")}
    return replace(scope, **named)


def _drafts(parts: Parts, scope: Scope, line: Line) -> list[Draft]:
    """What the line becomes, each checked.

    Raises:
        ValidationError: naming the field at fault.
    """
    body = line.body
    if line.kind == MESSAGE:
        message = {name: value for name, value in body.items() if name not in PLACE}
        said = Said(scope, {"at": None}, parts.clock, parts.content_limit)
        drafts = said.drafts([message])
    else:
        for name in body:
            if name not in TEXT_FIELDS:
                raise ValidationError(name, f"is unknown; a line has {', '.join(sorted(TEXT_FIELDS))} and user_id")
        given = {name: value for name, value in body.items() if name not in (TEXT, *PLACE) and value is not None}
        given = {"at": None, "tier": Tier.PERSONAL, **given}  # a tier that is named keeps it, however little it says
        drafts = Said(scope, given, parts.clock, parts.content_limit).drafts(body[TEXT])
    return [admit(draft, parts.content_limit) for draft in drafts]


async def _untold(run: Run, scope: Scope, several: Sequence[Told], parts: Parts) -> list[Told]:
    """The lines that were not read in before: whose words are not there, or are told anew at a later time."""
    hashes = [draft.content_hash for told in several for draft in told.drafts]
    # What is in working memory alone was too little to keep; read once more it would count as said again, and be kept.
    held = (await hot_of(parts, scope, parts.clock.now())).of(HotKind.WORKING)
    fading = {said_in(item).content_hash for item in held}
    async with parts.store.writing(scope, Wanted(hashes=hashes), run.cause) as transaction:
        there = {memory.content_hash: memory for memory in transaction.existing}
    new: list[Told] = []
    for told in several:
        if all(d.content_hash in fading or _is_told(d, there.get(d.content_hash)) for d in told.drafts):
            run.skipped(told.line)
        else:
            new.append(told)
    return new


def _is_told(draft: Draft, known: Memory | None) -> bool:
    if known is None:
        return False
    return draft.told_at is None or (known.told_at is not None and _second(draft.told_at) <= _second(known.told_at))


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


async def _write(run: Run, scope: Scope, several: Sequence[Told]) -> None:
    if not several:
        return
    if run.dry_run:
        for told in several:
            run.imported(told.line)
        return
    try:
        receipt = await run.written(partial(_written, run, scope, several))
    except NotAllowed as error:
        if len(several) == 1:
            run.failed(several[0].line, str(error))
            return
        for told in several:
            await _write(run, scope, [told])
        return
    _note(run, several, receipt)


async def _written(run: Run, scope: Scope, several: Sequence[Told], parts: Parts) -> Receipt:
    check = await rights.guard(parts, scope.user_id, "load")
    return await parts.writer.write([draft for told in several for draft in told.drafts], run.cause, None, check)


def _note(run: Run, several: Sequence[Told], receipt: Receipt) -> None:
    """What became of each line: the best that became of a part of it."""
    stored = {item.memory_id for item in receipt.items}
    words = {item.text: item for item in receipt.items if item.derived_from is None}
    for told in several:
        items = [words[draft.text] for draft in told.drafts if draft.text in words]
        outcomes = {item.outcome for item in items}
        if any(draft.id in stored for draft in told.drafts):
            run.imported(told.line)
        elif Outcome.MERGED in outcomes:
            run.merged(told.line)
        else:
            run.skipped(
                told.line
            )  # too little to keep: in working memory until it fades, or told too long ago for that
