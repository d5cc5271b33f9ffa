"""Runs every check of the house rules, two at a time, and prints one line for each, with its output where it failed."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS = {  # the slowest first, so that the others run beside it
    "types (pyright)": [sys.executable, "-m", "pyright", "--pythonpath", sys.executable],
    "lint (ruff check)": [sys.executable, "-m", "ruff", "check", "--quiet", "."],
    "format (ruff format)": [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."],
    "imports (import-linter)": [str(BIN / "lint-imports"), "--no-cache"],
    "sizes and names": [sys.executable, "tools/check_sizes.py"],
    "sync face is fresh": [sys.executable, "tools/generate_sync.py", "--check"],
}


@dataclass(frozen=True, slots=True)
class Result:
    """How one check ended: what it printed, and how long it took in seconds."""

    name: str
    passed: bool
    output: str
    seconds: float


def run(name: str) -> Result:
    """Runs one check."""
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own list
        CHECKS[name], cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Result(name, done.returncode == 0, done.stdout.strip(), time.monotonic() - started)


def main() -> int:
    """Prints each check as it ends; 1 if one failed."""
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for result in pool.map(run, CHECKS):
            failed += not result.passed
            print(f"{'ok  ' if result.passed else 'FAIL'} {result.name} ({result.seconds:.1f} s)", flush=True)
            if result.output and (not result.passed or result.name.startswith("sizes")):
                print("\n".join(f"     {line}" for line in result.output.splitlines()), flush=True)
    print(f"checks: {len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
