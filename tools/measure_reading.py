"""Prints precision, recall and F1 of the model-free readers on the labelled sentences in tests/data.

Usage: python tools/measure_reading.py [--failures]

The sentences are split in two halves: ``dev`` may be looked at while rules are written (``--failures`` prints what went
wrong there), ``test`` may not. The batch ``first`` was written before the rules by the same hand, ``later`` after them
(its dev half then taught them more), ``last`` when they were done: that is what a new text can expect
(except for emotion, whose word list was widened after its ``last`` batch had been read at 0.53).
Of corrections both halves of ``first`` and ``later`` had been looked at when ``last`` was written. When they were new,
``first`` (test half) was read at 0.97 recall, and ``later``, which holds rarer openers, at 0.74.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from recollect.adapters.models.vader import VaderScorer
from recollect.domain.reading.corrections import read_correction
from recollect.domain.reading.entities import read_entities
from recollect.domain.reading.facts import read_facts
from recollect.domain.reading.kind import classify
from recollect.domain.reading.salience import salience
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.reading.stressor import read_stressor
from recollect.domain.reading.when import read_when

DATA = Path(__file__).parents[1] / "tests" / "data"
Row = dict[str, Any]
Labels = Counter[tuple[Any, ...]]
_SCORER = VaderScorer()


def _entities(row: Row) -> tuple[Labels, Labels]:
    got = Counter((m.type.value, m.name.lower()) for m in read_entities(row["text"], None))
    return got, Counter((e["type"], e["name"].lower()) for e in row["entities"])


def _facts(row: Row) -> tuple[Labels, Labels]:
    got = Counter((f.key, f.value, f.negated) for f in read_facts(row["text"], row["speaker"]))
    return got, Counter((f["key"], f["value"], f["negated"]) for f in row["facts"])


def _times(row: Row) -> tuple[Labels, Labels]:
    said_at = datetime.fromisoformat(row["said_at"]) if row["said_at"] else None
    found = read_when(row["text"], said_at)
    got = Counter((m.start.isoformat(), m.end.isoformat(), m.granularity, m.future) for m in found)
    return got, Counter((t["start"], t["end"], t["granularity"], t["future"]) for t in row["times"])


def _kinds(row: Row) -> tuple[Labels, Labels]:
    kind = classify(row["text"], read_facts(row["text"], None), None)
    return Counter([(kind.type.value, kind.tier.value)]), Counter([(row["type"], row["tier"])])


def _emotion(row: Row) -> tuple[Labels, Labels]:
    score = _SCORER.score([row["text"]])[0]
    band = min(4, int(score * 5))
    return Counter([(band,)]), Counter([(round(row["low"] * 5),)])


def _small_talk(row: Row) -> tuple[Labels, Labels]:
    """Fillers may count either way."""
    told = small_talk(row["text"]) and row["small_talk"] is not None
    return Counter([("small talk",)] * told), Counter([("small talk",)] * bool(row["small_talk"]))


def _kept(row: Row) -> tuple[Labels, Labels]:
    text = row["text"]
    score = salience(text, read_facts(text, None), read_entities(text, None), _SCORER.score([text])[0]).score
    return Counter([("keep",)] * (score >= 0.3)), Counter([("keep",)] * row["keep"])


def _corrections(row: Row) -> tuple[Labels, Labels]:
    """Old, new, attribute and subject count together; case does not."""
    found, told = read_correction(row["text"]), row["correction"]
    got: Labels = Counter()
    if found:
        got[found.attribute, _folded(found.old), _folded(found.new), found.subject] = 1
    want: Labels = Counter()
    if told:
        want[told["attribute"], _folded(told["old"]), _folded(told["new"]), told["subject"]] = 1
    return got, want


def _folded(value: str | None) -> str | None:
    return value.casefold() if value else value


def _stressors(row: Row) -> tuple[Labels, Labels]:
    """Emotion and category count together."""
    found, told = read_stressor(row["text"], _SCORER.score([row["text"]])[0]), row["stressor"]
    got: Labels = Counter([(found.emotion, found.category)]) if found else Counter()
    want: Labels = Counter([(told["emotion"], told["category"])]) if told else Counter()
    return got, want


READERS: dict[str, tuple[str, Callable[[Row], tuple[Labels, Labels]]]] = {
    "entities": ("reading_entities", _entities),
    "facts": ("reading_facts", _facts),
    "times": ("reading_times", _times),
    "kinds": ("reading_kinds", _kinds),
    "emotion bands": ("reading_emotion", _emotion),
    "small talk": ("reading_salience", _small_talk),
    "salience": ("reading_salience", _kept),
    "corrections": ("corrections", _corrections),
    "stressors": ("stressors", _stressors),
}


def rows(name: str, split: str) -> Iterator[Row]:
    """Yields the labelled sentences of one file and half."""
    for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row: Row = json.loads(line)
        if row["split"] == split:
            yield row


def measure(reader: str, split: str, batch: str = "", failures: list[str] | None = None) -> tuple[float, float, int]:
    """Returns precision, recall and the number of sentences.

    Args:
        reader: a name in ``READERS``.
        split: ``dev`` or ``test``.
        batch: ``first``, ``later`` or ``last``; empty for all.
        failures: takes a line for every sentence that is read wrongly.
    """
    name, read = READERS[reader]
    right = wrong = missed = count = 0
    for row in rows(name, split):
        if batch and row.get("batch", "first") != batch:
            continue
        got, want = read(row)
        count += 1
        right, wrong, missed = right + (got & want).total(), wrong + (got - want).total(), missed + (want - got).total()
        if got != want and failures is not None:
            failures.append(f"{reader}: {row['text']}\n    extra {list(got - want)}\n    missed {list(want - got)}")
    return right / max(1, right + wrong), right / max(1, right + missed), count


def main() -> None:
    """Prints the table, and the failures in dev when asked."""
    failures: list[str] = []
    print(f"{'reader':<15}{'half':<6}{'batch':<7}{'texts':>6}{'P':>8}{'R':>8}{'F1':>8}")
    for reader in READERS:
        for split in ("dev", "test"):
            for batch in ("first", "later", "last", ""):
                taken = failures if split == "dev" and not batch else None
                precision, recall, count = measure(reader, split, batch, taken)
                if count and not (batch == "first" and count == measure(reader, split)[2]):
                    f1 = 2 * precision * recall / max(1e-9, precision + recall)
                    label = batch or "all"
                    print(f"{reader:<15}{split:<6}{label:<7}{count:>6}{precision:>8.3f}{recall:>8.3f}{f1:>8.3f}")
    if "--failures" in sys.argv:
        print("\n".join(failures))


if __name__ == "__main__":
    main()
