"""The static table: what is in the shipped files, and that they load safely."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import numpy as np
import pytest

from recollect.adapters.models.static import StaticEmbedder, StaticWordPieces, static_word_pieces
from recollect.adapters.models.static.table import load_table
from recollect.adapters.models.wordpiece import FIRST_WORD, piece_ids, vocabulary

FORKING = """
import asyncio, os, sys
from recollect.adapters.models.static import StaticEmbedder, static_word_pieces
embedder, pieces, texts = StaticEmbedder(), static_word_pieces(), ["Ana moved to Lyon"] * 100
before = asyncio.run(embedder.embed(texts))
pieces.split(texts)
child = os.fork()
same = (asyncio.run(embedder.embed(texts)) == before).all() and len(pieces.split(texts)) == 100
if child == 0:
    os._exit(0 if same else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.fixture
def pieces() -> StaticWordPieces:
    return static_word_pieces()


def test_the_shipped_files_stay_under_four_megabytes() -> None:
    shipped = [file for file in files("recollect.adapters.models.static").iterdir() if file.is_file()]
    assert {"table.npz", "vocabulary.txt.gz", "NOTICE.txt", "MODEL_CARD.md"} <= {file.name for file in shipped}
    assert sum(len(file.read_bytes()) for file in shipped) < 4_000_000


def test_the_vocabulary_is_that_of_bert() -> None:
    tokens = vocabulary()
    assert len(tokens) == 30_522
    assert (tokens[0], tokens[100], tokens[101], tokens[102]) == ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
    assert tokens[1996:1999] == ("the", "of", "and")
    assert not any(token.startswith("[") and token.endswith("]") for token in tokens[FIRST_WORD:])


def test_each_piece_has_a_vector_of_length_one_and_special_tokens_none(pieces: StaticWordPieces) -> None:
    lengths = np.linalg.norm(pieces.vectors, axis=1)
    assert pieces.vectors.shape == (30_522, 128)
    assert pieces.vectors.dtype == np.float32
    assert not lengths[:FIRST_WORD].any()
    np.testing.assert_allclose(lengths[FIRST_WORD:], 1, atol=1e-5)


def test_weights_are_small_for_function_words_and_punctuation() -> None:
    table = load_table()
    weight = dict(zip(table.tokens, table.weights.tolist(), strict=True))
    assert weight["the"] < weight["people"] < weight["cello"] <= 1
    assert weight["?"] < 0.1
    assert weight["[CLS]"] == 0


@pytest.mark.parametrize(
    ("near", "far"), [(("dog", "puppy"), ("dog", "tax")), (("happy", "glad"), ("happy", "engine"))]
)
def test_related_words_are_nearer(pieces: StaticWordPieces, near: tuple[str, str], far: tuple[str, str]) -> None:
    number = {token: place for place, token in enumerate(pieces.tokens)}

    def cosine(pair: tuple[str, str]) -> float:
        return float(pieces.vectors[number[pair[0]]] @ pieces.vectors[number[pair[1]]])

    assert cosine(near) > cosine(far) + 0.2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Ana's cello", ["ana", "'", "s", "cello"]),
        ("Unbelievably", ["un", "##bel", "##ie", "##va", "##bly"]),
        ("café ÜBER", ["cafe", "uber"]),
        ("[SEP]", ["[", "sep", "]"]),
        ("😀 ok", ["ok"]),
        ("a\ud800b", ["a", "?", "b"]),
    ],
)
def test_texts_split_like_bert_without_special_tokens(pieces: StaticWordPieces, text: str, expected: list[str]) -> None:
    (ids,) = pieces.split([text])
    assert ids.dtype == np.int32
    assert [pieces.tokens[place] for place in ids] == expected


def test_a_long_text_splits_as_its_parts_do() -> None:
    words = "The cello lesson, on Tuesday, was postponed unexpectedly; "
    assert piece_ids(words * 2_000) == piece_ids(words) * 2_000


def test_the_table_is_loaded_once_even_by_many_threads() -> None:
    with ThreadPoolExecutor(16) as pool:
        pieces = [pool.submit(static_word_pieces) for _ in range(64)]
        tables = [pool.submit(load_table) for _ in range(64)]
    assert len({id(one.result()) for one in pieces}) == 1
    assert len({id(one.result()) for one in tables}) == 1


def test_it_survives_a_fork_without_a_warning() -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", FORKING], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.anyio
async def test_a_text_longer_than_one_slice_is_summed_whole() -> None:
    embedder = StaticEmbedder()
    once, often = await embedder.embed(["dog and cello", "dog and cello " * 5_000])
    np.testing.assert_allclose(once, often, atol=1e-4)
