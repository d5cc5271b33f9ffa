"""``recollect model`` as a person uses it: adding a model, going over to it, dropping the old one, its index."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.shell import Shell, failure, narrow

from embeddings_server import EmbeddingsServer

DIMENSION = 16
STATIC = "static-minilm-128-v1"


@pytest.fixture
def tenant(monkeypatch: pytest.MonkeyPatch) -> str:
    tenant = f"tenant-{uuid4()}"
    monkeypatch.setenv("RECOLLECT_TENANT_ID", tenant)
    return tenant


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingsServer]:
    """An endpoint that the embedder ``openai`` uses."""
    with EmbeddingsServer(DIMENSION) as server:
        monkeypatch.setenv("RECOLLECT_OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("RECOLLECT_OPENAI_API_KEY", "secret")
        use(monkeypatch, "tiny", DIMENSION)
        yield server


def use(monkeypatch: pytest.MonkeyPatch, model: str, dimension: int) -> None:
    """Sets the endpoint's model."""
    monkeypatch.setenv("RECOLLECT_OPENAI_MODEL", model)
    monkeypatch.setenv("RECOLLECT_OPENAI_DIMENSION", str(dimension))


@pytest.fixture
def shell(home: str, tenant: str) -> Shell:
    del tenant
    return Shell(Path(home))


@pytest.mark.usefixtures("endpoint")
def test_from_one_model_to_another_and_back(shell: Shell):
    for city in ("Lyon", "Rome"):
        shell("add", f"We met Anna in {city}", "-u", "ana")
    assert "go over to it with: recollect model switch openai:tiny" in narrow(shell("model", "add", "openai").out)
    registered = {m["id"]: m for m in shell("model", "list", "--json").document["registered"]}
    assert {name: (m["active"], m["filled"], m["memories"]) for name, m in registered.items()} == {
        STATIC: (True, 2, 2),
        "openai:tiny": (False, 2, 2),
    }
    assert registered["openai:tiny"]["dimension"] == DIMENSION
    assert registered["openai:tiny"]["bytes"] > 0
    assert shell("model", "switch", "openai", "--json").document == {"active": "openai:tiny"}
    assert len(shell("search", "Where did we meet?", "-u", "ana", "--json").document["hits"]) == 2
    assert "openai:tiny" in shell("status").out
    listed = narrow(shell("model", "list").out)
    assert "2/2" in listed
    shell("add", "We met Ben in Paris", "-u", "ana")
    assert "1 memory embedded" in shell("model", "reembed", "static").out
    assert "3 memories embedded" in shell("model", "reembed", "static", "--all").out
    assert "is the active model" in shell("model", "switch", "static").out


@pytest.mark.usefixtures("endpoint")
def test_dropping_asks_and_refuses_the_active_one(shell: Shell):
    shell("add", "We met Anna in Lyon", "-u", "ana")
    shell("model", "add", "openai", "--no-fill")
    assert "to drop openai:tiny with 0 vectors, add --yes" in failure(shell("model", "drop", "openai", code=1))
    assert "1 memory embedded" in shell("model", "reembed", "openai").out
    assert "to drop openai:tiny with 1 vector, add --yes" in failure(shell("model", "drop", "openai", code=1))
    assert "is the active model" in failure(shell("model", "drop", "static", "--yes", code=5))
    assert shell("model", "drop", "openai", "--yes", "--json").document == {"dropped": "openai:tiny", "vectors": 1}
    assert "no embedding model 'openai' is registered" in failure(shell("model", "switch", "openai", code=3))
    assert "0 registered models are 'openai'" in failure(shell("model", "drop", "openai", "--yes", code=3))


def test_a_model_that_the_settings_no_longer_make_can_be_left(
    shell: Shell, endpoint: EmbeddingsServer, monkeypatch: pytest.MonkeyPatch
):
    shell("add", "We met Anna in Lyon", "-u", "ana", "--embedder", "openai")
    use(monkeypatch, "large", 24)
    endpoint.dimension = 24
    assert "this process would make openai:large's" in failure(shell("search", "Anna?", "-u", "ana", code=1))
    shell("model", "add", "openai")
    assert "may be any of openai:large, openai:tiny" in failure(shell("model", "switch", "openai", code=1))
    shell("model", "switch", "openai:large")
    found = shell("search", "Anna?", "-u", "ana", "--json").document
    assert (len(found["hits"]), found["degraded"]) == (1, [])
    failed = failure(shell("model", "switch", "openai:tiny", code=1))
    assert "the tenant's vectors are openai:tiny's, this process would make openai:large's" in failed


@pytest.mark.usefixtures("endpoint")
def test_the_index(shell: Shell):
    shell("add", "We met Anna in Lyon", "-u", "ana")
    try:
        assert shell("model", "index", "static", "--json").document == {
            "model": STATIC,
            "indexed": True,
            "changed": True,
        }
        assert "was there already" in shell("model", "index", STATIC).out
        assert [m["indexed"] for m in shell("model", "list", "--json").document["registered"]] == [True]
    finally:
        assert "is dropped" in shell("model", "index", "static", "--drop").out
    assert "there was no index" in shell("model", "index", "static", "--drop").out


@pytest.mark.usefixtures("endpoint")
def test_the_doctor_tells_when_setting_and_active_model_differ(shell: Shell):
    def told() -> str:
        answer = shell("doctor", "--json")
        return next(check["detail"] for check in json.loads(answer.out)["checks"] if check["check"] == "model")

    assert told().startswith(f"{STATIC} is the active model, of ")
    shell("model", "add", "openai")
    shell("model", "switch", "openai")
    assert told().startswith("openai:tiny is the active model, though the setting says static")


def test_what_is_no_embedder_is_refused(shell: Shell):
    assert "minilm" in shell("model", "add", "word2vec", code=2).err
    assert "recollect model pull minilm" in failure(shell("model", "add", "minilm", code=1))
