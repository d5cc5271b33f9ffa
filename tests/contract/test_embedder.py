"""What every embedder must do, whatever is behind it."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import anyio
import numpy as np
import pytest

from embeddings_server import EmbeddingsServer
from minilm_cache import minilm_cache
from recollect.adapters.models.openai import OpenAIEmbedder
from recollect.adapters.models.static import StaticEmbedder
from recollect.ports.embedder import Embedder

pytestmark = pytest.mark.anyio

LOCAL = ["static", "minilm"]
TEXTS = ["Ana moved to Lyon in May.", "ok", "She plays the cello, and has a dog called Bruno!"] * 3
HOSTILE = {
    "NUL": "Ana\0moved",
    "only NUL": "\0\0",
    "emoji": "😀👩‍👩‍👧 party 🎉",
    "only emoji": "😀" * 50,
    "surrogate": "half \ud800 a pair",
    "control tokens": "[CLS] [SEP] [PAD] [MASK] [unused1]",
    "bidi and zero width": "\u202eabc\u2066\u200b def",
    "other scripts": "東京に住んでいます مرحبا Привет",
    "combining": "e" + "\u0301" * 5_000,
    "one long word": "x" * 1_000_000,
    "1 MB": "the cello lesson moved " * 45_000,
}


@pytest.fixture(params=[*LOCAL, "openai"])
async def embedder(request: pytest.FixtureRequest) -> AsyncIterator[Embedder]:
    with EmbeddingsServer() as server:
        embedder: Embedder
        if request.param == "static":
            embedder = StaticEmbedder()
        elif request.param == "minilm":
            embedder = make_minilm()
        else:
            embedder = OpenAIEmbedder(base_url=server.url, api_key="key", model="test", dimension=server.dimension)
        yield embedder
        await embedder.close()


def make_minilm() -> Embedder:
    cache = minilm_cache()
    from recollect.adapters.models.minilm import MiniLMEmbedder

    return MiniLMEmbedder(cache)


async def test_vectors_have_the_promised_shape_and_length_one(embedder: Embedder) -> None:
    vectors = await embedder.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


async def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert (await embedder.embed([])).shape == (0, embedder.dimension)


@pytest.mark.parametrize("empty", ["", " \n\t "])
async def test_an_empty_text_gives_zeros_and_leaves_the_others_alone(embedder: Embedder, empty: str) -> None:
    vectors = await embedder.embed(["before", empty, "after"])
    assert not vectors[1].any()
    np.testing.assert_allclose(vectors[[0, 2]], await embedder.embed(["before", "after"]), atol=1e-5)
    assert not (await embedder.embed_question(empty)).any()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_is_embedded_like_any_other(embedder: Embedder, text: str) -> None:
    rows = [*await embedder.embed([text]), await embedder.embed_question(text, {"ana": 1.0})]
    for row in rows:
        assert np.isfinite(row).all()
        assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5) or not row.any()


async def test_a_batch_gives_the_same_as_each_text_alone(embedder: Embedder) -> None:
    batch = await embedder.embed(TEXTS)
    alone = np.concatenate([await embedder.embed([text]) for text in TEXTS])
    np.testing.assert_allclose(batch, alone, atol=1e-5)


async def test_a_question_without_weights_is_embedded_like_a_document(embedder: Embedder) -> None:
    question = "Where does Ana live?"
    vector = await embedder.embed_question(question)
    assert vector.shape == (embedder.dimension,)
    np.testing.assert_allclose(vector, (await embedder.embed([question]))[0], atol=1e-5)
    np.testing.assert_allclose(vector, await embedder.embed_question(question, {"zebra": 1.0}), atol=1e-5)


async def test_many_tasks_at_once_get_their_own_vectors(embedder: Embedder) -> None:
    texts = [f"memory number {number} about {'cello' * (number % 3)}" for number in range(40)]
    expected = await embedder.embed(texts)
    found: dict[int, np.ndarray] = {}

    async def one(number: int) -> None:
        found[number] = await embedder.embed_question(texts[number])

    async with anyio.create_task_group() as group:
        for number in range(len(texts)):
            group.start_soon(one, number)
    np.testing.assert_allclose(np.stack([found[number] for number in range(len(texts))]), expected, atol=1e-5)


async def test_a_returned_vector_may_be_changed_by_the_caller(embedder: Embedder) -> None:
    first = await embedder.embed(["ok"])
    kept = first.copy()
    first[:] = 7
    (await embedder.embed_question("ok"))[:] = 7
    np.testing.assert_array_equal(await embedder.embed(["ok"]), kept)


@pytest.mark.parametrize("name", LOCAL)
def test_threads_with_loops_of_their_own_get_the_same_vectors(name: str) -> None:
    embedder = StaticEmbedder() if name == "static" else make_minilm()

    def run(_: int) -> np.ndarray:
        return asyncio.run(embedder.embed(TEXTS))

    with ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(run, range(16))
    for other in others:
        np.testing.assert_array_equal(other, first)


@pytest.mark.parametrize("name", LOCAL)
async def test_weights_pull_a_question_towards_the_weighted_word(name: str) -> None:
    embedder = StaticEmbedder() if name == "static" else make_minilm()
    cello, dog = await embedder.embed(["cello", "dog"])
    question = "did the dog hear the cello"
    for weights, near, far in (({"cello": 2.0}, cello, dog), ({"dog": 0.5}, dog, cello)):
        vector = await embedder.embed_question(question, weights)
        assert vector @ near > vector @ far
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
