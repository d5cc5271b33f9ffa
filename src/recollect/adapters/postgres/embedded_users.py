"""Who uses the embedded server: one file for each user, named after a process that lives.

A file holds its process id and that process's start time, so that neither a killed process nor a later one that got the
same id counts as a user.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil


@dataclass(frozen=True, slots=True)
class Users:
    """The files under ``directory``; the caller holds the home's lock."""

    directory: Path

    def register(self) -> Path:
        """Notes this process as a user once more and returns the note."""
        self.directory.mkdir(exist_ok=True)
        process = psutil.Process()
        note = self.directory / f"{process.pid}.{process.create_time():.2f}.{uuid4().hex[:8]}"
        note.touch()
        return note

    def unregister(self, note: Path) -> None:
        """Takes a note back."""
        note.unlink(missing_ok=True)

    def any_alive(self) -> bool:
        """Whether any user lives; notes of the dead are removed."""
        alive = False
        for note in list(self.directory.iterdir()):
            if _lives(note.name):
                alive = True
            else:
                note.unlink(missing_ok=True)
        return alive


def _lives(name: str) -> bool:
    pid, _, rest = name.partition(".")
    started = rest.rpartition(".")[0]
    try:
        process = psutil.Process(int(pid))
        # The clock that start times are reckoned from may be set, hence the second of leeway.
        return abs(process.create_time() - float(started)) <= 1 and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ValueError):
        return False
