"""One process of ``recollect bench chaos``: many writers that note down every add that was acknowledged.

It runs as ``python -m recollect.bench.chaos_writer ORDERS``, says ``ready`` when its memory is open, and writes until
the time that it is then told. It may be killed at any moment: the notes are one ``write`` an add, so those that were
made are in the kernel's hands, and an add without a note was acknowledged to nobody.
"""

import asyncio
import json
import logging
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from recollect.bench.timing import Stopwatch
from recollect.bootstrap import assemble
from recollect.errors import StoreError
from recollect.memory.memory import AsyncFacade
from recollect.settings import load_settings

GRACE_S = 30.0
"""For how long after the end a writer still tries to get its last add through."""
PAUSE_S = 0.05
SAME_FOR_S = 0.5
"""For so long all writers of a user agree on what they say at once."""
CITIES = ("Paris", "Lyon", "Oslo", "Rome", "Bergen", "Ghent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What one process is to do.

    Attributes:
        home, tenant_id: where the memory is. name: of this process, another one after each restart.
        users: one entry a writer: whose memory it writes to. notes: the file for what was acknowledged.
    """

    home: str
    tenant_id: str
    name: str
    users: list[str]
    notes: str

    def as_argument(self) -> str:
        """The orders on a command line."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An add that was acknowledged.

    Attributes:
        user, text: what was added. memory_id: under which id it is kept.
        ms: how long the call took. waited_ms: since the first attempt. at: seconds since 1970.
    """

    user: str
    text: str
    memory_id: str
    ms: float
    waited_ms: float
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An attempt that failed, by the error's name; it is made again."""

    error: str


def chaos_memory(home: str, tenant_id: str) -> AsyncFacade:
    """The memory on the embedded server under ``home``, whatever database the environment names."""
    settings = load_settings(home=home, tenant_id=tenant_id, embedder="static")
    return AsyncFacade(partial(assemble, settings.model_copy(update={"database_url": None, "admin_url": None})))


class Writer:
    """Says new things, things it said before, things that others say at this moment, and a fact that changes."""

    def __init__(self, name: str, user: str) -> None:
        self._name = name
        self._user = user
        self._said: list[str] = []
        self._random = random.Random(name)  # noqa: S311 - which text comes next is no secret
        self._count = 0

    def next_text(self) -> str:
        """What to add next."""
        chance = self._random.random()
        if chance < 0.15 and self._said:
            return self._random.choice(self._said)
        if chance < 0.3:
            return f"The alarm number {int(time.time() / SAME_FOR_S)} rang in the north wing."
        if chance < 0.35:
            return f"I live in {self._random.choice(CITIES)}"
        self._count += 1
        text = f"Parcel {self._name}-{self._count} went to shelf {self._count % 97}."
        self._said.append(text)
        return text

    async def write(self, memory: AsyncFacade, until: float, note: Callable[[Note | Failure], None]) -> None:
        """Adds one text after the other until the time; an add that failed is made again."""
        while time.time() < until:
            text = self.next_text()
            whole = Stopwatch()
            while time.time() < until + GRACE_S:
                watch = Stopwatch()
                try:
                    receipt = await memory.add(text, user_id=self._user)
                except StoreError as error:
                    note(Failure(error=type(error).__name__))
                    await asyncio.sleep(PAUSE_S)
                    continue
                ms, waited_ms = watch.ms, whole.ms
                note(
                    Note(
                        user=self._user,
                        text=text,
                        memory_id=str(receipt.id),
                        ms=ms,
                        waited_ms=waited_ms,
                        at=time.time(),
                    )
                )
                break


async def run(orders: Orders) -> None:
    """Writes as ordered."""
    descriptor = os.open(orders.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(made: Note | Failure) -> None:
        os.write(descriptor, (json.dumps(asdict(made)) + "\n").encode())

    memory = await _opened(orders, note)
    try:
        print("ready", flush=True)  # noqa: T201 - the parent waits for it
        until = float(await asyncio.to_thread(sys.stdin.readline))
        writers = [Writer(f"{orders.name}.{number}", user) for number, user in enumerate(orders.users)]
        async with asyncio.TaskGroup() as group:
            for writer in writers:
                group.create_task(writer.write(memory, until, note))
    finally:
        await memory.close()
        os.close(descriptor)


async def _opened(orders: Orders, note: Callable[[Failure], None]) -> AsyncFacade:
    """The open memory; the server may be killed while it opens, so it tries for a while."""
    deadline = time.monotonic() + GRACE_S
    while True:
        memory = chaos_memory(orders.home, orders.tenant_id)
        try:
            return await memory.open()
        except StoreError as error:
            note(Failure(error=type(error).__name__))
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(PAUSE_S)


def read_notes(path: Path) -> tuple[list[Note], Counter[str]]:
    """What was acknowledged, and how many attempts failed, by error; a line that is half there does not count."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    failed = Counter(line["error"] for line in lines if "error" in line)
    return [Note(**line) for line in lines if "error" not in line], failed


if __name__ == "__main__":
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # that the server is gone arrives as an error
    asyncio.run(run(Orders(**json.loads(sys.argv[1]))))
