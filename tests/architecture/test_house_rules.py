"""The rules of the house that no linter knows: who reads the environment, who writes to tables, what is generated."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from recollect.adapters.postgres.schema_version import REVISION

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "recollect"
POSTGRES = "adapters/postgres"

WRITES = re.compile(
    r"\b(INSERT\s+INTO|UPDATE\s+[\w.\"{}]+\s+SET|DELETE\s+FROM|TRUNCATE\s+(?:TABLE|recollect|\{)|MERGE\s+INTO"
    r"|COPY\s+[\w.\"{}]+)\b"
)
WRITERS = (
    f"{POSTGRES}/writing.py",
    f"{POSTGRES}/sql/writing.sql",
    f"{POSTGRES}/sql/access.sql",  # the access log and marks of recall: beside the state, they expire
    f"{POSTGRES}/sql/hot.sql",  # what fades: beside the state as well
    f"{POSTGRES}/sql/models.sql",  # vectors under a model that does not answer yet: worked out from the state
    f"{POSTGRES}/sql/graph.sql",  # what memories add to the graph, in their own transaction
    f"{POSTGRES}/sql/derivation.sql",  # what memories cite, in their own transaction
    f"{POSTGRES}/sql/arrays.sql",  # a large user's arrays for ranking: worked out from the state
    f"{POSTGRES}/sql/large.sql",  # what larger users are searched by: worked out from the state as well
    f"{POSTGRES}/things.py",  # the statements of the write transaction for all that is no memory
    f"{POSTGRES}/erasure.py",  # rows and keys, in the transaction of the line that says so
    f"{POSTGRES}/projections.py",  # as the owner: a table led back to what the log says,
    f"{POSTGRES}/mending.py",
    f"{POSTGRES}/operator.py",  # and users' keys under a new master key
    f"{POSTGRES}/migrate.py",
    f"{POSTGRES}/migrations/",
    f"{POSTGRES}/inspection.py",  # as the owner: takes a bench's tenant out, whole
    f"{POSTGRES}/copied_users.py",  # as the owner: a bench's users, which have no log
    "bench/floor.py",  # into a table of its own, which it drops
)

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"}

MODULES = {file.relative_to(PACKAGE).as_posix(): file for file in sorted(PACKAGE.rglob("*.py"))}


def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"), name)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_synchronous_face_is_fresh():
    done = run("tools/generate_sync.py", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_sizes_and_names():
    done = run("tools/check_sizes.py")
    assert done.returncode == 0, done.stdout


def test_imports_keep_to_the_layers():
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def imports_inside_functions(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from (inner.lineno for inner in ast.walk(node) if isinstance(inner, (ast.Import, ast.ImportFrom)))


def test_only_bootstrap_imports_inside_functions():
    found = {name: list(imports_inside_functions(tree(name))) for name in MODULES}
    assert {name: lines for name, lines in found.items() if lines and not name.startswith("bootstrap/")} == {}


def reads_of_the_environment(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ENVIRONMENT:
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from (node.lineno for alias in node.names if f"os.{alias.name}" in ENVIRONMENT)


def test_only_settings_reads_the_environment():
    found = {name: list(reads_of_the_environment(tree(name))) for name in MODULES}
    assert {name: lines for name, lines in found.items() if lines and name != "settings.py"} == {}


def statements(file: Path) -> Iterator[str]:
    """The SQL of a file: all of a .sql file, and the strings of a Python file that are not documentation."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".sql":
        yield text
        return
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    module = ast.parse(text)
    docstrings = {id(node.body[0]) for node in ast.walk(module) if isinstance(node, documented) and node.body}
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and id(node) in docstrings:
            continue
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                yield child.value


def test_only_the_write_transaction_changes_tables():
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.sql")]
    others = [file for file in files if not file.relative_to(PACKAGE).as_posix().startswith(WRITERS)]
    found = {
        file.relative_to(PACKAGE).as_posix(): match.group()
        for file in others
        for statement in statements(file)
        if (match := WRITES.search(statement))
    }
    assert found == {}
    assert WRITES.search((PACKAGE / POSTGRES / "sql/writing.sql").read_text(encoding="utf-8"))


def test_the_program_is_written_for_the_newest_migration():
    revisions: set[str] = set()
    replaced: set[str] = set()
    for file in (PACKAGE / POSTGRES / "migrations/versions").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        revisions |= set(re.findall(r"^revision\b.*?= [\"'](\w+)[\"']", text, re.MULTILINE))
        replaced |= set(re.findall(r"^down_revision\b.*?= [\"'](\w+)[\"']", text, re.MULTILINE))
    assert revisions - replaced == {REVISION}


@pytest.mark.parametrize("folder", ["src", "tests", "tools"])
def test_nothing_is_imported_from_outside_the_repository(folder: str):
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            assert not any(name.split(".")[0] == "shared" for name in names), file


def test_no_module_of_the_product_bends_the_import_path():
    assert [name for name, file in MODULES.items() if "sys.path" in file.read_text(encoding="utf-8")] == []


def test_every_module_says_what_it_is_for():
    silent = [name for name in MODULES if not ast.get_docstring(tree(name)) and "migrations" not in name]
    assert silent == []
