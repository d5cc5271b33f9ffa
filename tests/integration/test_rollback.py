"""Rollback: an earlier state comes back by new events, a run alone can be undone, and a rollback can be taken back."""

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import anyio
import pytest
from typer.testing import CliRunner

import recollect
from recollect.domain.difference import MOVING
from recollect.domain.event import EventType
from recollect.domain.record import Status
from recollect.domain.rollback import RollbackReport
from recollect.domain.scope import Scope
from recollect.domain.state import THINGS, State, memory_json, replayed, thing_json
from recollect.doors.cli.main import app
from recollect.errors import NotAllowed, NotFound, ValidationError
from recollect.memory.background import LOOP
from recollect.ports.store import EventQuery

MAY = datetime(2024, 5, 1, tzinfo=UTC)
OWNED = [kind for kind in THINGS if "user_id" in {field.name for field in fields(cast(Any, kind))}]


def now() -> datetime:
    return datetime.now(UTC)


def said(receipt: recollect.Receipt) -> UUID:
    assert receipt.id is not None
    return receipt.id


def inside(memory: recollect.Memory, work: Callable[[Any, Scope], Any], user_id: str = "ana") -> Any:
    """Runs something on the parts of a memory."""

    async def run() -> Any:
        parts = await memory._inner.core.ready()  # pyright: ignore[reportPrivateUsage]
        return await work(parts, Scope(tenant_id=parts.tenant_id, user_id=user_id))

    return LOOP.call(run)


def state_of(memory: recollect.Memory, user_id: str = "ana") -> State:
    """The state that the log adds up to; that the rows are the same is asserted on the way."""

    async def read(parts: Any, scope: Scope) -> State:
        state = replayed(await parts.store.events(scope, EventQuery()))
        stored = await parts.store.fetch(scope, list(state.memories))
        assert {i: memory_json(m) for i, m in stored.items()} == {i: memory_json(m) for i, m in state.memories.items()}
        for kind in OWNED:
            rows = await parts.store.things(kind, parts.tenant_id, {"user_id": user_id})
            told = [thing_json(thing) for (name, _), thing in state.things.items() if name == kind.KIND]
            assert _sorted(thing_json(row) for row in rows) == _sorted(told)
        return state

    return inside(memory, read, user_id)


