"""Small talk is told from content, measured on texts made for it, on content that looks like it, and on real turns."""

import gzip
import importlib.util
import time
from pathlib import Path

import pytest

from recollect.domain.reading.small_talk import small_talk
from recollect.domain.reading.small_talk_words import folded, phrases
from small_talk_set import SPLITS, small_talk_texts

ROOT = Path(__file__).parents[3]
BENCH = ROOT.parent / "shared" / "bench"
HARD = (ROOT / "tests" / "data" / "small_talk_hard_negatives.txt").read_text(encoding="utf-8").splitlines()
TEXTS = small_talk_texts()


@pytest.mark.parametrize(("split", "least"), list(zip(SPLITS, (0.97, 0.96), strict=True)))
def test_recall_is_as_measured(split: str, least: float) -> None:
    texts = [text.text for text in TEXTS if text.split == split]
    assert sum(map(small_talk, texts)) / len(texts) >= least


@pytest.mark.parametrize("text", HARD)
def test_content_that_looks_like_small_talk(text: str) -> None:
    assert not small_talk(text)
    assert not small_talk(f"Thanks! {text}")


@pytest.mark.parametrize(
    "text",
    [
        "heyyy",
        "Thaaanks sooo much!!!",
        "ok thanks, bye!",
        "GRACIAS!!!",
        "¿Qué tal?",
        "ca va",
        "cest bon",
        "Tschuess",
        "d’accord",
        "a+",
        "Hi Thandiwe!",
        "hahaha 😂😂",
        "kkkkk",
        "good morning everyone :)",
        "Merci pour ton aide, à demain !",
    ],
)
def test_as_people_type_it(text: str) -> None:
    assert small_talk(text)


def test_stretched_words_are_read_and_short_real_words_are_left() -> None:
    known = phrases()
    assert known.spelled("heyyy") == ["hey"]
    assert "good" in known.spelled("goooood")
    assert known.spelled("bonn") == ["bonn"]
    assert known.spelled("noon") == ["noon"]
    assert folded("Ça VA, l’été") == "ca va, lete"


def test_a_text_takes_less_than_a_millisecond() -> None:
    small_talk("hi")
    texts = [text.text for text in TEXTS[:5000]] + [f"{text} " * 300 for text in HARD]
    took: list[float] = []
    for text in texts:
        begun = time.perf_counter()
        small_talk(text)
        took.append(time.perf_counter() - begun)
    assert sorted(took)[int(0.99 * len(took))] < 0.001


@pytest.mark.skipif(not BENCH.exists(), reason="../shared/bench is not here")
def test_precision_on_real_turns() -> None:
    spec = importlib.util.spec_from_file_location("measure_small_talk", ROOT / "tools" / "measure_small_talk.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    try:
        turns = tool.real_turns(BENCH)
    except gzip.BadGzipFile as error:
        pytest.skip(f"../shared/bench cannot be read: {error}")
    found = [turn for turn in turns if small_talk(turn)]
    wrong = [turn for turn in found if tool.key(turn) not in tool.LABELLED]
    right = sum(small_talk(text.text) for text in TEXTS)
    assert len(turns) == 10_000
    assert (right + len(found) - len(wrong)) / (right + len(found)) >= 0.99
    assert right / (right + len(found)) >= 0.985
