"""What stands around the routes: sizes, encodings, other origins, request ids, and bodies that are no bodies."""

import gzip
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api_server import Api, ApiServer
from recollect.doors.api.app import Options, create_app
from recollect.doors.api.body import PIECE

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
GZIP = {**JSON, "Content-Encoding": "gzip"}
MOST = 20_000


@pytest.fixture
async def small(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the same service behind small limits, and with one other origin allowed."""
    app = create_app(api.service, Options(max_body=MOST, allow_origins=("https://app.example",), only_loopback=True))
    headers = {"Authorization": f"Bearer {api.key}"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
        yield client


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    told = response.json()
    assert told["status"] == response.status_code
    assert told["request_id"] == response.headers["x-request-id"]
    return response.status_code, told["type"].removeprefix("urn:recollect:problem:")


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 1_000


async def test_a_body_that_is_too_large_is_refused_however_it_comes(small: httpx.AsyncClient) -> None:
    whole = await small.post("/v1/search", content=b" " * (MOST + 1), headers=JSON)
    assert problem(whole) == (413, "too-large")
    chunked = await small.post("/v1/search", content=chunks(MOST // 1_000 + 1), headers=JSON)
    assert problem(chunked) == (413, "too-large")
    bomb = await small.post("/v1/search", content=gzip.compress(b" " * 50_000_000), headers=GZIP)
    assert problem(bomb) == (413, "too-large")
    assert f"{MOST:,} bytes" in bomb.json()["detail"]
    just = await small.post("/v1/search", content=chunks(MOST // 1_000), headers=JSON)
    assert problem(just) == (400, "malformed")


async def test_gzip_is_unpacked_and_nothing_else_is_taken(small: httpx.AsyncClient) -> None:
    body = b'{"user_id": "ben", "query": "Where does Anna work?"}'
    packed = gzip.compress(body)
    assert (await small.post("/v1/search", content=packed, headers=GZIP)).status_code == 200
    for bad in (body, packed[:-9], packed + b"more", zlib.compress(body), b""):
        assert problem(await small.post("/v1/search", content=bad, headers=GZIP)) == (400, "malformed"), bad
    other = await small.post("/v1/search", content=body, headers={**JSON, "Content-Encoding": "br"})
    assert problem(other) == (415, "unknown-encoding")
    assert other.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
async def test_unpacked_bodies_of_any_size_arrive_whole(api: Api, size: int) -> None:
    body = b'{"user_id": "ben", "content": "I moved to Lyon"}'.rjust(size)
    added = await api.client.post("/v1/memories", content=gzip.compress(body), headers=GZIP)
    assert added.status_code == 201, added.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b'{"query": "\\ud800", "user_id": "ben"}',
        b'{"query": "nul\\u0000", "user_id": "ben"}',
        b'{"query": "x", "user_id": "ben", "min_score": NaN}',
        b'{"query": "x", "user_id": "ben", "limit": 1e400}',
        b'{"query": "x", "user_id": "ben", "limit": 99999999999999999999}',
        b'{"query": "x", "user_id": "ben", "filters": ' + b'{"NOT": ' * 3_000 + b"{}" + b"}" * 3_000 + b"}",
        b"[" * 100_000,
        b'{"query": "x", "user_id": "' + b"i" * 10_000 + b'"}',
        b'{"query": "x", "user_id": "ben", "as_of": "99999-01-01T00:00:00Z"}',
        b'{"query": "x", "user_id": "ben", "now": "0001-01-01T00:00:00+14:00"}',
        b'{"query": "x", "user_id": "ben", "profile": {"meaning": -1}}',
    ],
)
async def test_no_body_brings_the_server_down(api: Api, body: bytes) -> None:
    status, _ = problem(await api.client.post("/v1/search", content=body, headers=JSON))
    assert 400 <= status < 500


async def test_other_origins_are_let_in_only_when_they_are_named(api: Api, small: httpx.AsyncClient) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    allowed = await small.options("/v1/search", headers=asked)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, "https://app.example")
    stranger = await small.options("/v1/search", headers={**asked, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers
    answered = await small.get("/v1/status", headers={"Origin": "https://app.example"})
    assert "ETag" in answered.headers["access-control-expose-headers"]
    off = await api.client.get("/v1/status", headers={"Origin": "https://app.example"})
    assert "access-control-allow-origin" not in off.headers
    assert problem(await api.client.options("/v1/search", headers=asked)) == (405, "no-such-method")


async def test_unknown_paths_methods_and_fields_are_problems(api: Api) -> None:
    assert problem(await api.client.get("/v1/no-such")) == (404, "no-such-path")
    assert problem(await api.client.get("/v1/goals/")) == (404, "no-such-path")
    assert problem(await api.client.put("/v1/memories", json={})) == (405, "no-such-method")
    odd = await api.client.post("/v1/search", json={"user_id": "ben", "query": "x", "colour": "red"})
    assert (*problem(odd), odd.json()["field"]) == (422, "invalid", "colour")
    listed = await api.client.get("/v1/memories", params={"user_id": "ben", "colour": "red"})
    assert (*problem(listed), listed.json()["field"]) == (422, "invalid", "colour")
    named = await api.client.get("/v1/memories/no-uuid", headers={"X-Request-ID": "mine-1"})
    assert (*problem(named), named.json()["request_id"]) == (422, "invalid", "mine-1")
    nobody = await api.client.get("/v1/memories")
    assert (*problem(nobody), nobody.json()["field"]) == (422, "invalid", "user_id")


async def test_beginners_mistakes_are_told_with_what_mends_them(api: Api) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}  # what curl -d sends unless it is told
    unsaid = await api.client.post("/v1/search", content=b'{"user_id": "ben", "query": "x"}', headers=form)
    assert (*problem(unsaid), unsaid.json()["field"]) == (422, "invalid", "body")
    assert "Content-Type: application/json" in unsaid.json()["detail"]
    listed = await api.client.post("/v1/search", json=[1])
    assert "Content-Type" not in listed.json()["detail"]
    assert (await api.client.get("/v1/no-such")).json()["detail"] == "no route leads there"
    assert "slash" in (await api.client.get("/v1/goals/")).json()["detail"]
    assert (await api.client.put("/v1/memories", json={})).json()["detail"] == "this path does not take PUT"


async def test_a_key_that_is_used_too_often_is_told_when_to_come_back(api: Api) -> None:
    caller = await api.new_caller("read", user_id="ben", requests_per_minute=2)
    first = await caller.get("/v1/memories")
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("2", "1")
    await caller.get("/v1/memories")
    third = await caller.get("/v1/memories")
    assert problem(third) == (429, "rate-limited")
    assert 1 <= int(third.headers["retry-after"]) <= 60


def test_answers_are_compressed_and_streams_are_not(api_server: ApiServer) -> None:
    body: dict[str, Any] = {"user_id": "ben", "content": "I moved to Lyon", "metadata": {"filler": "x" * 5_000}}
    with api_server.client() as client:
        client.post("/v1/memories", json=body).raise_for_status()
        listed = client.get("/v1/memories", params={"user_id": "ben"})
        assert (listed.headers["content-encoding"], len(listed.json()["items"])) == ("gzip", 1)
        assert "accept-encoding" in listed.headers["vary"].lower()
        exported = client.get("/v1/export", params={"user_id": "ben"})
        assert "content-encoding" not in exported.headers
        plain = client.get("/v1/memories", params={"user_id": "ben"}, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
