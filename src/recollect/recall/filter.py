"""Filter: which memories may be found at all, as a mask that is made before anything is ranked."""

from datetime import datetime

import numpy as np
import numpy.typing as npt

from recollect.domain.record import FOUND_BY_DEFAULT, Status
from recollect.domain.search import SearchFilter
from recollect.recall.condition import condition_mask, readable_mask
from recollect.recall.resident.columns import STATUS_CODE, TIER_CODE, TYPE_CODE, UNKNOWN_TIME, microseconds
from recollect.recall.resident.snapshot import Snapshot

Mask = npt.NDArray[np.bool_]


def allowed(snapshot: Snapshot, chosen: SearchFilter, now: datetime) -> Mask:
    """Returns bool, shape (slots,): what may be found.

    Validity is judged at ``as_of``, or else at ``now``; asking for statuses without a time asks for these as they are,
    valid or not. What has been superseded since is found when ``as_of`` is given, or with ``with_former``.
    """
    mask = _with_status(snapshot, chosen).copy()
    _judge_validity(mask, snapshot, chosen, now)
    _judge_kind(mask, snapshot, chosen)
    _judge_scope(mask, snapshot, chosen)
    _judge_event_time(mask, snapshot, chosen)
    _judge_rights(mask, snapshot, chosen)
    return mask


def _with_status(snapshot: Snapshot, chosen: SearchFilter) -> Mask:
    statuses = chosen.statuses or FOUND_BY_DEFAULT
    if (chosen.as_of is not None or chosen.with_former) and not chosen.statuses:
        statuses |= {Status.SUPERSEDED}
    return snapshot.with_status(frozenset(STATUS_CODE[status] for status in statuses))


def _judge_validity(mask: Mask, snapshot: Snapshot, chosen: SearchFilter, now: datetime) -> None:
    if snapshot.ever_valid or (chosen.as_of is None and chosen.statuses):
        return
    at = microseconds(chosen.as_of or now)
    valid = (snapshot.records["valid_from"] <= at) & (snapshot.records["valid_to"] > at)
    if chosen.with_former and chosen.as_of is None:
        valid |= snapshot.records["status"] == STATUS_CODE[Status.SUPERSEDED]
    mask &= valid


def _judge_kind(mask: Mask, snapshot: Snapshot, chosen: SearchFilter) -> None:
    if chosen.types:
        mask &= _one_of(len(TYPE_CODE), [TYPE_CODE[kind] for kind in chosen.types])[snapshot.records["type"]]
    if chosen.tiers:
        mask &= _one_of(len(TIER_CODE), [TIER_CODE[tier] for tier in chosen.tiers])[snapshot.records["tier"]]
    if chosen.min_confidence > 0:
        mask &= snapshot.records["confidence"] >= np.float32(chosen.min_confidence)


def _judge_scope(mask: Mask, snapshot: Snapshot, chosen: SearchFilter) -> None:
    for name, codes, column in (
        (chosen.agent_id, snapshot.scopes, "agent"),
        (chosen.project_id, snapshot.scopes, "project"),
        (chosen.conversation_id, snapshot.conversations, "conversation"),
    ):
        if name is not None:
            _judge_code(mask, snapshot, codes.find(name), column)


def _judge_code(mask: Mask, snapshot: Snapshot, code: int | None, column: str) -> None:
    if code is None:
        mask[:] = False
    else:
        mask &= snapshot.records[column] == code


def _judge_event_time(mask: Mask, snapshot: Snapshot, chosen: SearchFilter) -> None:
    if chosen.occurred_from is None and chosen.occurred_to is None:
        return
    occurred = snapshot.records["occurred"]
    mask &= occurred != UNKNOWN_TIME
    if chosen.occurred_from is not None:
        mask &= occurred >= microseconds(chosen.occurred_from)
    if chosen.occurred_to is not None:
        mask &= occurred < microseconds(chosen.occurred_to)


def _judge_rights(mask: Mask, snapshot: Snapshot, chosen: SearchFilter) -> None:
    if not chosen.include_quarantined and snapshot.quarantined is not None:
        mask &= ~snapshot.quarantined
    if chosen.condition is not None:
        mask &= condition_mask(snapshot, chosen.condition)
    if chosen.readable is not None:
        mask &= readable_mask(snapshot, chosen.readable)
    if chosen.only is not None:
        mask &= snapshot.holding(chosen.only)


def _one_of(size: int, codes: list[int]) -> Mask:
    table = np.zeros(size, bool)
    table[codes] = True
    return table
