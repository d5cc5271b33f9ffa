"""Whatever is done to the log behind Recollect's back is found and named; writers cause no false alarm."""

import threading
from collections.abc import Callable
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

import recollect
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.writing import lock_number
from recollect.domain.audit import Fault
from recollect.domain.event import GENESIS
from recollect.domain.scope import Scope

LINES = 12

Do = Callable[[LiteralString], None]


@pytest.fixture
def written(memory: recollect.Memory) -> recollect.Memory:
    """A memory with at least ``LINES`` lines of ana's log, and some of ben's."""
    for number in range(LINES):
        memory.add(f"Note {number} of the day in the town hall", user_id="ana")
    memory.add("Somebody else's note", user_id="ben")
    assert memory.audit.verify().ok
    return memory


@pytest.fixture
def do(server: EmbeddedPostgres, written: recollect.Memory) -> Do:
    """Runs a statement as the server's superuser; ``:me`` stands for the tenant and ana."""
    tenant = written.audit.verify(user_id="ana").reports[0].tenant_id

    def run(statement: LiteralString) -> None:
        with psycopg.connect(make_conninfo(server.admin_conninfo, dbname="recollect")) as connection:
            done = connection.execute(
                statement.replace(":me", "tenant_id = %(tenant)s AND user_id = 'ana'"), {"tenant": tenant}
            )
            assert done.rowcount > 0, statement

    return run


@pytest.mark.parametrize(
    ("statement", "seq", "what"),
    [
        ("UPDATE recollect.event SET payload = set_byte(payload, 30, get_byte(payload, 30) # 1)"
         " WHERE :me AND seq = 5", 5, Fault.ALTERED),
        ("UPDATE recollect.event SET actor = 'user2' WHERE :me AND seq = 1", 1, Fault.ALTERED),
        ("UPDATE recollect.event SET recorded_at = recorded_at + interval '1 microsecond' WHERE :me AND seq = 7",
         7, Fault.ALTERED),
        ("UPDATE recollect.event SET type = 'memory_updated' WHERE :me AND seq = 3", 3, Fault.ALTERED),
        ("UPDATE recollect.event SET type = 'memory_adored' WHERE :me AND seq = 3", 3, Fault.ALTERED),
        ("UPDATE recollect.event SET subject_id = gen_random_uuid() WHERE :me AND seq = 4", 4, Fault.ALTERED),
        ("UPDATE recollect.event SET job_id = gen_random_uuid() WHERE :me AND seq = 4", 4, Fault.ALTERED),
        ("UPDATE recollect.event SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE :me AND seq = 9",
         9, Fault.ALTERED),
        ("UPDATE recollect.event SET previous_hash = hash WHERE :me AND seq = 9", 9, Fault.ALTERED),
        ("DELETE FROM recollect.event WHERE :me AND seq = 6", 6, Fault.MISSING),
        ("DELETE FROM recollect.event WHERE :me AND seq < 3", 1, Fault.MISSING),
        ("DELETE FROM recollect.event WHERE :me AND seq >= (SELECT max(seq) FROM recollect.event WHERE :me)",
         None, Fault.TRUNCATED),
        ("UPDATE recollect.log_head SET seq = seq - 1 WHERE :me", None, Fault.HEAD_MISMATCH),
        ("UPDATE recollect.log_head SET seq = seq + 1 WHERE :me", None, Fault.TRUNCATED),
        ("UPDATE recollect.log_head SET hash = '\\x00' WHERE :me", None, Fault.HEAD_MISMATCH),
        ("DELETE FROM recollect.log_head WHERE :me", None, Fault.HEAD_MISMATCH),
        ("DELETE FROM recollect.event WHERE :me", 1, Fault.TRUNCATED),
    ],
)  # fmt: skip
def test_a_touched_log_is_found_and_named(
    written: recollect.Memory, do: Do, statement: LiteralString, seq: int | None, what: Fault
):
    do(statement)
    (report,) = written.audit.verify().broken
    assert report.user_id == "ana"
    found = report.first_break
    assert found is not None
    assert found.what is what
    assert seq is None or found.seq == seq
    assert written.audit.verify(user_id="ben").ok
    assert not written.audit.verify(user_id="ana").ok


