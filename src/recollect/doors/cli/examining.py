"""What the doctor's checks work with: the settings, what earlier checks found out, and how a finding is written."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from recollect import bootstrap
from recollect.adapters.postgres.inspection import Inspection
from recollect.doors.cli.options import Call
from recollect.errors import KeyUnavailable, RecollectError
from recollect.memory.status import MemoryStatus
from recollect.settings import Settings

Outcome = Literal["ok", "note", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found.

    Attributes:
        check: its name. outcome: ok; note, which harms nobody yet; failed; or skipped. detail: what was seen.
        remedy: what to do, when it failed or is noted. ms: how long it took.
    """

    check: str
    outcome: Outcome
    detail: str
    remedy: str = ""
    ms: float = 0.0


class Skipped(Exception):
    """The check does not apply here, or what it needs is missing; the message says which."""


class Noted(Exception):
    """Something that harms nobody yet; the message says what."""


@dataclass(slots=True)
class Examination:
    """What the checks know: the call, its settings, and what was found out on the way."""

    call: Call
    settings: Settings
    model_id: str = ""
    dimension: int = 0
    status: MemoryStatus | None = None
    key_problem: KeyUnavailable | None = None
    unsafe: bool = False
    inspected: Inspection | None = None

    @property
    def embedded(self) -> bool:
        """Whether this package runs the server."""
        return self.settings.database_url is None

    def opened(self) -> MemoryStatus:
        """The memory's status.

        Raises:
            Skipped: it could not be opened.
        """
        if self.status is None:
            raise Skipped("needs the database")
        return self.status

    def inspection(self) -> Inspection:
        """What the database says of itself, asked once.

        Raises:
            Skipped: it could not be opened. StoreError: it does not say.
        """
        if not self.unsafe:  # a role that sees too much is refused; why it does is what is asked here
            self.opened()
        if self.inspected is None:
            self.inspected = bootstrap.inspect_database(self.settings)
        return self.inspected


Check = Callable[[Examination], str]
"""Looks at one thing and says what it saw; raises what is wrong, ``Noted`` or ``Skipped``."""


def examined(examination: Examination, name: str, check: Check, remedy: str) -> Finding:
    """Runs one check."""
    started = time.perf_counter()
    try:
        found = Finding(check=name, outcome="ok", detail=check(examination))
    except Skipped as reason:
        found = Finding(check=name, outcome="skipped", detail=str(reason))
    except Noted as reason:
        found = Finding(check=name, outcome="note", detail=str(reason), remedy=remedy)
    except RecollectError as error:
        found = Finding(check=name, outcome="failed", detail=str(error), remedy=remedy)
    except Exception as error:  # noqa: BLE001 - the checks that follow must still run
        found = Finding(check=name, outcome="failed", detail=f"{type(error).__name__}: {error}", remedy=remedy)
    return replace(found, ms=(time.perf_counter() - started) * 1000)
