"""Makes the static table that ships with Recollect from the weights of all-MiniLM-L6-v2.

    python tools/distill_static.py PATH/model.safetensors [--vocabulary PATH/vocab.txt]

Every word piece goes through the model alone, as [CLS] piece [SEP]; its output vector, centred and cut to 128 principal
components, is stored as int8 with a scale per row. Its weight in a sentence is a / (a + p), where p is its frequency
by Zipf's law from its place in the vocabulary, which BERT sorted by frequency; function words and punctuation count a
tenth of that. The weights were chosen on conversations 1 to 5 of the recall benchmark. The same weights, packages and
processor give the same bytes.
"""

import argparse
import gzip
import hashlib
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recollect.adapters.models.minilm_graph import build_graph
from recollect.adapters.models.onnx_session import open_session
from recollect.adapters.models.wordpiece import END, FIRST_WORD, START, vocabulary

STATIC = Path(__file__).parents[1] / "src/recollect/adapters/models/static"
DIMENSION = 128
SMOOTHING = 3e-3
FIRST_RANKED = 1_995
"""The id before "the": from there on the vocabulary is sorted by frequency; below are single characters."""

FUNCTION_WORDS = """
a an the and or but if of at by for with about to from in out on off over under is are was were be been being have has
had do does did doing will would can could should may might must i me my we our you your he him his she her it its they
them their this that these those what which who whom when where why how many much s t d ll re ve m not no so as than
then there any some
"""

Floats = npt.NDArray[np.float32]


def piece_outputs(weights: Path) -> Floats:
    """Runs every piece alone through the model; float32, shape (pieces, 384)."""
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "minilm.onnx"
        build_graph(weights, graph)
        session = open_session(graph)
    ids = np.arange(FIRST_WORD, len(vocabulary()), dtype=np.int32)
    inputs = np.stack([np.full_like(ids, START), ids, np.full_like(ids, END)], axis=1)
    outputs: list[Floats] = []
    for begin in range(0, len(ids), 64):
        batch = inputs[begin : begin + 64]
        outputs.append(session.run(["token_vectors"], {"input_ids": batch})[0][:, 1])
    return np.concatenate(outputs)


def principal_components(outputs: Floats) -> Floats:
    """Centres the outputs and cuts them to 128 dimensions, each axis with its largest component positive."""
    centred = outputs.astype(np.float64) - outputs.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :DIMENSION]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMENSION)])
    return np.asarray(centred @ axes, np.float32)


def sentence_weights(pieces: tuple[str, ...]) -> npt.NDArray[np.uint8]:
    """Weighs every piece, in 255ths."""
    ranks = np.maximum(np.arange(len(pieces)) - FIRST_RANKED, 1)
    ranks[: FIRST_RANKED + 1] = 15  # single characters: about as frequent as a common word
    frequency = 1 / ((ranks + 2.7) * np.log(len(pieces)))
    function_words = frozenset(FUNCTION_WORDS.split())
    small = [piece in function_words or not any(map(str.isalnum, piece)) for piece in pieces]
    weights = SMOOTHING / (SMOOTHING + frequency) * np.where(small, 0.1, 1.0)
    return np.asarray(np.rint(weights[FIRST_WORD:] / weights.max() * 255), np.uint8)


def write_table(vectors: Floats) -> Path:
    """Quantises and writes the table."""
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float16)
    whole: Floats = np.clip(np.rint(vectors / scales.astype(np.float32)[:, None]), -127, 127)
    path = STATIC / "table.npz"
    np.savez(path, codes=whole.astype(np.int8), scales=scales, weights=sentence_weights(vocabulary()))
    return path


def main() -> None:
    """Reads the arguments, writes the files and prints their SHA-256."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("weights", type=Path, help="model.safetensors, such as `recollect model pull minilm` leaves")
    parser.add_argument("--vocabulary", type=Path, help="the model's vocab.txt; without it the shipped one is kept")
    arguments = parser.parse_args()
    packed = STATIC / "vocabulary.txt.gz"
    if arguments.vocabulary:
        packed.write_bytes(gzip.compress(arguments.vocabulary.read_bytes(), 9, mtime=0))
    for path in (packed, write_table(principal_components(piece_outputs(arguments.weights)))):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
