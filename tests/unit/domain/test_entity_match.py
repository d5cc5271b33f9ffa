"""How often two names are rightly or wrongly taken for one: on pairs that were labelled before the rules were written.

Half of them, every second one, were held out: no rule was written with them in view. Both halves are by one hand, so
other people's names may do worse than these rates.
"""

from pathlib import Path

import pytest

from recollect.domain.entity_match import Match, key_of, keys_of, match
from recollect.domain.record import EntityType
from recollect.memory.entity_duplicates import LIKELY
from recollect.writing.steps.resolve import KnownNames

SURE = 0.5
LINES = (Path(__file__).parents[2] / "data" / "entity_pairs.txt").read_text(encoding="utf-8").splitlines()
PAIRS = [[field.strip() for field in line.split("|")] for line in LINES if line and not line.startswith("#")]
SEEN, HELD_OUT = PAIRS[::2], PAIRS[1::2]


def rates(pairs: list[list[str]], confidence: float = SURE) -> tuple[float, float]:
    """Precision and recall of what is taken for the same."""
    same = {True: 0, False: 0}
    missed = 0
    for kind, label, _, one, other in pairs:
        if match(one, other, EntityType(kind)).confidence >= confidence:
            same[label == "+"] += 1
        else:
            missed += label == "+"
    return same[True] / sum(same.values()), same[True] / (same[True] + missed)


def test_there_are_enough_pairs_of_both_kinds():
    assert len(PAIRS) == 336
    for half in (SEEN, HELD_OUT):
        labels = [label for _, label, *_ in half]
        assert (labels.count("+"), labels.count("-")) == (96, 72)


@pytest.mark.parametrize(
    ("half", "confidence", "precision", "recall"),
    [
        (SEEN, SURE, 0.98, 0.99),
        (HELD_OUT, SURE, 0.97, 0.97),
        (SEEN, LIKELY, 0.98, 0.96),
        (HELD_OUT, LIKELY, 0.97, 0.93),
    ],
)
def test_names_are_matched_at_the_published_rates(
    half: list[list[str]], confidence: float, precision: float, recall: float
):
    found = rates(half, confidence)
    print(f"precision {found[0]:.3f}, recall {found[1]:.3f} of {len(half)} pairs")  # noqa: T201 - the published rates
    assert found[0] >= precision
    assert found[1] >= recall


def test_it_does_not_matter_which_name_comes_first():
    for kind, _, _, one, other in PAIRS:
        assert match(one, other, EntityType(kind)) == match(other, one, EntityType(kind))


def test_whatever_matches_is_looked_up_by_a_key():
    apart = [
        (one, other)
        for kind, _, _, one, other in PAIRS
        if match(one, other, EntityType(kind)).confidence and not keys_of(one) & keys_of(other)
    ]
    assert len(apart) <= 2


def test_what_writing_takes_for_one_without_asking_is_never_two():
    taken = [(label, one, other) for _, label, _, one, other in PAIRS if key_of(one) == key_of(other)]
    assert len(taken) >= 50
    assert [pair for pair in taken if pair[0] == "-"] == []


@pytest.mark.parametrize(
    ("known", "written"),
    [("Siemens", "Siemens AG"), ("José García", "Jose Garcia"), ("Nike", "Nike's"), ("Netherlands", "the Netherlands")],
)
def test_a_name_is_written_down_as_the_known_one(known: str, written: str):
    names = KnownNames([known])
    assert names.resolve(written) == known
    assert names.resolve("Somebody Else") == "Somebody Else"


def test_a_name_that_could_be_two_known_ones_stays_as_it_is():
    names = KnownNames(["Jose Garcia", "José García"])
    assert names.resolve("José Garcia") == "José Garcia"
    assert KnownNames(["WHO"]).resolve("The Who") == "The Who"


@pytest.mark.parametrize("name", ["", "!!!", "😀", "'s", "the", "Dr.", "A" * 5_000, "i ii iii"])
def test_odd_names_are_compared_too(name: str):
    for kind in EntityType:
        assert 0 <= match(name, "Anna Schmidt", kind).confidence <= 1
        assert match(name, name, kind).confidence in (0.0, 1.0)
    assert match("", "", EntityType.PERSON) == Match(0.0, "")
