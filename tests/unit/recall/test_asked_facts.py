"""Which keyed facts a question asks for."""

import pytest

from recollect.domain.words import words
from recollect.recall.asked_facts import asked_facts


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Where do I live?", "user:location"),
        ("Where does Caroline live now?", "caroline:location"),
        ("What do I do for a living?", "user:occupation"),
        ("Where does Anna work?", "anna:employer"),
        ("What's my job?", "user:occupation"),
        ("How old am I?", "user:age"),
        ("When was Ben born?", "ben:birthday"),
        ("What am I allergic to?", "user:allergy"),
        ("Who is my sister?", "user:sister"),
        ("What languages do I speak?", "user:language"),
        ("What does Anna like?", "anna:likes"),
    ],
)
def test_the_key_is_among_those_asked_for(question: str, key: str):
    assert key in asked_facts(question, words(question))


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Where does my sister live?", "user:location"),
        ("Where does Anna work?", "user:employer"),
        ("What did we do in March?", "user:occupation"),
        ("When did Caroline paint the sunrise?", "caroline:birthday"),
    ],
)
def test_nobody_elses_facts_are_asked_for(question: str, key: str):
    assert key not in asked_facts(question, words(question))
