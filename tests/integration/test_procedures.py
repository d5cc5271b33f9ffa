"""Procedures: strategies that are learned, ranked and reinforced, and outcomes that are thought over."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from tests.desk_checks import assert_log_gives_things, types_of

import recollect
from recollect.domain.reflection import Reflection, ReflectionStatus
from recollect.domain.strategy import strategy_of
from recollect.errors import Conflict, ModelUnavailable, NotAllowed, NotFound, ValidationError
from recollect.memory.background import LOOP
from recollect.ports.embedder import Embedder
from recollect.upkeep.job import Work
from recollect.upkeep.jobs import reflect as reflecting

FLIGHT = "book a flight"


@pytest.fixture
def memory(home: str) -> Iterator[recollect.Memory]:
    """A memory in which nothing runs by itself."""
    with recollect.Memory(home=home, tenant_id=f"tenant-{uuid4()}", upkeep=False) as memory:
        yield memory


def called(memory: recollect.Memory, *tools: str, conversation_id: str | None = None, task: str | None = None) -> None:
    for tool in tools:
        memory.tools.record(
            tool, user_id="ana", conversation_id=conversation_id, task=task, succeeded=True, latency_ms=10
        )


def memories(memory: recollect.Memory, kind: str) -> list[Any]:
    return list(memory.list(user_id="ana", types=[kind]))


def test_the_same_way_for_the_same_task_is_one_strategy(memory: recollect.Memory):
    first = memory.procedures.learn("compare first", user_id="ana", task=FLIGHT, tools=["search", "book"])
    memory.procedures.learn("compare first", user_id="ana", task=" book  a flight", succeeded=False)
    again = memory.procedures.learn("compare first", user_id="ana", task=FLIGHT)
    other = memory.procedures.learn("compare first", user_id="ana", task="book a hotel")
    assert (again.id, again.successes, again.failures, again.tools) == (first.id, 2, 1, ("search", "book"))
    assert other.id != first.id
    record = memory.get(first.id, user_id="ana")
    assert (record.type.value, record.text) == ("procedure", "For book a flight: compare first")
    assert types_of(memory, "ana") == ["memory_updated", "memory_updated"]
    assert "one more trial" in str(memory.history(first.id, user_id="ana")[1].payload)


def test_what_worked_for_a_task_is_ranked_by_rate_and_similarity(memory: recollect.Memory):
    good = memory.procedures.learn("compare three airlines, then pay by card", user_id="ana", task=FLIGHT)
    bad = memory.procedures.learn("take the first airline that is shown", user_id="ana", task=FLIGHT)
    lucky = memory.procedures.learn("call the airline and ask", user_id="ana", task=FLIGHT)
    far = memory.procedures.learn("water them in the evening", user_id="ana", task="care for tomatoes")
    for _ in range(17):
        memory.procedures.reinforce(good.id, user_id="ana", succeeded=True)
    for succeeded in (True, False, False, False):
        memory.procedures.reinforce(bad.id, user_id="ana", succeeded=succeeded)
    for _ in range(2):
        memory.procedures.reinforce(good.id, user_id="ana", succeeded=False)
    found = memory.procedures.what_worked_for("booking a flight to Lima", user_id="ana")
    ids = [match.memory_id for match in found]
    assert ids.index(good.id) < ids.index(bad.id)
    assert far.id not in ids[:3]
    by_id = {match.memory_id: match for match in found}
    assert (by_id[good.id].trials, by_id[good.id].strategy.successes) == (20, 18)
    assert by_id[lucky.id].success_rate < by_id[good.id].success_rate
    assert all(0 < match.similarity <= 1 for match in found)
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)
    assert "worked 18 of 20 times" in by_id[good.id].why
    best = memory.procedures.what_worked_for("care for tomatoes", user_id="ana", limit=1)
    assert [match.memory_id for match in best] == [far.id]
    assert memory.procedures.what_worked_for("book a flight", user_id="ben") == ()


def test_a_procedure_that_was_told_in_words_counts_too(memory: recollect.Memory):
    told = memory.add("To deploy the site, run make release and then tag it", user_id="ana", type="procedure")
    assert told.id is not None
    (match,) = memory.procedures.what_worked_for("deploy the site", user_id="ana")
    assert (match.memory_id, match.trials, "not tried yet" in match.why) == (told.id, 0, True)
    before = memory.get(told.id, user_id="ana")
    assert memory.procedures.reinforce(told.id, user_id="ana", succeeded=True).successes == 1
    after = memory.get(told.id, user_id="ana")
    assert (after.text, after.importance, after.version) == (before.text, before.importance, before.version + 1)


def test_only_the_users_own_procedures_are_reinforced(memory: recollect.Memory):
    other = memory.add("Something else entirely happened in Rome", user_id="ana").id
    assert other is not None
    with pytest.raises(Conflict, match="no procedure"):
        memory.procedures.reinforce(other, user_id="ana", succeeded=True)
    mine = memory.procedures.learn("ask", user_id="ana", task=FLIGHT)
    with pytest.raises(NotFound):
        memory.procedures.reinforce(mine.id, user_id="ben", succeeded=True)
    memory.add("For one: two", user_id="ana")
    with pytest.raises(Conflict, match="no procedure"):
        memory.procedures.learn("two", user_id="ana", task="one")


def test_arguments_that_cannot_be_used_are_named(memory: recollect.Memory):
    cases: list[dict[str, Any]] = [{"tools": "search"}, {"tools": [""]}, {"task": " "}, {"succeeded": None}]
    for given in cases:
        with pytest.raises(ValidationError, match=next(iter(given))):
            memory.procedures.learn("x", user_id="ana", **cast(Any, {"task": FLIGHT, **given}))
    with pytest.raises(ValidationError, match="description"):
        memory.procedures.learn("", user_id="ana", task=FLIGHT)
    with pytest.raises(ValidationError, match="limit"):
        memory.procedures.what_worked_for(FLIGHT, user_id="ana", limit=0)
    with pytest.raises(ValidationError, match="succeeded"):
        memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=1)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValidationError, match="outcome"):
        memory.procedures.reflect(FLIGHT, user_id="ana", outcome=[])  # pyright: ignore[reportArgumentType]
    with pytest.raises(NotFound):
        memory.procedures.reflect(FLIGHT, user_id="ana", goal_id=uuid4())


def test_a_successful_run_becomes_a_memory_and_a_strategy(memory: recollect.Memory):
    goal = memory.goals.add("Go to Peru", user_id="ana")
    called(memory, "search", "search", "compare", "book", conversation_id="c-1")
    queued = memory.procedures.reflect(
        FLIGHT,
        user_id="ana",
        succeeded=True,
        outcome={"price": 512, "airline": "LATAM"},
        conversation_id="c-1",
        goal_id=goal.id,
    )
    assert queued.status is ReflectionStatus.QUEUED
    assert memory.upkeep.status().reflections["queued"] == 1
    (report,) = memory.upkeep.run(job="reflect")
    assert (report.job, report.processed, report.errors, report.error) == ("reflect", 1, 0, None)
    (done,) = memory.procedures.reflections(user_id="ana", status="done")
    (said,) = memories(memory, "reflection")
    (way,) = memories(memory, "procedure")
    assert done.memory_ids == (said.id, way.id)
    assert said.text == (
        "Task: book a flight. It worked. Tools used: search, then compare, then book. "
        "Outcome: price: 512; airline: LATAM"
    )
    assert (said.extra["reflection"]["goal_id"], said.conversation_id) == (str(goal.id), "c-1")
    strategy = strategy_of(way)
    assert (strategy.task, strategy.tools, strategy.trials) == (FLIGHT, ("search", "compare", "book"), 1)
    assert len(way.provenance.tool_calls) == 4
    (match,) = memory.procedures.what_worked_for("book a flight", user_id="ana")
    assert match.memory_id == way.id
    assert memory.search("flight LATAM", user_id="ana", types=["reflection"]).ids == (said.id,)
    assert memory.upkeep.run(job="reflect")[0].processed == 0
    assert_log_gives_things(memory, "ana")
    memory.rollback(user_id="ana", job=queued.id)  # all of it is one run
    assert (memories(memory, "reflection"), memories(memory, "procedure")) == ([], [])


def test_a_failed_run_weakens_the_strategy_of_its_tools(memory: recollect.Memory):
    for succeeded in (True, True, False):
        called(memory, "search", "book", conversation_id="c-1")
        memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=succeeded, conversation_id="c-1")
    called(memory, "phone", task=FLIGHT)
    memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=False)
    memory.procedures.reflect(FLIGHT, user_id="ana", outcome={"note": "nobody knows"})
    assert memory.upkeep.run(job="reflect")[0].processed == 5
    (way,) = memories(memory, "procedure")
    assert (strategy_of(way).successes, strategy_of(way).failures) == (2, 1)
    said = {record.text: record.reinforcements for record in memories(memory, "reflection")}
    assert said["Task: book a flight. It worked. Tools used: search, then book."] == 1
    assert "Task: book a flight. It failed. Tools used: phone." in said
    assert "Task: book a flight. Whether it worked is unknown. Outcome: note: nobody knows" in said
    assert len(said) == 4


def test_a_run_counts_for_the_strategy_that_was_taught_in_words(memory: recollect.Memory):
    taught = memory.procedures.learn("look around, then buy", user_id="ana", task=FLIGHT, tools=["search", "book"])
    called(memory, "search", "book", task=FLIGHT)
    memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=True)
    memory.upkeep.run(job="reflect")
    (way,) = memories(memory, "procedure")
    assert (way.id, strategy_of(way).successes) == (taught.id, 2)


def test_calls_belong_to_the_outcome_that_follows_them(memory: recollect.Memory):
    called(memory, "search", conversation_id="c-1", task=FLIGHT)
    called(memory, "mail", conversation_id="c-1", task="write a letter")
    memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=True, conversation_id="c-1")
    called(memory, "pay", conversation_id="c-1")
    memory.procedures.reflect("pay the bill", user_id="ana", succeeded=True, conversation_id="c-1")
    called(memory, "late", conversation_id="c-1")
    memory.upkeep.run(job="reflect")
    ways = {strategy_of(record).task: strategy_of(record).tools for record in memories(memory, "procedure")}
    assert ways == {FLIGHT: ("search",), "pay the bill": ("pay",)}


@pytest.mark.anyio
async def test_two_runners_at_once_do_everything_once(home: str):
    tenant = f"tenant-{uuid4()}"
    async with (
        recollect.AsyncMemory(home=home, tenant_id=tenant, upkeep=False) as one,
        recollect.AsyncMemory(home=home, tenant_id=tenant, upkeep=False) as two,
    ):
        for _ in range(6):
            await one.tools.record("search", user_id="ana", conversation_id="c", succeeded=True)
            await one.procedures.reflect(FLIGHT, user_id="ana", succeeded=True, conversation_id="c")
        reports = await asyncio.gather(*(memory.upkeep.run(job="reflect") for memory in (one, two, one, two)))
        assert sum(report.processed for (report,) in reports) == 6
        assert sum(report.errors for (report,) in reports) == 0
        (way,) = (await one.list(user_id="ana", types=["procedure"])).memories
        assert strategy_of(way).successes == 6
        (said,) = (await one.list(user_id="ana", types=["reflection"])).memories
        assert said.reinforcements == 5


@pytest.mark.anyio
async def test_killed_in_between_nothing_is_half_done(home: str, monkeypatch: pytest.MonkeyPatch):
    async with recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", upkeep=False) as memory:
        await memory.tools.record("search", user_id="ana", task=FLIGHT, succeeded=True)
        await memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=True)
        real = reflecting._learned  # pyright: ignore[reportPrivateUsage] - the last step before the commit

        def killed(*_: Any) -> Any:
            raise asyncio.CancelledError

        monkeypatch.setattr(reflecting, "_learned", killed)
        with pytest.raises(asyncio.CancelledError):
            await memory.upkeep.run(job="reflect")
        assert (await memory.list(user_id="ana")).memories == ()
        monkeypatch.setattr(reflecting, "_learned", real)
        assert [r.processed for r in await memory.upkeep.run(job="reflect")] == [1]
        assert len((await memory.list(user_id="ana")).memories) == 2


def test_what_cannot_be_processed_is_tried_again_and_then_waits_for_a_person(
    memory: recollect.Memory, monkeypatch: pytest.MonkeyPatch
):
    queued = memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=True)
    fine = memory.procedures.reflect("sleep", user_id="ben", succeeded=True)
    embedder = _embedder(memory)
    real = embedder.embed

    async def down(_: Embedder, texts: Sequence[str]) -> Any:
        if any(FLIGHT in text for text in texts):
            raise ModelUnavailable("the embedder is down")
        return await real(texts)

    monkeypatch.setattr(type(embedder), "embed", down)
    (report,) = memory.upkeep.run(job="reflect")
    assert (report.processed, report.errors) == (1, 1)  # the other one did not have to wait
    assert memory.procedures.reflections(user_id="ben")[0].id == fine.id
    (waits,) = memory.procedures.reflections(user_id="ana", status="queued")
    assert (waits.attempts, waits.error) == (1, "ModelUnavailable: the embedder is down")
    assert memory.upkeep.run(job="reflect")[0].errors == 0  # not yet
    for _ in range(4):
        _failed_now(memory, queued.id)
    (given_up,) = memory.procedures.reflections(user_id="ana", status="failed")
    assert (given_up.id, given_up.attempts) == (queued.id, 5)
    assert memory.upkeep.status().reflections == {"queued": 0, "failed": 1}
    monkeypatch.undo()
    assert memory.upkeep.run(job="reflect")[0].processed == 0
    again = memory.procedures.retry(queued.id, user_id="ana")
    assert (again.status.value, again.attempts, again.error) == ("queued", 0, None)
    assert memory.upkeep.run(job="reflect")[0].processed == 1
    with pytest.raises(Conflict, match="is done"):
        memory.procedures.retry(queued.id, user_id="ana")
    with pytest.raises(NotFound):
        memory.procedures.retry(queued.id, user_id="ben")
    assert_log_gives_things(memory, "ana")


def test_outcomes_are_listed_in_pages_the_latest_first(memory: recollect.Memory):
    made = [memory.procedures.reflect(f"task {n}", user_id="ana").id for n in range(3)]
    first = memory.procedures.reflections(user_id="ana", limit=2)
    rest = memory.procedures.reflections(user_id="ana", limit=2, cursor=first.next_cursor)
    assert [one.id for one in [*first, *rest]] == made[::-1]
    assert len(memory.procedures.reflections(user_id="ben")) == 0


def test_the_queue_survives_the_process_and_an_erasure_empties_it(home: str):
    tenant = f"tenant-{uuid4()}"
    with recollect.Memory(home=home, tenant_id=tenant, upkeep=False) as memory:
        memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=True)
        memory.procedures.reflect(FLIGHT, user_id="ben", succeeded=True)
    with recollect.Memory(home=home, tenant_id=tenant, upkeep=False) as memory:
        memory.erase(user_id="ben")
        assert memory.upkeep.run(job="reflect")[0].processed == 1
        assert len(memories(memory, "reflection")) == 1


def _embedder(memory: recollect.Memory) -> Embedder:
    async def of() -> Embedder:
        return (await memory._inner.core.ready()).embedder  # pyright: ignore[reportPrivateUsage] - looks below

    return LOOP.call(of)


def _failed_now(memory: recollect.Memory, reflection_id: UUID) -> None:
    """Counts one more failure, as if the pause were over."""

    async def fail() -> None:
        parts = await memory._inner.core.ready()  # pyright: ignore[reportPrivateUsage] - looks below
        work: Work = parts.upkeep._work  # pyright: ignore[reportPrivateUsage, reportAssignmentType] - looks below
        (known,) = await parts.store.things(Reflection, parts.tenant_id, {"id": reflection_id})
        await reflecting.failed(work, known, ModelUnavailable("the embedder is down"))

    LOOP.call(fail)


NO_PASSWORDS = """package recollect.no_passwords
import rego.v1
applies if input.action == "write"
allow if not contains(lower(input.memory.text), "password")
"""


def test_policies_decide_on_strategies_and_outcomes_too(memory: recollect.Memory):
    memory.policies.add("no_passwords", NO_PASSWORDS)
    with pytest.raises(NotAllowed, match="no_passwords"):
        memory.procedures.learn("type the password", user_id="ana", task=FLIGHT)
    memory.procedures.reflect(FLIGHT, user_id="ana", succeeded=True, outcome={"password": "swordfish"})
    assert memory.upkeep.run(job="reflect")[0].errors == 1
    (refused,) = memory.procedures.reflections(user_id="ana", status="queued")
    assert (refused.error or "").startswith("NotAllowed: ")
    assert memory.list(user_id="ana").memories == ()


def test_what_a_user_may_not_read_did_not_work_for_anything(memory: recollect.Memory):
    memory.procedures.learn("ask at the desk", user_id="ana", task="book a hotel", succeeded=True)
    shown = memory.procedures.learn("compare first", user_id="ana", task=FLIGHT)
    assert len(memory.procedures.what_worked_for("book a hotel", user_id="ana")) == 2
    memory.update(shown.id, user_id="ana", sensitivity="sensitive")
    memory.policies.add("careful", "package recollect.careful\nimport rego.v1\n"
        'applies if input.action == "read"\nfilter := {"sensitivity": "sensitive"}\n')  # fmt: skip
    assert [m.memory_id for m in memory.procedures.what_worked_for("book a hotel", user_id="ana")] == [shown.id]


@pytest.mark.anyio
async def test_what_is_learned_at_once_is_counted_once_each(home: str):
    async with recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", upkeep=False) as memory:
        learning = [
            memory.procedures.learn("compare", user_id="ana", task=FLIGHT, succeeded=n % 2 == 0) for n in range(6)
        ]
        learned = await asyncio.gather(*learning)
        assert len({strategy.id for strategy in learned}) == 1
        found = strategy_of(await memory.get(learned[0].id, user_id="ana"))
        assert (found.successes, found.failures) == (3, 3)


@pytest.mark.anyio
async def test_nobody_waits_behind_anothers_long_queue(home: str):
    async with recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", upkeep=False) as memory:
        for user_id, task in (("ana", "1"), ("ana", "2"), ("ana", "3"), ("ben", "4")):
            await memory.procedures.reflect(task, user_id=user_id)
        parts = await memory.core.ready()
        due = await parts.store.due_reflections(parts.tenant_id, parts.clock.now(), 3)
        assert [one.task for one in due] == ["1", "4", "2"]
