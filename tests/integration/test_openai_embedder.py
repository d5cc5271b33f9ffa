"""The OpenAI-compatible embedder against a server that misbehaves in every way we could think of."""

import json
import math
import time
from collections.abc import AsyncIterator, Callable, Iterator
from email.utils import formatdate

import anyio
import numpy as np
import pytest

from embeddings_server import Behaviour, EmbeddingsServer, Reply, answering, entries, vector_of
from recollect.adapters.models.openai import OpenAIEmbedder, RequestLimits
from recollect.errors import DimensionMismatch, ModelUnavailable

pytestmark = pytest.mark.anyio

DIMENSION = 16
QUICK = {"first_wait_s": 0.01, "deadline_s": 5.0, "request_s": 0.3}

Make = Callable[..., OpenAIEmbedder]


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer(DIMENSION) as server:
        yield server


@pytest.fixture
async def make(server: EmbeddingsServer) -> AsyncIterator[Make]:
    made: list[OpenAIEmbedder] = []

    def make(
        url: str = server.url, *, dimension: int = DIMENSION, key: str = "secret", **limits: float
    ) -> OpenAIEmbedder:
        chosen = RequestLimits(**{**QUICK, **limits})  # pyright: ignore[reportArgumentType] - counts are given as int
        made.append(OpenAIEmbedder(base_url=url, api_key=key, model="m", dimension=dimension, limits=chosen))
        return made[-1]

    yield make
    for embedder in made:
        await embedder.close()


def unit(text: str) -> np.ndarray:
    vector = np.array(vector_of(text, DIMENSION))
    return vector / np.linalg.norm(vector)


def status(code: int, **headers: str) -> Behaviour:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Reply(b"no", code, names)


def with_data(change: Callable[[list[dict[str, object]]], object]) -> Behaviour:
    return lambda texts: answering(change(entries(texts, DIMENSION)))


def text_reply(body: str) -> Behaviour:
    return lambda _: Reply(body.encode())


async def test_vectors_arrive_in_the_order_of_the_texts_and_with_the_key(make: Make, server: EmbeddingsServer) -> None:
    server.script.append(with_data(lambda data: data[::-1]))
    vectors = await make().embed(["a", "b", "c"])
    np.testing.assert_allclose(vectors, [unit("a"), unit("b"), unit("c")], atol=1e-6)
    assert server.keys == ["Bearer secret"]


async def test_no_key_sends_no_header(make: Make, server: EmbeddingsServer) -> None:
    await make(key="").embed(["a"])
    assert server.keys == [None]


async def test_batches_are_cut_by_count_and_by_size(make: Make, server: EmbeddingsServer) -> None:
    texts = [f"{number:03}" for number in range(10)]
    vectors = await make(batch_texts=4).embed(texts)
    assert sorted(map(len, server.requests)) == [2, 4, 4]
    np.testing.assert_allclose(vectors, [unit(text) for text in texts], atol=1e-6)
    server.requests.clear()
    await make(batch_characters=7).embed([*texts[:4], "longer than one batch", "x"])
    assert sorted(server.requests) == [["000", "001"], ["002", "003"], ["longer than one batch"], ["x"]]


async def test_a_text_is_sent_once_and_then_remembered(make: Make, server: EmbeddingsServer) -> None:
    embedder = make(cached=2)
    await embedder.embed(["a", "a", "", "b"])
    await embedder.embed(["b", "a"])
    await embedder.embed_question("a", {"a": 1.0})
    assert server.requests == [["a", "b"]]
    await embedder.embed(["c"])  # pushes out "b", which was used longest ago
    await embedder.embed(["a", "b"])
    assert server.requests == [["a", "b"], ["c"], ["b"]]


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
async def test_passing_failures_are_repeated(make: Make, server: EmbeddingsServer, code: int) -> None:
    server.script.extend([status(code), status(code)])
    np.testing.assert_allclose(await make().embed(["a"]), [unit("a")], atol=1e-6)
    assert len(server.requests) == 3


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_honoured(make: Make, server: EmbeddingsServer, form: str) -> None:
    header = "0.4" if form == "seconds" else formatdate(time.time() + 2, usegmt=True)
    server.script.append(status(429, retry_after=header))
    begun = time.monotonic()
    await make().embed(["a"])
    assert time.monotonic() - begun >= 0.4


async def test_a_wait_beyond_the_deadline_is_not_begun(make: Make, server: EmbeddingsServer) -> None:
    server.script.append(status(429, retry_after="3600"))
    begun = time.monotonic()
    with pytest.raises(ModelUnavailable, match="HTTP 429"):
        await make(deadline_s=2).embed(["a"])
    assert time.monotonic() - begun < 1


async def test_retry_after_that_is_nonsense_is_ignored(make: Make, server: EmbeddingsServer) -> None:
    server.script.append(status(503, retry_after="soon"))
    np.testing.assert_allclose(await make().embed(["a"]), [unit("a")], atol=1e-6)


async def test_a_request_that_hangs_is_repeated(make: Make, server: EmbeddingsServer) -> None:
    server.script.append(server.hang)
    np.testing.assert_allclose(await make().embed(["a"]), [unit("a")], atol=1e-6)
    assert len(server.requests) == 2


