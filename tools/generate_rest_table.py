"""Writes the table of routes in ``docs/rest.md``; with ``--check`` it only says whether the table is the right one.

Which calls of the facade a route makes was heard while the examples were made, see ``generate_api_examples.py``.
"""

import json
import sys
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

from fastapi.routing import APIRoute

from recollect.bootstrap.service import Service
from recollect.doors.api.app import create_app
from recollect.doors.api.caller import Admin, Reader, Writer
from recollect.doors.api.describing import TAGS
from recollect.doors.api.routes import ROUTERS

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs/rest.md"
EXAMPLES = ROOT / "src/recollect/doors/api/examples.json"
ACCESS = {get_args(kind)[1].dependency: name for kind, name in ((Reader, "read"), (Writer, "write"), (Admin, "admin"))}
BEGIN, END = "<!-- routes: written by tools/generate_rest_table.py -->", "<!-- routes end -->"


def table() -> str:
    """The routes by area, each with what it does, the calls that it makes, and the access that it needs."""
    document = create_app(cast(Service, None)).openapi()
    calls = {name: told["calls"] for name, told in json.loads(EXAMPLES.read_text(encoding="utf-8")).items()}
    needs = {route.name: _access(route) for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)}
    areas: dict[str, list[str]] = {name: [] for name in TAGS}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            name = operation["operationId"]
            called = ", ".join(f"`{call}`" for call in calls.get(name, ())) or "-"
            row = f"| `{method.upper()} {path}` | {_first(operation['description'])} | {called} | {needs[name]} |"
            areas[operation["tags"][0]].append(row)
    lines: list[str] = []
    for name, rows in areas.items():
        if rows:
            head = ["| Route | What it does | Calls | Access |", "| --- | --- | --- | --- |"]
            lines += [f"### {name[:1].upper()}{name[1:]}", "", *head, *rows, ""]
    return "\n".join(lines)


def _first(description: str) -> str:
    """The first sentence, which says what a route does."""
    paragraph = " ".join(description.split("\n\n", maxsplit=1)[0].split())
    return paragraph.replace("|", "\\|")


def _access(route: APIRoute) -> str:
    hint: Any = get_type_hints(route.endpoint, include_extras=True).get("caller")
    if hint is None:  # metrics check by a dependency of their own
        return "admin" if route.dependencies else "none"
    return ACCESS[get_args(hint)[1].dependency]


def main() -> int:
    """0 if the file is as it should be."""
    text = FILE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    right = f"{before}{BEGIN}\n\n{table()}\n{END}{after}"
    if "--check" in sys.argv:
        if right != text:
            sys.stderr.write("docs/rest.md is behind: python tools/generate_rest_table.py\n")
        return int(right != text)
    FILE.write_text(right, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
