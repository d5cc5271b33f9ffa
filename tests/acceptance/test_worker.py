"""``recollect worker``: it does what waits, for every tenant, and ends in peace; and what cannot start says why."""

import json
import signal
import subprocess
import time

import pytest
from tests.shell import Shell, failure


def test_once_runs_every_job_of_every_tenant(shell: Shell, user: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECOLLECT_UPKEEP", "false")
    for tenant in (f"t {user}", f"own {user}"):  # the last one is the worker's own
        monkeypatch.setenv("RECOLLECT_TENANT_ID", tenant)
        shell("procedure", "reflect", "book a train", "--ok", "-u", user)
    assert shell("job", "status", "--json").document["reflections"]["queued"] == 1
    answer = shell("worker", "--once", "--json", process=True, code=(0, 1))  # other tests' tenants may be broken
    done = [one for one in map(json.loads, answer.out.splitlines()) if one["job"] != "open"]
    assert {f"own {user}", f"t {user}"} <= {one["tenant"] for one in done}
    assert {one["job"] for one in done} == set(shell("job", "list", "-q").out.split())
    assert sum(one["done"] for one in done if one["job"] == "reflect" and one["tenant"] == f"t {user}") == 1
    assert shell("job", "status", "--json").document["reflections"]["queued"] == 0
    only = shell("worker", "--once", "--json", "--tenant", "default", process=True).out.splitlines()
    assert {json.loads(line)["tenant"] for line in only} == {"default"}


def test_it_works_until_it_is_told_to_end(shell: Shell, user: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECOLLECT_UPKEEP", "false")
    monkeypatch.setenv("RECOLLECT_TENANT_ID", f"own {user}")  # other tests' upkeep works on the default one
    shell("procedure", "reflect", "book a flight", "--ok", "-u", user)
    assert shell("job", "status", "--json").document["reflections"]["queued"] == 1
    with subprocess.Popen(shell.command("worker"), stderr=subprocess.PIPE, env=shell.whole_environment) as process:
        deadline = time.monotonic() + 60
        while shell("job", "status", "--json").document["reflections"]["queued"] and time.monotonic() < deadline:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert shell("job", "status", "--json").document["reflections"]["queued"] == 0
    assert process.returncode == 0, err
    assert b"ending, after the jobs that run" in err
    assert b"Traceback" not in err


def test_what_cannot_be_served_says_what_to_install(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("recollect.doors.cli.serving.SERVE", "no_such_framework:main")
    monkeypatch.setattr("recollect.doors.cli.serving.MCP", "no_such_protocol:main")
    assert "pip install 'recollect[server]'" in failure(shell("serve", code=1))
    assert "pip install 'recollect[mcp]'" in failure(shell("mcp", code=1))
    assert "--max-body" in shell("serve", "--max-body", "huge", code=2).err
