"""Whatever arrives at the REST door, the answer is a status below 500, and where it is refused, a problem says why.

Every field of every route gets values that it is not made for; every route that takes a body gets texts that are no
JSON, or JSON as nobody writes it; ids, queries and headers are hostile. ``TEST_EXAMPLES=200`` tries more of them.
"""

import gzip
import json
import os
import random
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api_requests import PATHS, REQUESTS, document, request_of
from tests.api_things import things_of

from api_server import Api, ApiServer

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "5"))
PARTS = 8
ENDLESS = "GET /v1/watch"
ENDING = {"DELETE /v1/users", "DELETE /v2/entities/{kind}/{name}/", "POST /reset"}
LABELS = sorted(set(REQUESTS) - ENDING)
BODIES = [label for label in LABELS if REQUESTS[label].body is not None and not REQUESTS[label].lines]
INTERNALS = ("traceback", "psycopg", "select ", "pydantic", "sqlstate")

VALUES: tuple[Any, ...] = (  # pyright: ignore[reportUnknownVariableType] - empty lists and objects too
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**400,
    -(2**70),
    0.5,
    1e308,
    "",
    " ",
    "nul\x00byte",
    "\ud800",
    "\U0001f99c" * 300,
    "x" * 20_000,
    "' OR 1=1 --",
    "%s%(a)s{}",
    "../../etc/passwd",
    "recollect:tenant",
    "recollect:project:atlas",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "2026-01-01T00:00:00",
    "00000000-0000-0000-0000-000000000000",
    [],
    [None],
    ["x"] * 2_000,
    [[[[[]]]]],
    {},
    {"": None},
    {"a" * 300: {"b\x00": "\ud800"}},
    {"AND": [{"NOT": [{"OR": []}]}]},
)
DEEP = 10_000
TEXTS: tuple[bytes, ...] = (
    b"",
    b"{",
    b"null",
    b"true",
    b"5",
    b'"text"',
    b"[]",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
    '{"user_id": "ana"}'.encode("utf-16"),
    b'{"user_id": "\xed\xa0\x80"}',
    b'{"user_id": NaN}',
    b'{"user_id": -Infinity, "limit": Infinity}',
    b'{"user_id": "ana", "limit": 1e999}',
    b'{"user_id": "ana", "limit": ' + b"9" * 10_000 + b"}",
    b'{"user_id": "ana", "metadata": {"n": ' + b"9" * 5_000 + b"}}",
    b'{"user_id": "ana", "user_id": "ben", "query": "x"}',
    b'{"\\ud800": "\\udfff"}',
    b'{"user_id": "a\\u0000b"}',
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b'{"user_id": "ana", "filters": ' + b'{"NOT": [' * DEEP + b"]}" * DEEP + b"}",
    b'{"user_id": "ana", "metadata": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    b'{"user_id": "ana", "content": "' + b"x" * 2_000_000 + b'"}',
)
TYPES = (
    "text/plain",
    "application/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "application/json; charset=no-such-charset",
    "application/problem+json",
    "application/x-ndjson",
    ";;;",
    "",
)
HEADERS = (
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Idempotency-Key",
    "X-Request-ID",
    "Accept",
    "Accept-Encoding",
    "Content-Encoding",
    "Origin",
    "Host",
    "traceparent",
    "Range",
    "X-API-Key",
    "Cookie",
)
HEADER_VALUES = (
    b"",
    b'"',
    b"W/",
    b'"99999999999999999999"',
    b'"\xb2"',
    b"\xe9\xff",
    b"9" * 5_000,
    b"-1",
    b"a\tb",
    b"\x7f",
    b"*, *, *",
    b"%00",
    b"gzip;q=x, ;;,",
)
PLACES = (
    "%00",
    "a%00b",
    "..%2F..%2Fetc",
    "%2e%2e",
    "%FF%FE",
    "%ED%A0%80",
    "%C0%AF",
    "x" * 5_000,
    "%F0%9F%A6%9C" * 100,
    "'%3B--",
    "%25",
    "%",
    "%5C",
    "%20",
    "a%2Fb",
    "%0D%0AX-Evil:%20yes",
    "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e",
    "{019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e}",
    "-1",
)
QUERIES = ("user_id=%00", "user_id=%FF", "=", "&&&", "user_id", "%00=1", "a=" + "x" * 20_000, "&".join(["b=1"] * 2_000))
RAW = (
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{}",
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 1e3\r\n\r\n{}",
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nX-Request-ID: a\nX-Evil: yes\r\n\r\n",
    b"POST /v1/search HTTP/1.1\r\nHost: x\r\nX-Request-ID: a\r\n X-Evil: yes\r\n\r\n",
    b"GET /v1/memories/%00?user_id=a HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://other.example/v1/memories HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n",
    b"BREW /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n",
)