def _sorted(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(str(sorted(row.items())) for row in rows)


def without_moving(state: State) -> dict[str, Any]:
    """Everything a state holds, without versions and times of change."""
    memories = {str(i): memory_json(m) for i, m in state.memories.items() if m.status is not Status.DELETED}
    things = {str(place): thing_json(thing) for place, thing in state.things.items()}
    return {
        name: {field: value for field, value in row.items() if field not in MOVING}
        for name, row in (memories | things).items()
    }


def head(memory: recollect.Memory, user_id: str = "ana") -> int:
    return state_of(memory, user_id).seq


def texts(memory: recollect.Memory, user_id: str = "ana") -> set[str]:
    return {record.text for record in memory.list(user_id=user_id, limit=1000)}


def history(memory: recollect.Memory) -> list[tuple[int, dict[str, Any]]]:
    """A little of everything; the line and state after each step."""
    stops: list[tuple[int, dict[str, Any]]] = []

    def stop() -> None:
        state = state_of(memory)
        stops.append((state.seq, without_moving(state)))

    first = said(memory.add("I live in Lyon", user_id="ana", at=MAY, conversation_id="c"))
    stop()
    memory.add("I live in Oslo", user_id="ana", at=MAY + timedelta(days=30), conversation_id="c")
    stop()
    tea = said(memory.add("I like tea", user_id="ana", at=MAY + timedelta(days=31)))
    memory.add("I no longer like tea", user_id="ana", at=MAY + timedelta(days=40), conversation_id="d")
    stop()
    memory.update(first, user_id="ana", text="I live in Nice", metadata={"n": 1})
    stop()
    memory.delete(tea, user_id="ana")
    memory.add("I live in Lyon", user_id="ana", at=MAY, conversation_id="c")
    stop()
    return stops


def test_every_line_can_be_gone_back_to_and_returned_from(memory: recollect.Memory):
    stops = history(memory)
    for seq, wanted in stops:
        before, last = without_moving(state_of(memory)), head(memory)
        report = memory.rollback(user_id="ana", to=seq)
        assert (report.from_seq, report.to_seq) == (last, seq)
        assert without_moving(state_of(memory)) == wanted
        memory.rollback(user_id="ana", to=report.from_seq)
        assert without_moving(state_of(memory)) == before
    assert [r.text for r in memory.list(user_id="ana") if r.version < 1] == []
    memory.rollback(user_id="ana", to=0)
    assert texts(memory) == set()
    assert without_moving(state_of(memory)) == {}


def test_what_comes_back_is_found_and_what_went_is_not(memory: recollect.Memory):
    tea = said(memory.add("My sister Anna collects stamps from Peru", user_id="ana"))
    moment = now()
    memory.delete(tea, user_id="ana")
    memory.add("The garage door is painted green", user_id="ana")
    assert tea not in memory.search("stamps", user_id="ana").ids
    report = memory.rollback(user_id="ana", before=moment + timedelta(microseconds=1))
    assert tea in memory.search("Who collects stamps?", user_id="ana", profile="meaning").ids[:2]
    assert "The garage door is painted green" not in texts(memory)
    assert report.counts["back"] >= 1
    assert report.counts["gone"] >= 1
    assert memory.get(tea, user_id="ana").version == 3


def test_the_log_tells_of_a_rollback_and_loses_nothing(memory: recollect.Memory):
    memory.add("I like figs", user_id="ana")
    seq = head(memory)
    deleted = said(memory.add("I like dates", user_id="ana"))
    before = inside(memory, lambda parts, scope: parts.store.events(scope, EventQuery()))
    report = memory.rollback(user_id="ana", to=seq)
    after = inside(memory, lambda parts, scope: parts.store.events(scope, EventQuery()))
    assert after[: len(before)] == before
    heading, *others = after[len(before) :]
    assert (heading.type, heading.id) == (EventType.ROLLED_BACK, report.event_id)
    assert heading.payload["rolled_back"] | {"memories": 2} == {
        "what": f"to line {seq}", "from_seq": len(before), "to_seq": seq, "job_id": None,
        "memories": 2, "things": 0, "kept": 0, "erased": 0,
    }  # fmt: skip
    assert {event.type for event in others} == {EventType.MEMORY_RESTORED}
    assert "dates" not in str([event.payload for event in others])
    assert deleted in {change.id for change in report.changes}
    assert all(change.event_ids for change in report.changes)
    assert "gone: 'I like dates'" in repr(report)


def test_a_dry_run_writes_nothing_and_says_the_same(memory: recollect.Memory):
    stops = history(memory)
    seq = head(memory)
    planned = memory.rollback(user_id="ana", to=stops[1][0], dry_run=True)
    assert head(memory) == seq
    assert planned.event_id is None
    done = memory.rollback(user_id="ana", to=stops[1][0])
    assert [(c.kind, c.id) for c in planned.changes] == [(c.kind, c.id) for c in done.changes]
    assert planned.counts == done.counts
    nothing = memory.rollback(user_id="ana", to=head(memory))
    assert (nothing.changes, nothing.event_id) == ((), None)


def test_an_event_names_a_line(memory: recollect.Memory):
    receipt = memory.add("I like figs", user_id="ana")
    memory.add("I like dates", user_id="ana")
    report = memory.rollback(user_id="ana", to=receipt.event_ids[-1])
    assert report.to_seq == len(receipt.event_ids)
    assert "I like dates" not in texts(memory)
    assert memory.rollback(user_id="ana", to=str(report.from_seq)).to_seq == report.from_seq
    with pytest.raises(NotFound, match="has no event"):
        memory.rollback(user_id="ana", to=uuid4())
    with pytest.raises(NotFound, match="no event"):
        memory.rollback(user_id="ben", to=receipt.event_ids[0])
    with pytest.raises(NotFound, match="there is no line 999"):
        memory.rollback(user_id="ana", to=999)


def test_texts_that_changed_places_change_back(memory: recollect.Memory):
    one = said(memory.add("The key is under the mat", user_id="ana"))
    two = said(memory.add("The bike is in the shed", user_id="ana"))
    seq = head(memory)
    memory.update(one, user_id="ana", text="Something else entirely")
    memory.update(two, user_id="ana", text="The key is under the mat")
    memory.update(one, user_id="ana", text="The bike is in the shed")
    report = memory.rollback(user_id="ana", to=seq)
    assert memory.get(one, user_id="ana").text == "The key is under the mat"
    assert memory.get(two, user_id="ana").text == "The bike is in the shed"
    assert memory.search("Where is the key?", user_id="ana", profile="meaning").ids[0] == one
    memory.rollback(user_id="ana", to=report.from_seq)
    assert memory.get(two, user_id="ana").text == "The key is under the mat"
    state_of(memory)


def test_the_same_words_said_again_after_a_deletion(memory: recollect.Memory):
    old = said(memory.add("The key is under the mat", user_id="ana"))
    seq = head(memory)
    memory.delete(old, user_id="ana")
    new = said(memory.add("The key is under the mat", user_id="ana"))
    assert new != old
    memory.rollback(user_id="ana", to=seq)
    assert [r.id for r in memory.list(user_id="ana") if "key" in r.text] == [old]
    state_of(memory)


def test_a_run_is_undone_and_what_others_did_stays(memory: recollect.Memory):
    job = uuid4()
    memory.add("I live in Lyon", user_id="ana", at=MAY, conversation_id="c")
    plan = said(memory.add("The plan is to paint the shed", user_id="ana"))
    memory.add("I live in Oslo", user_id="ana", at=MAY + timedelta(days=9), conversation_id="c", job_id=job)
    memory.add("The shed is full of wasps", user_id="ana", job_id=str(job))
    kept = said(memory.add("The car is red", user_id="ana", job_id=job))
    memory.update(plan, user_id="ana", text="The plan is to sell the shed", job_id=job)
    memory.update(plan, user_id="ana", text="The plan is to burn the shed")
    memory.add("The car is red", user_id="ana")
    memory.add("My cat is called Mog", user_id="ana", conversation_id="c")
    report = memory.rollback(user_id="ana", job=job)
    assert "The shed is full of wasps" not in texts(memory)
    assert {"The plan is to burn the shed", "The car is red", "My cat is called Mog"} <= texts(memory)
    living = [r for r in memory.list(user_id="ana") if r.key == "user:location"]
    assert [(r.value, r.valid_to) for r in living] == [("Lyon", None)]
    assert {entry.id for entry in report.kept} >= {plan, kept}
    state = state_of(memory)
    turns = [thing for (kind, _), thing in state.things.items() if kind == "turn"]
    assert "I live in Oslo" not in {state.memories[turn.memory_id].text for turn in turns}  # pyright: ignore
    memory.rollback(user_id="ana", to=report.from_seq)
    assert "The shed is full of wasps" in texts(memory)
    with pytest.raises(NotFound, match="no events of job"):
        memory.rollback(user_id="ana", job=uuid4())


def test_undoing_a_run_gives_later_values_their_place(memory: recollect.Memory):
    job = uuid4()
    memory.add("I live in Lyon", user_id="ana", at=MAY)
    memory.add("I live in Oslo", user_id="ana", at=MAY + timedelta(days=10), job_id=job)
    memory.add("I live in Rome", user_id="ana", at=MAY + timedelta(days=20))
    memory.rollback(user_id="ana", job=job)
    records = [r for r in memory.list(user_id="ana", statuses=["active", "superseded"]) if r.key == "user:location"]
    held = sorted((r.value, r.status.value, r.valid_from, r.valid_to) for r in records)
    assert [(value, status) for value, status, _, _ in held] == [("Lyon", "superseded"), ("Rome", "active")]
    assert held[0][3] == held[1][2] == MAY + timedelta(days=20)
    state_of(memory)


def test_what_was_erased_stays_erased(memory: recollect.Memory):
    secret = said(memory.add("The pin of the safe is 4711", user_id="ana"))
    memory.add("The garage is green", user_id="ana")
    moment, seq = now(), head(memory)
    memory.add("The garage is blue", user_id="ana")
    memory.at(known_at=moment).list(user_id="ana")
    memory.erasure.memory(secret, user_id="ana")
    report = memory.rollback(user_id="ana", to=seq)
    assert report.erased == (secret,)
    assert texts(memory) == {"The garage is green"}
    assert "4711" not in str([r.text for r in memory.at(known_at=moment).list(user_id="ana")])


def test_a_project_is_rolled_back_by_its_admins_only(memory: recollect.Memory):
    memory.projects.create("house", name="House", user_id="ana")
    memory.projects.set_member("house", "ben", role="member", user_id="ana")
    memory.add("The roof leaks", user_id="ben", project_id="house", share=True)
    memory.add("Ben likes tea", user_id="ben")
    with pytest.raises(NotAllowed, match="needs admin"):
        memory.rollback(project_id="house", user_id="ben", to=0)
    report = memory.rollback(project_id="house", user_id="ana", to=0)
    assert report.counts["gone"] >= 1
    assert "The roof leaks" not in {r.text for r in memory.list(user_id="ben", project_id="house")}
    assert "Ben likes tea" in texts(memory, "ben")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"user_id": "ana"}, "to: give one of to"),
        ({"user_id": "ana", "to": 1, "job": uuid4()}, "job: give one of to"),
        ({"user_id": "ana", "to": -1}, "to: must be a line"),
        ({"user_id": "ana", "to": "x"}, "to: must be a UUID"),
        ({"user_id": "ana", "to": True}, "to: must be a UUID"),
        ({"user_id": "ana", "before": datetime(2024, 1, 1)}, "before: is naive"),  # noqa: DTZ001 - that is the point
        ({"user_id": "ana", "job": "' OR 1=1"}, "job: must be a UUID"),
        ({"to": 1}, "user_id: say whose memory"),
        ({"user_id": "recollect:tenant", "to": 1}, "reserved"),
        ({"user_id": "ana", "to": 1, "dry_run": "no"}, "dry_run: must be true or false"),
    ],
)
def test_what_cannot_be_asked_for(memory: recollect.Memory, given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        memory.rollback(**given)


def test_difference_between_two_moments(memory: recollect.Memory):
    tea = said(memory.add("I like tea", user_id="ana", at=MAY))
    memory.add("I live in Lyon", user_id="ana", at=MAY)
    first = now()
    memory.add("I live in Oslo", user_id="ana", at=MAY + timedelta(days=9), conversation_id="c")
    memory.update(tea, user_id="ana", metadata={"cups": 3})
    gone = said(memory.add("I came and went", user_id="ana"))
    memory.delete(gone, user_id="ana")
    second = now()
    memory.delete(tea, user_id="ana")
    found = memory.diff(first, second, user_id="ana")
    assert {c.kind for c in found.added} == {"memory", "turn", "conversation"}
    assert [c.before.value for c in found.superseded] == ["Lyon"]  # pyright: ignore
    assert [(f.name, f.new) for c in found.changed for f in c.fields] == [("extra", {"cups": 3})]
    assert found.deleted == ()
    assert gone not in {c.id for c in (*found.added, *found.changed, *found.deleted)}
    assert all(c.event_ids for c in (*found.added, *found.changed, *found.superseded))
    assert "extra: {} -> {'cups': 3}" in repr(found)
    later = memory.diff(second, now(), user_id="ana")
    assert tea in {c.id for c in later.deleted}
    assert len(memory.diff(first, first, user_id="ana")) == 0
    with pytest.raises(ValidationError, match=r"t2: .* is before t1"):
        memory.diff(second, first, user_id="ana")


def test_the_command_line_shows_a_plan_and_carries_it_out(home: str):
    user, environment = f"user {uuid4()}", {"RECOLLECT_HOME": home, "COLUMNS": "80"}

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*arguments, "-u", user], env=environment)
        assert done.exit_code == code, done.output
        return done.stdout

    run("add", "The garage door is painted green")
    start = now()
    run("add", "The shed is full of wasps")
    difference = run("diff", start.isoformat(), now().isoformat())
    assert "+  The shed is full of wasps" in difference
    assert "1 added; lines 1 to 2 of the log" in difference
    assert json.loads(run("diff", start.isoformat(), now().isoformat(), "--json"))["added"][0]["event_ids"]
    plan = run("rollback", "--before", start.isoformat(), "--dry-run")
    assert "goes  The shed is full of wasps" in plan
    assert "1 item would change" in plan
    assert (
        "there is no terminal to ask on"
        in CliRunner().invoke(app, ["rollback", "--to", "1", "-u", user], env=environment).stderr
    )
    done = run("rollback", "--before", start.isoformat(), "--yes")
    assert f"\n  recollect rollback --to 2 --user '{user}'\n" in done
    assert "wasps" not in run("list")
    assert json.loads(run("rollback", "--to", "2", "--yes", "--json"))["counts"]["back"] == 1
    assert "wasps" in run("list")
    run("rollback", "--to", "99", "--yes", code=3)
    assert max(map(len, (difference + plan + done).splitlines())) <= 80


