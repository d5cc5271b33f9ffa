"""What was derived from a premise says so when the premise has ended, and no longer when it holds again."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import anyio
import pytest

from recollect import Memory, bootstrap
from recollect.adapters.postgres.operator import Operator
from recollect.domain.event import EventType
from recollect.domain.record import Memory as Record
from recollect.domain.record import Status
from recollect.domain.replayed import ReplayReport
from recollect.domain.staleness import ERASED
from recollect.settings import load_settings

USER = "ana"
OTHER_PROCESS = """
import sys
from recollect import Memory
with Memory(home=sys.argv[1], tenant_id=sys.argv[2]) as memory:
    memory.add("I moved to Lyon.", user_id="ana")
"""


def told(memory: Memory, text: str) -> UUID:
    found = memory.add(text, user_id=USER, type="semantic_fact").items[0].memory_id
    assert found is not None
    return found


def hang(memory: Memory, one: UUID, *premises: UUID) -> None:
    for premise in premises:
        memory.relationships.add(one, premise, "derived_from", user_id=USER)


def because(memory: Memory, one: UUID) -> tuple[UUID, ...]:
    found = memory.get(one, user_id=USER)
    assert found is not None
    assert (found.stale_since is None) == (found.stale_because == ())
    return found.stale_because


def status(memory: Memory, one: UUID) -> Status:
    found = memory.get(one, user_id=USER)
    assert found is not None
    return found.status


def line(memory: Memory) -> int:
    return memory.events.list(user_id=USER).events[-1].seq


def chain_of_three(memory: Memory) -> tuple[UUID, UUID, UUID]:
    premise = told(memory, "I live in Paris.")
    first = told(memory, "The plumber for the flat is the one near the Louvre.")
    second = told(memory, "Spare keys are with the plumber's neighbour Odile.")
    hang(memory, first, premise)
    hang(memory, second, first)
    return premise, first, second


@pytest.fixture
def operator(home: str) -> Iterator[Operator]:
    with bootstrap.operator(load_settings(home=Path(home))) as operator:
        yield operator


def replays(operator: Operator, memory: Memory) -> bool:
    """Whether the log gives the very tables that there are."""
    tenant = memory.audit.verify(user_id=USER).reports[0].tenant_id

    async def work() -> ReplayReport:
        return await operator.verify(tenant, USER, lambda _: None, vectors=False)

    return anyio.run(work).ok


def test_a_chain_goes_stale_with_its_first_premise_and_is_upheld_by_a_rollback(
    memory: Memory, operator: Operator
) -> None:
    premise, first, second = chain_of_three(memory)
    before = line(memory)
    memory.add("I moved to Lyon.", user_id=USER)
    assert status(memory, premise) is Status.SUPERSEDED
    assert because(memory, first) == because(memory, second) == (premise,)
    assert status(memory, second) is Status.ACTIVE
    assert replays(operator, memory)
    memory.rollback(user_id=USER, to=before)
    assert because(memory, first) == because(memory, second) == ()
    assert replays(operator, memory)


def test_marks_stand_in_the_transaction_of_the_change(memory: Memory) -> None:
    _, first, second = chain_of_three(memory)
    memory.add("I moved to Lyon.", user_id=USER)
    events = memory.events.list(user_id=USER).events
    marks = [event for event in events if event.type is EventType.MEMORY_OUTDATED]
    (change,) = (event for event in events if event.type is EventType.MEMORY_SUPERSEDED)
    assert {event.subject_id for event in marks} == {first, second}
    assert {event.recorded_at for event in marks} == {change.recorded_at}


def test_what_is_stale_is_found_and_says_so(memory: Memory) -> None:
    _, first, _ = chain_of_three(memory)
    memory.add("I moved to Lyon.", user_id=USER)
    found = {hit.memory.id: hit.memory for hit in memory.search("Who is the plumber?", user_id=USER)}
    assert found[first].stale_since is not None
    packet = memory.context("Who is the plumber?", user_id=USER).render()
    assert "may be outdated since" in next(row for row in packet.splitlines() if "Louvre" in row)


def test_a_diamond_is_stale_for_one_reason_until_its_premise_is_back(memory: Memory, operator: Operator) -> None:
    top, left, right, bottom = (told(memory, text) for text in ("I live in Paris.", "Left.", "Right.", "Bottom."))
    hang(memory, left, top)
    hang(memory, right, top)
    hang(memory, bottom, left, right)
    run = uuid4()
    memory.add("I moved to Lyon.", user_id=USER, job_id=run)
    assert because(memory, bottom) == because(memory, left) == because(memory, right) == (top,)
    memory.rollback(user_id=USER, job=run)
    assert [because(memory, one) for one in (left, right, bottom)] == [(), (), ()]
    assert replays(operator, memory)


def test_a_circle_of_conclusions_ends_where_it_began(memory: Memory) -> None:
    premise, one, other = (told(memory, text) for text in ("I live in Paris.", "One thing.", "Another thing."))
    hang(memory, one, premise, other)
    hang(memory, other, one)
    hang(memory, premise, other)
    memory.add("I moved to Lyon.", user_id=USER)
    assert because(memory, one) == because(memory, other) == (premise,)
    assert because(memory, premise) == ()


def test_a_deleted_premise_is_remembered_although_its_ties_are_gone(memory: Memory, operator: Operator) -> None:
    premise, first, second = chain_of_three(memory)
    before = line(memory)
    memory.delete(premise, user_id=USER)
    assert because(memory, first) == because(memory, second) == (premise,)
    assert not memory.relationships.list(first, user_id=USER, direction="outgoing").items
    memory.rollback(user_id=USER, to=before)
    assert because(memory, first) == because(memory, second) == ()
    assert replays(operator, memory)


def test_what_is_told_again_is_upheld_with_all_that_hangs_on_it_alone(memory: Memory) -> None:
    premise, first, second = chain_of_three(memory)
    third = told(memory, "The insurance knows the plumber.")
    hang(memory, third, first, premise)
    memory.add("I moved to Lyon.", user_id=USER)
    told(memory, "The plumber for the flat is the one near the Louvre.")
    assert because(memory, first) == because(memory, second) == ()
    assert because(memory, third) == (premise,), "it hangs on the premise itself, too"


def test_a_tie_that_goes_takes_its_reason_along(memory: Memory) -> None:
    premise, first, second = chain_of_three(memory)
    memory.add("I moved to Lyon.", user_id=USER)
    memory.relationships.remove(first, premise, "derived_from", user_id=USER)
    assert because(memory, first) == because(memory, second) == ()


def test_what_is_derived_from_something_outdated_is_outdated_at_once(memory: Memory) -> None:
    premise, first, _ = chain_of_three(memory)
    memory.add("I moved to Lyon.", user_id=USER)
    late = told(memory, "The plumber sends his bills to Paris.")
    hang(memory, late, first)
    assert because(memory, late) == (premise,)


def test_other_ties_carry_nothing(memory: Memory) -> None:
    premise, other = told(memory, "I live in Paris."), told(memory, "The bakery opens at six.")
    memory.relationships.add(other, premise, "related", user_id=USER)
    memory.add("I moved to Lyon.", user_id=USER)
    assert because(memory, other) == ()


def test_a_fact_that_another_telling_states_is_not_outdated(memory: Memory) -> None:
    first = memory.add([{"role": "user", "content": "My sister Anna works at Siemens."}], user_id=USER)
    memory.add([{"role": "user", "content": "As you know, my sister Anna works at Siemens in Berlin."}], user_id=USER)
    fact = next(item.memory_id for item in first.items if item.key == "anna:employer")
    turn = first.items[0].memory_id
    assert fact is not None
    assert turn is not None
    memory.delete(turn, user_id=USER)
    assert because(memory, fact) == ()


def test_an_erased_premise_leaves_no_name_behind(memory: Memory, operator: Operator) -> None:
    premise, first, second = chain_of_three(memory)
    memory.erase(user_id=USER, memory_id=premise)
    assert because(memory, first) == because(memory, second) == (ERASED,)
    assert replays(operator, memory)


def test_a_premise_that_was_deleted_and_then_erased_leaves_no_name_behind(memory: Memory) -> None:
    premise, first, _ = chain_of_three(memory)
    memory.delete(premise, user_id=USER)
    memory.erase(user_id=USER, memory_id=premise)
    assert because(memory, first) == (ERASED,)


def test_as_of_shows_what_was_not_outdated_then(memory: Memory) -> None:
    _, first, _ = chain_of_three(memory)
    then = memory.events.list(user_id=USER).events[-1].recorded_at
    memory.add("I moved to Lyon.", user_id=USER)
    past: Record | None = memory.at(known_at=then).get(first, user_id=USER)
    assert past is not None
    assert past.stale_because == ()
    assert because(memory, first)


def test_another_process_outdates_what_this_one_knows(memory: Memory, home: str) -> None:
    premise, first, _ = chain_of_three(memory)
    assert memory.search("Who is the plumber?", user_id=USER)[0].memory.stale_since is None
    tenant = memory.audit.verify(user_id=USER).reports[0].tenant_id
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, home, tenant], check=True, timeout=120)
    found = {hit.memory.id: hit.memory for hit in memory.search("Who is the plumber?", user_id=USER)}
    assert found[first].stale_because == (premise,)
