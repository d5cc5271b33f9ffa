"""Seeing it work: metrics, traces and logs of a served memory, as Prometheus, a collector and an operator see them."""

import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics  # pyright: ignore[reportUnknownVariableType]
from prometheus_client.parser import text_string_to_metric_families as prometheus_text

from api_server import Api, ApiServer, issue_key, new_tenant
from log_lines import logged
from otlp_collector import attributes, collecting
from recollect import AsyncMemory
from recollect.adapters.telemetry.opentelemetry import hashed
from recollect.bootstrap.service import Service
from recollect.bootstrap.watching import make_telemetry
from recollect.doors.api.app import create_app
from recollect.errors import ValidationError
from recollect.ports.telemetry import SILENT, Call, Embedding, JobRun, Request, Telemetry
from recollect.settings import load_settings

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
WRITING = ["echo", "names", "admit", "extract", "score", "gate", "derive", "resolve", "promote", "correct", "embed"]
WRITTEN = ["lock", "reconcile", "commit", "follow"]
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def samples_of(text: str, parse: Any = prometheus_text) -> Samples:
    """Every sample by its name and labels; the parser refuses what is no proper text."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in parse(text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, frozenset(labels.items())), 0.0)


@asynccontextmanager
async def opened(home: str, **given: Any) -> AsyncGenerator[tuple[Service, httpx.AsyncClient, str]]:
    """An application with settings of its own, a client with its admin key, and the key."""
    service = await Service.open(load_settings(home=home, tenant_id=new_tenant(), upkeep=False, **given))
    try:
        key = await issue_key(service, service.settings.tenant_id)
        transport = httpx.ASGITransport(create_app(service), raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            yield service, client, key
    finally:
        await service.aclose()


@pytest.mark.anyio
async def test_metrics_are_counted_and_can_be_read(home: str):
    async with opened(home) as (_, client, _key):
        before = samples_of((await client.get("/metrics")).text)
        assert value(before, "recollect_calls_total", method="add", outcome="ok") == 0
        said = {"content": "My sister Anna works at Siemens", "user_id": "ben"}
        receipt = (await client.post("/v1/memories", json=said)).json()
        await client.post("/v1/search", json={"query": "Where does Anna work?", "user_id": "ben"})
        await client.post("/v1/context", json={"query": "Where does Anna work?", "user_id": "ben"})
        await client.get("/v1/memories/no-uuid", params={"user_id": "ben"})
        await client.get("/no/such/path")
        answer = await client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        found = samples_of(answer.text)
    assert value(found, "recollect_calls_total", method="add", outcome="ok") == 1
    assert value(found, "recollect_receipt_items_total", outcome="accepted") == len(receipt["items"])
    for stage in (*WRITING, *WRITTEN):
        assert value(found, "recollect_stage_seconds_count", pipeline="writing", stage=stage) == 1, stage
    for stage in ("plan", "embed", "rank", "fetch", "succeed"):
        assert value(found, "recollect_stage_seconds_count", pipeline="recall", stage=stage) == 2, stage
    assert value(found, "recollect_embedder_texts_total", use="documents") == len(receipt["items"])
    assert value(found, "recollect_embedder_seconds_count", use="question") == 2
    assert value(found, "recollect_hot_loads_total", result="miss") >= 1
    assert value(found, "recollect_resident_users") == 1
    assert value(found, "recollect_resident_bytes") > 1_000
    states = [value(found, "recollect_pool_connections", state=state) for state in ("idle", "in_use")]
    assert 1 <= sum(states) <= load_settings().pool_size
    routes = {dict(labels)["route"] for name, labels in found if name == "recollect_http_request_seconds_count"}
    assert routes == {"/metrics", "/v1/memories", "/v1/search", "/v1/context", "/v1/memories/{memory_id}", "(none)"}
    missed = value(found, "recollect_http_request_seconds_count", method="GET", route="(none)", status="404")
    assert missed == 1


@pytest.mark.anyio
async def test_open_metrics_where_the_reader_asks_for_it(api: Api):
    await api.client.get("/health/live")
    answer = await api.client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
    found = samples_of(answer.text, open_metrics)
    labels = {"method": "GET", "route": "/health/live", "status": "200"}
    assert value(found, "recollect_http_request_seconds_count", **labels) == 1


@pytest.mark.anyio
async def test_metrics_need_an_admin_key(api: Api):
    nobody, writer = await api.caller(None), await api.new_caller("write")
    assert (await nobody.get("/metrics")).status_code == 401
    assert (await writer.get("/metrics")).status_code == 403
    assert (await api.client.get("/metrics")).status_code == 200


@pytest.mark.anyio
async def test_metrics_can_be_opened_or_switched_off(home: str):
    async with opened(home, metrics_open=True) as (_, client, _key):
        assert (await client.get("/metrics", headers={"Authorization": ""})).status_code == 200
    async with opened(home, telemetry="off") as (service, client, _key):
        assert service.telemetry is SILENT
        refused = await client.get("/metrics")
        assert (refused.status_code, refused.json()["type"]) == (404, "urn:recollect:problem:not-found")


@pytest.mark.anyio
async def test_labels_do_not_grow_with_users(api: Api):
    async def series() -> set[tuple[str, frozenset[tuple[str, str]]]]:
        return set(samples_of((await api.client.get("/metrics")).text))

    async def use(user: str) -> None:
        await api.client.post("/v1/memories", json={"content": f"I am {user} and live in Lyon", "user_id": user})
        await api.client.post("/v1/search", json={"query": f"Where does {user} live?", "user_id": user})
        await api.client.request(user.upper(), f"/{user}")

    await use("carla")
    await api.client.get("/metrics")
    before = await series()
    for number in range(5):
        await use(f"carla-{number}")
    grown = {dict(labels).get("le", "") for _, labels in await series() - before}
    assert grown == set()


@pytest.mark.anyio
async def test_an_add_and_a_search_are_traces(home: str):
    with collecting() as collector:
        async with opened(home, otlp_endpoint=collector.url) as (service, client, key):
            said = {"content": "My sister Anna works at Siemens", "user_id": "ben-of-lyon"}
            sent = {"traceparent": PARENT, "X-Request-ID": "req-1"}
            receipt = (await client.post("/v1/memories", json=said, headers=sent)).json()
            asked = {"query": "Where does Anna work?", "user_id": "ben-of-lyon"}
            await client.post("/v1/search", json=asked)
    assert collector.services == {"recollect"}
    request, call = collector.named("POST /v1/memories"), collector.named("recollect.add")
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (PARENT[3:35], PARENT[36:52])
    told = attributes(request)
    assert (told["http.route"], told["http.response.status_code"], told["recollect.request_id"]) == (
        "/v1/memories",
        201,
        "req-1",
    )
    assert collector.children(request) == [call]
    assert attributes(call)["recollect.user"] == hashed(service.settings.tenant_id, "ben-of-lyon")
    stages = [span for span in collector.children(call) if span.name.startswith("writing ")]
    assert [span.name for span in stages] == [f"writing {stage}" for stage in (*WRITING, *WRITTEN)]
    within = [*stages, collector.named("embedder documents")]
    for span in within:
        assert request.start_time_unix_nano <= call.start_time_unix_nano <= span.start_time_unix_nano + 1_000_000
        assert span.end_time_unix_nano <= call.end_time_unix_nano + 1_000_000 <= request.end_time_unix_nano + 2_000_000
    search = collector.named("recollect.search")
    assert collector.children(collector.named("POST /v1/search")) == [search]
    assert search.trace_id != request.trace_id
    inside = [span.name for span in collector.children(search)]
    assert [name for name in inside if name != "embedder question"] == [
        f"recall {stage}" for stage in ("index", "plan", "embed", "rank", "fetch", "succeed")
    ]
    secrets = ["Anna", "Siemens", "ben-of-lyon", key, key.rpartition(".")[2], service.settings.tenant_id]
    secrets += [str(item["memory_id"]) for item in receipt["items"]]
    assert [secret for secret in secrets for body in collector.bodies if secret.encode() in body] == []


@pytest.mark.anyio
async def test_lines_of_the_log_name_the_trace(home: str):
    with collecting() as collector, logged() as lines:
        async with opened(home, otlp_endpoint=collector.url) as (_, client, _key):
            await client.get("/v1/memories", params={"user_id": "ana"}, headers={"traceparent": PARENT})
    told = [line for line in lines.told if line.get("trace_id") == PARENT[3:35]]
    assert [(line["logger"], line.get("route", line["method"])) for line in told] == [
        ("recollect.calls", "list"),
        ("recollect.access", "/v1/memories"),
    ]
    assert told[0]["request_id"] == told[1]["request_id"]


@pytest.mark.anyio
async def test_a_failing_call_is_told_by_the_errors_class(home: str):
    with collecting() as collector:
        async with opened(home, otlp_endpoint=collector.url) as (_, client, _key):
            where = "/v1/memories/019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"
            assert (await client.get(where, params={"user_id": "ben-of-lyon"})).status_code == 404
    call = collector.named("recollect.get")
    assert (call.status.code, call.status.message) == (2, "NotFound")
    assert collector.named("GET /v1/memories/{memory_id}").status.code == 0  # what the caller asked for is not there
    assert not any(b"019a7c0e" in body or b"ben-of-lyon" in body for body in collector.bodies)


@pytest.mark.anyio
async def test_the_requests_id_is_in_the_answer_the_problem_and_the_log(api: Api):
    with logged() as lines:
        named = await api.client.get("/no/such/path", headers={"X-Request-ID": "mine.1-A_b"})
        unnamed = await api.client.post("/v1/search", json={"user_id": "ana"})
        hostile = [
            await api.client.get("/health/live", headers={"X-Request-ID": given})
            for given in ("x" * 129, "a b", 'a"b', "", "a/b")
        ]
    assert (named.status_code, named.headers["x-request-id"]) == (404, "mine.1-A_b")
    assert named.json()["request_id"] == "mine.1-A_b"
    made = unnamed.headers["x-request-id"]
    assert (unnamed.status_code, unnamed.json()["request_id"]) == (422, made)
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    for answer in hostile:
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])
    access = lines.of("recollect.access")
    assert [line["request_id"] for line in access[:2]] == ["mine.1-A_b", made]
    assert [(line["route"], line["status"]) for line in access[:3]] == [
        ("", 404),
        ("/v1/search", 422),
        ("/health/live", 200),
    ]
    assert len({line["request_id"] for line in access}) == len(access)


@pytest.mark.anyio
async def test_what_is_unforeseen_has_an_id_and_quotes_nothing(api: Api, monkeypatch: pytest.MonkeyPatch):
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("elderberry")

    monkeypatch.setattr(type(api.memory), "search", broken)
    with logged() as lines:
        answer = await api.client.post("/v1/search", json={"query": "elderberry", "user_id": "elderberry"})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "elderberry" not in lines.text + answer.text
    told = next(line for line in lines.told if line["level"] == "error")
    assert told["request_id"] == answer.headers["x-request-id"]
    assert "RuntimeError" in told["message"]
    assert lines.of("recollect.access")[0]["status"] == 500


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.text(st.characters(codec="ascii", categories=["L"]), min_size=10, max_size=20).map("zq{}".format))
def test_no_word_that_users_say_is_logged(api_server: ApiServer, word: str):
    """In text, query, metadata, user's id, path and arguments, of calls that succeed and of calls that fail."""
    said: Mapping[str, Any] = {"content": f"I met {word} in Lyon", "user_id": word, "metadata": {word: word}}
    with logged() as lines, api_server.client() as client:
        statuses = [
            client.post("/v1/memories", json=said).status_code,
            client.post("/v1/memories", json=said, headers={"Idempotency-Key": word}).status_code,
            client.post("/v1/memories", json={**said, "type": "goal"}, headers={"Idempotency-Key": word}).status_code,
            client.post("/v1/search", json={"query": word, "user_id": word}).status_code,
            client.post("/v1/context", json={"query": word, "user_id": word, word: word}).status_code,
            client.post("/v1/search", json={"query": word, "user_id": word, "limit": word}).status_code,
            client.post("/v1/search", json={"query": word, "user_id": word, "collection": word}).status_code,
            client.post("/v1/search", json={"query": word, "user_id": word, "filters": {word: {word: 1}}}).status_code,
            client.post("/v1/memories", content=f'{{"content": "{word}').status_code,
            client.get(f"/v1/memories/{word}", params={"user_id": word}).status_code,
            client.get(f"/{word}", params={"q": word}).status_code,
            client.get("/v1/memories", headers={"Authorization": f"Bearer {word}"}).status_code,
            client.post("/v1/memories", json={**said, "project_id": word, "share": True}).status_code,
        ]
    assert {201, 200, 401, 404, 409, 422} <= set(statuses), statuses
    assert max(statuses) < 500
    assert word.lower() not in lines.text.lower()
    assert api_server.key not in lines.text
    assert api_server.key.rpartition(".")[2] not in lines.text
    assert len(lines.of("recollect.access")) == len(statuses)
    assert {line["method"] for line in lines.of("recollect.calls")} >= {"add", "search"}


