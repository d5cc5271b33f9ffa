"""The lock files hold what pyproject.toml asks for: all of it, nothing else, and every package with its hashes."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

RUNTIME: list[str] = PROJECT["project"]["dependencies"]
DEVELOPMENT: list[str] = PROJECT["project"]["optional-dependencies"]["minilm"] + PROJECT["dependency-groups"]["dev"]

PACKAGE = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==.*?(?=^[a-z]|\Z)", re.MULTILINE | re.DOTALL)


def names(requirements: Iterable[str]) -> set[str]:
    """The packages that requirements name, as package registries write them."""
    return {
        re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-") for requirement in requirements
    }


def locked(file: str) -> dict[str, str]:
    """Each package's block in a lock file."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return {match[1]: match[0] for match in PACKAGE.finditer(text)}


@pytest.mark.parametrize(
    ("file", "wanted"),
    [("requirements.lock", names(RUNTIME)), ("requirements-dev.lock", names(RUNTIME) | names(DEVELOPMENT))],
)
def test_what_is_asked_for_is_what_is_locked(file: str, wanted: set[str]):
    direct = {name for name, block in locked(file).items() if "recollect (pyproject.toml" in block}
    assert direct == wanted, "run: make lock"


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_has_its_hashes(file: str):
    packages = locked(file)
    assert len(packages) > 40
    assert [name for name, block in packages.items() if "--hash=sha256:" not in block] == []


def test_both_files_agree():
    runtime, development = (
        set(re.findall(r"^\S+==\S+", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE))
        for file in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime <= development
