"""A text that is cut into parts is the text again when they are put together; a place is its own and nobody else's."""

import random

import pytest

from recollect.domain.entry import Address, cut


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
@pytest.mark.parametrize("seed", range(5))
def test_parts_are_short_enough_and_together_the_text(limit: int, seed: int):
    chance = random.Random(seed)  # noqa: S311 - a test's texts are no secret
    text = "".join(chance.choice("ab \n\r\t🦊é") for _ in range(chance.randrange(1, 500)))
    parts = cut(text, limit)
    assert "".join(parts) == text
    assert all(0 < len(part) <= limit for part in parts)


def test_a_text_is_cut_after_a_line_where_one_ends():
    assert cut("one\ntwo\nthree\n", 9) == ["one\ntwo\n", "three\n"]
    assert cut("one\n" + "x" * 12, 8) == ["one\nxxxx", "xxxxxxxx"]  # the line's end comes too early in the part
    assert cut("", 8) == [""]


def test_no_two_places_have_the_same_hash():
    places = [
        Address("s", (), "a/b"), Address("s", ("a",), "b"), Address("s", ("a", "b"), ""), Address("t", ("a",), "b"),
        Address("s", ("a\x1fb",), ""), Address("s", ('a", "b',), ""), Address("s", ("",), "a/b"),
    ]  # fmt: skip
    hashes = [place.content_hash(part) for place in places for part in (0, 1)]
    assert len(set(hashes)) == 2 * len(places)
