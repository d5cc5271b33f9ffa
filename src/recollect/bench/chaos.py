"""``recollect bench chaos``: writers in several processes, killed in the middle with their server, and what is left.

The processes share one embedded data directory. Three times something is killed with SIGKILL: the server, a process,
and both at once. A killed process is started again; the server is started again by whoever needs it first.
"""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

from recollect.adapters.postgres.embedded_server import PidFile
from recollect.bench.chaos_check import Findings, check
from recollect.bench.chaos_writer import GRACE_S, PAUSE_S, Note, Orders, chaos_memory, read_notes
from recollect.bench.machine import file_system, machine
from recollect.bench.place import Place
from recollect.bench.timing import per_second, percentiles
from recollect.errors import StoreError

READY_WITHIN_S = 120.0
ENDED_WITHIN_S = GRACE_S + 30.0
SHARED = "shared"
"""The one user that several writers write to at once."""
SERVER_DIES, PROCESS_DIES, BOTH_DIE = 0.3, 0.5, 0.75
"""When, as a share of the time."""
SHOWN = 5
"""Of each kind of finding so many are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How much is written.

    Attributes:
        seconds: for how long. users: each with a writer of its own. writers: of the one shared user.
        processes: among which the writers are divided.
    """

    seconds: float = 60.0
    users: int = 50
    writers: int = 8
    processes: int = 2


@dataclass(slots=True)
class _Crew:
    """The processes of one storm.

    Attributes:
        users: by process, whose memories its writers write to. running: the live processes, by number.
        generations: how often each was started. kills: what was killed how often. failures: by what they ended.
    """

    home: Path
    tenant_id: str
    notes: Path
    users: list[list[str]]
    until: float = 0.0
    running: dict[int, Process] = field(default_factory=dict[int, Process])
    generations: Counter[int] = field(default_factory=Counter[int])
    kills: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])
    killed_pid: int = 0

    async def start(self, number: int) -> None:
        """Starts a process and waits until its memory is open."""
        self.generations[number] += 1
        orders = Orders(
            home=str(self.home),
            tenant_id=self.tenant_id,
            name=f"{number}.{self.generations[number]}",
            users=self.users[number],
            notes=str(self.notes / f"{number}.{self.generations[number]}.jsonl"),
        )
        with (self.notes / f"{number}.log").open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "recollect.bench.chaos_writer", orders.as_argument(),
                stdin=PIPE, stdout=PIPE, stderr=errors,
            )  # fmt: skip
        self.running[number] = process
        assert process.stdout is not None  # noqa: S101 - it was asked for
        async with asyncio.timeout(READY_WITHIN_S):
            if (await process.stdout.readline()).strip() != b"ready":
                raise StoreError(f"a writing process did not start: {self._last_word(number)}")

    async def go(self, number: int) -> None:
        """Tells a process that is ready until when to write."""
        stdin = self.running[number].stdin
        assert stdin is not None  # noqa: S101 - it was asked for
        stdin.write(f"{self.until}\n".encode())
        await stdin.drain()

    async def kill_process(self, number: int) -> None:
        """Kills a process in the middle of what it does."""
        process = self.running[number]
        if process.returncode is None:
            process.kill()
            self.kills["process"] += 1
        await process.wait()

    async def kill_server(self) -> None:
        """Kills the server's first process; the others go with it. Waits for the next server if one was just killed."""
        while time.time() < self.until:
            found = PidFile.read(self.home / "postgres/data")
            if found is not None and found.ready and found.pid != self.killed_pid:
                os.kill(found.pid, signal.SIGKILL)
                self.killed_pid = found.pid  # as a zombie it could be killed again
                self.kills["server"] += 1
                return
            await asyncio.sleep(PAUSE_S)

    def recoveries(self) -> int:
        """How often a server on this directory found that the last one had been killed, by its own log."""
        with suppress(FileNotFoundError):
            return (self.home / "postgres/server.log").read_bytes().count(b"was not properly shut down")
        return 0

    async def again(self, number: int) -> None:
        """Starts a killed process again."""
        await self.start(number)
        await self.go(number)

    async def ended(self, number: int) -> None:
        """Waits for a process to end by itself."""
        process = self.running[number]
        try:
            async with asyncio.timeout(max(self.until - time.time(), 0) + ENDED_WITHIN_S):
                await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            self.failures.append(f"process {number} did not end: {self._last_word(number)}")
            return
        if process.returncode:
            self.failures.append(f"process {number} failed: {self._last_word(number)}")

    def stop(self) -> None:
        """Leaves no process behind, whatever happened."""
        for process in self.running.values():
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()

    def _last_word(self, number: int) -> str:
        lines = (self.notes / f"{number}.log").read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


