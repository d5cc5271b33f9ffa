"""Fits the curve that makes a probability of relevance of a hit's score, and says how well it holds.

    python tools/fit_relevance.py PATH... [--embedder static] [--home DIRECTORY]

Each PATH is a data file of the bench (``docs/recall.md``). Conversations 1 to 5 of each give the curve, 6 to 10 tell
how well it holds: of the hits that were said to be relevant with so much probability, how many were. It prints what
belongs into ``recall/relevance.py``, and must be run again when the weights of the profile ``relevance`` have changed.
A home in which `recollect model pull` has put a model is needed for that model; otherwise a fresh one is made.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, cast
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from recollect import AsyncMemory
from recollect.bench.dataset import load
from recollect.bench.replay import ASKED_AFTER, tell
from recollect.memory.arguments import SearchArguments

DEPTH = 50
"""So many hits of each question are looked at."""
LEARNED_FROM = range(1, 6)
STEPS = 60
STEADY = 1e-3
"""How much large factors are held back, beside the mean loss."""
BINS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)

Floats = npt.NDArray[np.float64]
Row = tuple[float, float, float]
"""A hit's score, how far it lies behind the best, and 1 if it is evidence."""


def main(arguments: Sequence[str]) -> None:
    """Reads the arguments, measures, prints."""
    options = {name: arguments[place + 1] for place, name in enumerate(arguments) if name in ("--embedder", "--home")}
    embedder = options.get("--embedder", "static")
    paths = [Path(name) for name in arguments if name.endswith((".json", ".json.gz"))]
    with TemporaryDirectory(prefix="fit-") as fresh:
        home = options.get("--home", fresh)
        learned, held = zip(*(asyncio.run(rows_of(path, embedder, home)) for path in paths), strict=True)
    curve = fitted(np.concatenate([np.array(rows) for rows in learned]))
    base, by_score, by_gap = (round(float(factor), 3) for factor in curve)
    print(f"Calibration(base={base}, by_score={by_score}, by_gap={by_gap})  # {embedder}")
    for path, rows in zip(paths, held, strict=True):
        print(f"\n{path.name}, conversations 6 to 10, {embedder}: the first {DEPTH} hits of each question")
        print_reliability(curve, np.array(rows))


async def rows_of(path: Path, embedder: str, home: str) -> tuple[list[Row], list[Row]]:
    """The hits of conversations 1 to 5, and of the others."""
    learned: list[Row] = []
    held: list[Row] = []
    chosen = cast(Literal["static", "minilm", "openai"], embedder)
    async with AsyncMemory(home=home, embedder=chosen, tenant_id=f"{path.name} {uuid4()}") as memory:
        for conversation in load(path):
            print(f"{path.name}: {conversation.id}", file=sys.stderr)
            told = await tell(memory, conversation.id, conversation.turns, lambda: None)
            given: SearchArguments = {"limit": DEPTH}
            if told.ended_at is not None:
                given["now"] = told.ended_at + ASKED_AFTER
            for question in conversation.questions:
                found = await memory.search(question.text, user_id=conversation.id, **given)
                best = max((hit.score for hit in found), default=0.0)
                rows = learned if conversation.place in LEARNED_FROM else held
                rows.extend(
                    (
                        hit.score,
                        best - hit.score,
                        float(not question.evidence.isdisjoint(told.citations.turns([hit.memory.id]))),
                    )
                    for hit in found
                )
    return learned, held


def fitted(rows: Floats) -> Floats:
    """Base, factor of the score and factor of the gap: logistic regression by Newton's method."""
    known, relevant = rows[:, :2], rows[:, 2]
    mean, spread = known.mean(axis=0), known.std(axis=0)
    inputs = np.column_stack([np.ones(len(known)), (known - mean) / spread])
    factors, held_back = np.zeros(3), STEADY * np.diag([0.0, 1.0, 1.0])
    for _ in range(STEPS):
        sure = 1 / (1 + np.exp(-inputs @ factors))
        slope = inputs.T @ (sure - relevant) / len(rows) + held_back @ factors
        bend = (inputs * (sure * (1 - sure))[:, None]).T @ inputs / len(rows) + held_back
        factors -= np.linalg.solve(bend, slope)
    scaled = factors[1:] / spread
    return np.array([factors[0] - scaled @ mean, *scaled])


def print_reliability(curve: Floats, rows: Floats) -> None:
    """By what was said: how many hits, the mean of what was said, and how many of them were relevant."""
    said = 1 / (1 + np.exp(-(curve[0] + rows[:, :2] @ curve[1:])))
    print(f"{'said':>12}{'hits':>8}{'mean':>8}{'found':>8}")
    for low, high, mask in _bins(said):
        print(f"{low:5.2f} - {high:4.2f}{mask.sum():8,}{said[mask].mean():8.3f}{rows[mask, 2].mean():8.3f}")
    off = sum(mask.sum() * abs(said[mask].mean() - rows[mask, 2].mean()) for _, _, mask in _bins(said)) / len(rows)
    print(f"expected calibration error {off:.4f}; relevant {rows[:, 2].mean():.3f} of {len(rows):,}")


def _bins(said: Floats) -> Iterator[tuple[float, float, npt.NDArray[np.bool_]]]:
    for low, high in pairwise(BINS):
        mask = (said >= low) & (said < high)
        if mask.any():
            yield low, high, mask


if __name__ == "__main__":
    main(sys.argv[1:])
