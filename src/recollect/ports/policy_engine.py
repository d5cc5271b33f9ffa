"""What Recollect needs from a policy engine: to check, evaluate and test a module, whatever the module does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from recollect.domain.decision import Readable, Seen
from recollect.domain.policy_module import PolicyModule


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a module says about one input.

    Attributes:
        applies, allow: whether these rules are true. deny: the reasons to deny.
        filter: the condition that a read must keep to, as the module wrote it; None when it gave none.
        error: why there is no answer; then nothing else counts.
    """

    applies: bool = False
    allow: bool = False
    deny: tuple[str, ...] = ()
    filter: Mapping[str, Any] | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class RuleTest:
    """How one test rule went; ``problem`` says why it could not be evaluated."""

    name: str
    passed: bool
    problem: str = ""


class ReadRights(Protocol):
    """What policies say about one read, as recall needs it (``memory/policy_gate.py`` has it as ``Reading``)."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of memories that must be looked at before ranking; mostly none."""
        ...

    async def readable(self, looks: Sequence[Seen]) -> Readable | None:
        """Which of these looks, each a memory's values of ``fields``, may be read; None if no policy looks."""
        ...


class PolicyEngine(Protocol):
    """Evaluates modules. Safe to call from several tasks at once; never blocks the event loop."""

    async def check(self, module: PolicyModule) -> None:
        """Compiles the module and evaluates its rules once.

        Raises:
            ValidationError: it cannot be compiled or evaluated; the message has the engine's words and the line.
        """
        ...

    async def evaluate(self, module: PolicyModule, inputs: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        """What the module says about each input; never raises for what a module does."""
        ...

    async def test(self, module: PolicyModule, tests: str = "") -> list[RuleTest]:
        """Runs the module's test rules, and those of a module of package ``recollect.<name>_test``.

        Raises:
            ValidationError: one of them cannot be compiled.
        """
        ...

    async def close(self) -> None:
        """Lets go of what is held."""
        ...
