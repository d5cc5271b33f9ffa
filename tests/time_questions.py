"""The questions of ``data/time_questions.txt``, and what is read of a question in the same words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zlib import crc32

from recollect.recall.time_anchor import anchored
from recollect.recall.time_order import order_of
from recollect.recall.times import Span, read_times

_FILE = Path(__file__).with_name("data") / "time_questions.txt"


@dataclass(frozen=True, slots=True)
class Case:
    """A question, when it is asked, and what must be read of it."""

    text: str
    now: datetime
    expected: frozenset[str]

    @property
    def held_out(self) -> bool:
        """It was not looked at while the rules were written."""
        return crc32(self.text.encode()) % 2 == 1


def cases() -> Iterator[Case]:
    """All of them, in the file's order."""
    now = datetime(1970, 1, 1, tzinfo=UTC)
    for line in _FILE.read_text().splitlines():
        if line.startswith("now "):
            now = datetime.combine(date.fromisoformat(line.split()[1]), datetime.min.time().replace(hour=12), UTC)
        elif line and not line.startswith("#"):
            text, _, expected = line.partition("|")
            parts = frozenset(part.strip() for part in expected.split(";"))
            yield Case(text.strip(), now, parts - {"-"})


def read(text: str, now: datetime) -> frozenset[str]:
    """What is read of a question."""
    found, rest = read_times(text, now)
    said = {_written(span) for span in found}
    for one in anchored(rest):
        first, last = ("" if end is None else end for end in (one.offset.first, one.offset.last))
        said.add(f"[{' '.join(one.event)}] {first}..{last}")
    order = order_of(text)
    return frozenset(said | ({order.value} if order else set()))


def _written(span: Span) -> str:
    first, last = (
        "" if day in (date.min, date.max) else f"*{day.isoformat()[4:]}" if span.recurring else day.isoformat()
        for day in (span.first, span.last)
    )
    return first if first == last else f"{first}..{last}"
