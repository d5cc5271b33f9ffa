"""Generates ``memory/sync/``, the synchronous faces, from the facade and its desks; ``--check`` only compares.

Each public ``async`` method becomes a method of the same signature and docstring that runs it on the background loop. A
plain method that returns a desk, such as ``at``, returns that desk's synchronous face; one that returns an
``AsyncGenerator``, such as ``watch``, returns a generator whose every step runs on the loop.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMORY = ROOT / "src/recollect/memory"
TARGET = MEMORY / "sync"
FACADE = "AsyncFacade"
MIXINS = tuple(MEMORY / name for name in ("log_methods.py", "moving_methods.py", "mem0_methods.py"))
"""Methods of the facade that stand in files of their own."""
SKIPPED = {"open", "close"}

DESK = '''

class Sync{name}:
    """{documentation}"""

    def __init__(self, inner: {name}) -> None:
        self._inner = inner
'''

FACADE_START = '''

class SyncFacade:
    """Memory for agents, for ordinary code, threads and notebooks. Opens at once; close it, or use ``with``.

    Example:
        >>> with Memory() as memory:
        ...     memory.add("I moved to Lyon in May", user_id="ana")
        ...     found = memory.search("Where does Ana live?", user_id="ana")
    """

    def __init__(self, assemble: Callable[[], Awaitable[Parts]]) -> None:
        self._inner = AsyncFacade(assemble)
{desks}
        LOOP.acquire()
        self._finish = weakref.finalize(self, _finish, self._inner)
        try:
            LOOP.call(self._inner.open)
        except BaseException:
            self._finish()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives everything back. Closing twice is fine; using it afterwards raises UsageError."""
        self._finish()
'''

FACADE_END = '''

def _finish(inner: AsyncFacade) -> None:
    """Closes what a facade holds; also runs when it is garbage-collected or the program ends."""
    LOOP.finish(inner.close)