async def measure_chaos(storm: Storm, place: Place) -> dict[str, Any]:
    """Writes, kills, starts again, and checks; the report is ready for JSON.

    Raises:
        StoreError: the storm could not begin, or what is left cannot be read.
    """
    assert place.data is not None  # noqa: S101 - the command asks for an embedded place
    about = {**machine(), "file system": file_system(place.data)}
    tenant_id = f"chaos-{uuid4().hex[:12]}"
    notes = place.data / tenant_id
    notes.mkdir()
    users = [f"user {number}" for number in range(storm.users)]
    crew = _Crew(place.data, tenant_id, notes, _divided([*users, *[SHARED] * storm.writers], storm.processes))
    recovered = crew.recoveries()
    try:
        await asyncio.gather(*(crew.start(number) for number in range(len(crew.users))))
        await _run(crew, storm, time.time())
    finally:
        crew.stop()
    made: list[Note] = []
    failed: Counter[str] = Counter()
    for path in sorted(notes.glob("*.jsonl")):
        acknowledged, failures = read_notes(path)
        made += acknowledged
        failed += failures
    memory = chaos_memory(str(place.data), tenant_id)
    try:
        findings = await check(memory, [*users, SHARED], made)
    finally:
        await memory.close()
    return {
        **_report(storm, crew, findings),
        "crash recoveries": crew.recoveries() - recovered,
        "failed attempts": dict(failed),
        "speed": _speed(made, storm),
        "machine": about,
    }


async def _run(crew: _Crew, storm: Storm, began: float) -> None:
    """The storm itself: everyone writes, and three times something dies."""
    crew.until = began + storm.seconds
    for number in crew.running:
        await crew.go(number)
    last = len(crew.users) - 1
    await _at(began + SERVER_DIES * storm.seconds)
    await crew.kill_server()
    await _at(began + PROCESS_DIES * storm.seconds)
    await crew.kill_process(0)
    await crew.again(0)
    await _at(began + BOTH_DIE * storm.seconds)
    await crew.kill_process(last)
    await crew.kill_server()
    await crew.again(last)
    await asyncio.gather(*(crew.ended(number) for number in crew.running))


async def _at(moment: float) -> None:
    await asyncio.sleep(max(moment - time.time(), 0))


def _divided(users: list[str], processes: int) -> list[list[str]]:
    return [part for part in (users[number::processes] for number in range(processes)) if part]


def _report(storm: Storm, crew: _Crew, findings: Findings) -> dict[str, Any]:
    return {
        "whole": findings.whole and findings.acknowledged > 0 and not crew.failures,
        "load": {
            "seconds": storm.seconds,
            "users": storm.users,
            "writers on one user": storm.writers,
            "processes": len(crew.users),
        },
        "killed": {"process": crew.kills["process"], "server": crew.kills["server"]},
        "acknowledged": findings.acknowledged,
        "found": findings.found,
        "missing": len(findings.missing),
        "duplicates": len(findings.duplicates),
        "chains": findings.chains,
        "broken": len(findings.broken),
        "events": findings.events,
        "memories": findings.memories,
        "stored without an acknowledgement": findings.unacknowledged,
        "failures": [
            *(f"missing: {one}" for one in findings.missing[:SHOWN]),
            *(f"duplicate: {one}" for one in findings.duplicates[:SHOWN]),
            *(f"broken: {one}" for one in findings.broken[:SHOWN]),
            *crew.failures,
        ],
    }


def _speed(notes: list[Note], storm: Storm) -> dict[str, Any]:
    ordered = sorted(note.at for note in notes)
    return {
        "adds/s": per_second(len(notes), storm.seconds * 1000),
        "add": percentiles([note.ms for note in notes]),
        "longest wait for an acknowledgement, s": round(max((note.waited_ms for note in notes), default=0) / 1000, 1),
        "longest time without any, s": round(max((later - one for one, later in pairwise(ordered)), default=0), 1),
    }
