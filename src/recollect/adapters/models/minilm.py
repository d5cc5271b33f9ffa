"""all-MiniLM-L6-v2 in int8 on onnxruntime, an embedder that runs on one processor core without torch.

Importing this needs the extra ``recollect[minilm]``; the model itself is fetched by ``recollect model pull minilm``.
Each text runs alone: measured, a batch is no faster on one core, and in int8 a text's vector would depend on its
neighbours in the batch, because the inputs are quantised over the whole batch.
"""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TypeVar

import anyio.to_thread
import numpy as np
import numpy.typing as npt

from recollect.adapters.models.onnx_session import OnnxSession, open_session
from recollect.adapters.models.wordpiece import END, START, piece_ids, vocabulary
from recollect.domain.chunking import View
from recollect.errors import ModelMissing, ModelUnavailable

Floats = npt.NDArray[np.float32]
T = TypeVar("T")

DIMENSION = 384
PIECES = 256
"""Pieces of a text that the model reads, with the two special ones; the rest is cut off."""

_CHARACTERS = 16_384
"""Characters that are looked at to find those pieces."""

_INLINE_CHARACTERS = 200
"""Up to here (about 2 ms) the event loop waits: handing over to a thread takes as long again on a busy machine."""

PIECES_ALONE = 128
"""Pieces from which on a text is read alone: a long message loses more by its context than it gains."""

NEEDS_CONTEXT = 80
"""Pieces over which a text's need of context falls to 1/e; chosen on conversations 1 to 5 of two sets."""

PIECES_BEFORE = 60
"""Pieces of each text before it that a text is read after."""

_PIECES_OF_LEAD = 32

_CHARACTERS_BEFORE = 1_000
"""Characters that are looked at to find those pieces."""

_LOCK = Lock()
_SESSIONS: dict[Path, OnnxSession] = {}


def graph_path(cache_dir: Path) -> Path:
    """Where ``recollect model pull minilm`` puts the model under the cache directory."""
    return cache_dir / "all-minilm-l6-v2" / "int8.onnx"


