"""The same memory in a script, inside a running event loop, over a fork and from two processes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

import recollect
from recollect.errors import StoreUnavailable, UsageError

SCRIPT = """
import sys
from recollect import Memory
home, tenant, user, action = sys.argv[1:]
with Memory(home=home, tenant_id=tenant) as memory:
    if action == "add":
        print(memory.add("The spare key hangs behind the clock", user_id=user).id)
    else:
        print(memory.search("where is the spare key?", user_id=user)[0].memory.text)
"""

ENDLESS = """
import sys
from recollect import Memory
memory = Memory(home=sys.argv[1], tenant_id=sys.argv[2])
for number in range(100_000):
    memory.add(f"I saw heron number {number} at the lake", user_id="kim")
    print(number, flush=True)
"""


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_one_process_commits_the_next_search_of_another_finds(home: str):
    tenant = f"t {uuid4()}"
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        assert len(memory.search("where is the spare key?", user_id="kim")) == 0
        memory.add("The garden needs water", user_id="kim")
        assert len(memory.search("where is the spare key?", user_id="kim")) == 1
        stored = run(SCRIPT, home, tenant, "kim", "add")
        assert str(memory.search("where is the spare key?", user_id="kim")[0].memory.id) == stored
    assert run(SCRIPT, home, tenant, "kim", "search") == "The spare key hangs behind the clock"


def test_kill_9_loses_no_acknowledged_write(home: str):
    tenant = f"t {uuid4()}"
    process = subprocess.Popen([sys.executable, "-c", ENDLESS, home, tenant], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(30)]
    process.send_signal(signal.SIGKILL)
    acknowledged += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    last = int([line for line in acknowledged if line.strip()][-1])
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        texts = {record.text for record in memory.list(user_id="kim", limit=1000)}
        assert {f"I saw heron number {number} at the lake" for number in range(last + 1)} <= texts


def test_inside_a_running_loop_as_in_a_notebook(memory: recollect.Memory):
    async def cell() -> str:
        memory.add("The train leaves at nine", user_id="kim")
        return memory.search("when does the train leave?", user_id="kim")[0].memory.text

    assert asyncio.run(cell()) == "The train leaves at nine"


def test_async_memory_refuses_a_second_loop(home: str):
    memory = recollect.AsyncMemory(home=home)
    asyncio.run(memory.add("The train leaves at nine", user_id="kim"))
    with pytest.raises(UsageError, match="belongs to another event loop"):
        asyncio.run(memory.search("when does the train leave?", user_id="kim"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_after_a_fork_the_child_is_told_and_the_parent_goes_on(home: str):
    tenant = f"t {uuid4()}"
    program = """
import os, sys
from recollect import Memory
from recollect.errors import StoreUnavailable, UsageError
memory = Memory(home=sys.argv[1], tenant_id=sys.argv[2])
memory.add("before the fork", user_id="kim")
child = os.fork()
if child == 0:
    try:
        memory.add("in the child", user_id="kim")
    except UsageError as error:
        print("child:", error, flush=True)
    with Memory(home=sys.argv[1], tenant_id=sys.argv[2]) as mine:
        print("child's own:", len(mine.list(user_id="kim")), flush=True)
    sys.exit(0)
_, status = os.waitpid(child, 0)
memory.add("after the fork", user_id="kim")
print("parent:", len(memory.list(user_id="kim")), status)
memory.close()
"""
    printed = run(program, home, tenant).splitlines()
    assert "after a fork, open a new one" in printed[0]
    assert printed[1:] == ["child's own: 1", "parent: 2 0"]


def test_a_forgotten_memory_does_not_keep_the_program_alive(home: str):
    started = time.monotonic()
    run("import sys, recollect\nm = recollect.Memory(home=sys.argv[1])\nprint(m.status().embedder)", home)
    assert time.monotonic() - started < 60


def test_kill_9_of_the_server_is_one_clear_error_and_then_forgotten(short_directory: Path):
    own_home = short_directory / "killed"
    with recollect.Memory(home=own_home) as memory:
        memory.add("The heron stands in the reeds", user_id="kim")
        pid_file = own_home / "postgres/data/postmaster.pid"
        os.kill(int(pid_file.read_text(encoding="utf-8").splitlines()[0]), signal.SIGKILL)
        errors: list[str] = []
        for _ in range(10):
            try:
                found = memory.search("where does the heron stand?", user_id="kim")
                break
            except StoreUnavailable as error:
                errors.append(str(error))
        else:
            pytest.fail(f"it never came back: {errors}")
        assert found[0].memory.text == "The heron stands in the reeds"
        assert all("\n" not in error for error in errors)
        assert memory.add("It flew away", user_id="kim").items[0].outcome is recollect.Outcome.ACCEPTED
