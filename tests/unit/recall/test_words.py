"""BM25 is what its formula says; words are cut, stemmed and keyed as described."""

import math
import random
from collections import Counter

import numpy as np

from index_rows import ask, index_of, numbers, row, sentence
from recollect.domain.words import STOP_WORDS, stem_key, stems, words
from recollect.recall.profile import PROFILES
from recollect.recall.signals.words import LENGTH, SATURATION


def naive_bm25(question: str, texts: list[str]) -> list[float]:
    documents = [stems(text) for text in texts]
    average = sum(map(len, documents)) / len(documents)
    scores: list[float] = []
    for document in documents:
        counts = Counter(document)
        total = 0.0
        for word in dict.fromkeys(stems(question)):
            frequency = sum(word in other for other in documents)
            idf = math.log(1 + (len(documents) - frequency + 0.5) / (frequency + 0.5))
            norm = SATURATION * (1 - LENGTH + LENGTH * len(document) / average)
            total += idf * counts[word] / (counts[word] + norm)
        scores.append(total)
    return scores


def test_bm25_equals_a_naive_one_however_the_rows_arrive():
    draw = random.Random(1)  # noqa: S311 - test data
    texts = [sentence(draw, draw.randint(1, 12)) for _ in range(120)]
    index = index_of([row(n, text) for n, text in enumerate(texts[:50])])
    for n, text in enumerate(texts[50:], 50):
        index.apply([row(n, text)], n)
    question = "Did my dog walk to the museum, or to the beach?"
    found = ask(index, question, limit=120, profile=PROFILES["words"])
    expected = naive_bm25(question, texts)
    raw = {number: r.signals["words"].raw for number, r in zip(numbers(found), found.ranked, strict=True)}
    assert np.allclose([raw[n] for n in range(120)], expected, rtol=1e-4)
    assert numbers(found) == sorted(range(120), key=lambda n: (-raw[n], n))


def test_the_reason_names_the_question_words_that_matched():
    index = index_of([row(1, "I walked the dogs"), row(2, "tea")])
    found = ask(index, "Where did I walk my dog?", profile=PROFILES["words"])
    assert found.ranked[0].signals["words"].reason == "walk, dog"
    assert found.ranked[1].signals["words"].reason == ""


def test_the_speakers_name_is_matched_and_a_role_is_not():
    index = index_of([row(1, "tea please", speaker="Caroline"), row(2, "tea please", speaker="user")])
    found = ask(index, "caroline user", profile=PROFILES["words"])
    assert [r.signals["words"].raw > 0 for r in found.ranked] == [True, False]


def test_words_are_cut_at_everything_that_is_no_letter_or_digit():
    assert words("Don't e-mail Ümit_2!") == ["don", "t", "e", "mail", "ümit", "2"]


def test_stems_leave_out_stop_words():
    assert stems("What did Caroline paint, and when was she painting?") == ["carolin", "paint", "paint"]
    assert all(word == word.lower() and words(word) == [word] for word in STOP_WORDS)


def test_stem_keys_are_stable_across_processes():
    assert stem_key("paint") == 4925798258333195587
    assert 0 <= stem_key("") < 2**63
