"""Tests made fit for rego-cpp 1.5, in which ``with`` fails on every rule that calls a function, as ``in`` does.

A test that says ``with input as {...}`` (or ``with input as name``) once, or several times with the same object, is
evaluated with that object as its input and without the ``with``; other tests, and other ``with``, are left as they are.
"""

import re
from dataclasses import dataclass
from typing import Final

from recollect.domain.policy_module import split

_WITH: Final = re.compile(r"\bwith\s+input\s+as\s+(?=\{|[A-Za-z_]\w*)")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_QUOTES: Final = frozenset('"`')


@dataclass(frozen=True, slots=True)
class PreparedTest:
    """A test to run: its rule's name and path, its module's text, and the Rego that gives its input, if it has one."""

    name: str
    path: str
    source: str
    given: str | None


def prepared(package: str, source: str, name: str) -> PreparedTest:
    """The test rule ``name`` of a module whose package is ``package`` (a path under ``data``), and no other test."""
    kept: list[str] = []
    inputs: set[str] = set()
    for rule in split(source):
        head = re.match(r"\w+", rule)
        if head is None or not head.group().startswith("test_"):
            kept.append(rule)
        elif head.group() == name:
            plain, found = _without_input(rule)
            inputs |= found
            kept.append(plain if len(found) == 1 else rule)
        else:
            kept.append(re.sub(r"[^\n]", " ", rule))
    if len(inputs) != 1:
        return PreparedTest(name, f"{package}.{name}", _only(source, name), None)
    (given,) = inputs
    return PreparedTest(name, f"{package}.{name}", "".join(kept), given if given[0] == "{" else f"{package}.{given}")


def _only(source: str, name: str) -> str:
    others = re.compile(rf"test_(?!{name.removeprefix('test_')}\b)")
    return "".join(re.sub(r"[^\n]", " ", rule) if others.match(rule) else rule for rule in split(source))


def _without_input(rule: str) -> tuple[str, set[str]]:
    """The rule without its ``with input as ...``, and what these say."""
    inputs: set[str] = set()
    kept, place = "", 0
    for match in _WITH.finditer(rule):
        if match.start() < place:  # inside the object before
            continue
        end = _end(rule, match.end())
        inputs.add(rule[match.end() : end])
        kept += rule[place : match.start()]
        place = end
    return kept + rule[place:], inputs


def _end(text: str, start: int) -> int:
    """Where the object or the name that begins at ``start`` ends."""
    if text[start] != "{":
        name = _NAME.match(text, start)
        return name.end() if name else start
    depth, place = 0, start
    while place < len(text):
        if text[place] in _QUOTES:
            place = _closing(text, place)
        elif text[place] in "{}":
            depth += 1 if text[place] == "{" else -1
            if depth == 0:
                return place + 1
        place += 1
    return len(text)


def _closing(text: str, start: int) -> int:
    """Where the string that begins at ``start`` ends."""
    place = start + 1
    while place < len(text) and text[place] != text[start]:
        place += 2 if text[place] == "\\" and text[start] == '"' else 1
    return place
