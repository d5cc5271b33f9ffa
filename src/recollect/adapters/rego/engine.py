"""The policy engine over rego-cpp: asks the worker, and reads its answers strictly."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import anyio.to_thread

from recollect.adapters.rego.prepared_test import PreparedTest, prepared
from recollect.adapters.rego.process import RegoProcess, WorkerFailed
from recollect.domain.policy_module import PolicyModule, rules_of_tests
from recollect.errors import ValidationError
from recollect.ports.policy_engine import Outcome, RuleTest

_RULES: Final = ("applies", "allow", "deny", "filter")
_WITH: Final = "rego-localref"
"""What rego-cpp 1.5 complains of when ``with`` is used on a rule that calls a function (``in`` is one)."""


class RegoEngine:
    """See ``recollect.ports.policy_engine.PolicyEngine``.

    Args:
        seconds: how long one evaluation (of up to 200 inputs) may take before it counts as failed.
    """

    BATCH: Final = 200

    def __init__(self, *, seconds: float = 2.0) -> None:
        self._process = RegoProcess(seconds=seconds)

    async def check(self, module: PolicyModule) -> None:
        """Compiles the module and evaluates its rules once."""
        replies = [await self._ask(_files(module), _query(module), [given]) for given in _samples(module)]
        for problem in (_outcome(result).error for reply in replies for result in _results(module, reply)):
            if problem:
                raise ValidationError("module", problem)

    async def evaluate(self, module: PolicyModule, inputs: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        """What the module says about each input."""
        outcomes: list[Outcome] = []
        for start in range(0, len(inputs), self.BATCH):
            batch = list(inputs[start : start + self.BATCH])
            try:
                reply = await self._ask(_files(module), _query(module), batch)
                outcomes += [_outcome(result) for result in _results(module, reply)]
            except ValidationError as error:
                outcomes += [Outcome(error=error.problem)] * len(batch)
        return outcomes

    async def test(self, module: PolicyModule, tests: str = "") -> list[RuleTest]:
        """Runs the test rules of the module and of the one beside it."""
        names = rules_of_tests(module.name, tests) if tests.strip() else ()
        results = [
            await self._tested(module, prepared(module.package, module.source, name), "") for name in module.tests
        ]
        package = f"{module.package}_test"
        return results + [await self._tested(module, prepared(package, tests, name), tests) for name in names]

    async def close(self) -> None:
        """Ends the worker."""
        await anyio.to_thread.run_sync(self._process.close)

    async def _tested(self, module: PolicyModule, test: PreparedTest, beside: str) -> RuleTest:
        files = (
            {f"{module.name}_test": test.source, module.name: module.deciding} if beside else {module.name: test.source}
        )
        given: object = {}
        if test.given is not None:
            (made,) = _results(module, await self._ask(files, f"x := {test.given}", [{}]))
            given = made.get("value")
            if not isinstance(given, dict):
                return RuleTest(test.name, passed=False, problem="its input is not an object")
        (result,) = _results(module, await self._ask(files, f"x := [v | v := {test.path}]", [given]))
        if "error" in result:
            return RuleTest(test.name, passed=False, problem=_explained(str(result["error"])))
        return RuleTest(test.name, passed=result.get("value") == [True])

    async def _ask(self, modules: dict[str, str], query: str, inputs: list[Any]) -> dict[str, Any]:
        try:
            return await anyio.to_thread.run_sync(self._process.ask, modules, query, inputs)
        except WorkerFailed as error:
            return {"results": [{"error": str(error)}] * len(inputs)}


def _files(module: PolicyModule) -> dict[str, str]:
    return {module.name: module.deciding}


def _query(module: PolicyModule) -> str:
    """Every rule's value in a list, which is empty when the rule is undefined."""
    rules = ", ".join(f'"{rule}": [v | v := {module.package}.{rule}]' for rule in _RULES if rule in module.rules)
    return f"x := {{{rules}}}"


def _samples(module: PolicyModule) -> list[dict[str, Any]]:
    """Inputs that bring a module's rules to be evaluated, with and without a memory."""
    plain: dict[str, Any] = {
        "method": "add",
        "user": "someone",
        "roles": ["member"],
        "projects": {"p": "member"},
        "now": "2026-05-04T09:30:00Z",
        "clock": {"year": 2026, "month": 5, "day": 4, "hour": 9, "minute": 30, "weekday": "Monday", "unix": 1777887000},
    }
    memory = dict.fromkeys(module.memory_fields, "")
    return [
        {**plain, "action": "write", "memory": memory},
        {**plain, "action": "read"},
        {**plain, "action": "read", "memory": dict.fromkeys(module.read_fields, "")},
    ]


def _results(module: PolicyModule, reply: dict[str, Any]) -> list[dict[str, Any]]:
    """The replies to the single inputs.

    Raises:
        ValidationError: a module does not compile.
    """
    if "error" not in reply:
        return cast("list[dict[str, Any]]", reply["results"])
    problem = str(reply["error"])
    if "offset" in reply and reply.get("file") == module.name:
        head = module.deciding.encode()[: int(reply["offset"])]
        line = head.count(b"\n") + 1
        problem = f"line {line}: {problem}: {module.source.splitlines()[line - 1].strip()[:120]!r}"
    elif "file" in reply:
        problem = f"{reply['file']}: {problem}"
    raise ValidationError("module", problem)


def _outcome(result: Mapping[str, Any]) -> Outcome:
    if "error" in result:
        return Outcome(error=_explained(str(result["error"])))
    rules = result.get("value")
    if not isinstance(rules, Mapping):
        return Outcome(error="the engine gave no answer")
    values = {rule: value[0] if value else None for rule, value in cast("Mapping[str, list[Any]]", rules).items()}
    applies, allow, deny, chosen = (values.get(rule) for rule in _RULES)
    for rule, value in (("applies", applies), ("allow", allow)):
        if value is not None and not isinstance(value, bool):
            return Outcome(error=f"{rule} must be true or false, and is {str(value)[:80]}")
    if chosen is not None and not isinstance(chosen, Mapping):
        return Outcome(error=f"filter must be an object, and is {str(chosen)[:80]}")
    reasons = cast("list[Any]", deny if isinstance(deny, list) else [] if deny is None else [None])
    if not all(isinstance(one, str) for one in reasons):
        return Outcome(error='deny must be a set of reasons: deny contains "why" if { ... }')
    return Outcome(
        applies=applies is True,
        allow=allow is True,
        deny=tuple(sorted(map(str, reasons))),
        filter=cast("Mapping[str, Any] | None", chosen),
    )


def _explained(problem: str) -> str:
    if _WITH not in problem:
        return problem
    return "rego-cpp cannot use `with` on a rule that calls a function; give the whole input: with input as {...}, once"
