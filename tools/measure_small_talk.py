"""Measures the small-talk classifier: 10,000 texts of small talk in six languages against 10,000 real turns.

Usage: python tools/measure_small_talk.py BENCH [--found] [--missed]

``BENCH`` is the folder with ``locomo.json.gz`` and ``assistant-chats.json.gz``. The real turns are all distinct turns
of both (8,303), and questions about them up to 10,000. Precision is told twice: strictly, where every real turn counts
as content, and with the real turns that turned out to be small talk when read (``LABELLED``) counted as such.
``--found`` prints the real turns that were called small talk, ``--missed`` what was missed in the half ``dev``.
"""

import gzip
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.small_talk_set import LANGUAGES, Text, small_talk_texts  # noqa: E402

from recollect.domain.reading.small_talk import small_talk  # noqa: E402

COUNT = 10_000
FILES = ("locomo.json.gz", "assistant-chats.json.gz")
LABELLED = frozenset(
    """
    6c1b58a978dc b21463bcbaf6 fd6e294b7f67 1aa7b1c1d5fb 2d59b78d1e73 f1183546bd54 4b4a25bd1a6e c330978d1165
    1d66884c7356 72e8b7ed7971 093a848c43ce 9f48d6fb4ce1 2cbe476e6681 1d7a1c2f9aea 24b85dfe26e2 cc3c00c040f7
    82de71d9682c 642b662b5aed cf8748681b2a 7c33e1031c29 3f2698d6b409 ad3e1aa34a3f 984ffffe0d63 e62073ea8f93
    e84ff639dd17 ae24a82c01a1 ae9cc07e31d8 e84d2018e733 4d37e6e958ab ad0f2e0744f3 a4b7425f58cb a9163f3a6ad7
    dd06c12e60cb ffc0e88fdc83 ea149490adf3 be6e5c3dd2df 1b2716c6a99e f5171905860a a9c887ea8091 cc9613d22f82
    9a60433a1fce 32e8b2a5c960 de7ace5a83a0 1885274bce1d 548068061a0c ada9a18e5efb 9fdd1e738d36 8bc2d78e38a2
    f459014eedf5 caae3c2ebfeb f16ef740028d a26c865c58da c4616c2514e6 2d88d912c6c9 6c0d86740fc7 40dd57f991e7
    5f102e5aad6b eb0cbab82d7a a6026ad95e56 f224f777b664 2742521e278e 8c224c13b429 6edb40e17d74 5b31bdc3c753
    930f25e99607 00b30cd2f748 57ab71dcb799 430d0cf0956b a129641584c2 fba2603f2a71 c06943d621e2 828e80b0303f
    13500f58cea6 2a514c261821 0b4a889540c8 ff2dfaaf6691 eb7894677aa7 850c725e1d38 b7d5ad39f3b0 9c715b0bebcc
    53383a1aa480 27e1a8149bb9 55f1d2832445 3b21b5a356e2 04102f9a9e33 345fc630a3d2 6fa5881a1560 1291809a5e6b
    5df7b980ce4a 1788ef1c9d66 6e085cca085e b85e335c228a f168fc10610a 5d5107150804 2f4de3eba511 569d324db101
    23d3273c972d 8195b4e42654 7daba055b8aa a87480c7bb67 65b276369d78 4fe86af5a606 13cab8c1c97d 0c0699580ef6
    126a8240bee2 da32ea3cb87f d9ae094d7998 f160fabd007e fd8402944630 2df354b3a3c4 8310c9667b86 a68db8eb4bf3
    b1112e127567
    """.split()  # noqa: SIM905 - as words they are easier to read
)
"""Keys of the real turns that are small talk, read one by one: greetings, thanks and goodbyes without any content."""


def key(text: str) -> str:
    """The name of a real turn here; its text is not ours to repeat."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


def real_turns(bench: Path) -> list[str]:
    """The distinct turns of both files in order, then questions, 10,000 together."""
    conversations: list[dict[str, Any]] = []
    for name in FILES:
        with gzip.open(bench / name, "rt", encoding="utf-8") as file:
            conversations += json.load(file)
    turns = [turn["text"] for conversation in conversations for turn in conversation["turns"]]
    questions = [question["text"] for conversation in conversations for question in conversation["questions"]]
    return list(dict.fromkeys([*turns, *questions]))[:COUNT]


def timed(texts: list[str]) -> tuple[list[bool], list[float]]:
    """What the classifier says of each text, and the milliseconds it took."""
    small_talk("hi")  # reads the phrases
    answers: list[bool] = []
    took: list[float] = []
    for text in texts:
        begun = time.perf_counter()
        answers.append(small_talk(text))
        took.append((time.perf_counter() - begun) * 1000)
    return answers, took


def table(texts: list[Text], answers: list[bool], found: int, turns: int) -> Iterator[str]:
    """The confusion table, a row a language and half."""
    right: Counter[tuple[str, str]] = Counter()
    all_of: Counter[tuple[str, str]] = Counter()
    for text, answer in zip(texts, answers, strict=True):
        for row in ((text.language, text.split), ("all", text.split), ("all", "both")):
            all_of[row] += 1
            right[row] += answer
    yield f"{'':<12}{'half':<6}{'small talk':>11}{'content':>9}{'recall':>9}"
    for row in [*((each, half) for each in (*LANGUAGES, "all") for half in ("dev", "test")), ("all", "both")]:
        yield f"{row[0]:<12}{row[1]:<6}{right[row]:>11}{all_of[row] - right[row]:>9}{right[row] / all_of[row]:>9.4f}"
    yield f"{'real turns':<12}{'':<6}{found:>11}{turns - found:>9}"


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    """Prints the table, precision and times."""
    texts, turns = small_talk_texts(COUNT), real_turns(Path(sys.argv[1]))
    answers, took = timed([text.text for text in texts])
    called, took_real = timed(turns)
    found = [turn for turn, answer in zip(turns, called, strict=True) if answer]
    wrong = [turn for turn in found if key(turn) not in LABELLED]
    right = sum(answers)
    print("\n".join(table(texts, answers, len(found), len(turns))))
    labelled = len(found) - len(wrong)
    print(f"precision, every real turn counted as content: {right / (right + len(found)):.4f}")
    print(f"precision, {labelled} of them labelled small talk: {(right + labelled) / (right + len(found)):.4f}")
    long = [(turn + " ") * (10_000 // (len(turn) + 1) + 1) for turn in turns[:2000]]
    for name, times in (("20,000 texts", took + took_real), ("of 10,000 characters", timed(long)[1])):
        print(
            f"{name}: p50 {percentile(times, 0.5):.4f} ms, p99 {percentile(times, 0.99):.4f} ms, max {max(times):.3f}"
        )
    if "--found" in sys.argv:
        print("\n".join(f"{key(turn)} {'labelled' if turn not in wrong else 'WRONG'} {turn!r}" for turn in found))
    if "--missed" in sys.argv:
        pairs = zip(texts, answers, strict=True)
        print("\n".join(f"{each.language} {each.text!r}" for each, ok in pairs if not ok and each.split == "dev"))


if __name__ == "__main__":
    main()
