"""Cuts a text into sentences and hides what is quoted, keeping every character's position."""

import re
from dataclasses import dataclass

from recollect.domain.reading.word_lists import words

# Longer texts are read up to here; documents are chunked well below this before they reach the readers.
READ_LIMIT = 20_000

_END = re.compile(r"[.!?;\n]+(?=\s|$)|\n+")
_QUOTED = re.compile(
    r"\[[^\]\n]{0,2000}\]|\"[^\"\n]{0,2000}\"|“[^”\n]{0,2000}”|«[^»\n]{0,2000}»|„[^“”\n]{0,2000}[“”]|`[^`\n]{0,2000}`"
)
_ABBREVIATIONS = words(
    """dr mr mrs ms prof st sr jr vs etc inc ltd co no approx feb mar apr jun jul aug sep oct nov dec"""
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its text, where it starts in the whole, and whether it asks."""

    text: str
    start: int
    question: bool


def hide_quotes(text: str) -> str:
    """Returns ``text`` with quoted speech and bracketed remarks replaced by as many tildes, so that positions stay."""
    if not any(mark in text for mark in '"“«„`['):
        return text
    return _QUOTED.sub(lambda m: "~" * len(m.group()), text)


def sentences(text: str) -> list[Sentence]:
    """Splits at sentence ends; the dot of an abbreviation or an initial does not end one."""
    found: list[Sentence] = []
    begin = 0
    for mark in _END.finditer(text):
        if mark.group() == "." and _is_abbreviation(text, mark.start()):
            continue
        _keep(found, text, begin, mark.end(), "?" in mark.group())
        begin = mark.end()
    _keep(found, text, begin, len(text), False)
    return found


def _is_abbreviation(text: str, dot: int) -> bool:
    word = text[max(0, dot - 8) : dot].rsplit(None, 1)[-1:] or [""]
    return word[0].lower() in _ABBREVIATIONS or (len(word[0]) == 1 and word[0].isupper() and word[0] != "I")


def _keep(found: list[Sentence], text: str, begin: int, end: int, question: bool) -> None:
    piece = text[begin:end]
    body = piece.lstrip()
    if body:
        found.append(Sentence(body.rstrip(), begin + len(piece) - len(body), question))
