"""What every policy engine does: compile, evaluate, test, and fail without harm."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from recollect.adapters.rego.engine import RegoEngine
from recollect.domain.policy_module import policy_module
from recollect.errors import ValidationError
from recollect.ports.policy_engine import Outcome, PolicyEngine

pytestmark = pytest.mark.anyio

MODULE = """package recollect.demo

applies if input.action == "read"

default allow := false

allow if input.user == "ann"

allow if input.roles[_] == "admin"

deny contains "restricted" if input.memory.sensitivity == "restricted"

deny contains msg if {
    input.memory.type == "turn"
    msg := sprintf("%s may not read turns", [input.user])
}

filter := {"project_id": {"in": object.keys(input.projects)}} if input.user != "ann"

test_ann if allow with input as {"user": "ann", "roles": []}

test_wrong if allow with input as {"user": "bob", "roles": ["member"]}
"""


@pytest.fixture(scope="module")
async def engine() -> AsyncIterator[PolicyEngine]:
    engine = RegoEngine(seconds=2.0)
    yield engine
    await engine.close()


def module(body: str, name: str = "demo"):
    return policy_module(name, f"package recollect.{name}\n{body}")


def given(**parts: Any) -> dict[str, Any]:
    return {"action": "read", "user": "ann", "roles": [], "projects": {}, **parts}


async def test_it_says_what_each_rule_says(engine: PolicyEngine):
    outcomes = await engine.evaluate(
        policy_module("demo", MODULE),
        [
            given(),
            given(action="write"),
            given(user="bob", roles=["admin"], projects={"p": "member", "q": "viewer"}),
            given(memory={"sensitivity": "restricted", "type": "turn"}),
        ],
    )
    assert outcomes == [
        Outcome(applies=True, allow=True),
        Outcome(allow=True),
        Outcome(applies=True, allow=True, filter={"project_id": {"in": ["p", "q"]}}),
        Outcome(applies=True, allow=True, deny=("ann may not read turns", "restricted")),
    ]


async def test_a_good_module_passes_the_check(engine: PolicyEngine):
    await engine.check(policy_module("demo", MODULE))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("applies if true\n\nallow if {input.user == }", "line 4: Invalid boolean operator"),
        ("applies if true\nallow if strange(1)", "strange"),
        ("applies if true\nallow if helper\nhelper if allow", "ecursi"),
        ('applies := "yes"\nallow := true', "applies must be true or false"),
        ("applies if true\nallow := 1", "allow must be true or false"),
        ('applies if true\nallow := true\ndeny := "no"', "deny must be a set of reasons"),
        ("applies if true\nfilter := 7", "filter must be an object"),
        ("applies if true\nallow := true\nallow := false", "two different values"),
    ],
    ids=range(8),
)
async def test_a_bad_module_is_refused_with_the_engines_words(engine: PolicyEngine, body: str, problem: str):
    with pytest.raises(ValidationError, match="module") as refused:
        await engine.check(module(body))
    assert problem in refused.value.problem


async def test_an_error_is_an_outcome_and_never_an_allowance(engine: PolicyEngine):
    torn = module('applies if true\nallow := true if input.user\nallow := false if input.user == "bob"')
    fine, bad = await engine.evaluate(torn, [given(), given(user="bob")])
    assert fine == Outcome(applies=True, allow=True)
    assert bad.error
    assert not bad.allow


async def test_a_module_that_does_not_end_is_stopped_and_the_next_one_answered(engine: PolicyEngine):
    every = "some i in numbers.range(1, 9000); some j in numbers.range(1, 9000)"
    slow = module(f"applies if true\nallow if count([1 | {every}; i < j]) > 0")
    (outcome,) = await engine.evaluate(slow, [given()])
    assert "took longer" in outcome.error
    with anyio.fail_after(1.0):  # it is not tried again at once
        (outcome,) = await engine.evaluate(slow, [given()])
    assert outcome.error
    assert await engine.evaluate(module("applies if true\nallow := true"), [{}]) == [Outcome(applies=True, allow=True)]


async def test_a_module_sees_nothing_of_the_process(engine: PolicyEngine):
    with pytest.raises(ValidationError, match=r"opa\.runtime"):
        module("applies if true\nallow if opa.runtime().env.HOME")
    hidden = module('applies if true\nallow := true\ndeny contains json.marshal(x) if { x := opa["runtime"]() }')
    (outcome,) = await engine.evaluate(hidden, [given()])
    assert "PATH" not in str(outcome)


async def test_inputs_beyond_one_batch_are_answered_in_order(engine: PolicyEngine):
    even = module('applies if true\nallow if input.user == "even"')
    outcomes = await engine.evaluate(even, [given(user="odd" if n % 2 else "even") for n in range(450)])
    assert [outcome.allow for outcome in outcomes] == [n % 2 == 0 for n in range(450)]


async def test_any_text_arrives_as_it_is(engine: PolicyEngine):
    strange = 'é "quoted" \\ \n\t 😀 \u2028 ¬'
    told = module("applies if true\nallow := true\ndeny contains input.user if true")
    assert await engine.evaluate(told, [given(user=strange)]) == [Outcome(applies=True, allow=True, deny=(strange,))]


async def test_several_tasks_ask_at_once(engine: PolicyEngine):
    answers: dict[int, Outcome] = {}

    async def ask(number: int) -> None:
        users = module(f'applies if true\nallow if input.user == "{number}"')
        (answers[number],) = await engine.evaluate(users, [given(user=str(number))])

    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(ask, number)
    assert all(answers[number].allow for number in range(20))


async def test_tests_run_one_by_one(engine: PolicyEngine):
    beside = """package recollect.demo_test

