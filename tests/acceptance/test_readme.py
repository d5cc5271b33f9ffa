"""What the documentation shows works: the README's code and commands, and the example of every method of the facade."""

import ast
import doctest
import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from recollect import AsyncMemory, Memory, MemoryType, Outcome, Status, Tier
from recollect.adapters.redis.keys import NAMES
from recollect.domain.hot import HotKind
from recollect.domain.packet_form import STYLES, Category
from recollect.doors.cli.main import app
from recollect.memory.memory import AsyncFacade
from recollect.memory.sync.facade import SyncFacade
from recollect.recall.profile import PROFILES, SMOOTHING
from recollect.recall.signals import SIGNALS
from recollect.upkeep.jobs import JOBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
TEXTS = (*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md")

ROOMS = sorted(f"{room.parent.name}/" for room in (ROOT / "src" / "recollect").glob("*/__init__.py"))

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks(page: Path, language: str) -> list[str]:
    """The page's code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment(home: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment in which ``Memory()`` and ``recollect`` work on a tenant of their own in the tests' database."""
    monkeypatch.setenv("RECOLLECT_HOME", home)
    monkeypatch.setenv("RECOLLECT_TENANT_ID", f"tenant-{uuid4()}")
    return dict(os.environ)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, environment: dict[str, str]):
    program = "\n".join(blocks(page, "python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_first_example_is_five_lines_and_finds_what_it_added(environment: dict[str, str]):
    program = blocks(ROOT / "README.md", "python")[0]
    assert len([line for line in program.splitlines() if line.strip()]) == 5
    printed = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=True
    ).stdout
    assert re.match(r".*Anna works at Siemens score \d", printed)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "sh")], ids=lambda page: page.name)
def test_the_commands_of_a_page_run(page: Path):
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("recollect ")]
    assert len(commands) >= (10 if page.name == "README.md" else 1)
    for line in commands:
        if " ID " in line:
            listed = json.loads(recollect("recollect list --user ben --limit 1 --json"))
            line = line.replace(" ID ", f" {listed['memories'][0]['id']} ", 1)  # noqa: PLW2901
        assert recollect(line).strip(), line


def recollect(line: str) -> str:
    """What a command prints."""
    _, *arguments = shlex.split(line)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, f"{line}\n{done.output}"
    return done.stdout


@pytest.mark.anyio
@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("facade", [AsyncFacade, SyncFacade])
async def test_the_example_of_every_method_runs(facade: type):
    members = {name: member for kind in facade.__mro__[:-1] for name, member in vars(kind).items() if callable(member)}
    public = {name: inspect.getdoc(member) or "" for name, member in members.items() if not name.startswith("_")}
    assert {name for name, text in public.items() if ">>>" not in text} <= {"open", "close"}
    await run_examples(facade.__name__, inspect.getdoc(facade) or "", {"Memory": Memory, "AsyncMemory": AsyncMemory})
    names: dict[str, Any] = {"memory": Memory() if facade is SyncFacade else AsyncMemory()}
    for name, text in public.items():
        await run_examples(f"{facade.__name__}.{name}", text, names)
    closed = names["memory"].close()
    if closed is not None:
        await closed


@pytest.mark.anyio
@pytest.mark.usefixtures("environment")
async def test_the_examples_of_memory_itself_run():
    await run_examples("Memory", inspect.getdoc(Memory) or "", {"Memory": Memory})


async def run_examples(name: str, text: str, names: dict[str, Any]) -> None:
    """Runs a docstring's examples in order, also those that ``await``, and compares what the text says they print."""
    for example in doctest.DocTestParser().get_examples(text, name):
        code = compile(example.source, name, "single", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        printed = StringIO()
        with redirect_stdout(printed):
            answer = eval(code, names)  # noqa: S307 - our own documentation
            if inspect.iscoroutine(answer):
                await answer
        if example.want:
            assert printed.getvalue() == example.want, f"{name}: {example.source}"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("model.md", [*MemoryType, *Tier, *Status, *Outcome]),
        ("recall.md", [*(signal.name for signal in SIGNALS), *SMOOTHING, *PROFILES]),
        ("context.md", [*Category, *STYLES, Outcome.WORKING, *(job.name for job in JOBS)]),
        ("hot-tier.md", [*(kind for kind in HotKind if kind is not HotKind.RECENT), *NAMES]),
        ("architecture.md", ROOMS),
    ],
)
def test_a_page_explains_every_name(page: str, names: list[str]):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in text and f'"{name}"' not in text] == []


def test_the_table_of_settings_is_fresh():
    done = subprocess.run(
        [sys.executable, "tools/generate_settings_table.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path):
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not link.startswith("http")]
    assert [link for link in links if not (page.parent / link).exists()] == []