def fields_of(label: str) -> Iterator[tuple[str, str]]:
    """Where each field of a route's requests stands, "query", "header" or "body", and its name."""
    method, path = label.split(" ")
    operation = document()["paths"].get(path, {}).get(method.lower(), {})
    for parameter in operation.get("parameters", ()):
        if parameter["in"] in ("query", "header"):
            yield parameter["in"], parameter["name"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        yield from (
            ("body", field) for field in document()["components"]["schemas"].get(name, {}).get("properties", ())
        )
    if not operation:  # mem0's own routes are not described
        yield from (("body", field) for field in REQUESTS[label].body or ())
        yield from (("query", field) for field in REQUESTS[label].query)


async def sent(api: Api, label: str, request: dict[str, Any]) -> httpx.Response:
    """The answer; a stream that would not end is ended at once."""
    if label == ENDLESS:
        api.app.state.closing.set()
    try:
        return await api.client.request(**request)
    finally:
        api.app.state.closing.clear()


def fault(answer: httpx.Response) -> str:
    """What is wrong with an answer; "" for nothing."""
    said = answer.text[:300]
    if answer.status_code >= 500:
        return f"{answer.status_code} {said}"
    if answer.status_code >= 400:
        if any(word in said.casefold() for word in INTERNALS):
            return f"internals: {said}"
        told = answer.json()
        if not told.get("type", "").startswith("urn:recollect:problem:") or told["status"] != answer.status_code:
            return f"no problem: {said}"
    return ""


def mutated(request: dict[str, Any], place: str, name: str, value: Any) -> dict[str, Any]:
    """The request with another value in one field."""
    if place == "body" and isinstance(request.get("json"), dict):
        body = json.dumps(request["json"] | {name: value})  # lone surrogates are escaped
        rest = {key: one for key, one in request.items() if key != "json"}
        return rest | {"content": body.encode(), "headers": {"Content-Type": "application/json"}}
    text = value if isinstance(value, str) else json.dumps(value)
    if place == "header":
        return request | {"headers": {name: text.encode("latin-1", "replace")[:20_000]}}
    return request | {"params": {**request["params"], name: text.encode("utf-8", "replace").decode()}}


@pytest.mark.anyio
@pytest.mark.parametrize("part", range(PARTS))
async def test_no_value_of_any_field_breaks_anything(api: Api, part: int) -> None:
    things = await things_of(api.memory, "ana", "word", "Nairobi")
    chance, faults, count = random.Random(part), dict[str, str](), 0  # noqa: S311 - which of many values
    for label in LABELS[part::PARTS]:
        request = request_of(label, things, "ana")
        for place, name in fields_of(label):
            for value in chance.sample(VALUES, min(EXAMPLES, len(VALUES))):
                wrong = fault(await sent(api, label, mutated(request, place, name, value)))
                count += 1
                if wrong:
                    faults[f"{label} {place} {name}={value!r:.60}"] = wrong
    assert not faults, "\n".join(f"{where}: {what}" for where, what in faults.items())
    assert count > EXAMPLES * 40


@pytest.mark.anyio
async def test_bodies_that_are_no_json_or_odd_json(api: Api) -> None:
    things = await things_of(api.memory, "ana", "word", "Nairobi")
    faults = dict[str, str]()
    chance = random.Random(1)  # noqa: S311 - which of many texts
    for label in BODIES:
        request = request_of(label, things, "ana")
        del request["json"]
        for text in chance.sample(TEXTS, min(2 * EXAMPLES, len(TEXTS))):
            headers = {"Content-Type": "application/json"}
            wrong = fault(await api.client.request(**request, content=text, headers=headers))
            if wrong:
                faults[f"{label} {text[:60]!r}"] = wrong
        for kind in chance.sample(TYPES, min(EXAMPLES, len(TYPES))):
            answer = await api.client.request(**request, content=b'{"user_id": "ana"}', headers={"Content-Type": kind})
            if wrong := fault(answer):
                faults[f"{label} {kind}"] = wrong
    assert not faults, "\n".join(f"{where}: {what}" for where, what in faults.items())


@pytest.mark.anyio
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:30]))
async def test_every_odd_body_at_the_routes_that_are_used_most(api: Api, text: bytes) -> None:
    for label in ("POST /v1/memories", "POST /v1/search", "POST /v3/memories/add/", "POST /memories"):
        method, place = label.split(" ")
        answer = await api.client.request(method, place, content=text, headers={"Content-Type": "application/json"})
        assert not fault(answer)