test_restricted if count(data.recollect.demo.deny) > 0 with input as {"memory": {"sensitivity": "restricted"}}

test_nobody if { not data.recollect.demo.allow with input as {"user": "nobody", "roles": ["member"]} }
"""
    results = await engine.test(policy_module("demo", MODULE), beside)
    assert {result.name: result.passed for result in results} == {
        "test_ann": True,
        "test_wrong": False,
        "test_restricted": True,
        "test_nobody": True,
    }
    with pytest.raises(ValidationError, match="demo_test"):
        await engine.test(policy_module("demo", MODULE), "package recollect.other_test\ntest_a if true")
    with pytest.raises(ValidationError, match="Invalid"):
        await engine.test(policy_module("demo", MODULE), "package recollect.demo_test\ntest_a if { x == }")


async def test_tests_may_use_every_function(engine: PolicyEngine):
    tested = module("""applies if input.action == "read"
default allow := false
allow if "admin" in input.roles
deny contains sprintf("%s is barred", [input.user]) if startswith(input.user, "x")
filter := {"project_id": {"in": object.keys(input.projects)}}
admin := {"user": "ann {\\"}", "roles": ["admin"]}
test_admin if allow with input as admin
test_member if { not allow with input as {"user": "bob", "roles": ["member"]} }
test_barred if {
    deny == {"xavier is barred"} with input as {"user": "xavier", "roles": []}
    not allow with input as {"user": "xavier", "roles": []}
}
test_filter if filter.project_id["in"] == {"p"} with input as {"projects": {"p": "member"}, "user": "a } b"}
test_two if {
    admin.user with input as {"user": "a"}
    admin.user with input as {"user": "b"}
}
""")
    await engine.check(tested)
    assert [(result.name, result.passed, result.problem) for result in await engine.test(tested)] == [
        (name, True, "") for name in ("test_admin", "test_member", "test_barred", "test_filter", "test_two")
    ]


@pytest.mark.anyio
async def test_a_process_that_holds_much_memory_has_policies_too():
    ballast = bytearray(1_200_000_000)  # a new process inherits its parent's peak
    ballast[::4096] = b"x" * len(ballast[::4096])
    engine = RegoEngine()
    try:
        await engine.check(
            policy_module("demo", "package recollect.demo\nimport rego.v1\napplies if true\nallow if true\n")
        )
    finally:
        await engine.close()
