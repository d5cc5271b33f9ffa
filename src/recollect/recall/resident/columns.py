"""Columns: which fields of each memory filters and simple signals read, and how a row gives them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

import numpy as np

from recollect.domain.record import MemoryType, Sensitivity, Status, Tier, Trust
from recollect.ports.index import IndexRow
from recollect.recall.said import said
from recollect.recall.time_told import ahead, tells_time

UNKNOWN_TIME: Final = np.iinfo(np.int64).min
"""Stands for "no time given" in ``occurred``, ``told`` and ``ahead``, and for "since ever" in ``valid_from``."""
ENDLESS: Final = np.iinfo(np.int64).max
"""Stands for "still true" in ``valid_to``."""
NO_CODE: Final = -1
"""Stands for "none" where a text is replaced by its number."""

TYPE_CODE: Final = {kind: code for code, kind in enumerate(MemoryType)}
TIER_CODE: Final = {tier: code for code, tier in enumerate(Tier)}
STATUS_CODE: Final = {status: code for code, status in enumerate(Status)}
TRUST_CODE: Final = {trust: code for code, trust in enumerate(Trust)}
SENSITIVITY_CODE: Final = {sensitivity: code for code, sensitivity in enumerate(Sensitivity)}

_CODES: Final = (TYPE_CODE, TIER_CODE, STATUS_CODE, TRUST_CODE, SENSITIVITY_CODE)
CODES_DIGEST: Final = ",".join(f"{name}={code}" for codes in _CODES for name, code in codes.items())
"""Names all of these numbers."""

RECORD: Final = np.dtype(
    [
        ("id_high", np.uint64),
        ("id_low", np.uint64),
        ("occurred", np.int64),  # microseconds since 1970, like all times here
        ("told", np.int64),
        ("ahead", np.int64),  # when what it announces begins
        ("written", np.int64),
        ("valid_from", np.int64),
        ("valid_to", np.int64),
        ("content", np.int64),  # a hash of what the row says, to notice a change
        ("vector_start", np.int64),
        ("vector_count", np.int32),
        ("conversation", np.int32),
        ("agent", np.int32),
        ("project", np.int32),
        ("source", np.int32),
        ("author", np.int32),
        ("channel", np.int32),
        ("audience", np.int32),
        ("speaker", np.int32),
        ("access_count", np.int32),
        ("reinforcements", np.int32),
        ("confidence", np.float32),
        ("importance", np.float32),
        ("emotion", np.float32),
        ("type", np.uint8),
        ("tier", np.uint8),
        ("status", np.uint8),
        ("trust", np.uint8),
        ("sensitivity", np.uint8),
        ("said", np.uint8),  # kinds of things it says, see ``said.Said``
        ("derived", np.bool_),  # has sources: a fact read out of what was said
        ("tells_time", np.bool_),
        ("alive", np.bool_),  # False: deleted, or replaced by a newer row of the same memory
    ]
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST: Final = np.iinfo(np.int32).max


class Codes:
    """Numbers for texts that recur (conversations, speakers, ...): append-only, so readers need no lock."""

    def __init__(self) -> None:
        self._code: dict[str, int] = {}
        self.names: list[str] = []

    def code(self, name: str | None) -> int:
        """The text's number, a new one if it has none yet; ``NO_CODE`` for None."""
        if name is None:
            return NO_CODE
        code = self._code.get(name)
        if code is None:
            code = len(self.names)
            self.names.append(name)
            self._code[name] = code
        return code

    @staticmethod
    def of(names: Sequence[str]) -> "Codes":
        """The texts with the numbers of their places."""
        made = Codes()
        for name in names:
            made.code(name)
        return made

    def find(self, name: str) -> int | None:
        """The text's number, or None if it never occurred."""
        return self._code.get(name)

    def __len__(self) -> int:
        return len(self.names)


class Vocabulary(NamedTuple):
    """What the numbers in a user's records stand for; ``scopes`` holds agents, projects, sources, authors, channels."""

    conversations: Codes
    scopes: Codes
    speakers: Codes
    audiences: Codes


def audience_name(audience: Sequence[str]) -> str | None:
    """The text that stands for an audience; None for everybody. ``json.loads`` gives the ids again."""
    return json.dumps(list(audience), ensure_ascii=False) if audience else None


def microseconds(moment: datetime) -> int:
    """Microseconds from 1970 to an aware datetime; exact."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _speaker_code(row: IndexRow, speakers: Codes) -> int:
    """Who said it; a fact that was derived counts as said by the one it is about, if that one speaks at all."""
    if row.speaker is not None or row.key is None:
        return speakers.code(row.speaker)
    subject = row.key.partition(":")[0]
    if subject == "user":
        return speakers.code(subject)
    known = speakers.find(subject.title())
    return NO_CODE if known is None else known


def record_of(row: IndexRow, content: int, codes: Vocabulary) -> tuple[int | float | bool, ...]:
    """The row's fields in the order of ``RECORD``, without its vectors' place."""
    conversations, scopes, speakers, audiences = codes
    tells = tells_time(row.text)
    announced = ahead(row.text, row.told_at) if tells else None
    return (
        row.id.int >> 64,
        row.id.int & 0xFFFF_FFFF_FFFF_FFFF,
        UNKNOWN_TIME if row.occurred_at is None else microseconds(row.occurred_at),
        UNKNOWN_TIME if row.told_at is None else microseconds(row.told_at),
        UNKNOWN_TIME if announced is None else microseconds(announced),
        microseconds(row.written_at),
        UNKNOWN_TIME if row.valid_from is None else microseconds(row.valid_from),
        ENDLESS if row.valid_to is None else microseconds(row.valid_to),
        content,
        0,
        0,
        conversations.code(row.conversation_id),
        scopes.code(row.agent_id),
        scopes.code(row.project_id),
        scopes.code(row.source_id),
        scopes.code(row.author_id),
        scopes.code(row.channel_id),
        audiences.code(audience_name(row.audience)),
        _speaker_code(row, speakers),
        min(row.access_count, _LARGEST),
        min(row.reinforcements, _LARGEST),
        row.confidence,
        row.importance,
        row.emotion,
        TYPE_CODE[row.type],
        TIER_CODE[row.tier],
        STATUS_CODE[row.status],
        TRUST_CODE[row.trust],
        SENSITIVITY_CODE[row.sensitivity],
        said(row.text),
        bool(row.sources),
        tells,
        row.status is not Status.DELETED,
    )
