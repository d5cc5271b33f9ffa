"""What a question says of its answer is not what it is about."""

from datetime import UTC, datetime

import pytest

from recollect.recall.framing import without_framing
from recollect.recall.plan import plan


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Give me a clear summary of the garden", "Give me the garden"),
        ("Can you summarize the garden?", "Can you the garden?"),
        ("List the order in which I mentioned trees, in order. Name only three.", "trees, ."),
        ("What did you recommend for the pond?", "What for the pond?"),
        ("How do various kinds of fish, which we've discussed, sleep?", "How do fish, which , sleep?"),
        ("Who has a garden?", "Who has a garden?"),
        ("What did Anna  say?", "What did Anna  say?"),
        ("in order", "in order"),
    ],
)
def test_what_is_left_of_a_question(text: str, about: str):
    assert without_framing(text) == about


def test_the_words_that_are_looked_for_are_those_of_what_it_is_about():
    question = plan("Can you give me a detailed overview of my garden in May 2023?", datetime(2024, 1, 1, tzinfo=UTC))
    assert question.about == "Can you give me my garden in May 2023?"
    assert question.shown == ("garden",)
    assert question.recaps
    assert [span.said for span in question.spans] == ["May 2023"]
