"""The synchronous face of ``recollect.memory.desks.policies``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from recollect.domain.decision import Action, Decision
from recollect.domain.policy import Policy
from recollect.memory.background import LOOP
from recollect.memory.desks.policies import PoliciesDesk
from recollect.ports.policy_engine import RuleTest


class SyncPoliciesDesk:
    """The tenant's policies. They hold for every call from the moment they are saved."""

    def __init__(self, inner: PoliciesDesk) -> None:
        self._inner = inner

    def add(self, name: str, module: str, *, active: bool = True, actor: str = "user") -> Policy:
        """Saves a policy, unless Rego finds a mistake in it.

        Raises:
            ValidationError: the module cannot be used; the message has Rego's own and the line.
            Conflict: there is a policy of that name.

        Example:
            >>> memory.policies.add("no_secrets", module).version
            1
        """
        return LOOP.call(partial(self._inner.add, name, module, active=active, actor=actor))

    def get(self, name: str) -> Policy:
        """Returns one policy.

        Raises:
            NotFound: there is none of that name.
        """
        return LOOP.call(partial(self._inner.get, name))

    def list(self, *, limit: int = 50, cursor: str | None = None) -> Sequence[Policy]:
        """Lists the policies by name; ``cursor`` is the last name of the page before."""
        return LOOP.call(partial(self._inner.list, limit=limit, cursor=cursor))

    def update(
        self, name: str, *, module: str | None = None, active: bool | None = None, actor: str = "user"
    ) -> Policy:
        """Changes a policy's module, or switches it on or off; its version grows and its history stays in the log.

        Raises:
            NotFound: there is none of that name. ValidationError: the module cannot be used.
        """
        return LOOP.call(partial(self._inner.update, name, module=module, active=active, actor=actor))

    def remove(self, name: str, *, actor: str = "user") -> None:
        """Takes a policy away.

        Raises:
            NotFound: there is none of that name.
        """
        return LOOP.call(partial(self._inner.remove, name, actor=actor))

    def test(self, name: str, *, module: str | None = None, tests: str = "") -> Sequence[RuleTest]:
        """Runs a module's own tests: its rules whose names begin with ``test_``.

        Args:
            name: the policy.
            module: a module that is not saved yet, in place of the saved one.
            tests: another module with more tests.

        Raises:
            NotFound: there is no such policy. ValidationError: a module cannot be used.
        """
        return LOOP.call(partial(self._inner.test, name, module=module, tests=tests))

    def explain(self, memory_id: UUID | str, *, user_id: str, action: Action | str = Action.READ) -> Decision:
        """Says which rule of which policy decides when ``user_id`` reads or writes one of their memories.

        Raises:
            NotFound: the user has no such memory.

        Example:
            >>> print(memory.policies.explain(receipt.id, user_id="ben").explain())
        """
        return LOOP.call(partial(self._inner.explain, memory_id, user_id=user_id, action=action))
