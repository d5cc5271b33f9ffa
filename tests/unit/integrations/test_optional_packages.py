"""The integrations' packages are optional: Recollect needs none, and each integration says which one it lacks."""

import subprocess
import sys

import pytest


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [("anthropic_memory", "anthropic", "anthropic"), ("langgraph", "langgraph.store.base", "langgraph")],
)
def test_a_missing_package_is_named_with_its_remedy(module: str, package: str, extra: str):
    done = run(f"import sys; sys.modules[{package!r}] = None; import recollect.integrations.{module}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ImportError: ")
    assert f"pip install 'recollect[{extra}]'" in done.stderr.splitlines()[-1]


def test_recollect_itself_loads_none_of_them():
    program = (
        "import sys; from recollect import Memory, AsyncMemory; import recollect.integrations;"
        "print([name for name in sys.modules if name.split('.')[0] in ('anthropic', 'langgraph', 'langchain_core')])"
    )
    done = run(program)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
