"""The OpenAPI document: whole, with examples that work, and with a route for every public method of the facade."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import httpx
import pytest
from jsonschema import Draft202012Validator

from api_server import Api, new_tenant
from recollect import AsyncMemory
from recollect.bootstrap.service import Service
from recollect.doors.api.app import create_app
from recollect.doors.api.describing import PROBLEMS, operations

ROOT = Path(__file__).parents[2]
EXAMPLES: dict[str, Any] = json.loads((ROOT / "src/recollect/doors/api/examples.json").read_text(encoding="utf-8"))

ELSEWHERE = {
    "close": "a server closes by itself",
    "open": "a server opens by itself",
    "from_config": "mem0's way to open it",
    "reset": "erases a tenant: for those at the server's own keyboard",
    "get_all": "mem0's name of list, on mem0's routes",
    "delete_all": "mem0's, on mem0's routes",
    "at": "is `as_of` and `known_at` of get, list, search, context and why-not",
    "erasure.user": "the same as erase without a memory: DELETE /v1/users",
    "users.delete": "the same as erase without a memory: DELETE /v1/users",
    "traces.save": "is `trace` of POST /v1/search: an answer cannot be sent back to be kept",
}
"""Methods that have no route of their own, and why."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(cast(Service, None)).openapi()


def methods() -> Iterator[str]:
    """Every public method of the facade and its desks."""
    memory = AsyncMemory()
    for area, owner in [("", memory), *((name, desk) for name, desk in vars(memory).items() if name[0] != "_")]:
        if area != "core":
            public = [name for name in dir(owner) if name[0] != "_" and callable(getattr(owner, name))]
            yield from (f"{area}.{name}" if area else name for name in public)


def test_every_public_method_has_a_route() -> None:
    called = {call for told in EXAMPLES.values() for call in told["calls"]}
    assert {name for name in methods() if name not in called} == set(ELSEWHERE)
    assert {f"at.{name}" for name in ("get", "list", "search", "context", "why_not")} <= called


def test_the_document_is_whole(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    names = [operation["operationId"] for operation in operations(document)]
    assert len(names) == len(set(names)) > 100
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    for operation in operations(document):
        assert operation["summary"], operation
        assert operation["description"], operation
        assert set(operation["tags"]) <= tags, operation["tags"]
        if operation.get("security"):
            assert {"401", "403", "404", "422", "429"} <= set(operation["responses"]), operation["operationId"]
    assert set(document["components"]["responses"]) == set(PROBLEMS)


def test_every_operation_has_examples(document: dict[str, Any]) -> None:
    assert {operation["operationId"] for operation in operations(document)} == set(EXAMPLES)
    for operation in operations(document):
        contents = list(operation.get("requestBody", {}).get("content", {}).values())
        done = [response for status, response in operation["responses"].items() if status.startswith("2")]
        contents += [content for response in done for content in response.get("content", {}).values()]
        for content in contents:
            assert "value" in content["examples"]["example"], operation["operationId"]


def test_examples_fit_their_schemas(document: dict[str, Any]) -> None:
    checked = 0
    for operation in operations(document):
        done = [response for status, response in operation["responses"].items() if status.startswith("2")]
        for place in [operation.get("requestBody", {}), *done]:
            for kind, content in place.get("content", {}).items():
                if kind == "text/event-stream":  # its schema is of one event, its example of what is sent
                    continue
                schema = {**content.get("schema", {}), "components": document["components"]}
                value = content["examples"]["example"]["value"]
                validator: Any = Draft202012Validator(schema)
                found = [error.message for error in validator.iter_errors(value)]
                assert not found, (operation["operationId"], found)
                checked += 1
    assert checked > 150


@pytest.mark.anyio
@pytest.mark.slow
async def test_examples_are_what_is_answered(home: str) -> None:
    tool = _tool("generate_api_examples")
    async with tool.scratch_service(home, new_tenant()) as service:
        answered = await tool.record(service)
    assert {name: _shape(one) for name, one in answered.items()} == {
        name: _shape(one) for name, one in EXAMPLES.items()
    }, "python tools/generate_api_examples.py"


def test_the_table_of_routes_is_fresh() -> None:
    command = [sys.executable, "tools/generate_rest_table.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.anyio
async def test_the_documentation_needs_nothing_from_elsewhere(api: Api) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url="http://localhost") as client:
        page = await client.get("/docs")
        document = await client.get("/openapi.json")
    assert (page.status_code, document.json()["info"]["title"]) == (200, "Recollect")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "src=" not in page.text
    assert 'id="search_memories"' in page.text


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _shape(value: Any) -> Any:
    """The names and kinds of what is in a value, without the values; an empty list may be a full one elsewhere."""
    if isinstance(value, Mapping):
        return {name: _shape(one) for name, one in cast(Mapping[str, Any], value).items() if one not in (None, [], {})}
    if isinstance(value, list):
        return [_shape(one) for one in cast(list[Any], value)[:1]]
    return type(value).__name__ if not isinstance(value, (int, float)) else "number"
