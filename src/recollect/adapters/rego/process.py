"""The worker process from outside: started on first use, killed when it takes too long, started again when it died."""

import json
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

WORKER: Final = Path(__file__).with_name("worker.py")
START_SECONDS: Final = 30.0
SHUNNED_SECONDS: Final = 60.0
"""How long modules that killed a worker are not given to the next one."""


class WorkerFailed(Exception):
    """There is no answer; the message says why, in a clause."""


class WorkerCrashed(WorkerFailed):
    """The worker died."""


class RegoProcess:
    """One worker, asked by one thread at a time.

    Args:
        seconds: how long one question may take.
    """

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._shunned: dict[str, float] = {}

    def ask(self, modules: dict[str, str], query: str, inputs: list[Any]) -> dict[str, Any]:
        """The worker's reply.

        Raises:
            WorkerFailed: it died, took too long, or cannot be started.
        """
        key = json.dumps(modules)
        request = json.dumps({"modules": modules, "query": query, "inputs": inputs})
        with self._lock:
            if self._shunned.get(key, 0.0) > time.monotonic():
                raise WorkerFailed("the module made the Rego engine fail a moment ago")
            try:
                return self._answer_of_a_living(request)
            except WorkerFailed:
                now = time.monotonic()
                self._shunned = {known: until for known, until in self._shunned.items() if until > now}
                self._shunned[key] = now + SHUNNED_SECONDS
                raise

    def _answer_of_a_living(self, request: str) -> dict[str, Any]:
        """The answer; asked once more when the worker died, which may have been an earlier module's doing."""
        try:
            return self._answer(self._running(), request, self._seconds)
        except WorkerCrashed:
            self._stop()
        except WorkerFailed:
            self._stop()
            raise
        try:
            return self._answer(self._running(), request, self._seconds)
        except WorkerFailed:
            self._stop()
            raise

    def close(self) -> None:
        """Ends the worker."""
        with self._lock:
            self._stop()

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            self._stop()
            if find_spec("regopy") is None:
                raise WorkerFailed("the package regopy is missing; install recollect[policies]")
            self._process = subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, "-P", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what the engine prints there may quote memories
                env={},  # a module could read it
                text=True,
                encoding="utf-8",
            )
            self._answer(self._process, json.dumps({"modules": {}, "query": "x := 1", "inputs": [{}]}), START_SECONDS)
        return self._process

    def _answer(self, process: "subprocess.Popen[str]", request: str, seconds: float) -> dict[str, Any]:
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            line = self._exchange(process, request)
        finally:
            timer.cancel()
        if not line.endswith("\n"):
            if late.is_set():
                raise WorkerFailed(f"it took longer than {seconds:g} s")
            raise WorkerCrashed("the Rego engine crashed")
        return json.loads(line)

    def _exchange(self, process: "subprocess.Popen[str]", request: str) -> str:
        assert process.stdin is not None  # noqa: S101 - opened as pipes
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(request + "\n")
            process.stdin.flush()
            return process.stdout.readline()
        except OSError:
            return ""

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not sent to the dead cannot be flushed
                    continue