def test_swapped_lines_are_named_as_such(written: recollect.Memory, do: Do):
    do("UPDATE recollect.event SET seq = seq + 1000000 WHERE :me AND seq IN (4, 9)")
    do("UPDATE recollect.event SET seq = 13 - (seq - 1000000) WHERE :me AND seq > 1000000")
    (report,) = written.audit.verify().broken
    assert report.first_break is not None
    assert (report.first_break.seq, report.first_break.what) == (4, Fault.SWAPPED)
    assert "line 9" in report.first_break.detail


def test_swapped_contents_are_named_as_such(written: recollect.Memory, do: Do):
    do(
        "UPDATE recollect.event e SET id = o.id, payload = o.payload, subject_id = o.subject_id, type = o.type,"
        " recorded_at = o.recorded_at, actor = o.actor, job_id = o.job_id"
        " FROM recollect.event o WHERE o.tenant_id = e.tenant_id AND o.user_id = e.user_id AND o.seq = 11 - e.seq"
        " AND e.seq IN (5, 6) AND e.tenant_id = %(tenant)s AND e.user_id = 'ana'"
    )
    (report,) = written.audit.verify().broken
    assert report.first_break is not None
    assert (report.first_break.seq, report.first_break.what) == (5, Fault.SWAPPED)


def test_a_dropped_line_is_found_when_the_later_ones_were_renumbered(written: recollect.Memory, do: Do):
    do("DELETE FROM recollect.event WHERE :me AND seq = 6")
    do("UPDATE recollect.event SET seq = seq + 1000000 WHERE :me AND seq > 6")
    do("UPDATE recollect.event SET seq = seq - 1000001 WHERE :me AND seq > 1000000")
    do("UPDATE recollect.log_head SET seq = seq - 1 WHERE :me")
    (report,) = written.audit.verify().broken
    assert report.first_break is not None
    assert (report.first_break.seq, report.first_break.what) == (6, Fault.MISSING)


def test_a_user_of_whom_nothing_is_stored_has_an_empty_log_that_is_whole(memory: recollect.Memory):
    audit = memory.audit.verify(user_id="nobody")
    assert audit.ok
    assert audit.reports[0].events == 0
    assert audit.reports[0].hash == GENESIS


def test_an_untouched_log_is_fine_while_writers_go_on(memory: recollect.Memory):
    users = ["ana", "ben", "cleo"]
    for user in users:
        memory.add("The first of many notes", user_id=user)
    done = threading.Event()
    failures: list[BaseException] = []

    def write(user: str) -> None:
        number = 0
        try:
            while not done.is_set():
                number += 1
                memory.add(f"Note {number} about the harbour", user_id=user)
        except BaseException as error:  # noqa: BLE001 - reported by the test
            failures.append(error)

    threads = [threading.Thread(target=write, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    try:
        audits = [memory.audit.verify() for _ in range(20)]
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert [audit.broken for audit in audits] == [()] * 20
    assert all(audit.streams == 4 for audit in audits)  # the tenant's own stream is the fourth
    assert audits[-1].events > audits[0].events


def test_an_audit_waits_for_no_writer(memory: recollect.Memory, server: EmbeddedPostgres):
    memory.add("A note", user_id="ana")
    tenant = memory.audit.verify(user_id="ana").reports[0].tenant_id
    with psycopg.connect(make_conninfo(server.admin_conninfo, dbname="recollect")) as connection:
        connection.execute("SELECT 1 FROM recollect.event WHERE tenant_id = %s FOR UPDATE", (tenant,))
        locks: Any = connection.execute(
            "SELECT pg_advisory_xact_lock(%s)", (lock_number(Scope(tenant_id=tenant, user_id="ana")),)
        )
        assert locks.rowcount == 1
        assert memory.audit.verify().ok