async def test_a_server_that_only_hangs_is_given_up_at_the_deadline(make: Make, server: EmbeddingsServer) -> None:
    server.script.extend([server.hang] * 20)
    begun = time.monotonic()
    with pytest.raises(ModelUnavailable, match="within 1 s"):
        await make(deadline_s=1).embed([f"text {number}" for number in range(8)])
    assert time.monotonic() - begun < 2


UNUSABLE: dict[str, Behaviour] = {
    "not JSON": text_reply("<html>"),
    "cut short": text_reply('{"data": [{"index": 0, "embed'),
    "not UTF-8": lambda _: Reply(b"\xff\xfe\x00"),
    "another form": text_reply('["vectors"]'),
    "no data": text_reply("{}"),
    "data is null": text_reply('{"data": null}'),
    "entries are strings": with_data(lambda _: ["a", "b"]),
    "no embedding": with_data(lambda data: [{"index": entry["index"]} for entry in data]),
    "one too few": with_data(lambda data: data[:-1]),
    "one too many": with_data(lambda data: [*data, {**data[0], "index": 2}]),
    "an index twice": with_data(lambda data: [{**entry, "index": 0} for entry in data]),
    "an index of another batch": with_data(lambda data: [{**entry, "index": 7} for entry in data]),
    "an index that cannot be one": with_data(lambda data: [{**entry, "index": [0]} for entry in data]),
    "base64": with_data(lambda data: [{**entry, "embedding": "AAAA"} for entry in data]),
    "null in a vector": with_data(lambda data: [{**entry, "embedding": [None] * DIMENSION} for entry in data]),
    "NaN": with_data(lambda data: [{**entry, "embedding": [math.nan] * DIMENSION} for entry in data]),
    "infinity": with_data(lambda data: [{**entry, "embedding": [math.inf] * DIMENSION} for entry in data]),
    "only zeros": with_data(lambda data: [{**entry, "embedding": [0] * DIMENSION} for entry in data]),
    "ragged": with_data(lambda data: [{**entry, "embedding": [1, [2]]} for entry in data]),
}


@pytest.mark.parametrize("behaviour", UNUSABLE.values(), ids=UNUSABLE.keys())
async def test_an_unusable_reply_is_asked_for_again_and_never_kept(
    make: Make, server: EmbeddingsServer, behaviour: Behaviour
) -> None:
    server.script.append(behaviour)
    np.testing.assert_allclose(await make().embed(["a", "b"]), [unit("a"), unit("b")], atol=1e-6)
    server.script.extend([behaviour] * 100)
    with pytest.raises(ModelUnavailable) as caught:
        await make(deadline_s=0.3).embed(["a", "b"])
    assert "\n" not in str(caught.value)


async def test_another_dimension_is_reported_at_once(make: Make, server: EmbeddingsServer) -> None:
    with pytest.raises(DimensionMismatch, match=r"shape \(16,\), but 8 is set"):
        await make(dimension=8).embed(["a"])
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [400, 401, 403, 404, 413])
async def test_a_refusal_is_not_repeated(make: Make, server: EmbeddingsServer, code: int) -> None:
    server.script.append(status(code))
    with pytest.raises(ModelUnavailable, match=f"HTTP {code}"):
        await make().embed(["a"])
    assert len(server.requests) == 1


async def test_one_failed_batch_fails_the_call_and_stops_the_others(make: Make, server: EmbeddingsServer) -> None:
    server.script.append(status(400))
    with pytest.raises(ModelUnavailable):
        await make(batch_texts=1, concurrent=1).embed([str(number) for number in range(50)])
    assert len(server.requests) < 50


async def test_no_server_at_all(make: Make) -> None:
    with pytest.raises(ModelUnavailable, match="ConnectError"):
        await make("http://127.0.0.1:9/v1", deadline_s=0.3).embed(["a"])


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.invalid", "http://[broken"])
async def test_an_address_that_is_none(make: Make, url: str) -> None:
    with pytest.raises(ModelUnavailable):
        await make(url, deadline_s=0.3).embed(["a"])


async def test_no_more_requests_than_allowed_run_at_once(make: Make, server: EmbeddingsServer) -> None:
    running, most = 0, 0

    def counted(texts: list[str]) -> Reply:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return answering(entries(texts, DIMENSION))

    server.script.extend([counted] * 12)
    await make(batch_texts=1, concurrent=3).embed([str(number) for number in range(12)])
    assert most == 3


async def test_a_cancelled_call_leaves_the_embedder_usable(make: Make, server: EmbeddingsServer) -> None:
    embedder = make(concurrent=1, request_s=10)
    server.script.append(server.hang)
    with anyio.move_on_after(0.1) as scope:
        await embedder.embed(["a"])
    assert scope.cancelled_caught
    np.testing.assert_allclose(await embedder.embed(["a"]), [unit("a")], atol=1e-6)


async def test_what_is_sent_is_plain_json(make: Make, server: EmbeddingsServer) -> None:
    await make(text_characters=5).embed(["a\0b", "half \ud800 pair", "much too long"])
    assert server.requests == [["ab", "half", "much"]]
    assert json.dumps(server.requests)
