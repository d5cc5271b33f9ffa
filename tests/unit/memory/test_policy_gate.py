"""Policies decide on writes and reads: denied by default, remembered, and never opened by a failure."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from recollect.adapters.rego.engine import RegoEngine
from recollect.domain.condition_parser import parse_condition
from recollect.domain.decision import Caller, Rule, seen_of
from recollect.domain.policy import Policy
from recollect.domain.policy_module import PolicyModule
from recollect.domain.record import Memory, MemoryType, Sensitivity
from recollect.memory.policy_gate import PolicyGate
from recollect.ports.policy_engine import Outcome

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
ANN = Caller(user_id="ann", roles=frozenset({"member"}), projects={"p": "member"})
MEMORY = Memory(
    id=UUID(int=1),
    tenant_id="t",
    user_id="ann",
    type=MemoryType.SEMANTIC_FACT,
    text="My PIN is 1234",
    written_at=NOW,
    updated_at=NOW,
    content_hash="h",
)


class CountingEngine(RegoEngine):
    """Counts the inputs that it is asked about."""

    asked = 0

    async def evaluate(self, module: PolicyModule, inputs: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        self.asked += len(inputs)
        return await super().evaluate(module, inputs)


@pytest.fixture(scope="module")
async def engine() -> AsyncIterator[CountingEngine]:
    engine = CountingEngine()
    yield engine
    await engine.close()


@pytest.fixture
def gate(engine: CountingEngine) -> PolicyGate:
    engine.asked = 0
    return PolicyGate(engine)


def policy(body: str, name: str = "demo", **fields: Any) -> Policy:
    module = f"package recollect.{name}\n\n{body}"
    return Policy(tenant_id="t", name=name, module=module, created_at=NOW, updated_at=NOW, **fields)


async def test_without_policies_everything_is_allowed(gate: PolicyGate):
    (decision,) = await gate.writing([], ANN, "add", [(None, MEMORY)], NOW)
    assert decision.allowed
    reading = await gate.reading([], ANN, "search", NOW)
    assert reading.decision.allowed
    assert reading.fields == ()
    assert await reading.readable([()]) is None


NO_SECRETS = policy(
    """applies if input.action == "write"
allow if input.user == "ann"
deny contains "no PINs" if contains(input.memory.text, "PIN")
"""
)


async def test_a_write_is_denied_with_the_reason(gate: PolicyGate):
    harmless = replace(MEMORY, text="I like tea")
    denied, fine = await gate.writing([NO_SECRETS], ANN, "add", [(None, MEMORY), (MEMORY, harmless)], NOW)
    assert not denied.allowed
    assert denied.reason == "policy 'demo' (version 1): deny: no PINs"
    assert "1234" not in denied.explain()
    assert fine.verdicts[0].rule is Rule.ALLOW
    (other,) = await gate.writing([NO_SECRETS], Caller(user_id="bob"), "add", [(None, harmless)], NOW)
    assert other.verdicts[0].rule is Rule.DEFAULT_DENY


async def test_every_policy_that_governs_must_agree_and_inactive_ones_are_silent(gate: PolicyGate):
    yes = policy("applies if true\nallow := true", "yes")
    no = policy("applies if true\ndefault allow := false", "no")
    elsewhere = policy('applies if input.action == "write"\ndefault allow := false', "elsewhere")
    off = replace(no, name="off", module=no.module.replace("recollect.no", "recollect.off"), active=False)
    assert (await gate.reading([yes, elsewhere, off], ANN, "get", NOW)).decision.allowed
    decision = (await gate.reading([yes, no, off], ANN, "get", NOW)).decision
    assert [verdict.policy for verdict in decision.verdicts] == ["no", "yes"]
    assert "denied\n  policy 'no' (version 1): default deny" in decision.explain()


PROJECTS = policy(
    """applies if input.action == "read"