@pytest.mark.anyio
async def test_lines_that_are_no_json_stop_nothing(api: Api) -> None:
    good = b'{"content": "I like green tea", "user_id": "ana"}'
    lines = b"\n".join([*(text.replace(b"\n", b" ") for text in TEXTS), good])
    for kind in ("application/x-ndjson", "application/jsonl"):
        answer = await api.client.post("/v1/memories/bulk", content=lines, headers={"Content-Type": kind})
        told = [json.loads(line) for line in answer.text.splitlines()]
        assert {line["status"] for line in told} <= {201, 400, 413, 422}, told
        assert told[-1]["status"] == 201
    loaded = await api.client.post(
        "/v1/import", params={"user_id": "ana"}, content=lines, headers={"Content-Type": "application/x-ndjson"}
    )
    assert not fault(loaded)


@pytest.mark.anyio
async def test_hostile_headers(api: Api) -> None:
    things = await things_of(api.memory, "ana", "word", "Nairobi")
    chance, faults = random.Random(2), dict[str, str]()  # noqa: S311 - which of many values
    for label in LABELS:
        request = request_of(label, things, "ana")
        before = dict(request.pop("headers", {}))
        for name in chance.sample(HEADERS, min(EXAMPLES, len(HEADERS))):
            value = chance.choice(HEADER_VALUES)
            answer = await sent(api, label, request | {"headers": {**before, name: value}})
            wrong = fault(answer) if answer.status_code != 304 else ""
            if "x-evil" in answer.headers or len(answer.headers["x-request-id"]) > 128:
                wrong = "a header of the caller's making"
            if wrong:
                faults[f"{label} {name}: {value[:40]!r}"] = wrong
    assert not faults, "\n".join(f"{where}: {what}" for where, what in faults.items())


@pytest.mark.anyio
async def test_hostile_paths_and_queries(api: Api) -> None:
    things = await things_of(api.memory, "ana", "word", "Nairobi")
    chance, faults = random.Random(3), dict[str, str]()  # noqa: S311 - which of many values
    for label in LABELS:
        method, template = label.split(" ")
        request = request_of(label, things, "ana")
        urls = [f"{request['url']}?{query}" for query in chance.sample(QUERIES, 2)]
        if "{" in template:
            for place in chance.sample(PLACES, min(2 * EXAMPLES, len(PLACES))):
                url = template
                for name in PATHS:
                    url = url.replace(f"{{{name}}}", place)
                urls.append(url)
        for url in urls:
            odd = {key: value for key, value in request.items() if key != "params"} | {"url": url}
            if wrong := fault(await sent(api, label, odd)):
                faults[f"{method} {url[:80]}"] = wrong
    assert not faults, "\n".join(f"{where}: {what}" for where, what in faults.items())


@pytest.mark.anyio
async def test_compressed_bodies_that_are_none_or_too_much(api: Api) -> None:
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * 100_000_000)
    sent_as = {
        "bomb": (bomb, {413}),
        "bomb in a bomb": (gzip.compress(bomb), {400, 413}),
        "no gzip": (b'{"query": "x"}', {400}),
        "half": (gzip.compress(b'{"query": "x", "user_id": "ana"}')[:-6], {400}),
        "more after it": (gzip.compress(b"{}") + b"more", {400}),
        "empty": (b"", {400, 422}),
        "nothing": (gzip.compress(b""), {400, 422}),
        "good": (gzip.compress(b'{"query": "x", "user_id": "ana"}'), {200}),
    }
    for name, (content, expected) in sent_as.items():
        for label in ("POST /v1/search", "POST /search"):
            answer = await api.client.post(label.split(" ")[1], content=content, headers=packed)
            assert not fault(answer), name
            assert answer.status_code in expected, (name, answer.text)
    lines = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    answer = await api.client.post("/v1/memories/bulk", content=bomb, headers=lines)
    assert json.loads(answer.text.splitlines()[0])["status"] in (400, 413)


@settings(
    max_examples=20 * EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    label=st.sampled_from(BODIES),
    content=st.one_of(
        st.binary(max_size=300),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
        ).map(lambda value: json.dumps(value).encode()),
    ),
)
def test_random_bodies(api_server: ApiServer, label: str, content: bytes) -> None:
    with api_server.client() as client:
        things = dict.fromkeys([*PATHS, "memory", "name"], "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e")
        method, template = label.split(" ")
        for name in PATHS:
            template = template.replace(f"{{{name}}}", things[name])
        headers = {"Content-Type": "application/json"}
        assert not fault(client.request(method, template, content=content, headers=headers))


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:60]))
def test_what_is_hardly_http(api_server: ApiServer, raw: bytes) -> None:
    place = urlsplit(api_server.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=2) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    assert not answer.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5"))
    assert b"x-evil" not in answer.lower()
    assert httpx.get(f"{api_server.url}/health/live").status_code == 200
