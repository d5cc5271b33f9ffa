"""Real redis-server processes for tests: one, or a cluster of three; each dies with its ``with`` block."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

READY_S = 20.0


def require_redis() -> None:
    """Skips the test, saying why, where there is no redis-server."""
    if shutil.which("redis-server") is None or shutil.which("redis-cli") is None:
        reason = "redis-server is not installed here (apt-get install redis-server; .ci/run does so as root)"
        print(reason)  # noqa: T201 - the reason belongs into the output, too
        pytest.skip(reason)


def free_port() -> int:
    """A port that nobody listened on a moment ago, so low that a cluster's bus (port + 10000) fits above it."""
    for _ in range(200):
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            if port + 10_000 > 65_535:
                port -= 20_000
            with suppress(OSError):
                other.bind(("127.0.0.1", port + 10_000))
                return port
    raise RuntimeError("no two free ports")


class RedisServer:
    """One server on a loopback port, without a file on disk.

    Args:
        options: as on redis-server's command line, such as ``"--maxmemory", "3mb"``. password: required of clients.
    """

    def __init__(self, *options: str, password: str | None = None) -> None:
        self.port = free_port()
        self.password = password
        auth = ("--requirepass", password) if password else ()
        self._options = (*options, *auth)
        self._folder = Path(tempfile.mkdtemp(prefix="rc-redis-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL to configure."""
        who = f":{self.password}@" if self.password else ""
        return f"redis://{who}127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        for _ in range(4):
            with suppress(RuntimeError):  # another test took the port meanwhile
                self.start()
                return self
            self.port = free_port()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Starts it, empty, and waits until it answers."""
        fixed = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", "")
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["redis-server", *fixed, "--appendonly", "no", "--daemonize", "no", *self._options],
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_dies_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one system call
            )
        deadline = time.monotonic() + READY_S
        own = f"process_id:{self._process.pid}"  # whoever else may have the port answers, too
        while own not in self.cli("INFO", "server").split():
            if time.monotonic() > deadline or self._process.poll() is not None:
                self.kill()
                raise RuntimeError((self._folder / "log").read_text(encoding="utf-8", errors="replace"))
            time.sleep(0.02)

    def kill(self) -> None:
        """Ends it as a power cut would (kill -9)."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Stops it where it is: connections stay open, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        self._signal(signal.SIGCONT)

    def cli(self, *arguments: str) -> str:
        """What redis-cli says."""
        auth = ("-a", self.password, "--no-auth-warning") if self.password else ()
        command = ["redis-cli", "-h", "127.0.0.1", "-p", str(self.port), *auth, *arguments]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
        return done.stdout.decode(errors="replace").strip()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, number)


class RedisCluster:
    """Three servers that share the slots among them."""

    def __init__(self) -> None:
        self.nodes = [RedisServer("--cluster-enabled", "yes", "--cluster-node-timeout", "2000") for _ in range(3)]
        self._stack = ExitStack()

    @property
    def url(self) -> str:
        """The URL to configure: one node tells of the others."""
        return f"redis+cluster://127.0.0.1:{self.nodes[0].port}"

    def __enter__(self) -> Self:
        for node in self.nodes:
            self._stack.enter_context(node)
        addresses = [f"127.0.0.1:{node.port}" for node in self.nodes]
        self.nodes[0].cli("--cluster", "create", *addresses, "--cluster-replicas", "0", "--cluster-yes")
        deadline = time.monotonic() + READY_S
        while not all("cluster_state:ok" in node.cli("CLUSTER", "INFO") for node in self.nodes):
            if time.monotonic() > deadline:
                self._stack.close()
                raise RuntimeError("the cluster did not come up")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


def _dies_with_parent() -> None:
    """Linux: a server whose tests were killed gets a SIGKILL as well (PR_SET_PDEATHSIG)."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
