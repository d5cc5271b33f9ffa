"""Vectors: which ones may be stored under a model."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recollect.errors import DimensionMismatch, ValidationError

TOLERANCE = 0.01
"""How far from 1 a vector's length may be; half precision and models of 16-bit numbers stay well within."""

_EDGE = r"[ \t\r\n!-/:-@\[-`{-~]"
_WORD = re.compile(rf"(?:^|{_EDGE})[A-Za-z0-9]{{1,40}}(?=$|{_EDGE})")
"""A plain word or number between plain separators: every model knows a piece of it."""


def check_vectors(vectors: npt.NDArray[np.float32], texts: Sequence[str], *, model_id: str, dimension: int) -> None:
    """Checks the vectors of one memory before they are stored.

    Args:
        vectors: shape (len(texts), dimension), each of length 1; of length 0 where a model knows no piece of the text,
            such as a lone emoji.
        texts: what they stand for, ``chunking.views``.
        model_id: the model they are stored under.
        dimension: the length of its vectors.

    Raises:
        DimensionMismatch: they have another shape.
        ValidationError: a number is NaN or infinite, or a length is neither 1 nor, for want of words, 0.
    """
    if vectors.shape != (len(texts), dimension):
        shape = "x".join(map(str, vectors.shape))
        raise DimensionMismatch("vectors", f"{model_id} gave {shape} numbers; {len(texts)}x{dimension} are expected")
    if not np.isfinite(vectors).all():
        raise ValidationError("vectors", f"{model_id} gave NaN or infinity; numbers are expected")
    lengths = np.linalg.norm(vectors, axis=1)
    for text, length in zip(texts, lengths.tolist(), strict=True):
        if length == 0 and not _WORD.search(text):
            continue
        if abs(length - 1) > TOLERANCE:
            what = "a zero vector" if length == 0 else f"a vector of length {length:.3g}"
            raise ValidationError("vectors", f"{model_id} gave {what} for a text with words; length 1 is expected")
