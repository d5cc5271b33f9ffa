"""The policies that the documentation shows are accepted, and pass their own tests."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recollect.adapters.rego.engine import RegoEngine
from recollect.domain.policy_module import policy_module

pytestmark = pytest.mark.anyio

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
MODULES = re.findall(r"```rego\n(package recollect\.(\w+)\n.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
async def engine() -> AsyncIterator[RegoEngine]:
    engine = RegoEngine()
    yield engine
    await engine.close()


@pytest.mark.parametrize(("source", "name"), MODULES, ids=[name for _, name in MODULES])
async def test_an_example_passes_its_own_tests(engine: RegoEngine, source: str, name: str):
    module = policy_module(name, source)
    await engine.check(module)
    results = await engine.test(module)
    assert results
    assert [(result.name, result.problem) for result in results if not result.passed] == []


def test_there_are_examples():
    assert [name for _, name in MODULES] == ["team_walls", "office_hours", "no_secrets"]
