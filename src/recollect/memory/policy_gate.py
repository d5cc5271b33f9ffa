"""The policy gate: what the tenant's policies say about a write or a read, remembered while it cannot change.

An answer follows from the module's text, the caller, and the fields of the memory that the module names; so those are
what it is remembered by, and a search over ten thousand memories costs a few evaluations, or none. ``docs/policies.md``
tells what the rules of a module mean.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from recollect.domain.condition import Condition, matches
from recollect.domain.condition_parser import parse_condition
from recollect.domain.decision import (
    Action,
    Caller,
    Decision,
    Readable,
    Rule,
    Seen,
    Verdict,
    asked,
    memory_as_input,
    seen_of,
)
from recollect.domain.policy import Policy
from recollect.domain.policy_module import PolicyModule, policy_module
from recollect.domain.record import Memory
from recollect.errors import ValidationError
from recollect.ports.policy_engine import Outcome, PolicyEngine

REMEMBERED: Final = 20_000
"""How many answers are kept, over all tenants."""


@dataclass(frozen=True, slots=True)
class Governed:
    """A policy with its module read."""

    policy: Policy
    module: PolicyModule

    def verdict(self, rule: Rule, *, allowed: bool = False, reason: str = "") -> Verdict:
        """A verdict of this policy."""
        return Verdict(self.policy.name, self.policy.version, rule, allowed, reason)


class PolicyGate:
    """Asks the engine, combines what policies say, and remembers."""

    def __init__(self, engine: PolicyEngine) -> None:
        self.engine = engine
        self._answers: OrderedDict[tuple[object, ...], Outcome] = OrderedDict()

    async def writing(
        self,
        policies: Sequence[Policy],
        caller: Caller,
        method: str,
        changes: Sequence[tuple[Memory | None, Memory]],
        now: datetime,
    ) -> list[Decision]:
        """What the policies say about each write, given as the record before and after it (twice the same: removed)."""
        given = asked(Action.WRITE, caller, method, now)
        verdicts: list[list[Verdict]] = [[] for _ in changes]
        records = [
            (None if before is None else memory_as_input(before), memory_as_input(after)) for before, after in changes
        ]
        for governed in governing(policies):
            fields = governed.module.memory_fields
            inputs = [
                {"memory": _chosen(after, fields), "before": None if before is None else _chosen(before, fields)}
                for before, after in records
            ]
            for found, outcome in zip(verdicts, await self._outcomes(governed, given, inputs), strict=True):
                found.append(_judged(governed, outcome))
        return [Decision(tuple(found)) for found in verdicts]

    async def reading(self, policies: Sequence[Policy], caller: Caller, method: str, now: datetime) -> "Reading":
        """What the policies say about a read, as far as it can be said without looking at memories."""
        given = asked(Action.READ, caller, method, now)
        verdicts: list[Verdict] = []
        looking: list[tuple[Governed, bool]] = []
        for governed in governing(policies):
            (outcome,) = await self._outcomes(governed, given, [{}])
            if governed.module.memory_fields:
                verdict = _before_looking(governed, outcome)
                looking.append((governed, outcome.applies))
            else:
                verdict = _judged_read(governed, outcome)
            verdicts.append(verdict)
        return Reading(self, given, Decision(tuple(verdicts)), tuple(looking))

    async def looked(
        self, governed: Governed, given: Mapping[str, Any], memories: Sequence[Mapping[str, Any]]
    ) -> list[Outcome]:
        """What one policy says about reads of memories of which it sees these fields."""
        return await self._outcomes(governed, given, [{"memory": dict(memory)} for memory in memories])

    async def close(self) -> None:
        """Lets go of the engine."""
        await self.engine.close()

    async def _outcomes(
        self, governed: Governed, given: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
    ) -> list[Outcome]:
        asker = _key_of(governed, given)
        keys = [(*asker, repr(part)) for part in parts]
        answers = {key: self._answers[key] for key in keys if key in self._answers}
        missing = {key: part for key, part in zip(keys, parts, strict=True) if key not in answers}
        if missing:
            inputs = [{**given, **part} for part in missing.values()]
            fresh = await self.engine.evaluate(governed.module, inputs)
            for key, outcome in zip(missing, fresh, strict=True):
                answers[key] = outcome
                if not outcome.error:  # what failed may do better next time
                    self._answers[key] = outcome
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return [answers[key] for key in keys]


@dataclass(frozen=True, slots=True)
class Reading:
    """One read under the tenant's policies.

    Attributes:
        decision: what they say without looking at memories; its ``conditions`` must hold of whatever is read.
        looking: the policies that look at memories, and whether each applies without one.
    """

    gate: PolicyGate
    given: Mapping[str, Any]
    decision: Decision
    looking: tuple[tuple[Governed, bool], ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of memories that must be looked at before ranking; mostly none."""
        return tuple(sorted({name for governed, _ in self.looking for name in governed.module.read_fields}))

    async def readable(self, looks: Sequence[Seen]) -> Readable | None:
        """Which of these looks, each a memory's values of ``fields``, may be read; None if no policy looks."""
        if not self.looking:
            return None
        decisions = await self._decisions(looks)
        allowed = frozenset(look for look, decision in zip(looks, decisions, strict=True) if decision.allowed)
        return Readable(self.fields, allowed)

    async def of(self, memories: Sequence[Memory]) -> list[Decision]:
        """What the policies say about reading each of these memories: everything, conditions included."""
        fields = self.fields
        looks = [seen_of(memory, fields) for memory in memories]
        different = list(dict.fromkeys(looks))
        decided = dict(zip(different, await self._decisions(different), strict=True))
        return [
            Decision((*(_kept_to(verdict, memory) for verdict in self.decision.verdicts), *decided[look].verdicts))
            for memory, look in zip(memories, looks, strict=True)
        ]

    async def _decisions(self, looks: Sequence[Seen]) -> list[Decision]:
        names = self.fields
        verdicts: list[list[Verdict]] = [[] for _ in looks]
        for governed, applies in self.looking:
            own = governed.module.read_fields
            memories = [_chosen(dict(zip(names, look, strict=True)), own) for look in looks]
            outcomes = await self.gate.looked(governed, self.given, memories)
            for found, outcome in zip(verdicts, outcomes, strict=True):
                found.append(_judged_look(governed, outcome, applies=applies))
        return [Decision(tuple(found)) for found in verdicts]


