"""Corrections are read from one message, and put right what is known of the user."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from recollect.domain.reading.corrected import Corrected, KnownFact, corrected_facts
from recollect.domain.reading.corrections import read_correction
from recollect.domain.reading.facts import read_facts

NOW = datetime(2026, 5, 10, 14, 30, tzinfo=UTC)


def known(key: str, value: str, minutes: int = 60, *, single: bool = True) -> KnownFact:
    return KnownFact(key, value, f"m-{key}-{value}", NOW - timedelta(minutes=minutes), single)


PARIS = known("user:location", "Paris")
ACME = known("user:employer", "Acme", 30)
ANA = known("user:name", "Ana Silva", 300)
MARIA = known("user:sister", "Maria", 20, single=False)
BIRTHDAY = known("user:birthday", "4 June 1990", 500)
DIET = known("user:diet", "vegetarian", 90)
DOG = known("user:pet", "dog", 80, single=False)
TEA = known("user:likes", "tea", 1, single=False)
EVERYTHING = (PARIS, ACME, ANA, MARIA, BIRTHDAY, DIET, DOG, TEA)


def put_right(text: str, *held: KnownFact) -> list[tuple[str, str | None, str | None]]:
    correction = read_correction(text)
    assert correction is not None
    found = corrected_facts(correction, read_facts(correction.text, None), held or EVERYTHING, said_at=NOW)
    return [(each.key, each.old_value, each.new_value) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No, I moved to Lyon.", ("user:location", "Paris", "Lyon")),
        ("it's Lyon, not Paris", ("user:location", "Paris", "Lyon")),
        ("it's lyon, not PARIS", ("user:location", "Paris", "lyon")),
        ("I meant Lyon", ("user:location", "Paris", "Lyon")),
        ("no, Siemens", ("user:employer", "Acme", "Siemens")),
        ("I never lived in Paris", ("user:location", "Paris", None)),
        ("I don't live in Paris, I live in Lyon.", ("user:location", "Paris", "Lyon")),
        ("That's not my name", ("user:name", "Ana Silva", None)),
        ("No, not Silva, Silveira.", ("user:name", "Ana Silva", "Ana Silveira")),
        ("My birthday is in May, not June", ("user:birthday", "4 June 1990", "4 May 1990")),
        ("she's called Marie, not Maria", ("user:sister", "Maria", "Marie")),
        ("No, my sister's name is Marie", ("user:sister", "Maria", "Marie")),
        ("I'm not a vegetarian", ("user:diet", "vegetarian", None)),
        ("I don't have a dog", ("user:pet", "dog", None)),
        ("I don't work there", ("user:employer", "Acme", None)),
        ("That's wrong. My name is Anna.", ("user:name", "Ana Silva", "Anna")),
    ],
)
def test_known_fact_is_put_right(text: str, expected: tuple[str, str, str | None]) -> None:
    assert put_right(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "it's Lyon, not Rome",  # Rome was never known
        "I don't live in Rome",
        "No, I live in Paris.",  # known already
        "I never worked at Bosch",
        "I'm not married",
        "He lives in Bonn, not Paris.",  # somebody else
        "no, Tuesday",
    ],
)
def test_correction_of_nothing_known_changes_nothing(text: str) -> None:
    held = tuple(fact for fact in EVERYTHING if fact is not BIRTHDAY)
    assert put_right(text, *held) == []


def test_value_of_unknown_kind_is_about_what_was_told_just_now() -> None:
    told = known("user:favourite_band", "Interpol", 3)
    assert put_right("I meant Zwanzigzwölf", PARIS, told) == [("user:favourite_band", "Interpol", "Zwanzigzwölf")]
    late = known("user:favourite_band", "Interpol", 30)
    assert put_right("I meant Zwanzigzwölf", PARIS, late) == []


def test_of_two_places_the_one_told_last_is_meant() -> None:
    origin = known("user:origin", "Rome", 2)
    assert put_right("no, Lyon", PARIS, origin) == [("user:origin", "Rome", "Lyon")]


def test_two_sisters_are_not_mixed_up() -> None:
    other = known("user:sister", "Lena", 5, single=False)
    assert put_right("No, my sister's name is Marie", MARIA, other) == []
    assert put_right("My sister is called Marie, not Maria.", MARIA, other) == [("user:sister", "Maria", "Marie")]


def test_what_he_is_corrected_about_is_never_the_users() -> None:
    tom, work = known("tom:location", "Paris", 400), known("tom:school", "Paris", 1, single=False)
    assert put_right("He lives in Bonn, not Paris.", PARIS, tom, work) == [("tom:location", "Paris", "Bonn")]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("My birthday is in May. Not June!", "June", "May"),
        ("I'm not an engineer. I'm a chemist.", "engineer", "chemist"),
        ("Not Bosch. Siemens.", "Bosch", "Siemens"),
        ("You said I live in Paris, but I live in Lyon.", "Paris", "Lyon"),
        ("nicht Paris, sondern Lyon", "Paris", "Lyon"),
    ],
)
def test_two_parts_make_one_correction(text: str, old: str, new: str) -> None:
    correction = read_correction(text)
    assert correction is not None
    assert (correction.old, correction.new) == (old, new)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no, thanks",
        "he said no, I moved to Lyon",
        "isn't it Lyon, not Paris?",
        '"No, I live in Lyon."',
        "I moved to Lyon in May",
        "I don't live in Paris anymore",
        "Oh no, Anna!",
        "Exercise 5: No Heads",
        "*Title of Book*. Publisher.",
        "Make It Interactive",
        "I don't like Mondays",
    ],
)
def test_no_correction(text: str) -> None:
    assert read_correction(text) is None


def test_memory_of_the_wrong_fact_is_named_and_other_facts_stay() -> None:
    text = "I love tea. No, I live in Lyon and I work at Siemens. My name is Eva."
    correction = read_correction(text)
    assert correction is not None
    found = corrected_facts(correction, read_facts(correction.text, None), EVERYTHING, said_at=NOW)
    assert found == [
        Corrected("user:location", "Paris", "Lyon", PARIS.memory_id),
        Corrected("user:employer", "Acme", "Siemens", ACME.memory_id),
    ]


def test_opener_is_blanked_and_positions_hold() -> None:
    text = "Hello there. Wait, what? I never lived in Paris. Bye."
    correction = read_correction(text)
    assert correction is not None
    assert text[correction.start : correction.end] == "Wait, what? I never lived in Paris."
    assert len(correction.text) == len(text)
    assert correction.text.split() == ["Hello", "there.", "I", "never", "lived", "in", "Paris.", "Bye."]


@pytest.mark.parametrize(
    "text",
    ["not a, ", "no, ", " but I'm not ", "I took the bus to work. ", "Not Paris. Lyon is big. ", ". ", "\ud800 ", "*"],
)
def test_long_texts_are_read_in_linear_time(text: str) -> None:
    def seconds(size: int) -> float:
        long, best = (text * (size // len(text) + 1))[:size], 9.0
        for _ in range(3):
            begun = time.perf_counter()
            read_correction(long)
            best = min(best, time.perf_counter() - begun)
        return best

    # Measured: 30 ms at most. Squares would make it four times as long at twice the length, and seconds in all.
    assert seconds(10_000) < 1.0
    assert seconds(20_000) < 4 * max(seconds(10_000), 0.002)
