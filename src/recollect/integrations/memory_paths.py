"""Paths of memory files: which names stand for a place under ``/memories``, and which are refused.

There is no file system behind them: a path is a list of names, and a name leads nowhere but to itself. What could lead
elsewhere on one is refused all the same, as is what could be taken for something else in a listing.
"""

import unicodedata
from typing import Final
from urllib.parse import unquote

from recollect.domain.entry import Address
from recollect.errors import ValidationError

ROOT: Final = "/memories"
SPACE: Final = "files"
MAX_PATH: Final = 1_000
MAX_NAME: Final = 255
DECODED: Final = 4
"""So many times over is a name decoded in search of ``..``."""


def names_of(path: object, field: str = "path") -> tuple[str, ...]:
    """The names that lead from ``/memories`` to the place; none for the root itself.

    Raises:
        ValidationError: it is no path under ``/memories``.
    """
    if not isinstance(path, str):
        raise ValidationError(field, f"must be a string, not {type(path).__name__}")
    if len(path) > MAX_PATH:
        raise ValidationError(field, f"The path has {len(path):,} characters; at most {MAX_PATH:,} are allowed")
    if path != ROOT and not path.startswith(f"{ROOT}/"):
        raise ValidationError(field, f"Path must start with {ROOT}, got: {path}")
    names = tuple(name for name in path.removeprefix(ROOT).split("/") if name)
    for name in names:
        _check(name, path, field)
    return names


def path_of(names: tuple[str, ...]) -> str:
    """The path that these names make."""
    return "/".join((ROOT, *names))


def address_of(names: tuple[str, ...]) -> Address:
    """Where the file of that name is kept; its directories are its path."""
    return Address(SPACE, names[:-1], names[-1])


def names_at(address: Address) -> tuple[str, ...]:
    """The names that lead to a file."""
    return (*address.path, address.name)


def _check(name: str, path: str, field: str) -> None:
    if len(name) > MAX_NAME:
        raise ValidationError(field, f"A name in the path has {len(name):,} characters; at most {MAX_NAME} are allowed")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name):
        raise ValidationError(field, "The path contains a control character, or one that ends a line; leave it out")
    for read in _readings(name):
        plain = unicodedata.normalize("NFKC", read)
        if plain.strip() in ("", ".", "..") or "/" in plain or "\\" in plain or "\x00" in plain:
            raise ValidationError(field, f"Path {path} would escape {ROOT} directory")


def _readings(name: str) -> list[str]:
    """The name as it is, and as it reads when it is decoded, as often as that changes it."""
    readings = [name]
    while len(readings) <= DECODED and (decoded := unquote(readings[-1])) != readings[-1]:
        readings.append(decoded)
    return readings