def governing(policies: Sequence[Policy]) -> list[Governed]:
    """The active policies, in order of their names, with their modules read."""
    active = sorted((policy for policy in policies if policy.active), key=lambda policy: policy.name)
    return [Governed(policy, policy_module(policy.name, policy.module)) for policy in active]


def _key_of(governed: Governed, given: Mapping[str, Any]) -> tuple[object, ...]:
    timeless = () if governed.module.volatile else ("now", "clock")
    asker = repr([given[name] for name in given if name not in timeless])
    return (governed.policy.tenant_id, governed.policy.name, governed.module.source, asker)


def _chosen(values: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {name: values.get(name) for name in fields}


def _judged(governed: Governed, outcome: Outcome) -> Verdict:
    """The verdict when the rules alone decide; what only a filter would decide is denied."""
    if outcome.error:
        return governed.verdict(Rule.ERROR, reason=outcome.error)
    if not outcome.applies:
        return governed.verdict(Rule.NOT_APPLICABLE, allowed=True)
    if outcome.deny:
        return governed.verdict(Rule.DENY, reason="; ".join(outcome.deny))
    if outcome.allow:
        return governed.verdict(Rule.ALLOW, allowed=True)
    return governed.verdict(Rule.DEFAULT_DENY, reason="it governs this, and its allow is not true")


def _judged_read(governed: Governed, outcome: Outcome) -> Verdict:
    """The verdict of a policy that looks at no memory."""
    if outcome.error or not outcome.applies or outcome.deny or "filter" not in governed.module.rules:
        return _judged(governed, outcome)
    if "allow" in governed.module.rules and not outcome.allow:
        return _judged(governed, outcome)
    return _filtered(governed, outcome)


def _before_looking(governed: Governed, outcome: Outcome) -> Verdict:
    """The verdict of a policy that looks at memories: its filter, if it has one; the rest follows with each look."""
    if outcome.error:
        return governed.verdict(Rule.ERROR, reason=outcome.error)
    if not outcome.applies or "filter" not in governed.module.rules:
        return governed.verdict(Rule.NOT_APPLICABLE, allowed=True)
    return _filtered(governed, outcome)


def _judged_look(governed: Governed, outcome: Outcome, *, applies: bool) -> Verdict:
    """The verdict of a policy that looks at memories on one look."""
    if outcome.error or not outcome.applies:
        return _judged(governed, outcome)
    if unseen := governed.module.unseen_fields:
        named = ", ".join(f"input.memory.{name}" for name in unseen)
        reason = f"it looks at {named}, which is not there when reading; say it in filter, or let applies name writes"
        return governed.verdict(Rule.ERROR, reason=reason)
    if "filter" not in governed.module.rules:
        return _judged(governed, outcome)
    if not applies:
        reason = "its applies looks at input.memory, so that its filter cannot be known beforehand"
        return governed.verdict(Rule.ERROR, reason=reason)
    if "allow" in governed.module.rules or outcome.deny:
        return _judged(governed, outcome)
    return governed.verdict(Rule.FILTER, allowed=True)


def _filtered(governed: Governed, outcome: Outcome) -> Verdict:
    if outcome.filter is None:
        return governed.verdict(Rule.DEFAULT_DENY, reason="it governs this, and its filter is undefined")
    try:
        condition = _parsed(json.dumps(outcome.filter))
    except ValidationError as error:
        return governed.verdict(Rule.ERROR, reason=str(error))
    return replace(governed.verdict(Rule.FILTER, allowed=True), condition=condition)


@lru_cache(maxsize=1_000)
def _parsed(condition: str) -> Condition:
    """A filter as a condition; most searches meet the same few."""
    return parse_condition(json.loads(condition), "filter")


def _kept_to(verdict: Verdict, memory: Memory) -> Verdict:
    """The verdict on one memory: a filter lets pass what its condition holds of."""
    condition: Condition | None = verdict.condition
    if condition is None or matches(condition, memory):
        return verdict
    return replace(verdict, allowed=False, reason="the memory is not among what filter lets pass")