filter := {"OR": [{"project_id": None}, {"project_id": {"in": object.keys(input.projects)}}]}
""".replace("None", "null")
)


async def test_a_filter_becomes_a_condition(gate: PolicyGate):
    reading = await gate.reading([PROJECTS], ANN, "search", NOW)
    wanted = parse_condition({"OR": [{"project_id": None}, {"project_id": {"in": ["p"]}}]})
    assert reading.decision.conditions == (wanted,)
    assert reading.fields == ()
    own, shared, other = await reading.of([MEMORY, replace(MEMORY, project_id="p"), replace(MEMORY, project_id="q")])
    assert (own.allowed, shared.allowed, other.allowed) == (True, True, False)
    assert "not among what filter lets pass" in other.reason


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('applies if true\nfilter := {"type": "goal"} if input.user == "bob"', "filter is undefined"),
        ('applies if true\nfilter := {"colour": "red"}', "filter.colour: is no field"),
        ('applies if true\nfilter := {"type": "goal"}\nallow if input.user == "bob"', "allow is not true"),
        ('applies if true\nfilter := {"type": "goal"}\ndeny contains "no" if true', "deny: no"),
        ("applies if true\nallow if { some x in input.roles; to_number(x) > strange }", "error"),
        ("applies if true\nallow := true if input.user\nallow := false if input.user", "error"),
    ],
    ids=range(6),
)
async def test_what_does_not_answer_denies(gate: PolicyGate, body: str, problem: str):
    decision = (await gate.reading([policy(body)], ANN, "search", NOW)).decision
    assert not decision.allowed or problem == "error"
    assert problem in decision.reason or problem == "error"


LOOKS = policy(
    """applies if input.action == "read"
default allow := false
allow if input.memory.sensitivity == "normal"
allow if input.memory.owner == input.user
deny contains "restricted" if input.memory.sensitivity == "restricted"
"""
)


async def test_what_is_looked_at_is_judged_once_for_each_look(gate: PolicyGate, engine: CountingEngine):
    memories = [
        replace(MEMORY, sensitivity=sensitivity, author_id=author, text=str(number))
        for number in range(50)
        for sensitivity in Sensitivity
        for author in (None, "bob")
    ]
    reading = await gate.reading([LOOKS], ANN, "search", NOW)
    assert reading.fields == ("owner", "sensitivity")
    looks = [seen_of(memory, reading.fields) for memory in memories]
    readable = await reading.readable(list(dict.fromkeys(looks)))
    assert readable is not None
    expected = {("ann", "normal"), ("bob", "normal"), ("ann", "sensitive")}
    assert readable.seen == expected
    assert engine.asked == 1 + 6
    decisions = await (await gate.reading([LOOKS], ANN, "get", NOW)).of(memories)
    assert [decision.allowed for decision in decisions] == [look in expected for look in looks]


async def test_answers_are_remembered_by_what_they_follow_from(gate: PolicyGate, engine: CountingEngine):
    async def count(asking: Policy, caller: Caller, at: datetime) -> int:
        before = engine.asked
        await gate.reading([asking], caller, "search", at)
        return engine.asked - before

    timed = policy('applies if true\nallow if input.clock.weekday == "Monday"', "timed")
    assert await count(PROJECTS, ANN, NOW) == 1
    assert await count(PROJECTS, ANN, NOW + timedelta(days=1)) == 0
    assert await count(PROJECTS, replace(ANN, roles=frozenset()), NOW) == 1
    assert await count(policy("applies if true\nallow := true"), ANN, NOW) == 1
    assert await count(timed, ANN, NOW) == 1
    assert await count(timed, ANN, NOW + timedelta(seconds=20)) == 0
    assert await count(timed, ANN, NOW + timedelta(minutes=1)) == 1
    other_tenant = replace(PROJECTS, tenant_id="u")
    assert await count(other_tenant, ANN, NOW) == 1


async def test_a_filter_of_a_policy_whose_applies_looks_at_memories_denies(gate: PolicyGate):
    odd = policy('applies if input.memory.type == "goal"\nfilter := {"type": "goal"}')
    reading = await gate.reading([odd], ANN, "search", NOW)
    readable = await reading.readable([("goal",), ("turn",)])
    assert readable is not None
    assert readable.seen == {("turn",)}


async def test_a_broken_engine_denies(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("recollect.adapters.rego.process.find_spec", no_package)
    fresh = PolicyGate(RegoEngine())
    decision = (await fresh.reading([PROJECTS], ANN, "search", NOW)).decision
    assert not decision.allowed
    assert "install recollect[policies]" in decision.reason


def no_package(_name: str) -> None:
    """Nothing is installed."""
