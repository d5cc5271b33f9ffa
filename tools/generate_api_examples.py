"""Writes the examples of the REST API: sends each request to a service of its own and keeps what came back.

``python tools/generate_api_examples.py`` writes ``src/recollect/doors/api/examples.json``. Ids, times, hashes and
measured durations are replaced by fixed ones, so that the file changes only when an answer does.
"""

import asyncio
import importlib
import json
import os
import re
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx

from recollect.bootstrap.service import Service
from recollect.doors.api.app import Options, create_app
from recollect.doors.api.describing import METHODS
from recollect.ports.access_log import AccessEntry
from recollect.settings import load_settings

ROOT = Path(__file__).parent.parent
FILE = ROOT / "src/recollect/doors/api/examples.json"
SCENARIO = Path(__file__).with_name("api_examples.json")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
HASH = re.compile(r"(?<![0-9a-f])([0-9a-f]{64}|[0-9a-f]{128})(?![0-9a-f])")
TOKEN = re.compile(r"rk_[\w-]+\.[0-9a-f]{32}\.[\w-]{43}")
DURATION = re.compile(r"\d+\.\d+ ms")
MEASURED = {"ms", "seconds", "oldest_s", "uptime_s", "resident_bytes", "database_bytes"}
FIXED = {"master_id": "85fda909676c0478", "location": "/home/ben/.local/share/recollect", "request_id": "3f1a2b4c5d6e"}
MOST, MOST_LINES = 2, 4
"""Items of a list, and lines of a text, that are shown."""


class Recorder:
    """Sends the requests of a scenario and keeps what came back.

    Args:
        client: what sends. document: the API's description.
    """

    def __init__(self, client: httpx.AsyncClient, document: Mapping[str, Any]) -> None:
        self._client = client
        self._places = {
            path[method]["operationId"]: (method.upper(), place)
            for place, path in document["paths"].items()
            for method in METHODS
            if method in path
        }
        self._heard: list[str] = []
        self._calls: dict[str, list[str]] = {}
        self._saved: dict[str, Any] = {}
        self._known: dict[str, str] = {}
        self.examples: dict[str, Any] = {}

    def hear(self, access: Any) -> None:
        """Listens to the access log: it has the calls of the facade that each request makes."""
        record = access.record

        def heard(entry: AccessEntry) -> None:
            self._heard.append(entry.method)
            record(entry)

        access.record = heard

    def calls(self) -> dict[str, list[str]]:
        """The facade's methods that each operation called."""
        return {name: sorted(set(called)) for name, called in self._calls.items()}

    async def run(self, step: Mapping[str, Any]) -> None:
        """Sends one request, and keeps it as the example of its operation unless it only prepares another."""
        name = step["operation"]
        sent = self._filled({part: step[part] for part in ("path", "query", "headers", "body") if part in step})
        method, place = self._places[name]
        self._heard.clear()
        response = await self._client.send(self._request(method, place, sent))
        self._calls.setdefault(name, []).extend(self._heard)
        if response.status_code >= 400:
            raise SystemExit(f"{name}: {response.status_code} {response.text}")
        is_json = response.headers.get("content-type", "") == "application/json" and response.content
        body = response.json() if is_json else response.text
        for label, where in step.get("save", {}).items():
            self._saved[label] = _found(body, where)
        if not step.get("unshown"):
            shown = {"status": response.status_code} | ({"body": self._settled(body)} if response.content else {})
            self.examples[name] = {"request": self._settled(sent), "response": shown}

    def _request(self, method: str, place: str, sent: Mapping[str, Any]) -> httpx.Request:
        path = place.format(**sent.get("path", {}))
        body = sent.get("body")
        headers = dict(sent.get("headers", {}))
        given: dict[str, Any] = {} if body is None else {"json": body}
        if isinstance(body, str):
            given = {"content": body.encode()}
            headers["Content-Type"] = "application/x-ndjson"
        return self._client.build_request(method, path, params=sent.get("query"), headers=headers, **given)

    def _filled(self, value: Any) -> Any:
        """The value with what was saved in place of ``$name``."""
        if isinstance(value, Mapping):
            return {name: self._filled(one) for name, one in cast(Mapping[str, Any], value).items()}
        if isinstance(value, list):
            return [self._filled(one) for one in cast(list[Any], value)]
        if isinstance(value, str) and value[:1] == "$":
            return self._saved[value[1:]]
        return value

    def _settled(self, value: Any, name: str = "") -> Any:
        """The value without what is another one each time, and without the rest of long lists."""
        if isinstance(value, Mapping):
            inner = cast(Mapping[str, Any], value)
            return {key: self._settled(one, name if name in MEASURED else key) for key, one in inner.items()}
        if isinstance(value, list):
            return [self._settled(one) for one in cast(list[Any], value)[:MOST]]
        if name in MEASURED or name.endswith("_ms"):
            return None if value is None else 1.5 if isinstance(value, float) else 1_000_000
        if isinstance(value, float):
            return round(value, 3)
        if not isinstance(value, str):
            return value
        return FIXED[name] if name in FIXED else self._settled_text(value)

    def _settled_text(self, text: str) -> str:
        if text.startswith("# HELP"):
            return "".join(line + "\n" for line in text.splitlines()[:MOST_LINES])
        if text.startswith("{"):
            told = [self._settled(json.loads(line)) for line in text.splitlines()]
            return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told)
        text = TOKEN.sub("rk_ZGVmYXVsdA.019a7c0e5b1f7c3a9d2e3f1a2b4c5d6e." + "k" * 43, text)
        text = ID.sub(lambda match: self._fixed(match[0], "019a7c0e-5b1f-7c3a-9d2e-{:012x}"), text)
        text = HASH.sub(lambda match: self._fixed(match[0], "{:0" + str(len(match[0])) + "x}"), text)
        return DURATION.sub("1.5 ms", TIME.sub("2026-05-04T09:30:00Z", text))

    def _fixed(self, found: str, form: str) -> str:
        return self._known.setdefault(found, form.format(len(self._known) + 1))