'''


def main() -> int:
    """Writes the files, or with ``--check`` tells whether they are fresh."""
    wanted = {TARGET / name: text for name, text in generated()}
    stale = [path.name for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    stale += [path.name for path in TARGET.glob("*.py") if path not in wanted and path.name != "__init__.py"]
    if "--check" in sys.argv:
        print(f"stale: {', '.join(stale)}; run: python tools/generate_sync.py" if stale else "memory/sync is fresh")
        return 1 if stale else 0
    for path in TARGET.glob("*.py"):
        if path not in wanted and path.name != "__init__.py":
            path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    print(f"wrote {', '.join(path.name for path in wanted)}")
    return 0


def generated() -> Iterator[tuple[str, str]]:
    """Each generated file's name and text."""
    for source in [MEMORY / "memory.py", *sorted((MEMORY / "desks").glob("*.py"))]:
        if source.name != "__init__.py":
            name = "facade.py" if source.name == "memory.py" else source.name
            yield name, _formatted(generate(source), TARGET / name)


def generate(source: Path) -> str:
    """The text of the synchronous face of one file."""
    text = source.read_text(encoding="utf-8")
    module = ast.parse(text)
    classes = [node for node in module.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    faces = [node for node in classes if node.name == FACADE or node.name.endswith("Desk")]
    dotted = ".".join(source.relative_to(ROOT / "src").with_suffix("").parts)
    own = ", ".join(node.name for node in classes)
    imports = [ast.get_source_segment(text, node) or "" for node in module.body if _is_import(node)]
    more = ""
    for mixin in MIXINS if source.name == "memory.py" else ():
        there = mixin.read_text(encoding="utf-8")
        body = ast.parse(there).body
        imports += [ast.get_source_segment(there, node) or "" for node in body if _is_import(node)]
        more += "".join(face for node in body if isinstance(node, ast.ClassDef) for face in _methods(node, there))
    lines = [
        f'"""The synchronous face of ``{dotted}``; made by tools/generate_sync.py, do not edit."""',
        "",
        "import weakref",
        "from collections.abc import Generator",
        "from functools import partial",
        "from recollect.memory.background import LOOP",
        f"from {dotted} import {own}",
        *imports,
        *(f"from recollect.memory.sync.{area} import Sync{name}" for area, name in _desks_used(module)),
    ]
    return "\n".join(lines) + "\n" + "".join(_face(face, text, more) for face in faces)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _desks_used(module: ast.Module) -> list[tuple[str, str]]:
    """The desks that a module imports: file and class."""
    used: list[tuple[str, str]] = []
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("recollect.memory.desks."):
            area = (node.module or "").rpartition(".")[2]
            used += [(area, alias.name) for alias in node.names if alias.name.endswith("Desk")]
    return used


def _face(node: ast.ClassDef, text: str, more: str) -> str:
    methods = "".join(_methods(node, text)) + more
    if node.name != FACADE:
        return DESK.format(name=node.name, documentation=_segment(ast.get_docstring(node) or "")) + methods
    desks = "\n".join(f"        self.{area} = Sync{name}(self._inner.{area})" for area, name in _assigned(node))
    return FACADE_START.format(desks=desks) + methods + FACADE_END


def _assigned(facade: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The desks that the facade's ``__init__`` puts on itself: attribute and class."""
    for node in ast.walk(facade):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            target = node.targets[0]
            if isinstance(target, ast.Attribute) and node.value.func.id.endswith("Desk"):
                yield target.attr, node.value.func.id


def _segment(documentation: str) -> str:
    """A class's docstring, indented as in the source."""
    first, *rest = documentation.replace("await ", "").splitlines() or [""]
    indented = [f"    {line}" if line else "" for line in rest]
    return "\n".join([first, *indented, *(["    "] if rest else [])]).rstrip(" ") + ("    " if rest else "")


def _methods(node: ast.ClassDef, text: str) -> Iterator[str]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and not method.name.startswith("_"):
            returned = ast.unparse(method.returns) if method.returns else ""
            if isinstance(method, ast.AsyncFunctionDef) and method.name not in SKIPPED:
                yield _method(method, text, "LOOP.call(partial({call}))")
            elif returned.endswith("Desk") and not method.decorator_list:
                yield _method(method, text, f"Sync{returned}({{call}})").replace(
                    f"-> {returned}:", f"-> Sync{returned}:", 1
                )
            elif returned.startswith("AsyncGenerator["):
                yield _method(method, text, "LOOP.iterate({call}, self)").replace(
                    "-> AsyncGenerator[", "-> Generator[", 1
                )


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef, text: str, returned: str) -> str:
    lines = text.splitlines()
    body_start = node.body[0].lineno - 1
    signature = "\n".join(lines[node.lineno - 1 : body_start]).replace("async def", "def", 1)
    documentation = node.body[0]
    docstring = (
        "\n".join(lines[body_start : documentation.end_lineno]).replace("await ", "").replace("async for", "for")
    )
    docstring = re.sub(r"\((memory\.[\w.]+\([^()]*\))\)\.", r"\1.", docstring)
    awaited = isinstance(node, ast.AsyncFunctionDef)
    name = f"self._inner.{node.name}"
    call = ", ".join([name, *_passed(node.args)]) if awaited else f"{name}({', '.join(_passed(node.args))})"
    return f"\n{signature}\n{docstring}\n        return {returned.format(call=call)}\n"


def _passed(arguments: ast.arguments) -> list[str]:
    """How a method hands its own arguments on."""
    passed = [argument.arg for argument in arguments.args if argument.arg != "self"]
    passed += [f"{argument.arg}={argument.arg}" for argument in arguments.kwonlyargs]
    return [*passed, f"**{arguments.kwarg.arg}"] if arguments.kwarg else passed


def _formatted(text: str, path: Path) -> str:
    """The text without unused imports, sorted and formatted."""
    fixed = _ruff(["check", "--select", "F401,F811,I", "--fix", "--quiet", "--exit-zero"], text, path)
    return _ruff(["format"], fixed, path)


def _ruff(arguments: list[str], text: str, path: Path) -> str:
    return subprocess.run(  # noqa: S603 - our own formatter
        [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", str(path), "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
