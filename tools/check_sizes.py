"""Checks the sizes and names of files and functions, and reports the averages.

A file of more than 400 lines needs a reason in ``REASONS``, one of more than 600 is split; a function has at most 60
lines. Generated files and migrations are exempt. ``__init__.py`` holds a docstring, re-exports or one list. No module
has a name that fits any other module as well.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "tests", "tools")

LONG_FILE = 400
TOO_LONG_FILE = 600
TOO_LONG_FUNCTION = 60

REASONS: dict[str, str] = {
    "tests/contract/test_hot_tier.py": "the contract of one port, which every adapter runs as a whole",
    "src/recollect/memory/memory.py": "the facade: one place to read what a memory can do, mostly docstrings",
}
"""Files of 401 to 600 lines, and why they are better left whole."""

EXEMPT = ("src/recollect/memory/sync/", "src/recollect/adapters/postgres/migrations/versions/")

VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its path from the repository's root, its number of lines, and its syntax tree."""

    path: str
    lines: int
    tree: ast.Module


def sources(root: Path = ROOT) -> Iterator[Source]:
    """Every Python file of the project that people write."""
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.py")):
            path = file.relative_to(root).as_posix()
            if not path.startswith(EXEMPT):
                text = file.read_text(encoding="utf-8")
                yield Source(path, text.count("\n"), ast.parse(text, path))


def problems(source: Source) -> Iterator[str]:
    """What breaks a rule in one file, a sentence each."""
    yield from _file_problems(source)
    for function in functions(source):
        length = function_lines(function)
        if length > TOO_LONG_FUNCTION:
            where = f"{source.path}:{function.lineno}"
            yield f"{where}: {function.name}() has {length} lines, at most {TOO_LONG_FUNCTION} are allowed"
    if source.path.endswith("/__init__.py"):
        yield from _package_problems(source)


def _file_problems(source: Source) -> Iterator[str]:
    if source.lines > TOO_LONG_FILE:
        yield f"{source.path}: has {source.lines} lines; split it (at most {TOO_LONG_FILE})"
    elif source.lines > LONG_FILE and source.path not in REASONS:
        yield f"{source.path}: has {source.lines} lines; split it, or give the reason in tools/check_sizes.py"
    elif source.lines <= LONG_FILE and source.path in REASONS:
        yield f"{source.path}: is short again; take it out of REASONS in tools/check_sizes.py"
    for part in Path(source.path).with_suffix("").parts:
        if part in VAGUE_NAMES:
            yield f"{source.path}: {part!r} says nothing; name the thing"


def _package_problems(source: Source) -> Iterator[str]:
    """A package's own file may hold a docstring, imports, and assignments; of these, one list beside ``__all__``."""
    lists = 0
    for statement in source.tree.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            lists += 0 if "__all__" in ast.unparse(statement).split("=", 1)[0] else 1
        elif not isinstance(statement, (ast.Import, ast.ImportFrom)) and not _is_docstring(statement):
            yield f"{source.path}:{statement.lineno}: __init__.py holds a docstring, re-exports or one list"
    if lists > 1:
        yield f"{source.path}: __init__.py holds one list at most, not {lists} values"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def functions(source: Source) -> list[Function]:
    """Every function of a file, also those inside classes and functions."""
    return [node for node in ast.walk(source.tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def function_lines(function: Function) -> int:
    """A function's lines from ``def`` to its end, without its docstring."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    return total - ((first.end_lineno or 0) - first.lineno + 1 if _is_docstring(first) else 0)


def report(read: list[Source]) -> str:
    """The averages of the product's own code, in one line."""
    own = [source for source in read if source.path.startswith("src/")]
    lengths = [function_lines(function) for source in own for function in functions(source)]
    if not own or not lengths:
        return "nothing to measure"
    return (
        f"{len(own)} files of {sum(source.lines for source in own) / len(own):.0f} lines on average"
        f" (longest {max(source.lines for source in own)}), {len(lengths)} functions of"
        f" {sum(lengths) / len(lengths):.1f} lines (longest {max(lengths)})"
    )


def main() -> int:
    """Prints the averages and every problem; 1 if there is one."""
    read = list(sources())
    found = [problem for source in read for problem in problems(source)]
    print("\n".join([report(read), *found]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
