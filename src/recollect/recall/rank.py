"""Rank: filter, score by every signal, fuse, smooth, pick: one question over one snapshot, array by array."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.record import MemoryType
from recollect.domain.search import SearchFilter, SignalScore
from recollect.recall.asked import Asked, Floats
from recollect.recall.conduct import UNHURRIED, Conduct
from recollect.recall.explain import Stages
from recollect.recall.filter import allowed
from recollect.recall.fuse import Scored, added, scored
from recollect.recall.order import SHARE, in_order
from recollect.recall.plan import Question
from recollect.recall.profile import Profile
from recollect.recall.resident.columns import TYPE_CODE
from recollect.recall.resident.question_pieces import AskedPieces
from recollect.recall.resident.snapshot import Snapshot
from recollect.recall.smooth import beside, best_of_conversation, replied

Mask = npt.NDArray[np.bool_]

STRETCH: Final = 64
"""Slots whose best score is found first, when the best of all are sought."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One memory found: its score is the sum of its signals' contributions."""

    memory_id: UUID
    score: float
    signals: Mapping[str, SignalScore]


@dataclass(frozen=True, slots=True)
class Sought:
    """How many memories are wanted at most, beside them how many procedures, and how they are to be looked for."""

    limit: int
    procedures: int = 0
    conduct: Conduct = UNHURRIED


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer to one question.

    Attributes:
        ranked: best first; equal scores in the order of their ids.
        procedures: the best of type ``procedure`` among all that passed the filter, as many as were wanted.
        searched: how many memories passed the filter and were ranked.
        ms: wall-clock milliseconds by stage.
        seq: the log position of the memories that were ranked.
    """

    ranked: tuple[Ranked, ...]
    searched: int
    ms: Mapping[str, float]
    procedures: tuple[Ranked, ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True)
class _Around:
    """A share of the scores around each memory: by what name, how much, and those scores."""

    name: str
    weight: float
    scores: Floats


def rank(
    snapshot: Snapshot,
    question: Question,
    pieces: AskedPieces,
    chosen: SearchFilter,
    *,
    sought: Sought,
    profile: Profile,
    now: datetime,
) -> Ranking:
    """The memories that pass the filter, best first, as many as are sought."""
    limit = sought.limit
    started = time.perf_counter()
    mask = allowed(snapshot, chosen, now)
    searched = int(np.count_nonzero(mask))
    asked = Asked(snapshot, question, pieces, now, mask, searched == snapshot.slots)
    filtered = time.perf_counter()
    if not searched or limit < 1:
        return Ranking((), searched, {"filter": (filtered - started) * 1000}, seq=snapshot.seq)
    parts = scored(asked, profile.weights, sought.conduct.deadline)
    judged = time.perf_counter()
    fused = added(parts, asked)
    total, around = _smoothed(asked, fused, profile)
    best = _best(asked, total, mask, limit, profile.most_per_conversation)
    picked = time.perf_counter()
    ranked = tuple(_explained(asked, best, parts, around))
    known = _procedures(asked, total, mask, sought.procedures)
    also = tuple(_explained(asked, known, parts, around)) if known else ()
    ended = time.perf_counter()
    ms = {
        "filter": filtered - started,
        "signals": judged - filtered,
        "fuse": picked - judged,
        "explain": ended - picked,
    }
    in_ms = {stage: seconds * 1000 for stage, seconds in ms.items()}
    if (explaining := sought.conduct.explaining) is not None:
        order = _best(asked, total, mask, searched, profile.most_per_conversation)
        stages = Stages(parts, fused, total, order, diversified=profile.most_per_conversation is not None)
        explaining.see(asked, stages, limit, lambda slots: _explained(asked, slots, parts, around))
        explaining.ms = in_ms
    return Ranking(ranked, searched, in_ms, also, snapshot.seq)


def _procedures(asked: Asked, total: Floats, mask: Mask, limit: int) -> list[int]:
    """The slots of the best procedures, in order."""
    if not limit:
        return []
    only = mask & (asked.snapshot.records["type"] == TYPE_CODE[MemoryType.PROCEDURE])
    return _best(asked, total, only, limit, None) if only.any() else []


def _smoothed(asked: Asked, total: Floats, profile: Profile) -> tuple[Floats, list[_Around]]:
    around: list[_Around] = []
    if profile.previous or profile.next or profile.reply:
        before, after = beside(asked.snapshot, total)
        near = [_Around("previous", profile.previous, before), _Around("next", profile.next, after)]
        near += [_Around("reply", profile.reply, replied(asked, before))] if profile.reply else []
        for one in near:
            if one.weight:
                around.append(one)
                total = _plus(total, one.weight, one.scores)
    if profile.conversation:
        best = best_of_conversation(asked, total)
        around.append(_Around("conversation", profile.conversation, best))
        total = _plus(total, profile.conversation, best)
    ordered = in_order(asked, total)
    if ordered is not None:
        weight = SHARE * profile.weights.get("time", 0.0)
        around.append(_Around("order", weight, ordered))
        total = _plus(total, weight, ordered)
    return total, around


def _plus(total: Floats, weight: float, scores: Floats) -> Floats:
    added_to = np.multiply(scores, np.float32(weight))
    added_to += total
    return added_to


def _best(asked: Asked, total: Floats, mask: Mask, limit: int, most_per_conversation: int | None) -> list[int]:
    """The slots of the best, in order."""
    slots = _foremost(total, mask, limit) if most_per_conversation is None else np.flatnonzero(mask)
    records = asked.snapshot.records
    order = np.lexsort((records["id_low"][slots], records["id_high"][slots], -total[slots]))
    ordered = slots[order].tolist()
    if most_per_conversation is not None:
        ordered = _spread(ordered, asked.snapshot.conversation_codes, most_per_conversation)
    return ordered[:limit]


def _foremost(total: Floats, mask: Mask, limit: int) -> npt.NDArray[np.intp]:
    """The slots in the mask with the best scores, and all that tie with the last of them, so that ids decide.

    The best of each stretch of slots give a score that enough others reach; few slots are left to look at.
    """
    stretches = len(total) // STRETCH
    if limit < stretches:
        best = np.where(mask, total, np.float32(-1.0)) if not mask.all() else total
        of_each = best[: stretches * STRETCH].reshape(stretches, STRETCH).max(axis=1)
        slots = np.flatnonzero(best >= np.partition(of_each, stretches - limit)[stretches - limit])
        slots = slots[mask[slots]]
    else:
        slots = np.flatnonzero(mask)
    if limit < len(slots):
        scores = total[slots]
        slots = slots[scores >= np.partition(scores, len(scores) - limit)[len(scores) - limit]]
    return slots


def _spread(ordered: Sequence[int], conversations: npt.NDArray[np.int32], most: int) -> list[int]:
    """The slots in order, what is beyond ``most`` of one conversation moved to the end: the list stays complete."""
    seen: Counter[int] = Counter()
    kept: list[int] = []
    late: list[int] = []
    for slot in ordered:
        conversation = int(conversations[slot])
        seen[conversation] += 1
        (late if conversation >= 0 and seen[conversation] > most else kept).append(slot)
    return kept + late


def _explained(asked: Asked, slots: Sequence[int], parts: Sequence[Scored], around: Sequence[_Around]) -> list[Ranked]:
    signals: list[dict[str, SignalScore]] = [{} for _ in slots]
    totals = [0.0] * len(slots)
    places = np.array(slots, np.intp)
    for part in parts:
        columns = (part.raw[places].tolist(), part.normalised(places).tolist(), part.signal.reasons(asked, places))
        for place, (raw, normalised, reason) in enumerate(zip(*columns, strict=True)):
            contribution = part.weight * normalised
            totals[place] += contribution
            signals[place][part.signal.name] = SignalScore(
                raw=raw,
                normalised=normalised,
                weight=part.weight,
                contribution=contribution,
                reason=reason if normalised > 0 else "",
            )
    for near in around:
        for place, raw in enumerate(near.scores[places].tolist()):
            totals[place] += (contribution := near.weight * raw)
            signals[place][near.name] = SignalScore(
                raw=raw, normalised=raw, weight=near.weight, contribution=contribution
            )
    ids = map(asked.snapshot.id_of, slots)
    return [Ranked(*given) for given in zip(ids, totals, signals, strict=True)]
