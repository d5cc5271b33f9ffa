"""Texts are cut at good places, nothing is lost, and no passage is too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recollect.domain.chunking import PASSAGE_WORDS, View, passages, split_document, views


@given(st.text(alphabet=st.sampled_from("ab .\n!"), max_size=600), st.integers(1, 30))
def test_passages_hold_all_words_in_order_and_are_short(text: str, limit: int):
    cut = passages(text, limit)
    assert " ".join(" ".join(cut).split()) == " ".join(text.split())
    assert len(cut) >= 1
    assert all(len(passage.split()) <= limit for passage in cut)


def test_a_short_text_stays_whole():
    assert passages("  One. Two. ") == ("  One. Two. ",)
    assert passages("") == ("",)


def test_a_long_text_is_cut_at_sentences():
    cut = passages("This sentence has five words. " * 100)
    assert all(passage.endswith("words.") for passage in cut)
    assert all(len(passage.split()) <= PASSAGE_WORDS for passage in cut)
    assert len(cut) == 5


def test_views_name_the_speaker_but_no_role():
    assert [view.told for view in views("Caroline", "Hello")] == ["Caroline: Hello"]
    assert views("user", "Hello") == views(None, "Hello") == (View("", "Hello"),)


def test_the_first_passage_is_read_after_what_was_said_before_and_each_other_one_after_the_passage_before_it():
    long = "One two three four five six seven eight nine ten. " * 30
    cut = views("Caroline", long, ("Mel: Tell me all of it!",))
    assert len(cut) > 1
    assert cut[0].before == ("Mel: Tell me all of it!",)
    assert [view.before for view in cut[1:]] == [(view.text,) for view in cut[:-1]]


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_a_document_is_split_into_parts_of_limited_length(limit: int):
    text = "One two. Three four five.\n\nSix seven.\n" * 9
    parts = split_document(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
