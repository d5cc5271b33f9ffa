"""Reading keyed facts: subjects, single and adding values, endings, and what must not become a fact."""

import pytest

from recollect.domain.reading.facts import read_facts


def told(text: str, speaker: str | None = None) -> set[tuple[str, str, bool]]:
    return {(f.key, f.value, f.negated) for f in read_facts(text, speaker)}


def test_first_person_is_the_speaker() -> None:
    assert told("I live in Lyon.") == {("user:location", "Lyon", False)}
    assert told("I live in Lyon.", "user") == {("user:location", "Lyon", False)}
    assert told("I live in Lyon.", "Caroline") == {("caroline:location", "Lyon", False)}


def test_fact_stands_by_itself_in_the_third_person() -> None:
    (fact,) = read_facts("By the way, I live in Lyon now.", "Caroline")
    assert fact.text == "Caroline lives in Lyon"
    assert fact.single
    assert 0.0 < fact.confidence <= 1.0
    (gone,) = read_facts("I no longer work at Acme.", None)
    assert gone.text == "User no longer works at Acme"
    assert gone.negated


def test_position_is_the_clause_in_the_text() -> None:
    text = "Hello! My sister Anna works at Google."
    for fact in read_facts(text, None):
        assert text[fact.start : fact.end].startswith("My sister Anna")


def test_replacing_and_adding_values() -> None:
    by_attribute = {
        f.attribute: f.single for f in read_facts("I am 30, live in Oslo and like jazz. I'm allergic to nuts.", None)
    }
    assert by_attribute == {"age": True, "location": True, "likes": False, "allergy": False}


def test_relative_brings_name_and_facts() -> None:
    assert told("My sister Anna works at Google. She lives in Zurich.") == {
        ("user:sister", "Anna", False),
        ("anna:employer", "Google", False),
        ("anna:location", "Zurich", False),
    }


def test_pronoun_without_a_person_says_nothing() -> None:
    assert told("She lives in Zurich.") == set()


def test_correction_and_ending() -> None:
    assert told("Actually my name is Ana, not Anna.") == {("user:name", "Ana", False)}
    assert told("I don't live in Paris any more, I live in Lyon.") == {
        ("user:location", "Paris", True),
        ("user:location", "Lyon", False),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Do I live in Lyon?",
        "If I lived in Lyon, I would eat well.",
        "He said he works at Google.",
        'Tom shouted "I live in Lyon".',
        "Imagine I live in Lyon.",
        "Maybe I live in a simulation.",
        "According to Tom, I am allergic to cats.",
        "Tom said, I live in Lyon.",
        "[shares a picture: I live in Lyon]",
        "",
        "   ",
        "I",
        "I'm",
        "My name is",
    ],
)
def test_what_is_not_stated_is_no_fact(text: str) -> None:
    assert told(text) == set()


def test_same_fact_told_twice_is_read_once() -> None:
    assert len(read_facts("I live in Lyon. I live in Lyon.", None)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "I'm not at Bosch today",
        "I'm not working at Bosch this week",
        "I don't work at Bosch on Fridays",
        "I'm not vegetarian today",
        "I don't live in Paris proper, but in a suburb",
        "I don't eat meat on Fridays",
    ],
)
def test_what_is_not_so_for_now_ends_nothing(text: str):
    assert [fact for fact in read_facts(text, None) if fact.negated] == []


@pytest.mark.parametrize(
    "text",
    ["I don't work at Bosch anymore, as of today", "I'm no longer at Bosch, since yesterday", "I left Bosch today"],
)
def test_what_is_not_so_for_good_ends_on_its_day(text: str):
    assert [(fact.key, fact.value) for fact in read_facts(text, None) if fact.negated] == [("user:employer", "Bosch")]


def test_what_is_so_beside_what_is_not_is_not_denied():
    facts = read_facts("I'm not allergic to peanuts, only to cashews", None)
    assert [(fact.value, fact.negated) for fact in facts] == [("peanuts", True), ("cashews", False)]
