"""The documentation under /docs: the OpenAPI document as one page, with nothing fetched from elsewhere.

It works where there is no internet, runs no script, and tells nobody that it was read.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from recollect.doors.api.describing import METHODS

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h2{margin-top:2.5rem;border-bottom:1px solid #ccc} summary{cursor:pointer;padding:.25rem 0}
code,pre{font:13px/1.45 ui-monospace,monospace} pre{background:#f4f4f4;padding:.75rem;overflow-x:auto}
.method{display:inline-block;min-width:4rem;font-weight:600} .said{color:#555} table{border-collapse:collapse}
td{border-top:1px solid #ddd;padding:.25rem .75rem .25rem 0;vertical-align:top}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}pre{background:#222}.said{color:#aaa}}
"""


def install(app: FastAPI) -> None:
    """Serves the page."""

    async def docs(_: Request) -> HTMLResponse:
        headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
        return HTMLResponse(page(app.openapi()), headers=headers)

    app.add_route("/docs", docs, include_in_schema=False)


def page(document: Mapping[str, Any]) -> str:
    """The document as HTML."""
    info = document["info"]
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(info['title'])}</title>",
        f"<style>{STYLE}</style>",
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['summary'])}",
        '<p>The same for programs: <a href="openapi.json">openapi.json</a>. Send an API key as '
        "<code>Authorization: Bearer rk_...</code>; errors are <code>application/problem+json</code>.",
    ]
    for tag in document["tags"]:
        parts.append(f"<h2>{escape(tag['name'])}</h2><p class=said>{escape(tag['description'])}")
        parts += [_operation(*found) for found in _operations(document) if tag["name"] in found[2].get("tags", ())]
    return "\n".join(parts)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in document["paths"].items():
        yield from ((method, path, item[method]) for method in METHODS if method in item)


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    said = [escape(paragraph) for paragraph in operation["description"].split("\n\n")]
    told = [f"<p>{paragraph}" for paragraph in said]
    rows = [_parameter(parameter) for parameter in operation.get("parameters", ())]
    told += ["<table>", *rows, "</table>"] if rows else []
    told += [_example("Request", content) for content in _contents(operation.get("requestBody", {}))]
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            told += [_example(status, content) for content in _contents(response)]
    head = f"<span class=method>{method.upper()}</span> <code>{escape(path)}</code> <span class=said>{said[0]}</span>"
    return f'<details id="{escape(operation["operationId"])}"><summary>{head}</summary>{"".join(told)}</details>'


def _parameter(parameter: Mapping[str, Any]) -> str:
    needed = ", required" if parameter.get("required") else ""
    said = escape(parameter.get("description", ""))
    return f"<tr><td><code>{escape(parameter['name'])}</code><td>{parameter['in']}{needed}<td>{said}"


def _contents(described: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from described.get("content", {}).values()


def _example(name: str, content: Mapping[str, Any]) -> str:
    shown = [example["value"] for example in content.get("examples", {}).values()]
    texts = [one if isinstance(one, str) else json.dumps(one, indent=2, ensure_ascii=False) for one in shown]
    return "".join(f"<p>{name}<pre>{escape(text)}</pre>" for text in texts)
