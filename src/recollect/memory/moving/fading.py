"""Fading: lines of working memory; they are no part of the log, and what has faded meanwhile is left out."""

from collections.abc import Sequence
from functools import partial

from recollect.domain.event import EventType
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.scope import Scope
from recollect.errors import NotAllowed, ValidationError
from recollect.memory import rights
from recollect.memory.desks.working import LONGEST_TTL
from recollect.memory.hot_views import as_memory, hot_of, said_in
from recollect.memory.moving.checks import item_of
from recollect.memory.moving.form import MEMORY, with_ids
from recollect.memory.moving.run import REASON, Run
from recollect.memory.moving.source import Line
from recollect.memory.parts import Parts
from recollect.memory.rights import Guard
from recollect.ports.hot_tier import HotWrite
from recollect.ports.store import Change


async def load_fading(run: Run, scope: Scope, lines: Sequence[Line]) -> None:
    """Puts lines back into working memory, beside what is there."""
    await run.written(partial(_load, run, scope, lines))


async def _load(run: Run, scope: Scope, lines: Sequence[Line], parts: Parts) -> None:
    now = parts.clock.now()
    there = {(item.kind, item.name) for item in (await hot_of(parts, scope, now)).items}
    pairs: list[tuple[Line, HotItem]] = []
    for line in lines:
        try:
            item = item_of(line.kind, with_ids(line.kind, line.body, run.ids), now + LONGEST_TTL)
        except ValidationError as error:
            run.failed(line, str(error))
            continue
        if (item.kind, item.name) in there or not item.there_at(now):
            run.skipped(line)
        else:
            there.add((item.kind, item.name))
            pairs.append((line, item))
    known = await _known(run, parts, scope, [item for _, item in pairs])
    check = await rights.guard(parts, scope.user_id, "load")
    writes: list[HotWrite] = []
    for line, item in pairs:
        if item.memory_id is not None and item.memory_id not in known:
            run.failed(line, f"memory {item.memory_id} is not there")
            continue
        if problem := await _forbidden(check, scope, item):
            run.failed(line, problem)
            continue
        run.imported(line)
        writes.append(_write(item))
    if writes and not run.dry_run:
        await parts.hot.write(scope, writes, now)


async def _known(run: Run, parts: Parts, scope: Scope, items: Sequence[HotItem]) -> set[object]:
    """Which of the memories that these are reminders of are there."""
    ids = [item.memory_id for item in items if item.memory_id is not None]
    found = set[object](await parts.store.fetch(scope, ids)) if ids else set[object]()
    return found | {key for kind, key in run.pretended if kind == MEMORY}


async def _forbidden(check: Guard, scope: Scope, item: HotItem) -> str:
    """Why policies forbid what is to be read as the user's words, or ""."""
    if item.kind is not HotKind.WORKING:
        return ""
    said = Change(type=EventType.MEMORY_ADDED, after=as_memory(scope, item, said_in(item)), reason=REASON)
    try:
        await check([said])
    except NotAllowed as error:
        return str(error)
    return ""


def _write(item: HotItem) -> HotWrite:
    return HotWrite(
        kind=item.kind,
        name=item.name,
        value=item.value,
        memory_id=item.memory_id,
        at=item.at,
        expires_at=item.expires_at,
    )
