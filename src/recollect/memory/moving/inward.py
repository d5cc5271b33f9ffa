"""Inward: lines that are read in, each group of them in a transaction of its own, all of them under one job."""

import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from uuid import UUID

from recollect.domain.ids import new_id, parse_id
from recollect.domain.move import LoadReport
from recollect.domain.scope import Scope, check_id
from recollect.memory.arguments import check_flag, scope_of
from recollect.memory.core import Core
from recollect.memory.moving.fading import load_fading
from recollect.memory.moving.form import MEMORY, MESSAGE, TEXT, THINGS
from recollect.memory.moving.others import load_others
from recollect.memory.moving.plain import load_plain
from recollect.memory.moving.records import embed_in_light, load_memories
from recollect.memory.moving.run import Run, check_on_conflict
from recollect.memory.moving.source import Line, Lines, Source
from recollect.ports.store import Cause


async def load(
    core: Core,
    lines: Lines,
    user_id: str | None,
    *,
    on_conflict: str,
    dry_run: bool,
    job_id: UUID | str | None,
    actor: str,
) -> LoadReport:
    """See ``AsyncFacade.load``."""
    started = time.perf_counter()
    job = new_id() if job_id is None else parse_id("job_id", job_id)
    cause = Cause(actor=check_id("actor", actor), job_id=job)
    run = Run(core, cause, check_on_conflict(on_conflict), check_flag("dry_run", dry_run))
    parts = await core.ready()
    if user_id is not None:
        scope_of(parts.tenant_id, user_id, {})
    async for part in Source(lines, user_id).parts():
        for scope, kind, group in _groups(parts.tenant_id, run.take(part)):
            await _load(run, scope, kind, group)
    await embed_in_light(run)
    for user in run.report(0).users:
        (await core.ready()).writer.forget((parts.tenant_id, user))
    return run.report(time.perf_counter() - started)


def _groups(tenant_id: str, lines: Sequence[Line]) -> Iterator[tuple[Scope, str, list[Line]]]:
    """The lines of each user, in order, those of one kind that follow each other together."""
    users: dict[str, list[Line]] = {}
    for line in lines:
        users.setdefault(line.user_id, []).append(line)
    for user_id, several in users.items():
        scope = Scope(tenant_id=tenant_id, user_id=user_id)
        for kind, group in groupby(several, lambda line: TEXT if line.kind == MESSAGE else line.kind):
            yield scope, kind, list(group)


async def _load(run: Run, scope: Scope, kind: str, lines: Sequence[Line]) -> None:
    if kind == MEMORY:
        await load_memories(run, scope, lines)
    elif kind == TEXT:
        await load_plain(run, scope, lines)
    elif kind in THINGS:
        await load_others(run, scope, kind, lines)
    else:
        await load_fading(run, scope, lines)
