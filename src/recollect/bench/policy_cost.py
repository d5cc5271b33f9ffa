"""What one policy costs a search: the same questions with and without it, in turns."""

from collections.abc import Awaitable, Callable, Sequence
from importlib.util import find_spec
from typing import Any

from recollect.memory.memory import AsyncFacade

POLICY = """package recollect.bench
import rego.v1
applies if input.action == "read"
filter := {"sensitivity": {"in": ["normal", "sensitive"]}}
"""
ROUNDS = 7

Searches = Callable[[AsyncFacade, str, Sequence[str]], Awaitable[dict[str, Any]]]


async def policy_cost(memory: AsyncFacade, user: str, asked: Sequence[str], searches: Searches) -> dict[str, float]:
    """p50 in milliseconds of a search with one filtering policy and without; empty where Rego is not installed."""
    if find_spec("regopy") is None:
        return {}
    without: list[float] = []
    with_it: list[float] = []
    await memory.policies.add("bench", POLICY, active=False)
    for _ in range(ROUNDS):
        await memory.policies.update("bench", active=False)
        without.append((await searches(memory, user, asked))["p50 ms"])
        await memory.policies.update("bench", active=True)
        await memory.search(asked[0], user_id=user)  # the engine starts, and its answer is remembered
        with_it.append((await searches(memory, user, asked))["p50 ms"])
    await memory.policies.remove("bench")
    return {"without, p50 ms": sorted(without)[ROUNDS // 2], "with, p50 ms": sorted(with_it)[ROUNDS // 2]}