def _found(body: Any, where: str) -> Any:
    """What stands at a place such as ``items.0.id``."""
    for part in where.split(".") if where else ():
        body = body[int(part)] if part.isdecimal() else body[part]
    return body


async def record(service: Service) -> dict[str, Any]:
    """The examples, by operation, as an open service without keys answers."""
    app = create_app(service, Options(only_loopback=True))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as client:
        recorder = Recorder(client, app.openapi())
        recorder.hear((await service.of_tenant(service.settings.tenant_id).core.ready()).access)
        for step in json.loads(SCENARIO.read_text(encoding="utf-8")):
            await recorder.run(step)
    calls = recorder.calls() | {"watch_events": ["watch"], "retry_reflection": ["procedures.retry"]}
    examples = recorder.examples | _unsent(recorder.examples)
    return {name: {"calls": calls[name], **examples[name]} for name in sorted(examples)}


def _unsent(examples: Mapping[str, Any]) -> dict[str, Any]:
    """Examples of what is not sent, made from others: a watch never ends, and only a model's failure can be retried."""
    event = examples["list_events"]["response"]["body"]["items"][0]
    told = f"retry: 1000\n\nid: {event['seq']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
    query = {"user_id": "ben", "after_seq": 0}
    reflection = examples["list_reflections"]["response"]["body"]["items"][0]
    retried = {"path": {"reflection_id": reflection["id"]}, "body": {"user_id": "ben"}}
    return {
        "watch_events": {"request": {"query": query}, "response": {"status": 200, "body": told}},
        "retry_reflection": {"request": retried, "response": {"status": 200, "body": reflection}},
    }


@asynccontextmanager
async def scratch_service(home: str, tenant_id: str = "default") -> AsyncGenerator[Service]:
    """A service without keys, that can make a second embedding model: from an endpoint on this machine."""
    sys.path.insert(0, str(ROOT / "tests"))
    endpoint: Any = importlib.import_module("embeddings_server").EmbeddingsServer()
    with endpoint:
        model = {"openai_base_url": endpoint.url, "openai_dimension": endpoint.dimension, "openai_api_key": "none"}
        settings = load_settings(home=home, tenant_id=tenant_id, upkeep=False, **model)
        service = await Service.open(settings, open_access=True)
        try:
            yield service
        finally:
            await service.aclose()


async def _main() -> None:
    for name in [name for name in os.environ if name.startswith("RECOLLECT_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="rx-", dir="/tmp", ignore_cleanup_errors=True) as home:
        os.chmod(home, 0o755)  # noqa: PTH101, S103 - as root the server runs as another user
        async with scratch_service(home) as service:
            examples = await record(service)
    FILE.write_text(json.dumps(examples, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(examples)} examples in {FILE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    asyncio.run(_main())
