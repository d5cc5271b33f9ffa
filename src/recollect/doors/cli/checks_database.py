"""The doctor's checks of the database: server, schema, role, row-level security, indexes, clock, queue, log."""

from recollect import bootstrap
from recollect.domain.ids import new_id
from recollect.doors.cli.examining import Examination, Noted, Skipped
from recollect.errors import KeyUnavailable, StoreError, UnsafeRole

CLOCK_S = 2.0
"""Seconds by which two clocks may differ before times of this process and of the database mislead."""
LAG_S = 600.0
"""Seconds for which an outcome may wait before nobody seems to do the upkeep."""
STREAMS = 20
"""Users whose chain is walked, and lines after which it is enough."""


def check_database(examination: Examination) -> str:
    """The server starts or answers, and takes the application's role."""
    try:
        with examination.call.memory() as memory:
            examination.status = memory.status()
    except KeyUnavailable as error:
        examination.key_problem = error
        raise Skipped("needs the master key") from None
    except UnsafeRole:
        examination.unsafe = True
        raise
    store = examination.status.store
    return f"{store.server}, {store.location}"


def check_vectors(examination: Examination) -> str:
    """The extension pgvector is new enough and answers."""
    store = examination.opened().store
    return f"pgvector {store.vector_extension}, a vector query takes {store.query_ms:.1f} ms"


def check_schema(examination: Examination) -> str:
    """The migrations are those of this program; opening the memory refuses any other."""
    return f"revision {examination.opened().store.revision}, which is this program's"


def check_role(examination: Examination) -> str:
    """The application's role cannot see past row-level security."""
    found = examination.inspection()
    if found.sees_all:
        raise StoreError(f"role {found.role!r} {found.sees_all} and sees every tenant")
    if found.visible_rows:
        raise StoreError(f"role {found.role!r} sees {found.visible_rows} rows without naming a tenant")
    return f"{found.role} sees no row without naming a tenant"


def check_row_security(examination: Examination) -> str:
    """Row-level security is on for every table, for its owner too."""
    found = examination.inspection()
    if found.unprotected:
        raise StoreError(f"row-level security is not on for {', '.join(found.unprotected)}")
    return "row-level security is on for every table"


def check_indexes(examination: Examination) -> str:
    """Every index is there, and one serves each hot statement."""
    found = examination.inspection()
    problems = [f"{name} scans {', '.join(tables)}" for name, tables in found.scanned.items()]
    if found.missing:
        problems.append(f"missing or not valid: {', '.join(found.missing)}")
        problems.append(f"as the tables' owner: {'; '.join(found.missing.values())}")
    if problems:
        raise StoreError(f"no index serves: {'; '.join(problems)}" if found.scanned else "; ".join(problems))
    return "every index is there, and one serves each hot statement"


def check_clock(examination: Examination) -> str:
    """The database's clock and this machine's agree."""
    ahead = examination.inspection().clock_ahead_s
    if abs(ahead) > CLOCK_S:
        raise StoreError(
            f"the database's clock is {abs(ahead):,.1f} s {'ahead of' if ahead > 0 else 'behind'} this one"
        )
    return f"the database's clock differs by {abs(ahead) * 1000:.0f} ms"


def check_upkeep(examination: Examination) -> str:
    """What waits for upkeep does not wait for long."""
    examination.opened()
    with examination.call.memory() as memory:
        found = memory.upkeep.status()
    queued, failed = found.reflections["queued"], found.reflections["failed"]
    told = f"{queued:,} outcomes wait, {failed:,} failed"
    if queued and found.oldest_s > LAG_S:
        raise StoreError(f"{told}; the oldest has waited for {found.oldest_s / 60:,.0f} minutes")
    if failed:
        raise Noted(f"{told}; recollect procedure reflections --status failed says why")
    return told


def check_log(examination: Examination) -> str:
    """The chains of a sample of users are whole; ``recollect audit verify`` walks all of them."""
    examination.opened()
    lines = 0
    with examination.call.memory() as memory:
        people = memory.users.list(limit=STREAMS)
        for person in people:
            report = memory.audit.verify(user_id=person.id)
            lines += report.events
            for broken in report.broken:
                found = broken.first_break
                what = f"{found.what.value} at line {found.seq}" if found is not None else "broken"
                raise StoreError(f"the log of user {person.id!r} is not what was written: {what}")
    return f"{lines:,} lines of {len(people):,} users are as they were written"


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
