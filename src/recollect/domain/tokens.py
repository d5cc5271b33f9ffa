"""How many tokens a text takes in a prompt: what counts them, and an estimate for when no tokenizer is there."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol


class TokenCounter(Protocol):
    """Counts tokens, offline."""

    @property
    def name(self) -> str:
        """What counts, for people."""
        ...

    @property
    def exact(self) -> bool:
        """Whether it is a model's own tokenizer; an estimate is not."""
        ...

    @property
    def adds_up(self) -> bool:
        """Whether a text's count is the sum of its lines' counts, each with its line break."""
        ...

    def count(self, text: str) -> int:
        """How many tokens the text takes, without special tokens."""
        ...


_PART = re.compile(r"[A-Z]?[a-z]{1,32}|[A-Z]{1,32}(?![a-z])")
_SHOUTED = re.compile(r"[A-Z]{4,32}(?![a-z])")
_SHORTENED = re.compile(r"[a-z]'(?:s|t|re|ve|m|ll|d)\b")
_DIGITS = re.compile(r"[0-9]{1,3}")
_BLANKS = re.compile(r"[ \t]{2,}")
_MARKS = re.compile(r"[!-/:-@\[-`{-~]{1,40}")
_SYNTAX = re.compile(r"[(){}\[\]=<>;_\"/\\|*+#&]")
_OTHER = re.compile(r"[^\x00-\x7f]+")

_ENGLISH_LENGTHS = [0.0, 1, 1, 1, 1.01, 1.03, 1.03, 1.04, 1.07, 1.15, 1.14, 1.15, 1.2, 1.2, 1.35, 1.4]
_FOREIGN_LENGTHS = [0.0, 1, 1, 1.1, 1.4, 1.65, 1.7, 1.9, 2.3, 2.6, 3.1, 3.3, 3.6, 3.9, 4.2, 4.5]
_MARK_LENGTHS = [0.0, 1, 1.05, 1.25, 1.4, 2.1, 2.6]
_ENGLISH_LENGTHS.extend(1.4 + n / 4 for n in range(1, 18))
_FOREIGN_LENGTHS.extend(4.5 + 0.3 * n for n in range(1, 18))
_MARK_LENGTHS.extend(2.6 + n / 2 for n in range(1, 35))
_SHOUT = 0.14
"""Tokens by the length of a word in English and in another language, and of a run of punctuation; what each letter of
an upper-case word adds. From 4,500 texts: means of what cl100k_base makes of them."""

_COMMON = (
    "the to and of I you for is that it with my this are can be have your what about how if like but at not from would "
    "we could by help any their they more up which our there just when want need using should then also them use "
    "her she been know make get where does did into these those its than really think great thanks"
)
_ENGLISH = frozenset(form for word in _COMMON.split() for form in (word, word.capitalize()))
"""Words that nearly every English sentence has one of, and other languages in Latin letters have not."""

_CHARACTERS = (
    (0x0250, 0.65),  # Latin with marks
    (0x0370, 0.8),
    (0x0400, 1.1),  # Greek
    (0x0530, 0.6),  # Cyrillic
    (0x0900, 1.0),  # Hebrew, Arabic
    (0x1E00, 1.35),  # scripts of India and South-East Asia
    (0x2000, 1.1),  # Latin with two marks
    (0x2070, 1.0),  # typographic punctuation
    (0x2E80, 2.2),  # symbols
    (0xAC00, 1.25),  # Chinese, Japanese
    (0xD7B0, 1.4),  # Korean
    (0xFE00, 1.3),
    (0xFE10, 1.0),  # variation selectors
    (0x10000, 1.2),
)
_PICTURE = 2.75
"""Tokens of one character, by the end of its range; of an emoji."""


def estimate_tokens(text: str) -> int:
    """Estimates the tokens of a text, rather too many than too few; no tokenizer is needed.

    It reads each line by itself: words by their length, in English or another language, digits in threes, runs of
    punctuation, characters outside ASCII by their script. It was fitted to one half of 8,300 messages of English chats
    and 700 pieces of code, JSON, eleven other languages and emoji; its error on the other half:

    - cl100k_base, a text: 3.7 % off on average, at most 13 % in 95 of 100. Packets of 1,000 tokens in English: 1.9 %,
      at most 5.4 % in 95 of 100, more than 5 % below the truth in 1 of 1,000. In code, JSON and other languages: from
      3 % below the truth to 18 % above.
    - o200k_base, a text: 6.5 %, at most 17 % in 95 of 100. Packets in English: 4.4 %, at most 7.6 % in 95 of 100, none
      more than 5 % below. It writes other languages shorter: 25 to 60 % above the truth, in Arabic and Hindi 2 to 3
      times the truth.
    """
    *lines, last = text.split("\n")
    return sum(_of_line(line, 1) for line in lines) + _of_line(last, 0)


def _of_line(line: str, line_break: int) -> int:
    """A line's tokens. A line break is one of its own, but for the one after punctuation, or after another one."""
    if not line:
        return 0
    parts = _PART.findall(line)
    lengths = _FOREIGN_LENGTHS if _is_foreign(line, parts) else _ENGLISH_LENGTHS
    cost = sum(map(lengths.__getitem__, map(len, parts))) + len(_DIGITS.findall(line))
    cost += sum(map(_MARK_LENGTHS.__getitem__, map(len, _MARKS.findall(line))))
    cost += _SHOUT * sum(map(len, _SHOUTED.findall(line)))
    if "  " in line or "\t" in line:
        cost += len(_BLANKS.findall(line))
    if "'" in line:
        cost -= len(_SHORTENED.findall(line))
    if not line.isascii():
        cost += sum(map(_of_character, "".join(_OTHER.findall(line))))
    if line_break and line[-1] not in ".,:;!?)]}>\"'`*-=":
        cost += 1
    return max(int(cost + 0.5), 1)


def _is_foreign(line: str, parts: list[str]) -> bool:
    """Whether it is prose, as far as it is in Latin letters, of another language than English."""
    if len(parts) < 3 or sum(map(_ENGLISH.__contains__, parts)) * 12 >= len(parts):
        return False
    return len(_SYNTAX.findall(line)) * 2.5 < len(parts)


@lru_cache(maxsize=20_000)
def _of_character(character: str) -> float:
    code = ord(character)
    return next((tokens for end, tokens in _CHARACTERS if code < end), _PICTURE)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The counter that needs no tokenizer, see ``estimate_tokens``."""

    name: str = "estimate"
    exact: bool = False
    adds_up: bool = True

    def count(self, text: str) -> int:
        """How many tokens the text takes, about."""
        return estimate_tokens(text)


ESTIMATE = Estimate()
