"""What is measured of one ranking, and the averages over many.

``R@k`` is the share of the evidence turns among the first k turns, ``hit@k`` any of them, ``all@k`` all of them,
``session R@k`` the same as R@k over sessions, a session ranked by its best turn, and ``nDCG@k`` the gain of each
evidence turn discounted by its rank, over the best that could be had.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import log2

CUTS = (5, 10, 20, 50)
MEASURES = ("R", "hit", "all", "session R", "nDCG")

Scores = Mapping[str, float]
"""Measures by name, such as ``R@5``; each lies in 0..1."""


def grade(ranked: Iterable[str], evidence: AbstractSet[str], session_of: Mapping[str, str]) -> dict[str, float]:
    """All measures of one ranking at every cut.

    Args:
        ranked: turn ids, best first; one that comes again counts at its best rank only.
        evidence: the turns that answer the question; at least one.
        session_of: each turn's session.
    """
    turns = list(dict.fromkeys(ranked))
    sessions = list(dict.fromkeys(session_of[turn] for turn in turns))
    wanted_sessions = {session_of[turn] for turn in evidence}
    scores: dict[str, float] = {}
    for k in CUTS:
        found = len(evidence & set(turns[:k]))
        scores[f"R@{k}"] = found / len(evidence)
        scores[f"hit@{k}"] = float(found > 0)
        scores[f"all@{k}"] = float(found == len(evidence))
        scores[f"session R@{k}"] = len(wanted_sessions & set(sessions[:k])) / len(wanted_sessions)
        scores[f"nDCG@{k}"] = _ndcg(turns[:k], evidence, k)
    return scores


def percentages(graded: Sequence[Scores]) -> dict[str, float]:
    """The averages over questions as percentages with one decimal, and under ``questions`` how many there were."""
    averages: dict[str, float] = {"questions": len(graded)}
    for name in graded[0] if graded else ():
        averages[name] = round(100 * sum(scores[name] for scores in graded) / len(graded), 1)
    return averages


def _ndcg(turns: Sequence[str], evidence: AbstractSet[str], k: int) -> float:
    gained = sum(1 / log2(rank + 1) for rank, turn in enumerate(turns, start=1) if turn in evidence)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(evidence)) + 1))
    return gained / best
