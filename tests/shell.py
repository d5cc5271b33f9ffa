"""The command line as tests type it, piped and 80 columns wide."""

import json
import os
import subprocess
import sys
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from recollect.doors.cli.main import app

REFUSED = (1, 3, 4, 5, 6)
"""Exit codes of errors, whichever it is; 2 is what was typed wrongly."""


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document it must be."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs commands piped and 80 columns wide: in this process, or with ``process=True`` as a person would."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"RECOLLECT_HOME": str(self.home), "COLUMNS": "80", "NO_COLOR": ""}

    @property
    def whole_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", "from recollect.doors.cli.main import run; run()", *arguments]

    def __call__(
        self, *arguments: str, stdin: str | bytes = "", code: int | Container[int] = 0, process: bool = False
    ) -> Answer:
        answer = self._process(arguments, stdin) if process else self._here(arguments, stdin)
        assert answer.code in ((code,) if isinstance(code, int) else code), answer
        assert "Traceback" not in answer.err
        assert "\x1b" not in answer.out + answer.err, "colour although it is piped"
        return answer

    def _here(self, arguments: Sequence[str], stdin: str | bytes) -> Answer:
        done = CliRunner().invoke(app, list(arguments), input=stdin, env=self.environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Answer(done.exit_code, done.stdout, done.stderr)

    def _process(self, arguments: Sequence[str], stdin: str | bytes) -> Answer:
        done = subprocess.run(
            self.command(*arguments),
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            env=self.whole_environment,
            timeout=120,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def narrow(text: str) -> str:
    """The text, if no line of it is wider than 80 columns."""
    assert [line for line in text.splitlines() if len(line) > 80] == []
    return text


def failure(answer: Answer) -> str:
    """The one line on standard error."""
    assert answer.out == ""
    (line,) = answer.err.splitlines()
    assert line.startswith("error: ")
    return line