@pytest.mark.anyio
async def test_memories_in_one_process_count_apart(home: str):
    tenants = [new_tenant(), new_tenant(), new_tenant()]
    async with (
        AsyncMemory(home=home, tenant_id=tenants[0], telemetry="metrics") as one,
        AsyncMemory(home=home, tenant_id=tenants[1], telemetry="metrics") as other,
        AsyncMemory(home=home, tenant_id=tenants[2]) as silent,
    ):
        await one.add("I moved to Lyon", user_id="ana")
        await silent.add("I moved to Lyon", user_id="ana")
        shown = [(await memory.core.ready()).telemetry.exposition("") for memory in (one, other, silent)]
    assert shown[2] is None
    texts = [text.decode() for text, _ in filter(None, shown)]
    counts = [value(samples_of(text), "recollect_calls_total", method="add", outcome="ok") for text in texts]
    assert counts == [1, 0]
    assert not any(tenant in text for tenant in tenants for text in texts)


def test_nothing_is_imported_unless_it_is_wanted(home: str):
    """Who uses the library and no server pays nothing for what watches servers."""
    script = (
        f"import sys; from recollect import Memory; m = Memory(home={home!r}, tenant_id={new_tenant()!r});"
        "m.add('I moved to Lyon', user_id='ana'); m.close();"
        "print([n for n in sys.modules if n.split('.')[0] in ('opentelemetry', 'prometheus_client')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("telemetry", "missing", "extra"),
    [("metrics", "prometheus_client", "server"), ("traces", "opentelemetry", "telemetry")],
)
def test_a_missing_package_is_one_clear_error(
    telemetry: str, missing: str, extra: str, monkeypatch: pytest.MonkeyPatch
):
    for name in [name for name in sys.modules if name.startswith((missing, "recollect.adapters.telemetry"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ValidationError, match=rf"needs the package {missing}.*pip install 'recollect\[{extra}\]'"):
        make_telemetry(load_settings(telemetry=telemetry))


def test_the_documented_metrics_are_those_that_there_are():
    """docs/observability.md lists every metric of ours with its type and its labels, and no other."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "observability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(recollect_\w+)` \| (\w+) \| ([^|]*)\|", text, flags=re.MULTILINE)
    documented = {name: (kind, frozenset(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    telemetry = make_telemetry(load_settings(telemetry="metrics"))
    tell_everything(telemetry)
    shown = telemetry.exposition("")
    assert shown is not None
    there = {
        family.name + ("_total" if family.type == "counter" else ""): (
            family.type,
            frozenset(label for sample in family.samples for label in sample.labels) - {"le"},
        )
        for family in prometheus_text(shown[0].decode())
        if family.name.startswith("recollect_") and not family.name.endswith("_created")
    }
    assert documented == there


def tell_everything(telemetry: Telemetry) -> None:
    """Something of every kind, so that every metric has samples."""
    call = Call(
        method="add",
        outcome="ok",
        tenant_id="t",
        user_id="u",
        started=1.0,
        ended=2.0,
        items={"accepted": 1},
        degraded=True,
    )
    telemetry.ended(telemetry.began("add"), call)
    telemetry.lapped("writing", "embed", 1.0, 2.0)
    for failed in (False, True):
        telemetry.embedded(Embedding(use="documents", texts=2, failed=failed, started=1.0, ended=2.0))
    telemetry.ran(JobRun(job="sweep", processed=1, errors=1, broke_off=True, late_s=0.5, seconds=1.0))
    request = Request(method="GET", route="/metrics", status=200, started=1.0, ended=2.0)
    telemetry.request_ended(telemetry.request_began("GET", {}), request)
