"""Whether a question asks for what is so now, what was so before, or what was so at first."""

import pytest

from recollect.recall.tense import Tense, tense


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Where do I live?", Tense.NOW),
        ("What's my phone number?", Tense.NOW),
        ("Who teaches our class?", Tense.NOW),
        ("Which city did I say I currently live in?", Tense.NOW),
        ("Where did I live before?", Tense.BEFORE),
        ("Where did I use to live?", Tense.BEFORE),
        ("What used to be my favourite band?", Tense.BEFORE),
        ("What was my previous job?", Tense.BEFORE),
        ("What is my old phone number?", Tense.BEFORE),
        ("What was the original deadline?", Tense.FIRST),
        ("Which venue did we book originally?", Tense.FIRST),
        ("What did we call the kitten at first?", Tense.FIRST),
        ("What was my very first job?", Tense.FIRST),
        ("Where did we go in May?", Tense.ANY),
        ("What did Nate use to make the ice cream?", Tense.ANY),
        ("Have I worked on triangles before?", Tense.ANY),
        ("How old is my old friend?", Tense.NOW),
        ("Can you list what I have read?", Tense.ANY),
        ("When did John have his first call-out?", Tense.ANY),
        ("pottery", Tense.ANY),
    ],
)
def test_what_a_question_is_after(question: str, wanted: Tense) -> None:
    assert tense(question) is wanted