@pytest.mark.anyio
async def test_a_rollback_while_others_write_loses_none_of_their_words(async_memory: recollect.AsyncMemory):
    await async_memory.add("The garage is green", user_id="ana")
    reports: list[RollbackReport] = []
    written: list[recollect.Receipt] = []

    async def write(number: int) -> None:
        for turn in range(6):
            receipt = await async_memory.add(f"Writer {number} wrote page {turn}", user_id="ana")
            written.append(receipt)

    async with anyio.create_task_group() as group:
        for number in range(3):
            group.start_soon(write, number)
        await anyio.sleep(0.02)
        reports.append(await async_memory.rollback(user_id="ana", to=1))
    (report,) = reports
    parts = await async_memory.core.ready()
    events = await parts.store.events(Scope(tenant_id=parts.tenant_id, user_id="ana"), EventQuery())
    heading = next(event for event in events if event.type is EventType.ROLLED_BACK)
    assert heading.seq == report.from_seq + 1  # nobody wrote between the plan and what it did
    later = {event.subject_id for event in events if event.seq > heading.seq and event.type is EventType.MEMORY_ADDED}
    living = {record.id for record in await async_memory.list(user_id="ana", limit=100)}
    assert later < living
    assert len(written) == 18
    assert len(living) == 1 + len(later)