class MiniLMEmbedder:
    """Embeds texts with MiniLM. Safe to use from several threads; the model is loaded once per process.

    Args:
        cache_dir: the directory that was given to ``pull_minilm``.
        workers: threads that embed a large batch, one core each; by default one for each core, at most four.

    Raises:
        ModelMissing: the model has not been pulled.
        ModelUnavailable: its file cannot be loaded.
    """

    def __init__(self, cache_dir: Path, *, workers: int | None = None) -> None:
        self._session = _load(graph_path(cache_dir).resolve())
        self._tokens = vocabulary()
        self._workers = workers or min(4, os.cpu_count() or 1)

    @property
    def model_id(self) -> str:
        """The name under which vectors of this model are stored."""
        return "all-minilm-l6-v2-int8"

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return DIMENSION

    async def embed(self, texts: Sequence[str]) -> Floats:
        """Embeds documents: the mean of a text's token vectors.

        Returns:
            float32, shape (len(texts), 384); every row has length 1 (0 for a text without a piece).

        Raises:
            ModelUnavailable: the model failed.
        """
        if sum(map(len, texts)) <= _INLINE_CHARACTERS:
            return self._rows([self._mean(text) for text in texts])
        return await anyio.to_thread.run_sync(self._in_parallel, self._mean, texts)

    async def embed_question(self, text: str, token_weights: Mapping[str, float] | None = None) -> Floats:
        """Embeds a question, its token vectors averaged with ``token_weights`` (missing pieces weigh 0).

        Returns:
            float32, shape (384,), of length 1 (or 0). Where all weights are 0 the mean is taken.

        Raises:
            ModelUnavailable: the model failed.
        """
        if len(text) <= _INLINE_CHARACTERS:
            return self._weighted(text, token_weights or {})
        return await anyio.to_thread.run_sync(self._weighted, text, token_weights or {})

    async def embed_in_context(self, views: Sequence[View]) -> Floats:
        """Embeds documents, each read after what was said before it, the shorter it is the more.

        Of each text before it the last 60 pieces are read, as far as there is room. With nothing before it, or from 128
        pieces on, a text speaks for itself and has the vector of ``embed``.

        Returns:
            As ``embed``.

        Raises:
            ModelUnavailable: the model failed.
        """
        if sum(len(view.told) + sum(map(len, view.before)) for view in views) <= _INLINE_CHARACTERS:
            return self._rows([self._in_context(view) for view in views])
        return await anyio.to_thread.run_sync(self._in_parallel, self._in_context, views)

    async def close(self) -> None:
        """Does nothing: the model is shared by the whole process."""

    def _in_parallel(self, work_out: Callable[[T], Floats], texts: Sequence[T]) -> Floats:
        # The pool lives for one call: a lasting one would not survive a fork.
        with ThreadPoolExecutor(min(self._workers, len(texts)), "recollect-minilm") as pool:
            return self._rows(list(pool.map(work_out, texts)))

    def _rows(self, vectors: list[Floats]) -> Floats:
        return np.stack(vectors) if vectors else np.zeros((0, DIMENSION), np.float32)

    def _mean(self, text: str) -> Floats:
        return self._weighted(text, {})

    def _weighted(self, text: str, token_weights: Mapping[str, float]) -> Floats:
        """Runs the model and averages its token vectors, special tokens included only in the plain mean."""
        pieces = piece_ids(text[:_CHARACTERS])[: PIECES - 2]
        if not pieces:
            return np.zeros(DIMENSION, np.float32)
        vectors = self._token_vectors(pieces)
        weights = [token_weights.get(self._tokens[piece], 0.0) for piece in pieces] if token_weights else []
        return _unit(np.array([0.0, *weights, 0.0], np.float32) @ vectors if any(weights) else vectors.mean(axis=0))

    def _in_context(self, view: View) -> Floats:
        """The mean of the view's own token vectors after what was said before it, mixed with the vector of it alone.

        The first weighs ``exp(-n / 80)`` for n own pieces: the more a text says, the less it needs what was before.
        """
        own = piece_ids(view.text[:_CHARACTERS])
        alone = self._mean(view.told)
        if not view.before or not own or len(own) >= PIECES_ALONE:
            return alone
        lead = piece_ids(view.lead)[:_PIECES_OF_LEAD]
        told = [*lead, *own]
        before = [piece for text in view.before for piece in piece_ids(text[-_CHARACTERS_BEFORE:])[-PIECES_BEFORE:]]
        room = PIECES - 2 - len(told)
        read = [*before[len(before) - min(room, len(before)) :], *told]
        vectors = self._token_vectors(read)
        first = 1 + len(read) - len(told) + len(lead)
        share = math.exp(-len(own) / NEEDS_CONTEXT)
        in_context = _unit(vectors[first : 1 + len(read)].mean(axis=0))
        return _unit((share * in_context + (1 - share) * alone).astype(np.float32))

    def _token_vectors(self, pieces: list[int]) -> Floats:
        """Returns the token vectors of [CLS] pieces [SEP]; float32, shape (len(pieces) + 2, 384)."""
        ids = np.array([[START, *pieces, END]], np.int32)
        try:
            return self._session.run(["token_vectors"], {"input_ids": ids})[0][0]
        except Exception as error:  # onnxruntime's errors have only Exception in common
            raise ModelUnavailable(f"all-MiniLM-L6-v2 failed on a text of {len(pieces)} pieces: {error}") from error


def _unit(pooled: Floats) -> Floats:
    length = float(np.sqrt(pooled @ pooled))
    if not np.isfinite(length):
        raise ModelUnavailable("all-MiniLM-L6-v2 answered a vector that is not finite; pull the model again")
    return pooled / length if length > 0 else pooled


def _load(path: Path) -> OnnxSession:
    """Opens the model, once per process and file."""
    with _LOCK:
        if path not in _SESSIONS:
            if not path.is_file():
                raise ModelMissing(f"there is no model at {path}; fetch it with `recollect model pull minilm`")
            try:
                _SESSIONS[path] = open_session(path)
            except Exception as error:  # onnxruntime's errors have only Exception in common
                raise ModelUnavailable(f"{path} cannot be loaded ({error}); delete it and pull again") from error
        return _SESSIONS[path]
