"""Reopen: once a correction is gone, the words that it took out are words to go by again.

A correction archives the words that stated what was wrong, or marks them (``writing/correct.py``), and says in either
case of which facts. When one of these facts holds again, because the correcting message was deleted, erased or changed,
its mark goes from the words that it rests on; words without any mark left are active again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.ids import ids_among
from recollect.domain.record import CORRECTED, Memory, Status
from recollect.ports.store import Change
from recollect.writing.timeline import LIVING


def words_behind(existing: Iterable[Memory]) -> list[UUID]:
    """The words that superseded facts rest on: to be seen under the lock where such a fact may hold again."""
    cited = [
        reference for fact in existing if fact.status is Status.SUPERSEDED for reference in fact.provenance.evidence
    ]
    return list(dict.fromkeys(ids_among(cited)))


def brought_back(changes: Sequence[Change], existing: Iterable[Memory], now: datetime) -> list[Change]:
    """What brings back the words of facts that hold again after the changes.

    Args:
        changes: what is written, in order; a record may change twice.
        existing: the records seen under the lock, the words of superseded facts among them.
        now: the time.
    """
    found: list[Change] = []
    right = _facts_again(changes)
    touched = {change.after.id for change in changes}
    for words in existing:
        marks = frozenset(words.extra.get(CORRECTED, ()))
        again = marks & right.get(words.id, set())
        if not again or words.id in touched or words.status not in LIVING:
            continue
        after = _with_marks(words, sorted(marks - again))
        after = replace(after, version=words.version + 1, updated_at=now)
        reason = "what it states was corrected, and is so again"
        found.append(Change(type=EventType.MEMORY_REOPENED, before=words, after=after, reason=reason))
    return found


def _facts_again(changes: Sequence[Change]) -> dict[UUID, set[str]]:
    """By the id of the words that state them, the keys of the facts that were superseded and hold again."""
    first: dict[UUID, Memory] = {}
    last: dict[UUID, Memory] = {}
    for change in changes:
        if change.before is not None:
            first.setdefault(change.after.id, change.before)
        last[change.after.id] = change.after
    stated: dict[UUID, set[str]] = {}
    for fact_id, before in first.items():
        if before.status is Status.SUPERSEDED and last[fact_id].status in LIVING:
            for words_id in ids_among(last[fact_id].provenance.evidence):
                stated.setdefault(words_id, set()).add(before.key or "")
    return stated


def _with_marks(words: Memory, marks: Sequence[str]) -> Memory:
    extra = {name: value for name, value in words.extra.items() if name != CORRECTED}
    if marks:
        return replace(words, extra={**extra, CORRECTED: list(marks)})
    return replace(words, extra=extra, status=Status.ACTIVE if words.status is Status.ARCHIVED else words.status)
