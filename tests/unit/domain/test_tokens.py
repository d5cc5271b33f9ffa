"""The estimate of tokens, against counts made with tiktoken's cl100k_base and o200k_base (``token_counts.jsonl``)."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recollect.domain.tokens import ESTIMATE, estimate_tokens

COUNTS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "token_counts.jsonl").read_text(encoding="utf-8").splitlines()
]


def of_kinds(*kinds: str) -> list[dict[str, object]]:
    return [count for count in COUNTS if count["kind"] in kinds]


def bias(counts: list[dict[str, object]], encoding: str) -> float:
    true = sum(int(str(count[encoding])) for count in counts)
    return sum(estimate_tokens(str(count["text"])) for count in counts) / true - 1


@pytest.mark.parametrize(
    ("kinds", "most"),
    [
        (("en",), 0.06),
        (("de", "fr", "es", "pt", "it"), 0.20),
        (("zh", "ja", "ko"), 0.20),
        (("ru", "ar", "hi"), 0.20),
        (("code", "json", "urls"), 0.15),
        (("emoji",), 0.10),
    ],
)
def test_the_estimate_is_near_cl100k_for_every_kind_of_text(kinds: tuple[str, ...], most: float):
    found = bias(of_kinds(*kinds), "cl100k_base")
    assert -0.05 <= found <= most


@pytest.mark.parametrize("encoding", ["cl100k_base", "o200k_base"])
def test_a_packet_is_hardly_ever_longer_than_estimated(encoding: str):
    chosen = random.Random(7)  # noqa: S311 - the same in every run
    low = 0
    for _ in range(300):
        texts = [count for count in chosen.choices(COUNTS, k=45) if count[encoding]]
        low += bias(texts, encoding) < -0.05
    assert low <= 3


@given(st.lists(st.text(max_size=60)))
def test_lines_add_up(lines: list[str]):
    whole = "".join(f"{line}\n" for line in lines)
    assert estimate_tokens(whole) == sum(estimate_tokens(f"{line}\n") for line in lines)
    assert ESTIMATE.adds_up


@given(st.text(max_size=300))
def test_any_text_has_an_estimate_and_only_blank_ones_have_none(text: str):
    tokens = estimate_tokens(text)
    assert (tokens == 0) == (set(text) <= {"\n"})
    assert tokens <= 4 * len(text) + 1


def test_very_long_words_are_counted_in_time():
    assert estimate_tokens("x" * 1_000_000) > 100_000
    assert estimate_tokens("-" * 1_000_000) > 100_000
