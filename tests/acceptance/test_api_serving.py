"""The served process: what it accepted is finished when it is told to end, and kept when it is killed."""

import json
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.shell import Shell, failure

from recollect import Memory

START_S = 60


class Serving:
    """``recollect serve`` as a process of its own, on any free port."""

    def __init__(self, shell: Shell, tenant: str) -> None:
        self.process = subprocess.Popen(
            shell.command("serve", "--port", "0"),
            env={**shell.whole_environment, "RECOLLECT_TENANT_ID": tenant},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        deadline = time.monotonic() + START_S
        while (place := re.search(r"serves on (http://[\w.:]+)", "".join(self.said))) is None:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)
        self.url = place[1].rstrip(";")
        with httpx.Client(base_url=self.url) as client:
            while True:
                try:
                    client.get("/health/live").raise_for_status()
                    return
                except httpx.ConnectError:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)


@contextmanager
def served(shell: Shell, tenant: str) -> Generator[Serving]:
    serving = Serving(shell, tenant)
    try:
        yield serving
    finally:
        if serving.process.poll() is None:
            serving.process.kill()
        serving.process.wait(10)
        assert serving.process.stderr is not None
        serving.process.stderr.close()


@pytest.fixture
def tenant() -> str:
    return f"tenant-{uuid4()}"


def stored(home: Path, tenant: str) -> set[str]:
    with Memory(home=home, tenant_id=tenant) as memory:
        return {found.text for found in memory.list(user_id="ben", limit=1000)}


def add_all(url: str, kept: list[str], refused: list[str], began: threading.Event, count: int = 50) -> None:
    """Sends adds one after another, each on a connection of its own, and notes which were acknowledged."""
    for number in range(count):
        text = f"I have read book number {number} of the series"
        try:
            answer = httpx.post(f"{url}/v1/memories", json={"user_id": "ben", "content": text}, timeout=30)
        except httpx.TransportError:
            refused.append(text)
            continue
        if answer.status_code == 201:
            kept.append(text)
        if number == count // 5:
            began.set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_was_acknowledged_is_there_after_the_end(shell: Shell, tenant: str, number: signal.Signals) -> None:
    kept: list[str] = []
    refused: list[str] = []
    began = threading.Event()
    with served(shell, tenant) as serving:
        assert "no API key yet" in "".join(serving.said)
        sender = threading.Thread(target=add_all, args=(serving.url, kept, refused, began))
        sender.start()
        assert began.wait(60)
        code = serving.end(number)
        sender.join(60)
    assert code == (0 if number == signal.SIGTERM else -number)
    assert refused, "everything was sent before the server ended"
    assert len(kept) >= 10
    assert set(kept) <= stored(shell.home, tenant)
    if number == signal.SIGTERM:
        assert "Traceback" not in "".join(serving.said)
        assert not set(refused) & stored(shell.home, tenant), "what was refused was stored"


def test_running_requests_are_finished_and_streams_are_ended(shell: Shell, tenant: str) -> None:
    lines: list[dict[str, Any]] = []
    with served(shell, tenant) as serving:
        host, port = serving.url.removeprefix("http://").split(":")
        with closing(socket.create_connection((host, int(port)), timeout=30)) as bulk, bulk.makefile("rb") as file:
            head = f"POST /v1/memories/bulk HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-ndjson\r\n"
            bulk.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
            line = json.dumps({"user_id": "ben", "content": "I moved to Lyon"}).encode() + b"\n"
            bulk.sendall(f"{len(line):x}\r\n".encode() + line + b"\r\n")
            with httpx.stream("GET", f"{serving.url}/v1/watch", params={"user_id": "ben", "after_seq": 0}) as watch:
                told = watch.iter_lines()
                assert next(line for line in told if line.startswith("data: "))
                started = time.monotonic()
                serving.process.send_signal(signal.SIGTERM)
                list(told)
            found = re.findall(rb'\{"line".*\}', file.read())
            lines += [json.loads(one) for one in found]
        assert serving.process.wait(30) == 0
        assert time.monotonic() - started < 15
    assert [(one["line"], one["status"]) for one in lines] == [(1, 201), (2, 503)]
    assert lines[1]["problem"]["type"] == "urn:recollect:problem:closing"
    assert "I moved to Lyon" in stored(shell.home, tenant)


def test_without_a_key_only_this_machine_is_served(shell: Shell, tenant: str) -> None:
    environment = {**shell.whole_environment, "RECOLLECT_TENANT_ID": tenant}
    command = shell.command("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - it refuses
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=START_S, check=False)
    assert done.returncode == 4, done
    assert len(done.stderr.splitlines()) == 1
    assert "recollect key create" in done.stderr


def test_an_address_that_is_taken_is_one_line(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "cannot listen on 127.0.0.1" in failure(shell("serve", "--port", port, code=1, process=True))
