"""Which vectors may be stored."""

import anyio
import numpy as np
import numpy.typing as npt
import pytest

from recollect.adapters.models.static import StaticEmbedder
from recollect.domain.vectors import check_vectors
from recollect.errors import DimensionMismatch, ValidationError


def unit_rows(count: int, dimension: int = 4) -> npt.NDArray[np.float32]:
    rows = np.zeros((count, dimension), np.float32)
    rows[:, 0] = 1
    return rows


def check(vectors: npt.NDArray[np.float32], *texts: str) -> None:
    check_vectors(vectors, texts, model_id="m", dimension=4)


def test_unit_vectors_pass():
    check(unit_rows(2), "one", "two")


@pytest.mark.parametrize("shape", [(1, 3), (1, 5), (2, 4), (0, 4)])
def test_another_shape_is_refused(shape: tuple[int, int]):
    with pytest.raises(DimensionMismatch, match=f"vectors: m gave {shape[0]}x{shape[1]} numbers; 1x4 are expected"):
        check(unit_rows(*shape), "one")


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_refused(number: float):
    vectors = unit_rows(1)
    vectors[0, 2] = number
    with pytest.raises(ValidationError, match="vectors: m gave NaN or infinity"):
        check(vectors, "one")


@pytest.mark.parametrize("text", ["one", "Ok!", "a 1", "(yes)", "été ok", "7"])
def test_a_zero_vector_for_words_is_refused(text: str):
    with pytest.raises(ValidationError, match="a zero vector for a text with words"):
        check(0 * unit_rows(1), text)


def test_another_length_is_refused():
    with pytest.raises(ValidationError, match="length 2 for a text"):
        check(2 * unit_rows(1), "one")


@pytest.mark.parametrize(
    "text",
    [
        "🤷",
        "\u200b",
        "a" * 300,
        "𓀀",
        "1\ufe0f\u20e3",
        "\ufffd",
        "x\u20e3 🤷",
        "Ω𓀀",
        "…",
        "한국어",
        "ok",
        "e\u0301t\u0301e",
    ],
)
def test_whatever_the_shipped_embedder_gives_can_be_stored(text: str):
    embedder = StaticEmbedder()
    vectors = anyio.run(embedder.embed, [text])
    check_vectors(vectors, [text], model_id=embedder.model_id, dimension=embedder.dimension)
